//! Keeps commands from writing over what they read, and over alignments.
//!
//! A name forgotten after `-o` makes the first of the inputs the output. The raw data would be gone, so every command is
//! looked at before it begins: what the command line names as an output must be neither a file that it names as an input nor
//! alignments or compressed data that were there before.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use crate::failure::Failure;

/// Arguments that name files to be written.
const OUTPUT_FILES: [&str; 2] = ["output", "collapse"];

/// Arguments that name directories to be written into; what lies in them is looked after where it is written.
const OUTPUT_DIRECTORIES: [&str; 6] = ["out", "figures", "qc", "directory", "details_directory", "temporary"];

/// What is written beside a table, by what it adds to the name.
const COMPANIONS: [&str; 4] = [".summary", ".jcounts", ".genes", ".json"];

/// Bytes at the start of a file, inflated, that tell what it is.
const BYTES_LOOKED_AT: u64 = 64;

/// First two bytes of a gzip file.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Refuses a command line whose outputs would replace its inputs, or data of other kinds.
///
/// # Errors
/// Wrong usage, with the file and what it is.
pub fn guard(matches: &ArgMatches) -> Result<(), Failure> {
    if let Some((_, matches)) = matches.subcommand() {
        return guard(matches);
    }
    let outputs: Vec<PathBuf> = OUTPUT_FILES.iter().flat_map(|id| paths(matches, id)).collect();
    let is_output = |id: &str| OUTPUT_FILES.contains(&id) || OUTPUT_DIRECTORIES.contains(&id);
    let inputs: Vec<PathBuf> = matches
        .ids()
        .map(clap::Id::as_str)
        .filter(|id| !is_output(id))
        .flat_map(|id| paths(matches, id))
        .collect();
    for output in outputs.iter().flat_map(|output| with_companions(output)) {
        check(&output, &inputs)?;
    }
    Ok(())
}

/// The values of an argument, where it is one of paths.
fn paths(matches: &ArgMatches, id: &str) -> Vec<PathBuf> {
    let values = matches.try_get_many::<PathBuf>(id).ok().flatten();
    values.into_iter().flatten().cloned().collect()
}

fn with_companions(output: &Path) -> Vec<PathBuf> {
    let beside = |suffix: &&str| {
        let mut name = output.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    std::iter::once(output.to_owned()).chain(COMPANIONS.iter().map(beside)).collect()
}

fn check(output: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    // What is not there yet, and what is no file (`-`, a pipe), replaces nothing.
    let Some(found) = output.metadata().ok().filter(Metadata::is_file) else { return Ok(()) };
    let refuse = |what: &str| {
        Err(Failure::usage(format!(
            "{} {what}, and is not overwritten\nhint: was the name of the output forgotten? -o NAME comes before the inputs",
            output.display()
        )))
    };
    if inputs.iter().any(|input| is_same_file(&found, output, input)) {
        return refuse("is an input of this command");
    }
    match kind(output) {
        Some(Kind::Alignments) => refuse("is an alignment file"),
        Some(Kind::Sequences) => refuse("holds sequencing reads"),
        Some(Kind::Compressed) if output.extension().is_none_or(|ending| ending != "gz") => {
            refuse("is a compressed file")
        }
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn is_same_file(found: &Metadata, _output: &Path, input: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    input.metadata().is_ok_and(|input| (input.dev(), input.ino()) == (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn is_same_file(_found: &Metadata, output: &Path, input: &Path) -> bool {
    matches!((output.canonicalize(), input.canonicalize()), (Ok(output), Ok(input)) if output == input)
}

/// What a file is that no table should replace.
enum Kind {
    Alignments,
    Sequences,
    Compressed,
}

fn kind(path: &Path) -> Option<Kind> {
    let mut magic = Vec::new();
    File::open(path).ok()?.take(GZIP_MAGIC.len() as u64).read_to_end(&mut magic).ok()?;
    let mut start = Vec::new();
    // Gunzipped where it is compressed; what does not inflate further is judged by what did.
    let _ = alkaline_io::file::open(path).ok()?.take(BYTES_LOOKED_AT).read_to_end(&mut start);
    kind_of_bytes(&start).or((magic == GZIP_MAGIC).then_some(Kind::Compressed))
}

fn kind_of_bytes(start: &[u8]) -> Option<Kind> {
    match start {
        [b'C', b'R', b'A', b'M', ..] | [b'B', b'A', b'M', 1, ..] => Some(Kind::Alignments),
        [b'@', b'A'..=b'Z', b'A'..=b'Z', b'\t', ..] => Some(Kind::Alignments),
        // No table of ours begins so; FASTQ does.
        [b'@', ..] => Some(Kind::Sequences),
        _ => None,
    }
}
