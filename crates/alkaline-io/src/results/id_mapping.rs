//! `ids.tsv`: what became of every identifier of a gene list.

use std::path::Path;

use alkaline_core::identifiers::{IdEntry, IdMapping};

use super::table::{Rows, header, write_rows};
use crate::error::{ReadError, WriteError};
use crate::file::write_atomically;

/// The columns, in order.
///
/// `outcome`: `mapped`, `alias` (through another name of the gene), `chosen` (several genes carry it; the protein-coding
/// one, then the lowest NCBI number, was taken), `ambiguous` (an alias of several genes: not used), `merged` (another
/// identifier of the list is the same gene, see `kept`) or `lost`. `gene`: the NCBI gene, or the spelling in the sets.
pub const COLUMNS: [&str; 5] = ["id", "outcome", "gene", "symbol", "kept"];

/// Writes one row an identifier, in the order of the list.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, mapping: &IdMapping) -> Result<(), WriteError> {
    write_rows(path, &header(&COLUMNS), &mapping.entries, |line, entry| {
        let IdEntry { id, outcome, gene, symbol, kept } = entry;
        line.text(id)
            .text(outcome.name())
            .optional(gene.as_deref())
            .optional(symbol.as_deref())
            .optional(kept.as_deref());
    })
}

/// Writes the identifiers that match nothing, a line each.
///
/// # Errors
/// [`WriteError`].
pub fn write_lost(path: &Path, mapping: &IdMapping) -> Result<(), WriteError> {
    write_atomically(path, |out| mapping.lost.iter().try_for_each(|id| writeln!(out, "{id}")))
}

/// Reads the identifiers and the words for what became of them.
///
/// # Errors
/// [`ReadError`].
pub fn read_outcomes(path: &Path) -> Result<Vec<(String, String)>, ReadError> {
    let rows = Rows::read(path, &COLUMNS[..2])?;
    rows.collect(|row| (row.text(COLUMNS[0]).to_owned(), row.text(COLUMNS[1]).to_owned()))
}

#[cfg(test)]
mod tests {
    use alkaline_core::identifiers::IdOutcome;

    use super::*;

    #[test]
    fn outcomes_are_read_as_they_were_written() {
        let entry = |id: &str, outcome| IdEntry {
            id: id.into(),
            outcome,
            gene: Some("10".into()),
            symbol: None,
            kept: None,
        };
        let entries = vec![entry("A", IdOutcome::Alias), entry("B", IdOutcome::Lost)];
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ids.tsv");
        write(&path, &IdMapping { entries, ..IdMapping::default() }).unwrap();
        let expected = [("A", "alias"), ("B", "lost")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(read_outcomes(&path).unwrap(), expected);
    }
}
