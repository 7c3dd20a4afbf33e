//! Alignment files, cut into chunks that threads work on independently.
//!
//! BAM is handed out as whole compressed blocks, inflated by the thread that counts them. SAM and CRAM are decoded by
//! the thread that asks for the next chunk, into the bytes that BAM would hold, so that everything behind knows one layout.

mod bam;
pub(crate) mod bgzf;
mod bgzf_text;
mod complete;
mod cram;
mod header;
mod sam;
mod source;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use crate::error::{CountError, FormatProblem};
use crate::meter::{Meter, Metered};
use bgzf_text::BgzfText;
pub use complete::check_complete;
pub use header::AlignmentHeader;
pub(crate) use source::{Chunk, ChunkSource, OpenInput, in_file, problem_of};

/// The name that stands for standard input.
pub(crate) const STANDARD_INPUT: &str = "-";

/// Buffer of sequential readers, in bytes.
const BUFFER_SIZE: usize = 1 << 17;

/// Bytes looked at to recognise a format.
const BYTES_TO_RECOGNISE: usize = 18;

/// How files are opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenOptions<'a> {
    pub reference: Option<&'a Path>,
    pub threads: usize,
    /// Told how much of the file was read.
    pub meter: Option<&'a Meter>,
}

/// Opens `path`, whatever its format.
pub(crate) fn open(path: &Path, options: OpenOptions<'_>) -> Result<OpenInput, CountError> {
    let from_stdin = path.as_os_str() == STANDARD_INPUT;
    // Pipes, named or not, give their bytes once.
    let mut repeatable = false;
    let file: Box<dyn Read + Send> = if from_stdin {
        Box::new(io::stdin())
    } else {
        let file = File::open(path).map_err(|source| in_file(path, source))?;
        let kind = file.metadata().map_err(|source| in_file(path, source))?;
        if kind.is_dir() {
            return Err(in_file(path, io::Error::from(io::ErrorKind::IsADirectory)));
        }
        repeatable = kind.is_file();
        match options.meter {
            Some(meter) => Box::new(Metered::new(file, meter)),
            None => Box::new(file),
        }
    };
    let mut reader = BufReader::with_capacity(BUFFER_SIZE, file);
    let start = peek(&mut reader).map_err(|source| in_file(path, source))?;
    let opened = match recognise(&start) {
        Some(Format::Blocks) => open_blocks(reader, path),
        Some(Format::Gzip) => {
            let mut inflated =
                BufReader::with_capacity(BUFFER_SIZE, flate2::bufread::MultiGzDecoder::new(reader));
            let start = peek(&mut inflated).map_err(|source| in_file(path, source))?;
            match recognise(&start) {
                Some(Format::Sam) => sam::open(Box::new(inflated), path),
                _ => Err(not_alignments(path, &start)),
            }
        }
        Some(Format::Sam) => sam::open(Box::new(reader), path),
        Some(Format::Cram) if repeatable => cram::open(path, options.reference, options.threads),
        Some(Format::Cram) => Err(problem_of(path, FormatProblem::PipedCram)),
        _ => Err(not_alignments(path, &start)),
    }?;
    Ok(OpenInput { repeatable, ..opened })
}

/// Opens a file of compressed blocks: BAM, or SAM text that `bgzip` compressed. What they inflate to tells.
fn open_blocks(mut reader: BufReader<Box<dyn Read + Send>>, path: &Path) -> Result<OpenInput, CountError> {
    let mut ahead = Vec::new();
    let looked_at = (&mut reader).take(2 * bgzf::MAX_INFLATED as u64).read_to_end(&mut ahead);
    looked_at.map_err(|source| in_file(path, source))?;
    let mut start = Vec::new();
    // What cannot be inflated is named by the reader of BAM, with its place.
    let inflated = flate2::bufread::MultiGzDecoder::new(ahead.as_slice());
    let _ = inflated.take(BYTES_TO_RECOGNISE as u64).read_to_end(&mut start);
    let whole = Cursor::new(ahead).chain(reader);
    match recognise(&start) {
        Some(Format::Sam) => {
            sam::open(Box::new(BufReader::with_capacity(BUFFER_SIZE, BgzfText::new(whole))), path)
        }
        _ => bam::open(Box::new(whole), path),
    }
}

/// Whether the file at `path` can be opened a second time.
pub(crate) fn can_be_read_twice(path: &Path) -> Result<bool, CountError> {
    if path.as_os_str() == STANDARD_INPUT {
        return Ok(false);
    }
    Ok(path.metadata().map_err(|source| in_file(path, source))?.is_file())
}

enum Format {
    /// Compressed blocks, of BAM or of text.
    Blocks,
    Gzip,
    Sam,
    Cram,
}

/// The format of a file that begins with `start`.
fn recognise(start: &[u8]) -> Option<Format> {
    if start.starts_with(b"CRAM") {
        return Some(Format::Cram);
    }
    if start.starts_with(&bgzf::MAGIC) {
        return Some(if bgzf::is_block(start) { Format::Blocks } else { Format::Gzip });
    }
    // A SAM file is text: a header line in whatever encoding extends ASCII, or a record in UTF-8.
    let start = start.strip_prefix(sam::BYTE_ORDER_MARK).unwrap_or(start);
    let printable =
        start.iter().all(|&byte| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~' | 0x80..=0xff));
    let is_header = matches!(start, [b'@', b'A'..=b'Z', b'A'..=b'Z', b'\t', ..]);
    // A letter may be cut where the look ends.
    let is_utf8 = std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true);
    (!start.is_empty() && printable && (is_header || is_utf8)).then_some(Format::Sam)
}

/// The first bytes, without consuming them.
fn peek(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let start = reader.fill_buf()?;
    Ok(start[..start.len().min(BYTES_TO_RECOGNISE)].to_vec())
}

fn not_alignments(path: &Path, start: &[u8]) -> CountError {
    if start.is_empty() {
        return problem_of(path, FormatProblem::Empty);
    }
    problem_of(path, FormatProblem::NotAlignments { start: format!("`{}`", start.escape_ascii()) })
}
