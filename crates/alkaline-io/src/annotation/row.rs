//! Lines of an annotation file, split into columns, with their number kept for messages.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use alkaline_core::genome::{Span, Strand};

use super::AnnotationFormat;
use crate::error::{FileProblems, Problem, ReadError};

/// Number of tabs that a GTF or GFF row has at least.
const GTF_TABS: usize = 8;

/// Largest position that featureCounts (and BAM) can express.
const MAX_POSITION: u64 = (1 << 31) - 1;

/// How a SAF header line begins, in lower case.
const SAF_HEADER: &[u8] = b"geneid\tchr\tstart";

/// How many lines are looked at to recognise the format.
const LINES_TO_RECOGNISE: usize = 2000;

/// A GTF or GFF3 row, borrowed from the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub contig: &'a [u8],
    pub feature_type: &'a [u8],
    pub start: &'a [u8],
    pub end: &'a [u8],
    pub strand: Strand,
    pub attributes: &'a [u8],
}

impl<'a> Row<'a> {
    /// The row of a line; `None` for comments and lines with too few columns.
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        if line.first() == Some(&b'#') {
            return None;
        }
        let mut columns = line.splitn(GTF_TABS + 1, |&byte| byte == b'\t');
        let contig = columns.next()?;
        columns.next()?;
        let feature_type = columns.next()?;
        let start = columns.next()?;
        let end = columns.next()?;
        columns.next()?;
        let strand = columns.next()?;
        columns.next()?;
        let attributes = columns.next()?;
        Some(Self { contig, feature_type, start, end, strand: parse_strand(strand), attributes })
    }
}

/// `+` and `-`; everything else is unknown.
pub(super) fn parse_strand(text: &[u8]) -> Strand {
    match text.first() {
        Some(b'+') => Strand::Forward,
        Some(b'-') => Strand::Reverse,
        _ => Strand::Unknown,
    }
}

/// Reads lines, remembers their number, and can look ahead to recognise the format.
pub(super) struct RowReader<R> {
    reader: R,
    path: PathBuf,
    /// Lines read ahead, with the place of the next one to hand out.
    ahead: Vec<Vec<u8>>,
    next_ahead: usize,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> RowReader<R> {
    pub fn new(reader: R, path: &Path) -> Self {
        Self { reader, path: path.to_owned(), ahead: Vec::new(), next_ahead: 0, line: Vec::new(), number: 0 }
    }

    /// Advances to the next line; `false` at the end of the file.
    pub fn advance(&mut self) -> Result<bool, ReadError> {
        self.number += 1;
        if self.next_ahead < self.ahead.len() {
            self.line = std::mem::take(&mut self.ahead[self.next_ahead]);
            self.next_ahead += 1;
            return Ok(true);
        }
        read_line(&mut self.reader, &mut self.line).map_err(|error| ReadError::from_io(&self.path, error))
    }

    /// The current line without its end.
    pub fn line(&self) -> &[u8] {
        &self.line
    }

    /// The error that the current line is wrong.
    pub fn error(&self, problem: impl Into<String>, hint: Option<&str>) -> ReadError {
        let mut problem = Problem::at_line(self.number, problem);
        problem.hint = hint.map(str::to_owned);
        FileProblems::one(&self.path, problem).into()
    }

    /// The interval of the current row.
    pub fn span(&self, start: &[u8], end: &[u8]) -> Result<Span, ReadError> {
        let parsed = match (parse_position(start), parse_position(end)) {
            (Some(first), Some(last)) => Span::new(first, last),
            _ => None,
        };
        parsed.ok_or_else(|| {
            let (start, end) = (String::from_utf8_lossy(start), String::from_utf8_lossy(end));
            let hint = "positions are whole numbers from 1 to 2147483647, the start not after the end";
            self.error(format!("`{start}` to `{end}` is not an interval"), Some(hint))
        })
    }

    /// The format of the file, from its first lines.
    pub fn recognise(&mut self, strict: bool) -> Result<AnnotationFormat, ReadError> {
        if strict {
            return Ok(AnnotationFormat::Gtf);
        }
        while self.ahead.len() < LINES_TO_RECOGNISE {
            let mut line = Vec::new();
            if !read_line(&mut self.reader, &mut line)
                .map_err(|error| ReadError::from_io(&self.path, error))?
            {
                break;
            }
            self.ahead.push(line);
        }
        Ok(recognise_lines(&self.ahead))
    }
}

fn recognise_lines(lines: &[Vec<u8>]) -> AnnotationFormat {
    let mut saf_like = false;
    for line in lines {
        if line.starts_with(b"##gff-version 3") || line.starts_with(b"##gff-version   3") {
            return AnnotationFormat::Gff3;
        }
        if let Some(row) = Row::parse(line) {
            return if looks_like_gff3(row.attributes) {
                AnnotationFormat::Gff3
            } else {
                AnnotationFormat::Gtf
            };
        }
        saf_like |= is_saf_header(line) || is_saf_row(line);
    }
    if saf_like { AnnotationFormat::Saf } else { AnnotationFormat::Gtf }
}

/// Whether the first key is followed by `=` rather than by a blank.
fn looks_like_gff3(attributes: &[u8]) -> bool {
    let key_end = attributes.iter().position(|&byte| matches!(byte, b'=' | b' ' | b';' | b'"'));
    key_end.is_some_and(|end| attributes[end] == b'=')
}

pub(super) fn is_saf_header(line: &[u8]) -> bool {
    line.len() >= SAF_HEADER.len() && line[..SAF_HEADER.len()].eq_ignore_ascii_case(SAF_HEADER)
}

fn is_saf_row(line: &[u8]) -> bool {
    let columns: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
    (5..9).contains(&columns.len())
        && parse_position(columns[2]).is_some()
        && parse_position(columns[3]).is_some()
}

/// The number that the text begins with; `None` unless it begins with a digit and fits.
fn parse_position(text: &[u8]) -> Option<u32> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > 12 {
        return None;
    }
    let value = text[..digits].iter().fold(0_u64, |value, &digit| value * 10 + u64::from(digit - b'0'));
    (1..=MAX_POSITION).contains(&value).then_some(value as u32)
}

/// Reads a line without its end; `false` at the end of the file.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    if reader.read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Ok(true)
}
