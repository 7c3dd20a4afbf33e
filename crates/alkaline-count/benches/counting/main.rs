//! Counts simulated alignments beside featureCounts and prints CPU time, wall time and memory of both.
//!
//! ```text
//! cargo bench -p alkaline-count --bench counting -- --pairs 1000000 --rounds 3 --threads 1,2
//! ```
//! The input (coordinate-sorted pairs, name-grouped pairs, single-end reads, 150 bases each) is made once and kept in the
//! directory given by `--keep`, or made in a temporary one. Programs run in turn, so that a busy machine hits both;
//! the median of the rounds is printed, and below them what inflating the file alone takes. featureCounts is left out, with
//! a word, where it is not installed. Linux only: CPU time comes from `/proc`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark talks to its user")]
#![expect(clippy::unwrap_used, reason = "a benchmark may stop where something is missing")]

mod bam_writer;
mod floor;
mod measure;
mod simulate;

use std::path::{Path, PathBuf};

use alkaline_count::{BamInput, CountOptions, StrandRule, count_reads};
use measure::{Cost, medians, run};
use simulate::{Arrangement, Simulation};

/// The arrangements that are compared, with featureCounts' options for each.
const ARRANGEMENTS: [(Arrangement, &str, &[&str]); 3] = [
    (Arrangement::CoordinatePairs, "pairs, coordinate-sorted", &["-p", "--countReadPairs"]),
    (Arrangement::GroupedPairs, "pairs, name-grouped", &["-p", "--countReadPairs"]),
    (Arrangement::SingleEnd, "single-end, coordinate-sorted", &[]),
];

struct Arguments {
    pairs: usize,
    rounds: usize,
    threads: Vec<usize>,
    keep: Option<PathBuf>,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [count, annotation, bam, threads, qc] = words.as_slice()
        && count == "count"
    {
        return count_once(Path::new(annotation), Path::new(bam), threads.parse().unwrap(), qc == "qc");
    }
    if let [inflate, bam] = words.as_slice()
        && inflate == "inflate"
    {
        let bytes = floor::inflate(Path::new(bam));
        return println!("{} {bytes}", measure::own_peak_memory());
    }
    let arguments = parse(&words);
    let temporary = tempfile::tempdir().unwrap();
    let directory = arguments.keep.clone().unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&directory).unwrap();
    let simulation = Simulation::new(arguments.pairs);
    let annotation = directory.join("genes.gtf");
    simulation.write_annotation(&annotation);
    println!("| input | program | threads | CPU s | wall s | peak MB | CPU / featureCounts |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for (arrangement, name, options) in ARRANGEMENTS {
        let bam = directory.join(format!("{}.{}.bam", arrangement.file_stem(), arguments.pairs));
        if !bam.exists() {
            simulation.write_bam(&bam, arrangement);
        }
        compare(&arguments, name, &annotation, &bam, options);
    }
}

fn parse(words: &[String]) -> Arguments {
    let value =
        |name: &str| words.iter().position(|word| word == name).and_then(|place| words.get(place + 1));
    Arguments {
        pairs: value("--pairs").map_or(1_000_000, |text| text.parse().unwrap()),
        rounds: value("--rounds").map_or(3, |text| text.parse().unwrap()),
        threads: value("--threads")
            .map_or(vec![1, 2], |text| text.split(',').map(|number| number.parse().unwrap()).collect()),
        keep: value("--keep").map(PathBuf::from),
    }
}

/// Counts one file, as a process of its own, and prints its peak memory and counts.
fn count_once(annotation: &Path, bam: &Path, threads: usize, qc: bool) {
    let annotation = alkaline_io::annotation::read(annotation, &Default::default()).unwrap().annotation;
    let strandedness = StrandRule::Unstranded;
    let options = CountOptions { threads, qc, strandedness, ..CountOptions::default() };
    let counted = count_reads(&[BamInput::new("bam", bam)], &annotation, &options).unwrap();
    println!("{} {}", measure::own_peak_memory(), counted.table.matrix.column_sums()[0]);
}

/// Runs the programs in turn and prints the medians.
fn compare(arguments: &Arguments, name: &str, annotation: &Path, bam: &Path, options: &[&str]) {
    let own = std::env::current_exe().unwrap();
    let output = tempfile::tempdir().unwrap();
    let table = output.path().join("counts.tsv");
    for &threads in &arguments.threads {
        let number = threads.to_string();
        let mut costs: [Vec<Cost>; 4] = Default::default();
        for _ in 0..arguments.rounds {
            for (place, qc) in ["plain", "qc"].into_iter().enumerate() {
                let words = ["count", annotation.to_str().unwrap(), bam.to_str().unwrap(), &number, qc];
                costs[place].extend(run(&own, &words, true));
            }
            let mut words = vec!["-T", &number, "-a", annotation.to_str().unwrap()];
            words.extend_from_slice(options);
            words.extend_from_slice(&["-o", table.to_str().unwrap(), bam.to_str().unwrap()]);
            costs[2].extend(run(Path::new("featureCounts"), &words, false));
            costs[3].extend(run(&own, &["inflate", bam.to_str().unwrap()], true));
        }
        let [plain, qc, peer, floor] = costs.map(|costs| medians(&costs));
        let lines = [
            ("alkaline", plain),
            ("alkaline with QC", qc),
            ("featureCounts", peer),
            ("inflation alone, one thread", floor),
        ];
        for (program, cost) in lines {
            let Some(cost) = cost else {
                eprintln!("SKIPPED {program}: it did not run");
                continue;
            };
            let ratio = peer.map_or(String::from("-"), |peer| format!("{:.3}", cost.cpu / peer.cpu));
            let memory = cost.peak_megabytes.map_or(String::from("-"), |megabytes| format!("{megabytes:.0}"));
            println!(
                "| {name} | {program} | {threads} | {:.2} | {:.2} | {memory} | {ratio} |",
                cost.cpu, cost.wall
            );
        }
    }
}
