//! `ids.tsv`: what became of every identifier of a gene list.

use std::path::Path;

use alkaline_core::identifiers::{IdEntry, IdMapping};

use super::table::{Field, header, write_rows};
use crate::error::WriteError;

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
    write_rows(path, &header(&COLUMNS), &mapping.entries, |entry| {
        let IdEntry { id, outcome, gene, symbol, kept } = entry;
        vec![
            Field::Text(id.clone()),
            Field::Text(outcome.name().to_owned()),
            Field::optional(gene.as_deref()),
            Field::optional(symbol.as_deref()),
            Field::optional(kept.as_deref()),
        ]
    })
}
