//! What the tests of cleaning and alignment share: a few reads, the places for them, and what is left afterwards.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use alkaline_core::samples::Reads;
use alkaline_testkit::FakePrograms;
use alkaline_workflow::programs::SearchPath;
use alkaline_workflow::stages::reads::of_files;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A letter of a sequence without a pattern, the same on every machine.
fn letter(place: u64) -> char {
    let mixed = place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ['A', 'C', 'G', 'T'][(mixed >> 62) as usize]
}

/// `length` bases that stand at `start` of an endless sequence.
pub fn bases(start: u64, length: u64) -> String {
    (start..start + length).map(letter).collect()
}

/// The other strand.
pub fn reverse(bases: &str) -> String {
    let other = |base| match base {
        'A' => 'T',
        'C' => 'G',
        'G' => 'C',
        _ => 'A',
    };
    bases.chars().rev().map(other).collect()
}

/// FASTQ of `number` single reads of 60 bases along the sequence, from `first` on; names end with `end`.
pub fn reads(first: u64, number: u64, end: &str) -> String {
    let read = |place: u64| format!("@r{place}{end}\n{}\n+\n{}\n", bases(place * 50, 60), "F".repeat(60));
    (first..first + number).map(read).collect()
}

/// FASTQ of the mates of [`reads`]: from the other strand, 90 bases further on.
pub fn mates(first: u64, number: u64, end: &str) -> String {
    let read = |place: u64| {
        format!("@r{place}{end}\n{}\n+\n{}\n", reverse(&bases(place * 50 + 90, 60)), "F".repeat(60))
    };
    (first..first + number).map(read).collect()
}

/// The text compressed.
pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("it is compressed");
    encoder.finish().expect("it is compressed")
}

/// The text of a compressed file.
pub fn gunzip(path: &Path) -> String {
    let mut text = String::new();
    let file = fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    std::io::Read::read_to_string(&mut flate2::read::MultiGzDecoder::new(file), &mut text)
        .expect("it is whole");
    text
}

/// A folder for inputs and outputs.
pub struct Place(pub tempfile::TempDir);

impl Place {
    /// An empty one.
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Writes an input.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, content).expect("the file is written");
        path
    }

    /// Where outputs shall lie.
    pub fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    /// The files below the place of the outputs.
    pub fn left(&self) -> Vec<String> {
        let mut left = Vec::new();
        collect(&self.out(), &mut left);
        let mut names: Vec<String> = left
            .iter()
            .map(|path| path.strip_prefix(self.out()).expect("below").display().to_string())
            .collect();
        names.sort();
        names
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.is_symlink() { collect(&path, files) } else { files.push(path) }
    }
}

/// Reads of single files, or of pairs.
pub fn sample(first: &[&Path], second: &[&Path]) -> Reads {
    let owned = |paths: &[&Path]| paths.iter().map(|path| path.to_path_buf()).collect::<Vec<_>>();
    of_files(&owned(first), &owned(second)).expect("lanes")
}

/// Where the system's own programs are.
pub fn system() -> SearchPath {
    SearchPath::of(&std::env::var_os("PATH").expect("a search path"))
}

/// Where a test's programs are.
pub fn search(programs: &FakePrograms) -> SearchPath {
    SearchPath::of(programs.folder().as_os_str())
}

/// Every one of `parts` stands in `text`.
#[track_caller]
pub fn assert_holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}
