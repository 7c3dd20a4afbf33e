//! One file, read by read.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use crate::error::{FileProblems, Problem, ReadError};

/// Longest beginning of a line that a message repeats.
const SHOWN: usize = 40;

/// Qualities are printable characters.
const PRINTABLE: std::ops::RangeInclusive<u8> = b'!'..=b'~';

/// One read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FastqRecord {
    /// The line after `@`: the name, and whatever follows it.
    pub name: Vec<u8>,
    /// The bases.
    pub bases: Vec<u8>,
    /// The qualities as they are written, one a base.
    pub qualities: Vec<u8>,
}

/// Reads a FASTQ file (gunzipped by content) and refuses what is none.
pub struct FastqReader {
    reader: Box<dyn BufRead + Send>,
    path: PathBuf,
    line: u64,
    separator: Vec<u8>,
}

impl FastqReader {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// [`ReadError`] when it is missing or unreadable.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let reader = crate::file::open(path)?;
        Ok(Self { reader, path: path.to_owned(), line: 0, separator: Vec::new() })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The number of the last line that was read.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next read into `record`; `false` at the end of the file.
    ///
    /// # Errors
    /// [`ReadError`] where the file is damaged, cut off, or no FASTQ.
    pub fn advance(&mut self, record: &mut FastqRecord) -> Result<bool, ReadError> {
        loop {
            if !self.read_line(&mut record.name)? {
                return Ok(false);
            }
            if !record.name.is_empty() {
                break;
            }
            // Empty lines may stand at the end, and nowhere else.
            if !self.is_at_end()? && !self.next_line_is_empty()? {
                return Err(self.problem("an empty line stands where a read should begin"));
            }
        }
        if record.name.first() != Some(&b'@') {
            return Err(self.no_fastq(&record.name));
        }
        record.name.remove(0);
        let mut separator = std::mem::take(&mut self.separator);
        let whole = self.read_line(&mut record.bases)?
            && self.read_line(&mut separator)?
            && self.read_line(&mut record.qualities)?;
        if !whole {
            return Err(self.cut_off(&record.name));
        }
        let is_separator = separator.first() == Some(&b'+');
        self.separator = separator;
        if !is_separator {
            self.line -= 1;
            return Err(self.no_separator());
        }
        self.check(record)?;
        Ok(true)
    }

    fn check(&mut self, record: &FastqRecord) -> Result<(), ReadError> {
        let (bases, qualities) = (record.bases.len(), record.qualities.len());
        if qualities < bases && self.is_at_end()? {
            return Err(self.cut_off(&record.name));
        }
        if bases != qualities {
            return Err(self.problem(format!(
                "read `{}` has {bases} bases and {qualities} qualities",
                shown(&record.name)
            )));
        }
        match record.qualities.iter().find(|quality| !PRINTABLE.contains(quality)) {
            Some(odd) => {
                Err(self.problem(format!("a quality is the byte {odd}, which no quality is written as")))
            }
            None => Ok(()),
        }
    }

    /// Reads a line without its end; `false` at the end of the file.
    fn read_line(&mut self, line: &mut Vec<u8>) -> Result<bool, ReadError> {
        line.clear();
        let read = self.reader.read_until(b'\n', line);
        if read.map_err(|error| self.unreadable(error))? == 0 {
            return Ok(false);
        }
        self.line += 1;
        while matches!(line.last(), Some(b'\n' | b'\r')) {
            line.pop();
        }
        Ok(true)
    }

    fn is_at_end(&mut self) -> Result<bool, ReadError> {
        let rest = self.reader.fill_buf();
        match rest.map(<[u8]>::is_empty) {
            Ok(empty) => Ok(empty),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    fn next_line_is_empty(&mut self) -> Result<bool, ReadError> {
        let rest = self.reader.fill_buf();
        match rest.map(|rest| matches!(rest.first(), Some(b'\n' | b'\r'))) {
            Ok(empty) => Ok(empty),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    /// What the operating system or the decompression said; of damage the place is told, in reads.
    fn unreadable(&self, error: std::io::Error) -> ReadError {
        match ReadError::from_io(&self.path, error) {
            ReadError::Format(mut problems) => {
                for problem in &mut problems.problems {
                    problem.message = format!("{} after line {}", problem.message, self.line);
                    problem.hint = Some(FETCH_AGAIN.to_owned());
                }
                problems.into()
            }
            other => other,
        }
    }

    fn cut_off(&self, name: &[u8]) -> ReadError {
        let message = format!("the file ends inside a read (`{}`): it is cut off", shown(name));
        self.problem_with(message, FETCH_AGAIN)
    }

    fn no_separator(&self) -> ReadError {
        self.problem_with(
            format!("the third line of a read begins with `+`, here stands `{}`", shown(&self.separator)),
            "reads whose bases span several lines are not understood: write each read in four lines (`seqtk seq`)",
        )
    }

    /// The file, or this place of it, is no FASTQ.
    fn no_fastq(&self, line: &[u8]) -> ReadError {
        let kind = match line {
            _ if self.line > 1 => None,
            [b'>', ..] => Some(("sequences without qualities (FASTA)", "give the FASTQ of the sequencer")),
            [b'B', b'A', b'M', 1, ..] => Some((
                "alignments (BAM)",
                "give it as the sample's BAM, or turn it into reads (`samtools fastq`)",
            )),
            [0x1f, 0x8b, ..] => Some(("compressed twice", "unpack it once (`gunzip`)")),
            [b'B', b'Z', b'h', ..] => Some(("compressed by bzip2", "unpack it, or compress it by gzip")),
            [b'<', ..] => Some(("a web page", "look at what was downloaded")),
            _ => None,
        };
        match kind {
            Some((kind, hint)) => self.problem_with(format!("this is no FASTQ but {kind}"), hint),
            None => self.problem(format!("a read begins with `@`, here stands `{}`", shown(line))),
        }
    }

    /// The error that the last line that was read is wrong.
    pub fn problem(&self, message: impl Into<String>) -> ReadError {
        self.problem_with(message, "a FASTQ has four lines a read: @name, bases, +, qualities")
    }

    /// As [`problem`](Self::problem), with this to do next.
    pub fn problem_with(&self, message: impl Into<String>, hint: &str) -> ReadError {
        FileProblems::one(&self.path, Problem::at_line(self.line, message).hint(hint)).into()
    }
}

/// What helps where a file is damaged.
const FETCH_AGAIN: &str =
    "copy or download the file again, and compare its checksum with the one of who sent it";

/// The beginning of a line, for a message.
pub(super) fn shown(line: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(line).chars().take(SHOWN).collect();
    text.escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<FastqRecord>, ReadError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut reader = FastqReader::open(file.path())?;
        let (mut records, mut record) = (Vec::new(), FastqRecord::default());
        while reader.advance(&mut record)? {
            records.push(record.clone());
        }
        Ok(records)
    }

    fn refusal(bytes: &[u8]) -> String {
        read(bytes).unwrap_err().to_string()
    }

    #[test]
    fn names_bases_and_qualities_are_read_whatever_ends_their_lines() {
        for text in [
            "@a 1:N:0\nACGT\n+\nFF:#\n@b\n\n+b\n\n\n\n",
            "@a 1:N:0\r\nACGT\r\n+\r\nFF:#\r\n@b\r\n\r\n+\r\n\r\n",
        ] {
            let records = read(text.as_bytes()).unwrap();
            assert_eq!(records.len(), 2, "{text:?}");
            assert_eq!(records[0].name, b"a 1:N:0");
            assert_eq!(
                (records[0].bases.as_slice(), records[0].qualities.as_slice()),
                (&b"ACGT"[..], &b"FF:#"[..])
            );
            assert!(records[1].bases.is_empty());
        }
        assert_eq!(read(b"").unwrap(), []);
        // No line end after the last line.
        assert_eq!(read(b"@a\nAC\n+\nFF").unwrap().len(), 1);
    }

    #[test]
    fn a_file_that_ends_inside_a_read_is_cut_off() {
        for text in ["@a\nACGT\n+\nFFFF\n@b", "@b\nACGT\n", "@b\nACGT\n+", "@b\nACGT\n+\nFF"] {
            let message = refusal(text.as_bytes());
            assert!(message.contains("cut off") && message.contains("`b`"), "{text:?}: {message}");
        }
        assert!(refusal(b"@a\nACGT\n+\nFFFF\n@b\nAC\n+\n").contains("line 7"));
    }

    #[test]
    fn a_compressed_file_that_is_cut_off_is_noticed_and_the_place_is_told() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut state = 1_u32;
        for read in 0..5000 {
            let mut base = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                b"ACGT"[(state >> 30) as usize] as char
            };
            let bases: String = (0..50).map(|_| base()).collect();
            writeln!(encoder, "@r{read}\n{bases}\n+\n{}", "F".repeat(50)).unwrap();
        }
        let whole = encoder.finish().unwrap();
        assert_eq!(read(&whole).unwrap().len(), 5000);
        let message = refusal(&whole[..whole.len() / 2]);
        assert!(message.contains("damaged or cut off") && message.contains("after line "), "{message}");
        assert!(message.contains("checksum"), "{message}");
        // Files that were put one behind another are one file.
        assert_eq!(read(&[whole.clone(), whole].concat()).unwrap().len(), 10_000);
    }

    #[test]
    fn what_is_no_fastq_is_told_for_what_it_is() {
        for (text, says) in [
            (&b">chr1\nACGT\n"[..], "FASTA"),
            (b"BAM\x01\x00\x00", "alignments (BAM)"),
            (b"<!DOCTYPE html>\n", "a web page"),
            (b"sample,fastq_1\n", "begins with `@`, here stands `sample,fastq_1`"),
            (b"@a\nACGT\nACGT\n+\n", "line 3: the third line of a read begins with `+`"),
            (b"@a\nACGT\n+\nFFFFF\n@b\nA\n+\nF\n", "line 4: read `a` has 4 bases and 5 qualities"),
            (b"@a\nACGT\n+\nFF\nF\n@b\nA\n+\nF\n", "4 bases and 2 qualities"),
            (b"@a\nAC\n+\nF\x7f\n", "the byte 127"),
            (b"@a\nA\n+\nF\n\n@b\nA\n+\nF\n", "line 5: an empty line"),
        ] {
            let message = refusal(text);
            assert!(message.contains(says) && message.contains("hint: "), "{message}");
        }
    }
}
