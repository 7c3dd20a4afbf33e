//! Simulated alignments counted by featureCounts itself, where it is installed, and by us.

#![cfg(test)]

#[path = "../benches/counting/bam_writer.rs"]
mod bam_writer;
#[path = "../benches/counting/simulate.rs"]
#[allow(dead_code, reason = "the benchmark uses what the test does not")]
mod simulate;

use std::path::Path;
use std::process::{Command, Stdio};

use alkaline_count::{BamInput, Compat, CountOptions, CountUnit, StrandRule, UnitCounts, count_units};
use simulate::{Arrangement, Simulation};

/// Fragments of the simulation.
const FRAGMENTS: usize = 20_000;

/// featureCounts' options, and how the same is said to us.
type Case = (&'static [&'static str], fn(&mut CountOptions));

/// Options whose meaning no version of featureCounts has changed.
const CASES: [Case; 7] = [
    (&[], |_| {}),
    (&["-s", "2"], |options| options.strandedness = StrandRule::Reverse),
    (&["-O", "-M", "--fraction"], |options| {
        options.overlap.allow_multiple = true;
        options.filter.multi_mapping = true;
        options.fraction = true;
    }),
    (&["--ignoreDup", "--primary", "-Q", "10"], |options| {
        options.filter.ignore_duplicates = true;
        options.filter.primary_only = true;
        options.filter.min_mapping_quality = 10;
    }),
    (&["--minOverlap", "120"], |options| options.overlap.min_overlap = 120),
    (&["--nonOverlap", "5", "--splitOnly"], |options| {
        options.overlap.max_outside = Some(5);
        options.filter.split = alkaline_count::SplitRule::SplitOnly;
    }),
    (&["-f", "-O", "--readExtension3", "200"], |options| {
        options.by_feature = true;
        options.overlap.allow_multiple = true;
        options.shape.extend_3 = 200;
    }),
];

/// The count column of featureCounts' table and its summary; `None` where it is not installed.
fn peer(directory: &Path, bam: &Path, options: &[&str]) -> Option<(Vec<String>, Vec<u64>)> {
    let table = directory.join("peer.tsv");
    let status = Command::new("featureCounts")
        .args(options)
        .arg("-a")
        .arg(directory.join("genes.gtf"))
        .arg("-o")
        .arg(&table)
        .arg(bam)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    assert!(status.success(), "featureCounts {options:?}");
    let last = |line: &str| line.rsplit('\t').next().unwrap().to_owned();
    let counts = std::fs::read_to_string(&table).unwrap().lines().skip(2).map(last).collect();
    let summary = std::fs::read_to_string(directory.join("peer.tsv.summary")).unwrap();
    let summary = summary.lines().skip(1).map(|line| last(line).parse().unwrap()).collect();
    Some((counts, summary))
}

/// Our count column as featureCounts would print it, and our summary.
fn own(counted: &UnitCounts) -> (Vec<String>, Vec<u64>) {
    let print = |count: f64| if count.fract() == 0.0 { format!("{count}") } else { format!("{count:.2}") };
    (counted.rows.iter().map(|row| print(row[0])).collect(), counted.summary.reads[0].to_vec())
}

#[test]
fn both_give_the_same_counts_and_categories_needs_featurecounts() {
    let directory = tempfile::tempdir().unwrap();
    let simulation = Simulation::new(FRAGMENTS);
    let genes = directory.path().join("genes.gtf");
    simulation.write_annotation(&genes);
    let annotation = alkaline_io::annotation::read(&genes, &Default::default()).unwrap().annotation;
    for arrangement in [Arrangement::CoordinatePairs, Arrangement::GroupedPairs, Arrangement::SingleEnd] {
        let bam = directory.path().join(format!("{}.bam", arrangement.file_stem()));
        simulation.write_bam(&bam, arrangement);
        let paired = arrangement != Arrangement::SingleEnd;
        for (words, say) in CASES {
            let mut all = if paired { vec!["-p", "--countReadPairs"] } else { Vec::new() };
            all.extend_from_slice(words);
            let Some(expected) = peer(directory.path(), &bam, &all) else {
                alkaline_testkit::skip("featurecounts", "featureCounts is not installed");
                return;
            };
            let mut options = CountOptions {
                unit: if paired { CountUnit::Fragments } else { CountUnit::SingleEnd },
                strandedness: StrandRule::Unstranded,
                compat: Compat::FeatureCounts,
                threads: 2,
                ..CountOptions::default()
            };
            say(&mut options);
            let counted = count_units(&[BamInput::new("a", &bam)], &annotation, None, &options).unwrap();
            assert!(counted.summary.reads[0][0] > 0, "{arrangement:?} {words:?}");
            assert!(own(&counted) == expected, "{arrangement:?} {words:?} differs");
        }
    }
}
