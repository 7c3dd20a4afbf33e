//! Mates from two files, held against each other: of the same fragment, and as many.

use std::path::Path;

use super::reader::shown;
use super::{FastqReader, FastqRecord};
use crate::error::ReadError;

/// The reads of a fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadPair {
    /// The first read, or the only one.
    pub first: FastqRecord,
    /// The second read, where there are pairs.
    pub second: FastqRecord,
}

/// Reads one file of single reads, or two files of mates side by side.
pub struct FastqPairs {
    first: FastqReader,
    second: Option<FastqReader>,
    fragments: u64,
}

impl FastqPairs {
    /// Opens the files of first reads and, of pairs, of second reads.
    ///
    /// # Errors
    /// [`ReadError`] when one is missing or unreadable.
    pub fn open(first: &Path, second: Option<&Path>) -> Result<Self, ReadError> {
        let first = FastqReader::open(first)?;
        let second = second.map(FastqReader::open).transpose()?;
        Ok(Self { first, second, fragments: 0 })
    }

    /// Fragments that were read.
    pub fn fragments(&self) -> u64 {
        self.fragments
    }

    /// Reads the next fragment into `pair`; `false` at the end.
    ///
    /// # Errors
    /// [`ReadError`] for what is wrong with either file, for mates of different names, and where one file ends before the
    /// other.
    pub fn advance(&mut self, pair: &mut ReadPair) -> Result<bool, ReadError> {
        let has_first = self.first.advance(&mut pair.first)?;
        let Some(second) = &mut self.second else {
            self.fragments += u64::from(has_first);
            return Ok(has_first);
        };
        let has_second = second.advance(&mut pair.second)?;
        match (has_first, has_second) {
            (false, false) => return Ok(false),
            (true, true) => {}
            (true, false) => return Err(ended_early(second, &self.first, self.fragments)),
            (false, true) => return Err(ended_early(&self.first, second, self.fragments)),
        }
        if !are_mates(&pair.first.name, &pair.second.name) {
            return Err(no_mates(&self.first, second, pair));
        }
        self.fragments += 1;
        Ok(true)
    }
}

fn ended_early(ended: &FastqReader, other: &FastqReader, fragments: u64) -> ReadError {
    ended.problem_with(
        format!(
            "the file ends after {fragments} reads, but {} has more: mates are missing",
            other.path().display()
        ),
        "a file is cut off, or the two were filtered apart from each other: fetch both again",
    )
}

fn no_mates(first: &FastqReader, second: &FastqReader, pair: &ReadPair) -> ReadError {
    first.problem_with(
        format!(
            "the read that ends here is `{}`, its mate in {} is `{}`: they are not of one fragment",
            shown(&pair.first.name),
            second.path().display(),
            shown(&pair.second.name)
        ),
        "are these the two files of one lane? files that were filtered or sorted apart must be brought in order again",
    )
}

/// The name of the fragment: what stands before the first blank, without the number of the read (`/1`, `/2`).
pub fn name_of_fragment(name: &[u8]) -> &[u8] {
    let name = first_word(name);
    match name {
        [stem @ .., b'/', b'1' | b'2'] if !stem.is_empty() => stem,
        _ => name,
    }
}

fn first_word(name: &[u8]) -> &[u8] {
    let end = name.iter().position(u8::is_ascii_whitespace).unwrap_or(name.len());
    &name[..end]
}

/// Whether two reads are of one fragment: called alike, or alike but for the number of the read (`/1`, `.1`, `_1`, as
/// Illumina, the Sequence Read Archive and others write it).
fn are_mates(first: &[u8], second: &[u8]) -> bool {
    let (first, second) = (first_word(first), first_word(second));
    if first == second {
        return true;
    }
    match (first, second) {
        ([one @ .., mark @ (b'/' | b'.' | b'_'), b'1'], [two @ .., other, b'2']) => {
            one == two && mark == other
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(first: &str, second: &str) -> Result<u64, String> {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::write(at("a_1.fq"), first).unwrap();
        std::fs::write(at("a_2.fq"), second).unwrap();
        let mut pairs = FastqPairs::open(&at("a_1.fq"), Some(&at("a_2.fq"))).unwrap();
        let mut pair = ReadPair::default();
        loop {
            match pairs.advance(&mut pair) {
                Ok(true) => {}
                Ok(false) => return Ok(pairs.fragments()),
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    fn reads(names: &[&str]) -> String {
        names.iter().map(|name| format!("@{name}\nACGT\n+\nFFFF\n")).collect()
    }

    #[test]
    fn mates_are_known_whichever_way_their_number_is_written() {
        for (first, second) in [
            ("r", "r"),
            ("r/1", "r/2"),
            ("r 1:N:0:A", "r 2:N:0:A"),
            ("SRR1.7.1 x", "SRR1.7.2 x"),
            ("r_1", "r_2"),
        ] {
            assert_eq!(files(&reads(&[first]), &reads(&[second])), Ok(1), "{first} {second}");
        }
        assert_eq!(name_of_fragment(b"r/1 1:N:0"), b"r");
        assert_eq!(name_of_fragment(b"SRR1.7 7/1"), b"SRR1.7");
        assert_eq!(name_of_fragment(b"/1"), b"/1");
    }

    #[test]
    fn mates_out_of_step_are_refused_with_both_names_and_the_line() {
        let message = files(&reads(&["a/1", "b/1", "c/1"]), &reads(&["a/2", "c/2", "b/2"])).unwrap_err();
        for part in ["a_1.fq, line 8", "`b/1`", "a_2.fq", "`c/2`", "hint: "] {
            assert!(message.contains(part), "{part}: {message}");
        }
        // The second file twice, or the files swapped.
        assert!(files(&reads(&["a/2"]), &reads(&["a/1"])).is_err());
        assert!(files(&reads(&["a1"]), &reads(&["a2"])).is_err());
    }

    #[test]
    fn a_file_with_fewer_mates_is_told() {
        for (first, second, names) in
            [(&["a", "b"][..], &["a"][..], "a_2.fq"), (&["a"], &["a", "b"], "a_1.fq")]
        {
            let message = files(&reads(first), &reads(second)).unwrap_err();
            let place = message.find(names).unwrap();
            assert!(place < message.find("ends after 1 reads").unwrap(), "{message}");
        }
    }
}
