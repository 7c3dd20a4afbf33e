//! Where results go: what is already there and is not alkaline's is never touched, and what was finished is not lost.

#![cfg(test)]

mod command_line;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use command_line::{alkaline, small_experiment, small_gtf, stderr, succeed};

/// All files below `directory` with their contents.
fn contents(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.insert(path.strip_prefix(directory).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    all
}

/// Expects exit code 3, a message with `says`, and not a byte changed in `place`.
#[track_caller]
fn refused_and_untouched(place: &Path, arguments: &[&str], says: &str) {
    let before = contents(place);
    let output = alkaline(place, arguments);
    assert_eq!(output.status.code(), Some(3), "{arguments:?}\n{}", stderr(&output));
    assert!(stderr(&output).contains(says), "{}", stderr(&output));
    assert!(contents(place) == before, "something was touched");
}

const RUN: [&str; 14] = [
    "run",
    "--parental",
    "p1.bam",
    "p2.bam",
    "--resistant",
    "r1.bam",
    "r2.bam",
    "--annotation",
    "genes.gtf",
    "--go",
    "none",
    "-q",
    "--out",
    "out",
];

#[test]
fn a_directory_with_somebody_s_run_json_is_no_run() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    let out = place.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("run.json"), r#"{"jobs": [1, 2]}"#).unwrap();
    fs::create_dir(out.join("counts")).unwrap();
    fs::write(out.join("counts/precious.tsv"), "years of work").unwrap();
    refused_and_untouched(place.path(), &RUN, "a run.json that is not alkaline's");
    let report = alkaline(place.path(), &["report", "out"]);
    assert_eq!(report.status.code(), Some(3), "{}", stderr(&report));
}

#[test]
fn demo_and_simulate_refuse_a_foreign_place_before_they_write() {
    let place = tempfile::tempdir().unwrap();
    small_gtf(&place.path().join("genes.gtf"));
    fs::create_dir_all(place.path().join("out/data")).unwrap();
    fs::write(place.path().join("out/data/parental_1.bam"), "my own").unwrap();
    fs::write(place.path().join("out/samples.csv"), "my own").unwrap();
    refused_and_untouched(place.path(), &["demo", "--out", "out"], "holds no run of alkaline");
    fs::remove_file(place.path().join("out/samples.csv")).unwrap();
    refused_and_untouched(place.path(), &["demo", "--out", "out"], "out/data/parental_1.bam");
    let simulate = ["simulate", "--annotation", "genes.gtf", "--library-size", "3000", "--out", "out/data"];
    refused_and_untouched(place.path(), &simulate, "out/data/parental_1.bam");
    let counts = ["simulate", "--annotation", "genes.gtf", "--counts-only", "--out", "sim"];
    succeed(place.path(), &counts);
    succeed(place.path(), &counts);
    fs::write(place.path().join("sim/counts.tsv"), "changed by hand").unwrap();
    refused_and_untouched(place.path(), &counts, "sim/counts.tsv");
}

#[test]
fn a_foreign_file_inside_a_run_stays_when_the_run_is_repeated() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    succeed(place.path(), &RUN);
    for file in ["notes.txt", "counts/mine.tsv", "figures/mine.svg"] {
        fs::write(place.path().join("out").join(file), file).unwrap();
    }
    succeed(place.path(), &RUN);
    for file in ["notes.txt", "counts/mine.tsv", "figures/mine.svg"] {
        assert_eq!(fs::read_to_string(place.path().join("out").join(file)).unwrap(), file);
    }
    assert!(!place.path().join("out/.alkaline").exists());
}

/// Both lines are the same: every P is 1, and GSEA has no ranking to go by.
fn without_ranking(place: &Path) {
    small_experiment(place);
    for (from, to) in [("p1.bam", "r1.bam"), ("p2.bam", "r2.bam")] {
        fs::copy(place.join(from), place.join(to)).unwrap();
    }
    let genes: String = (0..60).map(|gene| format!("\tGENE{gene}")).collect();
    fs::write(place.join("sets.gmt"), format!("SET\tx{genes}\n")).unwrap();
}

const ENRICHED: [&str; 15] = [
    "run",
    "--parental",
    "p1.bam",
    "p2.bam",
    "--resistant",
    "r1.bam",
    "r2.bam",
    "--annotation",
    "genes.gtf",
    "--go",
    "none",
    "--gene-sets",
    "sets.gmt",
    "--out",
    "out",
];

#[test]
fn a_run_whose_enrichment_is_refused_keeps_its_counts_and_tests() {
    let place = tempfile::tempdir().unwrap();
    without_ranking(place.path());
    let output = alkaline(place.path(), &ENRICHED);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{message}");
    for part in [
        "error: all",
        "the same score",
        "failed in its stage `enrich`",
        "(count, normalize, test) is kept in out",
    ] {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
    let out = place.path().join("out");
    for file in [
        "counts/counts.tsv",
        "counts/counts.tsv.summary",
        "contrasts/resistant_vs_parental/test.tsv",
        ".alkaline/incomplete.json",
    ] {
        assert!(out.join(file).exists(), "{file}");
    }
    assert!(!out.join("run.json").exists() && !out.join("report.html").exists());
    // The next run takes the place of the incomplete one.
    succeed(place.path(), &RUN);
    assert!(out.join("run.json").exists() && !out.join(".alkaline").exists());
    // And from then on a failure does not: the complete run stays, what was finished lies beside it.
    let before = contents(&out);
    let output = alkaline(place.path(), &ENRICHED);
    assert!(stderr(&output).contains("is kept in out.incomplete"), "{}", stderr(&output));
    assert!(contents(&out) == before, "the complete run was touched");
    assert!(place.path().join("out.incomplete/counts/counts.tsv").exists());
    // What is kept can be gone on from.
    let again = [
        "run",
        "--counts",
        "out.incomplete/counts/counts.tsv",
        "--samples",
        "out.incomplete/samples.csv",
        "--contrasts",
        "out.incomplete/contrasts.csv",
        "--go",
        "none",
        "-q",
        "--out",
        "again",
    ];
    succeed(place.path(), &again);
    assert!(place.path().join("again/counts/counts.tsv.summary").exists());
}

#[test]
fn a_failure_never_takes_a_foreign_place() {
    let place = tempfile::tempdir().unwrap();
    without_ranking(place.path());
    fs::create_dir(place.path().join("out")).unwrap();
    fs::write(place.path().join("out/thesis.doc"), "precious").unwrap();
    refused_and_untouched(place.path(), &ENRICHED, "is not empty and holds no run");
}
