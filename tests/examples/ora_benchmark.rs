//! How long over-representation with `--simplify` takes, process start to file, beside goatools where Python has it.
//! Prints CPU seconds (user and system), medians of rounds in turn.
//!
//! `cargo run --release -p alkaline-tests --example ora_benchmark -- ALKALINE GENES.txt UNIVERSE.txt [PYTHON]`

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark talks to the terminal and may stop"
)]

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use alkaline_core::ontology::Relation;
use alkaline_reference::ontology::GeneOntology;

/// Rounds; the median is printed.
const ROUNDS: usize = 5;

/// Clock ticks per second of `/proc/self/stat` on Linux.
const TICKS: f64 = 100.0;

/// What goatools is asked: Fisher's test in the three ontologies, counts propagated through the same relations.
const PEER: &str = "
import sys
from goatools.obo_parser import GODag
from goatools.goea.go_enrichment_ns import GOEnrichmentStudyNS
folder, genes, universe = sys.argv[1:]
relations = {'part_of', 'regulates', 'positively_regulates', 'negatively_regulates'}
dag = GODag(folder + '/go.obo', optional_attrs={'relationship'}, prt=None)
by_aspect = {'BP': {}, 'MF': {}, 'CC': {}}
for line in open(folder + '/annotations.tsv'):
    aspect, gene, terms = line.rstrip('\\n').split('\\t')
    by_aspect[aspect][gene] = set(terms.split(','))
read = lambda path: [line.strip() for line in open(path)]
study = GOEnrichmentStudyNS(read(universe), by_aspect, dag, propagate_counts=True, relationships=relations,
                            alpha=0.05, methods=['fdr_bh'], prt=None, log=None)
results = study.run_study(read(genes), prt=None)
open(folder + '/goatools.tsv', 'w').writelines(f'{r.GO}\\t{r.p_uncorrected}\\t{r.p_fdr_bh}\\n' for r in results)
";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [alkaline, genes, universe, python @ ..] = arguments.as_slice() else {
        println!("usage: ora_benchmark ALKALINE GENES.txt UNIVERSE.txt [PYTHON]");
        return;
    };
    let folder = std::env::temp_dir().join(format!("ora_benchmark_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    write_for_goatools(&folder);
    let table = folder.join("ora.tsv");
    let (mut own, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        own.push(cpu_of(
            Command::new(alkaline)
                .args([
                    "enrich",
                    "ora",
                    "--simplify",
                    "-j",
                    "1",
                    "-q",
                    "--genes",
                    genes,
                    "--universe",
                    universe,
                    "-o",
                ])
                .arg(&table),
        ));
        if let Some(python) = python.first() {
            let folder = folder.display().to_string();
            peer.push(cpu_of(Command::new(python).args(["-c", PEER, &folder, genes, universe])));
        }
    }
    let own = median(&mut own);
    let kept = std::fs::read_to_string(&table).unwrap().lines().count() - 1;
    println!("alkaline enrich ora --simplify, BP + MF + CC: {own:.2} CPU s, {kept} terms kept");
    if !peer.is_empty() {
        let peer = median(&mut peer);
        println!("goatools, no simplify: {peer:.2} CPU s, {:.0} times as long", peer / own);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The built-in ontology as OBO, and its annotations by symbol.
fn write_for_goatools(folder: &Path) {
    let GeneOntology { ontology, annotations } = alkaline_reference::ontology::gene_ontology(None).unwrap();
    let identifiers = alkaline_reference::identifiers::human_identifiers(None).unwrap();
    let mut obo = format!("format-version: 1.2\ndata-version: releases/{}\n", ontology.release());
    for (number, term) in (0..).zip(ontology.terms()) {
        let namespace = match term.aspect.code() {
            "BP" => "biological_process",
            "MF" => "molecular_function",
            _ => "cellular_component",
        };
        write!(obo, "\n[Term]\nid: {}\nname: {}\nnamespace: {namespace}\n", term.id, term.name).unwrap();
        for &(parent, relation) in ontology.parents(number) {
            let parent = &ontology.terms()[parent as usize].id;
            match relation {
                Relation::IsA => writeln!(obo, "is_a: {parent}").unwrap(),
                other => writeln!(obo, "relationship: {} {parent}", other.name()).unwrap(),
            }
        }
    }
    std::fs::write(folder.join("go.obo"), obo).unwrap();
    let mut table = String::new();
    for (gene, terms) in annotations.by_gene() {
        let symbol = identifiers.symbol_of(gene.as_str()).unwrap_or(gene.as_str());
        for code in ["BP", "MF", "CC"] {
            let of_aspect = terms.iter().map(|&term| &ontology.terms()[term as usize]);
            let ids: Vec<&str> =
                of_aspect.filter(|term| term.aspect.code() == code).map(|term| term.id.as_str()).collect();
            if !ids.is_empty() {
                writeln!(table, "{code}\t{symbol}\t{}", ids.join(",")).unwrap();
            }
        }
    }
    std::fs::write(folder.join("annotations.tsv"), table).unwrap();
}

/// CPU seconds that a process takes, start to end.
fn cpu_of(command: &mut Command) -> f64 {
    let before = cpu_of_children();
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    cpu_of_children() - before
}

/// User and system time of all processes that were waited for.
fn cpu_of_children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[13..15].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / TICKS
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
