//! SAF, featureCounts' own table: `GeneID Chr Start End Strand`, further columns ignored.

use std::io::BufRead;

use super::builder::{AnnotationBuilder, CountedRow};
use super::row::{RowReader, is_saf_header, parse_strand};
use super::{AnnotationOptions, Outcome};
use crate::error::ReadError;

/// Columns of a row.
const COLUMNS: usize = 5;

pub(super) fn read<R: BufRead>(
    rows: &mut RowReader<R>,
    builder: &mut AnnotationBuilder,
    _options: &AnnotationOptions,
) -> Result<Outcome, ReadError> {
    while rows.advance()? {
        let line = rows.line();
        if line.is_empty() || line[0] == b'#' || is_saf_header(line) {
            continue;
        }
        let columns: Vec<&[u8]> = line.splitn(COLUMNS + 1, |&byte| byte == b'\t').collect();
        let [gene, contig, start, end, strand, ..] = columns[..] else { continue };
        let span = rows.span(start, end)?;
        let strand = parse_strand(strand);
        builder.push(&CountedRow { contig, span, strand, gene, symbol: None, biotype: None, extra: &[] });
    }
    Ok(Outcome::default())
}
