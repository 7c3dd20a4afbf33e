//! How long enrichment takes, beside gseapy where Python has it. Prints CPU seconds and medians of three runs in turn.
//! PYTHON is an interpreter that has gseapy, `python3` by default; without one it is told that gseapy was left out.
//!
//! `cargo run --release -p alkaline-tests --example enrichment_benchmark -- RANKS.rnk SETS.gmt [PYTHON]`

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark talks to the terminal and may stop"
)]

use std::path::Path;
use std::process::Command;

use alkaline_core::results::GeneSelection;
use alkaline_core::{Aspect, GeneSetCollection};
use alkaline_enrich::{GseaOptions, OraOptions, gsea, over_representation};

/// Rounds; the median is printed.
const ROUNDS: usize = 3;

/// Clock ticks per second of `/proc/self/stat` on Linux.
const TICKS: f64 = 100.0;

/// What gseapy is asked: its port of fgsea's multilevel algorithm, on one thread.
const PEER: &str = "
import sys, gseapy, pandas
ranks = pandas.read_csv(sys.argv[1], sep='\t', header=None, comment='#')
ranks[1] = pandas.to_numeric(ranks[1], errors='coerce')
gseapy.prerank(rnk=ranks.dropna(), gene_sets=sys.argv[2], min_size=10, max_size=500, method='multilevel',
               threads=1, outdir=None, seed=1, no_plot=True)
";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [ranks, sets, python @ ..] = arguments.as_slice() else {
        println!("usage: enrichment_benchmark RANKS.rnk SETS.gmt [PYTHON]");
        return;
    };
    let (ranked, _) = alkaline_io::rnk::read(Path::new(ranks)).unwrap();
    let (collection, _) = alkaline_io::gmt::read(Path::new(sets)).unwrap();
    let python = python.first().map_or("python3", String::as_str);
    let has_gseapy =
        Command::new(python).args(["-c", "import gseapy"]).output().is_ok_and(|found| found.status.success());
    if !has_gseapy {
        println!("SKIPPED gseapy: {python} does not have it");
    }
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (mut own, mut peer, mut ora) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        own.push(cpu_of(|| {
            let collections = std::slice::from_ref(&collection);
            let result =
                single.install(|| gsea(&ranked, "score", collections, None, &GseaOptions::default()));
            let rows = result.unwrap().table.rows;
            let mut errors: Vec<f64> =
                rows.iter().map(|row| row.log2_error * std::f64::consts::LN_2).collect();
            println!(
                "gsea: {} sets, median relative error of p {:.1} %",
                rows.len(),
                100.0 * median(&mut errors)
            );
        }));
        ora.push(cpu_of(|| single.install(|| run_ora(&ranked.genes))));
        if has_gseapy {
            let before = cpu_seconds_of_children();
            let done = Command::new(python).args(["-c", PEER, ranks, sets]).status().unwrap();
            assert!(done.success(), "gseapy failed");
            peer.push(cpu_seconds_of_children() - before);
        }
    }
    println!("gsea, one thread: {:.2} CPU s (median of {ROUNDS})", median(&mut own));
    println!("ora BP + MF + CC with decoding of the built-in ontology: {:.2} CPU s", median(&mut ora));
    if !peer.is_empty() {
        let (own, peer) = (median(&mut own), median(&mut peer));
        println!("gseapy multilevel, one thread: {peer:.2} CPU s; {:.1} times as long", peer / own);
    }
}

/// The first 663 genes of the list against the built-in ontology, the list as universe.
fn run_ora(genes: &[alkaline_core::GeneId]) {
    let go = alkaline_reference::ontology::gene_ontology(None).unwrap();
    let identifiers = alkaline_reference::identifiers::human_identifiers(None).unwrap();
    let collections: Vec<GeneSetCollection> = Aspect::ALL.map(|aspect| go.collection(aspect)).into();
    let hits = genes[..663.min(genes.len())].to_vec();
    let selection = GeneSelection { hits, universe: genes.to_vec() };
    let options = OraOptions::default();
    let result = over_representation("all", &selection, &collections, Some(&identifiers), &options).unwrap();
    let significant: Vec<(&str, f64)> = alkaline_enrich::ora::Cutoffs::default()
        .significant(&result.table.rows)
        .into_iter()
        .map(|row| (row.id.as_str(), row.p_adjusted))
        .collect();
    let stays = alkaline_enrich::simplify::simplify(&significant, &go.ontology, &Default::default()).unwrap();
    println!(
        "ora: {} significant, {} after simplify",
        significant.len(),
        stays.iter().filter(|&&s| s).count()
    );
}

/// CPU seconds of this process that `work` takes.
fn cpu_of(work: impl FnOnce()) -> f64 {
    let before = cpu_seconds();
    work();
    cpu_seconds() - before
}

fn cpu_seconds() -> f64 {
    ticks(11..13)
}

/// CPU seconds of the programs that this process has waited for.
fn cpu_seconds_of_children() -> f64 {
    ticks(13..15)
}

fn ticks(columns: std::ops::Range<usize>) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[columns].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / TICKS
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
