//! What the tests of the command line share: running the program, and a small experiment to run it on.

#![allow(dead_code, reason = "every test file uses its own part")]

pub mod agreement;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use alkaline_testkit::{SamBuilder, SamRecord};

/// Runs alkaline in `directory` with these arguments.
pub fn alkaline(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .current_dir(directory)
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// What a program printed on standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs alkaline and expects success.
#[track_caller]
pub fn succeed(directory: &Path, arguments: &[&str]) -> Output {
    let output = alkaline(directory, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{}", stderr(&output));
    output
}

/// Expects two files to hold the same bytes, and some.
#[track_caller]
pub fn same_bytes(place: &Path, one: &str, other: &str) {
    let read = |name: &str| fs::read(place.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (one_bytes, other_bytes) = (read(one), read(other));
    let sizes = format!("{} and {} bytes", one_bytes.len(), other_bytes.len());
    assert!(!one_bytes.is_empty() && one_bytes == other_bytes, "{one} and {other} differ: {sizes}");
}

/// Runs alkaline and expects exit code 3, a message that holds every part of `says`, and nothing left at `out`.
#[track_caller]
pub fn refuse(directory: &Path, arguments: &[&str], out: &str, says: &[&str]) {
    let before = listing(directory);
    let output = alkaline(directory, arguments);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{arguments:?}\n{message}");
    for part in says {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
    assert!(!directory.join(out).exists(), "{out} was left behind");
    assert_eq!(listing(directory), before, "something was left behind");
}

/// The names in a directory, hidden ones included.
fn listing(directory: &Path) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> =
        fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()).collect();
    names.sort();
    names
}

/// Genes on the contig of [`small_bam`]: every 2,000 bases one exon of 1,000.
pub const GENES: u32 = 60;

/// Writes a GTF with [`GENES`] genes on chrT.
pub fn small_gtf(path: &Path) {
    let rows: String = (0..GENES)
        .map(|gene| {
            let (start, end) = (1000 + 2000 * gene, 1999 + 2000 * gene);
            format!(
                "chrT\ttest\texon\t{start}\t{end}\t.\t+\t.\tgene_id \"g{gene}\"; gene_name \"GENE{gene}\";\n"
            )
        })
        .collect();
    fs::write(path, rows).expect("the GTF is written");
}

/// Writes a BAM of single-end reads; gene number `gene` has `reads(gene)` of them.
pub fn small_bam(path: &Path, reads: impl Fn(u32) -> u32) {
    let mut builder = SamBuilder::new(&[("chrT", 200_000)]);
    for gene in 0..GENES {
        for read in 0..reads(gene) {
            let position = 1000 + 2000 * gene + (read * 7) % 900;
            builder = builder.record(SamRecord::new(&format!("r{gene}_{read}"), "chrT", position, "50M"));
        }
    }
    builder.write_bam(path).expect("the BAM is written");
}

/// Writes `genes.gtf`, `p1.bam`, `p2.bam`, `r1.bam`, `r2.bam`: two parental and two resistant samples.
pub fn small_experiment(directory: &Path) {
    small_gtf(&directory.join("genes.gtf"));
    for (sample, name) in ["p1", "p2", "r1", "r2"].iter().enumerate() {
        let sample = sample as u32;
        small_bam(&directory.join(format!("{name}.bam")), |gene| {
            let changed = if sample >= 2 && gene < 6 { 4 } else { 1 };
            (20 + gene) * changed + (gene * 7 + sample * 5) % 11
        });
    }
}

/// The arguments of a run of [`small_experiment`] into `out`, and more.
pub fn small_run<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let samples = ["run", "--parental", "p1.bam", "p2.bam", "--resistant", "r1.bam", "r2.bam"];
    [&samples[..], &["--annotation", "genes.gtf", "--go", "none", "--out", out], more].concat()
}

/// Every file below `directory` with its bytes, those aside that alkaline keeps for itself: receipts tell times.
pub fn contents(directory: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.extend((!path.ends_with(".alkaline")).then_some(path));
            } else {
                let name = path.strip_prefix(directory).expect("below it").to_owned();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}
