//! `sensitivity.tsv`: how many genes are called when another dispersion is assumed.

use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::{GeneId, PerGene};
use alkaline_dge::Sensitivity;
use alkaline_io::results::table::{Rows, header, write_rows};
use alkaline_io::{ReadError, WriteError};
use alkaline_report::{SensitivityRow, SensitivityTable};

/// The columns, in order.
const COLUMNS: [&str; 3] = ["BCV", "up", "down"];

/// Columns of `sensitivity_genes.tsv`.
const GENE_COLUMNS: [&str; 3] = ["gene_id", "gene_name", "largest_BCV"];

/// Writes the calls at each dispersion to `path`.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, sensitivity: &Sensitivity) -> Result<(), WriteError> {
    write_rows(path, &header(&COLUMNS), &sensitivity.rows, |line, row| {
        line.real(row.bcv).whole(row.up as u64).whole(row.down as u64);
    })
}

/// Writes the largest dispersion at which each gene is still called; `NA` for genes that are called at none.
///
/// # Errors
/// [`WriteError`].
pub fn write_by_gene(
    path: &Path,
    sensitivity: &Sensitivity,
    labels: &PerGene<GeneLabel>,
) -> Result<(), WriteError> {
    write_rows(path, &header(&GENE_COLUMNS), &sensitivity.largest_bcv, |line, (gene, largest)| {
        let name = labels.get(gene.as_str()).and_then(|label| label.name.as_deref());
        line.text(gene.as_str()).optional(name).optional_real(*largest);
    })
}

/// Reads what [`write_by_gene`] wrote: for each tested gene the largest BCV at which it is called.
///
/// # Errors
/// [`ReadError`].
pub fn read_by_gene(path: &Path) -> Result<Vec<(GeneId, Option<f64>)>, ReadError> {
    let rows = Rows::read(path, &GENE_COLUMNS)?;
    rows.collect(|row| (GeneId::from(row.text("gene_id")), row.optional_real("largest_BCV")))
}

/// Reads a table that [`write()`] made.
///
/// # Errors
/// [`ReadError`].
pub fn read(path: &Path) -> Result<SensitivityTable, ReadError> {
    let rows = Rows::read(path, &COLUMNS)?;
    let rows = rows.collect(|row| SensitivityRow {
        bcv: row.real("BCV"),
        up: row.whole("up"),
        down: row.whole("down"),
    })?;
    Ok(SensitivityTable { rows })
}
