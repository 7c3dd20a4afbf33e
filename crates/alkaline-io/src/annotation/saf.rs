//! SAF, featureCounts' own table: `GeneID Chr Start End Strand`, further columns ignored.
//!
//! Forgivingly, columns may be separated by tabs, commas, semicolons or blanks, fields may be quoted, and a header may
//! spell its names as programs do and set them in another order; R's row names are passed over.

use std::io::BufRead;

use super::attributes::unquoted;
use super::builder::{AnnotationBuilder, CountedRow};
use super::lines::LineReader;
use super::options::AnnotationOptions;
use super::outcome::Outcome;
use super::position::whole_number;
use crate::error::ReadError;

/// How featureCounts' header begins, in lower case.
const STRICT_HEADER: &[u8] = b"geneid\tchr\tstart";

/// Columns of a row.
const COLUMNS: usize = 5;

/// What each column is called, in letters and digits of lower case.
const NAMES: [&[&str]; COLUMNS] = [
    &[
        "geneid",
        "gene",
        "id",
        "genename",
        "name",
        "symbol",
        "genesymbol",
        "feature",
        "featureid",
        "entrezid",
        "ensembl",
    ],
    &["chr", "chrom", "chromosome", "seqname", "seqnames", "seqid", "contig", "reference", "chromosomename"],
    &["start", "begin", "from", "startposition", "genestart", "exonstart", "startbp", "exonchromstart"],
    &["end", "stop", "to", "endposition", "geneend", "exonend", "endbp", "exonchromend"],
    &["strand", "sense", "orientation"],
];

/// How many names a line must know to be a header.
const NAMES_OF_HEADER: usize = 3;

pub(super) fn read<R: BufRead>(
    rows: &mut LineReader<R>,
    builder: &mut AnnotationBuilder,
    options: &AnnotationOptions,
) -> Result<Outcome, ReadError> {
    let mut layout = Layout::default();
    let (mut line, mut first) = (Vec::new(), true);
    while rows.advance(&mut line)? {
        if line.is_empty() || line[0] == b'#' || (options.strict && is_strict_header(&line)) {
            continue;
        }
        if !options.strict && std::mem::take(&mut first) && layout.take_first(&line) {
            continue;
        }
        let fields = layout.fields(&line, options.strict);
        let Some([gene, contig, start, end, strand]) = layout.pick(&fields) else {
            if !options.strict {
                rows.no_row(&line);
            }
            continue;
        };
        let number = rows.number();
        let strand = rows.strand(number, strand);
        let Some(span) = rows.span(number, start, end) else { continue };
        let (symbol, biotype, extra) = (None, None, &[][..]);
        builder.push(&CountedRow { line: number, contig, span, strand, gene, symbol, biotype, extra });
    }
    Ok(Outcome::default())
}

/// How the columns of a file lie.
#[derive(Debug)]
struct Layout {
    /// A tab, a comma, a semicolon, or a blank for any number of blanks.
    separator: u8,
    /// The place of gene, contig, start, end and strand.
    places: [usize; COLUMNS],
}

impl Default for Layout {
    fn default() -> Self {
        Self { separator: b'\t', places: [0, 1, 2, 3, 4] }
    }
}

impl Layout {
    /// Learns from the first line that is no comment. Gives whether it is a header, not a row.
    fn take_first(&mut self, line: &[u8]) -> bool {
        self.separator = separator_of(line);
        let names = self.fields(line, false);
        let [.., start, end, _] = self.places;
        let has_digit =
            |place: usize| names.get(place).is_some_and(|field| field.iter().any(u8::is_ascii_digit));
        if has_digit(start) && has_digit(end) {
            return false;
        }
        let found = NAMES.map(|known| names.iter().position(|name| known.contains(&plain(name).as_str())));
        let all: Vec<usize> = found.iter().flatten().copied().collect();
        if let Ok(places) = <[usize; COLUMNS]>::try_from(all) {
            self.places = places;
        }
        true
    }

    fn fields<'a>(&self, line: &'a [u8], strict: bool) -> Vec<&'a [u8]> {
        if strict {
            return line.splitn(COLUMNS + 1, |&byte| byte == b'\t').collect();
        }
        let separator = self.separator;
        let fields = line
            .split(|&byte| if separator == b' ' { byte.is_ascii_whitespace() } else { byte == separator });
        fields
            .filter(|field| separator != b' ' || !field.is_empty())
            .map(|field| unquoted(field.trim_ascii()))
            .collect()
    }

    /// Gene, contig, start, end and strand; R's row names, which have no place in the header, shift them by one.
    fn pick<'a>(&self, fields: &[&'a [u8]]) -> Option<[&'a [u8]; COLUMNS]> {
        let pick = |shift: usize| {
            let picked = self.places.map(|place| fields.get(place + shift).copied());
            let all: Vec<&[u8]> = picked.into_iter().flatten().collect();
            <[&[u8]; COLUMNS]>::try_from(all).ok()
        };
        let is_number = |text: &[u8]| whole_number(text).is_some();
        let plain = pick(0)?;
        if is_number(plain[2]) && is_number(plain[3]) {
            return Some(plain);
        }
        Some(pick(1).filter(|shifted| is_number(shifted[2]) && is_number(shifted[3])).unwrap_or(plain))
    }
}

/// The separator of a line that holds at least four of it.
fn separator_of(line: &[u8]) -> u8 {
    let count = |separator: u8| line.iter().filter(|&&byte| byte == separator).count();
    [b'\t', b',', b';'].into_iter().find(|&separator| count(separator) >= COLUMNS - 1).unwrap_or(b' ')
}

/// A name in letters and digits of lower case.
fn plain(name: &[u8]) -> String {
    name.iter()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(|byte| byte.to_ascii_lowercase() as char)
        .collect()
}

fn is_strict_header(line: &[u8]) -> bool {
    line.len() >= STRICT_HEADER.len() && line[..STRICT_HEADER.len()].eq_ignore_ascii_case(STRICT_HEADER)
}

/// Whether a line is a header: its names are those of the columns.
pub(super) fn is_header(line: &[u8]) -> bool {
    let layout = Layout { separator: separator_of(line), ..Layout::default() };
    let names: Vec<String> = layout.fields(line, false).into_iter().map(plain).collect();
    let known = NAMES.iter().filter(|known| names.iter().any(|name| known.contains(&name.as_str())));
    names.len() >= COLUMNS && known.count() >= NAMES_OF_HEADER
}

/// Whether a line is a row: numbers stand where start and end belong.
pub(super) fn is_row(line: &[u8]) -> bool {
    let layout = Layout { separator: separator_of(line), ..Layout::default() };
    let fields = layout.fields(line, false);
    let numbers = |at: usize| {
        fields.get(at..at + 2).is_some_and(|pair| pair.iter().all(|text| whole_number(text).is_some()))
    };
    let len = fields.len();
    (numbers(2) && (COLUMNS..9).contains(&len)) || (numbers(3) && (COLUMNS + 1..10).contains(&len))
}
