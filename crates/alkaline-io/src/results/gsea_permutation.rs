//! Enrichment by permutation of samples, with the Broad Institute's columns; and which gene sets stand for others.

use std::path::Path;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{PermutationRow, PermutationTable};

use super::line::Line;
use super::ora::SOURCE;
use super::table::{header, write_rows};
use crate::error::WriteError;

/// The columns, in order; the last says where the set came from, with its release.
pub const COLUMNS: [&str; 13] = [
    "ONTOLOGY",
    "ID",
    "Description",
    "setSize",
    "enrichmentScore",
    "NES",
    "pvalue",
    "FDR.q",
    "FWER.p",
    "rank",
    "leading_edge",
    "core_enrichment",
    SOURCE,
];

/// Writes `table` to `path`.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, table: &PermutationTable) -> Result<(), WriteError> {
    write_rows(path, &header(&COLUMNS), &table.rows, |line, row| add_fields(line, row, &table.sources))
}

fn add_fields(line: &mut Line, row: &PermutationRow, sources: &[GeneSetSource]) {
    line.text(&row.ontology)
        .text(&row.id)
        .text(&row.description)
        .whole(row.set_size as u64)
        .real(row.enrichment_score)
        .real(row.normalized_score)
        .real(row.p_value)
        .real(row.fdr_q)
        .real(row.fwer_p)
        .whole(row.rank as u64)
        .text(&row.leading_edge)
        .text(&row.core_enrichment.join("/"))
        .text(&GeneSetSource::label_of(sources, &row.ontology));
}

/// The columns of the table of representatives; `represented_by` is empty for sets that stand for themselves.
pub const REPRESENTATIVE_COLUMNS: [&str; 5] = ["ONTOLOGY", "ID", "Description", "represented_by", SOURCE];

/// A row of the table of representatives: ontology, set, name, and the set that stands for it.
pub type Representative = (String, String, String, Option<String>);

/// Writes which set stands for which; `sources` are those of the tables that the sets are from.
///
/// # Errors
/// [`WriteError`].
pub fn write_representatives(
    path: &Path,
    rows: &[Representative],
    sources: &[GeneSetSource],
) -> Result<(), WriteError> {
    write_rows(path, &header(&REPRESENTATIVE_COLUMNS), rows, |line, (ontology, id, description, by)| {
        line.text(ontology)
            .text(id)
            .text(description)
            .text(by.as_deref().unwrap_or_default())
            .text(&GeneSetSource::label_of(sources, ontology));
    })
}
