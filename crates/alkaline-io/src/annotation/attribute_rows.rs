//! The attributes of all rows of an annotation, for readers that want no genes.

use std::path::Path;

use super::attributes::value_of;
use super::lines::LineReader;
use super::recognise;
use super::row::Row;
use crate::error::{FileProblems, ReadError};

/// Gives the attributes of every row of the GTF or GFF3 file at `path`.
///
/// # Errors
/// [`ReadError`] when the file cannot be read, or is of another kind.
pub(crate) fn rows_of(path: &Path, mut take: impl FnMut(&[u8])) -> Result<(), ReadError> {
    let mut rows = LineReader::new(crate::file::open(path)?, path, false)?;
    let start = rows.look_ahead()?;
    if let Some(problem) = start.first().and_then(|line| recognise::other_kind(line)) {
        return Err(FileProblems::one(path, problem).into());
    }
    let mut line = Vec::new();
    while rows.advance(&mut line)? {
        if line.starts_with(b">") {
            break;
        }
        if let Some(row) = Row::parse(&line) {
            take(row.attributes);
        }
    }
    rows.check()
}

/// The value of an attribute.
pub(crate) fn attribute(attributes: &[u8], key: &[u8]) -> Option<String> {
    value_of(attributes, key).map(|value| String::from_utf8_lossy(value).into_owned())
}
