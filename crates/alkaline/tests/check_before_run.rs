//! `check` finds what `run` would stop or stumble at, all of it at once.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, small_experiment, stderr};

/// Runs `check` and gives exit code and messages.
fn check(place: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = alkaline(place, &[&["check"], arguments].concat());
    assert!(!place.join("out").exists());
    (output.status.code(), stderr(&output))
}

fn sheet(place: &Path) {
    fs::write(
        place.join("samples.csv"),
        "sample,bam,condition\np1,p1.bam,p\np2,p2.bam,p\nr1,r1.bam,r\nr2,r2.bam,r\n",
    )
    .unwrap();
}

#[test]
fn everything_wrong_is_told_at_once_with_file_line_and_column() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    sheet(place.path());
    fs::remove_file(place.path().join("p2.bam")).unwrap();
    let whole = fs::read(place.path().join("r1.bam")).unwrap();
    fs::write(place.path().join("r1.bam"), &whole[..whole.len() - 28]).unwrap();
    fs::write(place.path().join("r2.bam"), &whole[..whole.len() / 2]).unwrap();
    let arguments = [
        "--samples",
        "samples.csv",
        "--annotation",
        "absent.gtf",
        "--gene-sets",
        "absent.gmt",
        "--go",
        "none",
        "--out",
        "out",
    ];
    let wanted = [
        "samples.csv, line 3, column `bam`: p2.bam: no such file",
        "r1.bam: the file is truncated",
        "r2.bam: the file is truncated",
        "absent.gtf",
        "absent.gmt: no such file",
    ];
    let (code, message) = check(place.path(), &arguments);
    assert_eq!(code, Some(3), "{message}");
    for part in wanted {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
    assert!(!message.contains("all is well"), "{message}");
}

#[test]
fn a_cram_without_its_end_is_truncated_needs_samtools() {
    if !alkaline_testkit::external_program("samtools", "samtools", &["--version"], "a CRAM file") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    sheet(place.path());
    let status = std::process::Command::new("samtools")
        .args(["view", "-C", "--output-fmt-option", "no_ref=1", "-o"])
        .args([place.path().join("r1.cram"), place.path().join("r1.bam")])
        .status()
        .unwrap();
    assert!(status.success());
    let text = fs::read_to_string(place.path().join("samples.csv")).unwrap().replace("r1.bam", "r1.cram");
    fs::write(place.path().join("samples.csv"), text).unwrap();
    let arguments = ["--samples", "samples.csv", "--annotation", "genes.gtf", "--go", "none", "--out", "out"];
    let (code, message) = check(place.path(), &arguments);
    assert_eq!(code, Some(0), "{message}");
    let whole = fs::read(place.path().join("r1.cram")).unwrap();
    for cut in [1, 38, 60] {
        fs::write(place.path().join("r1.cram"), &whole[..whole.len() - cut]).unwrap();
        let (code, message) = check(place.path(), &arguments);
        assert_eq!(code, Some(3), "{cut}: {message}");
        assert!(message.contains("r1.cram: the file is truncated"), "{message}");
    }
}

#[test]
fn what_was_recognised_is_told() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    sheet(place.path());
    let arguments = ["--samples", "samples.csv", "--annotation", "genes.gtf", "--go", "none", "--out", "out"];
    let (code, message) = check(place.path(), &arguments);
    assert_eq!(code, Some(0), "{message}");
    for part in [
        "genome: ",
        "annotation: genes.gtf with 60 genes",
        "strandedness: found from the reads",
        "all is well",
    ] {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
}

/// A count table of four samples with genes called so.
fn counts(place: &Path, gene: impl Fn(usize) -> String) {
    let rows: String = (0..40)
        .map(|row| format!("{}\t{}\t{}\t{}\t{}\n", gene(row), row + 9, row + 7, row + 30, row + 41))
        .collect();
    fs::write(place.join("counts.tsv"), format!("gene\tp1\tp2\tr1\tr2\n{rows}")).unwrap();
    fs::write(place.join("samples.csv"), "sample,condition\np1,p\np2,p\nr1,r\nr2,r\n").unwrap();
}

const TABLE: [&str; 8] =
    ["--counts", "counts.tsv", "--samples", "samples.csv", "--contrast", "condition,p,r", "--out", "out"];

#[test]
fn genes_of_another_species_are_told_before_the_run() {
    let place = tempfile::tempdir().unwrap();
    counts(place.path(), |row| format!("ENSMUSG{:011}", 1000 + row));
    let (code, message) = check(place.path(), &TABLE);
    assert_eq!(code, Some(0), "{message}");
    assert!(
        message.contains("warning: there will be no enrichment") && message.contains("mouse"),
        "{message}"
    );
    assert!(!message.contains("all is well"), "{message}");
}

#[test]
fn length_bias_without_lengths_and_copies_are_found() {
    let place = tempfile::tempdir().unwrap();
    counts(place.path(), |row| format!("g{row}"));
    let text = fs::read_to_string(place.path().join("counts.tsv")).unwrap();
    let copied: String = text
        .lines()
        .map(|line| {
            let mut fields: Vec<&str> = line.split('\t').collect();
            if fields[0] != "gene" {
                fields[2] = fields[1];
            }
            fields.join("\t") + "\n"
        })
        .collect();
    fs::write(place.path().join("counts.tsv"), copied).unwrap();
    fs::write(place.path().join("sets.gmt"), "S\tx\tg1\tg2\tg3\n").unwrap();
    let more = ["--length-bias", "--gene-sets", "sets.gmt", "--go", "none"];
    let arguments = [&TABLE[..], &more].concat();
    let (code, message) = check(place.path(), &arguments);
    assert_eq!(code, Some(3), "{message}");
    for part in ["--length-bias: the count table tells no gene lengths", "exactly the same counts"] {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
    // The run itself stops at it before it tests anything.
    let run = alkaline(place.path(), &[&["run"], &arguments[..]].concat());
    assert_eq!(run.status.code(), Some(3));
    assert!(stderr(&run).contains("--length-bias") && !place.path().join("out").exists(), "{}", stderr(&run));
}
