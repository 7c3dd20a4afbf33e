//! Genomes in FASTA, one sequence after the other.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::Path;

use bio::io::fasta::{FastaRead, Reader, Record};

use crate::error::{FileProblems, Problem, ReadError};

/// Reads the FASTA file at `path` (gunzipped by content): `visit` is given every name, up to the first blank, and its letters.
///
/// # Errors
/// [`ReadError`] for a file that is missing, unreadable, no FASTA or without sequences, and for a name that stands twice.
pub fn visit(path: &Path, mut visit: impl FnMut(&str, &[u8])) -> Result<(), ReadError> {
    let mut reader = Reader::from_bufread(crate::file::open(path)?);
    let mut record = Record::new();
    let mut names = HashSet::new();
    let problem = |problem: Problem| ReadError::from(FileProblems::one(path, problem));
    loop {
        let read = reader.read(&mut record);
        read.map_err(|error| match error.kind() {
            ErrorKind::Other => problem(Problem::of_file(error.to_string()).hint(WANTED)),
            _ => ReadError::from_io(path, error),
        })?;
        if record.is_empty() {
            break;
        }
        if !names.insert(record.id().to_owned()) {
            return Err(problem(Problem::of_file(format!(
                "the sequence `{}` stands there twice",
                record.id()
            ))));
        }
        visit(record.id(), record.seq());
    }
    if names.is_empty() {
        return Err(problem(Problem::of_file("no sequence").hint(WANTED)));
    }
    Ok(())
}

/// What such a file looks like.
const WANTED: &str = "a FASTA file has a line `>name` before each sequence";

#[cfg(test)]
mod tests {
    use super::*;

    fn sequences(text: &str) -> Result<Vec<(String, String)>, ReadError> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("it is written");
        let mut found = Vec::new();
        visit(file.path(), |name, letters| {
            found.push((name.to_owned(), String::from_utf8_lossy(letters).into_owned()));
        })?;
        Ok(found)
    }

    #[test]
    fn a_sequence_may_span_lines_and_have_a_description() {
        let found = sequences(">chr1 primary\nACGT\nNN\r\n>chr2\nacgt").unwrap();
        assert_eq!(found, [("chr1".into(), "ACGTNN".into()), ("chr2".into(), "acgt".into())]);
    }

    #[test]
    fn what_is_no_fasta_is_told() {
        for (text, says) in [("", "no sequence"), ("chr1\t1\n", "Expected >"), (">a\nA\n>a\nC\n", "twice")] {
            let message = sequences(text).unwrap_err().to_string();
            assert!(message.contains(says), "{text}: {message}");
        }
    }
}
