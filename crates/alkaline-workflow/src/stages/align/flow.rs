//! What flows through: reads into the aligner, alignments out of it into what writes the BAM.
//!
//! Both streams pass through us, so that the end of one is never mistaken for success: reads are checked and counted on their
//! way in, alignments on their way out.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout};

use alkaline_core::sam::flag;
use alkaline_core::samples::Reads;
use alkaline_io::fastq::{FastqPairs, FastqRecord, QualityEncoding, ReadPair, encoding_of, name_of_fragment};
use alkaline_io::{ReadError, WriteError};

use crate::error::WorkflowError;

/// Buffers between the programs, in bytes.
const BUFFER: usize = 1 << 18;

/// What was given to the aligner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fed {
    /// Fragments: reads, or pairs.
    pub fragments: u64,
    /// Whether the qualities were converted from Phred+64.
    pub converted: bool,
    /// Whether the aligner wanted no more.
    pub refused: bool,
}

/// Writes reads as HISAT2's `--tab5` takes them: name, bases, qualities, of pairs also those of the mate.
pub(super) fn feed(reads: &Reads, input: ChildStdin) -> Result<Fed, ReadError> {
    let mut out = BufWriter::with_capacity(BUFFER, input);
    let mut fed = Fed::default();
    let mut pair = ReadPair::default();
    for lane in &reads.lanes {
        let (encoding, _) = encoding_of(&lane.first)?;
        fed.converted |= encoding == QualityEncoding::Phred64;
        let mut pairs = FastqPairs::open(&lane.first, lane.second.as_deref())?;
        while pairs.advance(&mut pair)? {
            fed.fragments += 1;
            let second = lane.second.is_some().then_some(&mut pair.second);
            if write_fragment(&mut out, &mut pair.first, second, encoding).is_err() {
                return Ok(Fed { refused: true, ..fed });
            }
        }
    }
    fed.refused = out.flush().is_err();
    Ok(fed)
}

fn write_fragment(
    out: &mut impl Write,
    first: &mut FastqRecord,
    second: Option<&mut FastqRecord>,
    encoding: QualityEncoding,
) -> io::Result<()> {
    // A single read keeps its whole first word, as HISAT2 keeps it.
    let name = if second.is_some() { name_of_fragment(&first.name) } else { first_word(&first.name) };
    out.write_all(if name.is_empty() { b"read" } else { name })?;
    for read in [Some(first), second].into_iter().flatten() {
        if encoding != QualityEncoding::Phred33 {
            let above = encoding.above_phred33();
            read.qualities.iter_mut().for_each(|quality| *quality = quality.saturating_sub(above).max(b'!'));
        }
        out.write_all(b"\t")?;
        out.write_all(&read.bases)?;
        out.write_all(b"\t")?;
        out.write_all(&read.qualities)?;
    }
    out.write_all(b"\n")
}

fn first_word(name: &[u8]) -> &[u8] {
    let end = name.iter().position(u8::is_ascii_whitespace).unwrap_or(name.len());
    &name[..end]
}

/// Takes HISAT2's summary out of the log: it has a file of its own, and MultiQC would show the sample twice.
pub(super) fn cut_summary(log: &Path) -> Result<(), WorkflowError> {
    let bytes = std::fs::read(log).map_err(|source| ReadError::from_io(log, source))?;
    let kept = without_summary(&String::from_utf8_lossy(&bytes));
    Ok(std::fs::write(log, kept).map_err(|source| WriteError { path: log.to_owned(), source })?)
}

fn without_summary(text: &str) -> String {
    let mut is_summary = false;
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        is_summary |= line.starts_with("HISAT2 summary stats:");
        if !is_summary {
            kept.push_str(line);
        }
        is_summary &= !line.contains("Overall alignment rate");
    }
    kept
}

/// The aligner's output, behind its header.
pub(super) struct Alignments {
    output: BufReader<ChildStdout>,
    /// The header, without what differs from run to run.
    pub header: Vec<u8>,
    /// Length of the longest contig.
    pub longest_contig: u64,
}

impl Alignments {
    /// Reads the header.
    pub fn begin(output: ChildStdout) -> io::Result<Self> {
        let mut output = BufReader::with_capacity(BUFFER, output);
        let (mut header, mut longest_contig, mut line) = (Vec::new(), 0, Vec::new());
        while output.fill_buf()?.first() == Some(&b'@') {
            line.clear();
            output.read_until(b'\n', &mut line)?;
            longest_contig = longest_contig.max(contig_length(&line).unwrap_or(0));
            header.extend(without_threads(&line));
        }
        Ok(Self { output, header, longest_contig })
    }

    /// Hands everything on to `writer`, which stays open, and counts the reads: a read with several places counts once.
    ///
    /// # Errors
    /// What the writer refuses, and `UnexpectedEof` where the last line has no end.
    pub fn hand_on(mut self, writer: ChildStdin) -> io::Result<(ChildStdin, u64)> {
        let mut out = BufWriter::with_capacity(BUFFER, writer);
        out.write_all(&self.header)?;
        let (mut reads, mut line) = (0, Vec::new());
        loop {
            line.clear();
            if self.output.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.last() != Some(&b'\n') {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            reads += u64::from(is_primary(&line));
            out.write_all(&line)?;
        }
        Ok((out.into_inner().map_err(io::IntoInnerError::into_error)?, reads))
    }
}

/// `LN` of an `@SQ` line.
fn contig_length(line: &[u8]) -> Option<u64> {
    let rest = line.strip_prefix(b"@SQ\t")?;
    let field = rest.split(|&byte| byte == b'\t').find_map(|field| field.strip_prefix(b"LN:"))?;
    std::str::from_utf8(field.trim_ascii()).ok()?.parse().ok()
}

/// A header line without ` -p N` of HISAT2's command: the number of threads changes no alignment.
fn without_threads(line: &[u8]) -> Vec<u8> {
    const MARK: &[u8] = b" -p ";
    let place = line.windows(MARK.len()).position(|window| window == MARK);
    match place.filter(|_| line.starts_with(b"@PG\t")) {
        Some(place) => {
            let after = &line[place + MARK.len()..];
            let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
            [&line[..place], &after[digits..]].concat()
        }
        None => line.to_vec(),
    }
}

/// Whether a SAM line is the one line of its read that is neither secondary nor supplementary.
fn is_primary(line: &[u8]) -> bool {
    let field = line.split(|&byte| byte == b'\t').nth(1).unwrap_or_default();
    let flags =
        field.iter().fold(0_u16, |flags, digit| flags.wrapping_mul(10).wrapping_add(u16::from(digit & 15)));
    flags & (flag::SECONDARY | flag::SUPPLEMENTARY) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_become_lines_with_the_name_of_the_fragment() {
        let record = |name: &str, bases: &str, qualities: &str| FastqRecord {
            name: name.into(),
            bases: bases.into(),
            qualities: qualities.into(),
        };
        let line = |first: &FastqRecord, second: Option<&FastqRecord>, encoding| {
            let mut out = Vec::new();
            write_fragment(&mut out, &mut first.clone(), second.cloned().as_mut(), encoding).unwrap();
            String::from_utf8(out).unwrap()
        };
        let (first, second) = (record("r/1 x y", "ACG", "FFF"), record("r/2 x y", "", ""));
        assert_eq!(line(&first, Some(&second), QualityEncoding::Phred33), "r\tACG\tFFF\t\t\n");
        assert_eq!(line(&first, None, QualityEncoding::Phred33), "r/1\tACG\tFFF\n");
        assert_eq!(line(&record("r", "AC", "hB"), None, QualityEncoding::Phred64), "r\tAC\tI#\n");
        assert_eq!(line(&record(" x", "A", "F"), None, QualityEncoding::Phred33), "read\tA\tF\n");
    }

    #[test]
    fn the_summary_is_cut_out_of_the_log_and_nothing_else() {
        let text =
            "Warning: a\nHISAT2 summary stats:\n\tTotal reads: 3\n\tOverall alignment rate: 9%\nbehind\nlast";
        assert_eq!(without_summary(text), "Warning: a\nbehind\nlast");
    }

    #[test]
    fn the_number_of_threads_is_no_part_of_the_header() {
        let line = b"@PG\tID:hisat2\tPN:hisat2\tVN:2.2.1\tCL:\"hisat2-align-s -x a -p 12 --reorder\"\n";
        let kept = String::from_utf8(without_threads(line)).unwrap();
        assert!(kept.ends_with("-x a --reorder\"\n"), "{kept}");
        let contig = b"@SQ\tSN:a -p 3\tLN:600000000\n";
        assert_eq!(without_threads(contig), contig);
        assert_eq!(contig_length(contig), Some(600_000_000));
        assert!(
            is_primary(b"r\t83\tchr1\n") && !is_primary(b"r\t339\tchr1\n") && !is_primary(b"r\t2048\tc\n")
        );
    }
}
