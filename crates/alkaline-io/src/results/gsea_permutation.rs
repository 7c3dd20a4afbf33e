//! Enrichment by permutation of samples, with the Broad Institute's columns; and which gene sets stand for others.

use std::path::Path;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{PermutationRow, PermutationTable};

use super::ora::SOURCE;
use super::table::{Field, header, write_rows};
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
    write_rows(path, &header(&COLUMNS), &table.rows, |row| fields(row, &table.sources))
}

fn fields(row: &PermutationRow, sources: &[GeneSetSource]) -> Vec<Field> {
    vec![
        Field::Text(row.ontology.clone()),
        Field::Text(row.id.clone()),
        Field::Text(row.description.clone()),
        Field::Whole(row.set_size as u64),
        Field::Real(row.enrichment_score),
        Field::Real(row.normalized_score),
        Field::Real(row.p_value),
        Field::Real(row.fdr_q),
        Field::Real(row.fwer_p),
        Field::Whole(row.rank as u64),
        Field::Text(row.leading_edge.clone()),
        Field::Text(row.core_enrichment.join("/")),
        Field::Text(GeneSetSource::label_of(sources, &row.ontology)),
    ]
}

/// The columns of the table of representatives; the last is empty for sets that stand for themselves.
pub const REPRESENTATIVE_COLUMNS: [&str; 4] = ["ONTOLOGY", "ID", "Description", "represented_by"];

/// A row of the table of representatives: ontology, set, name, and the set that stands for it.
pub type Representative = (String, String, String, Option<String>);

/// Writes which set stands for which.
///
/// # Errors
/// [`WriteError`].
pub fn write_representatives(path: &Path, rows: &[Representative]) -> Result<(), WriteError> {
    write_rows(path, &header(&REPRESENTATIVE_COLUMNS), rows, |(ontology, id, description, by)| {
        vec![
            Field::Text(ontology.clone()),
            Field::Text(id.clone()),
            Field::Text(description.clone()),
            Field::Text(by.clone().unwrap_or_default()),
        ]
    })
}
