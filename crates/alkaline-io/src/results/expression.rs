//! Expression tables: gene identifier, symbol, one column a sample.

use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::expression::ExpressionUnit;
use alkaline_core::{ExpressionMatrix, GeneId, GeneIndex, IndexError, PerGene, SampleId, SampleIndex};

use super::table::{Rows, header, write_rows};
use crate::error::{FileProblems, Problem, ReadError, WriteError};

/// The columns before the samples.
pub const COLUMNS: [&str; 2] = ["gene_id", "gene_name"];

/// Writes `matrix` to `path`; a `gene_name` column stands where `labels` are known.
///
/// # Errors
/// [`WriteError`].
pub fn write(
    path: &Path,
    matrix: &ExpressionMatrix,
    labels: Option<&PerGene<GeneLabel>>,
) -> Result<(), WriteError> {
    let mut columns = header(&COLUMNS);
    columns.extend(matrix.samples().ids().iter().map(ToString::to_string));
    let genes = matrix.genes().ids();
    write_rows(path, &columns, 0..genes.len(), |line, gene| {
        let label = labels.and_then(|labels| labels.get(genes[*gene].as_str()));
        let name = label.and_then(|label| label.name.as_deref());
        line.text(genes[*gene].as_str()).optional(name).reals(matrix.row(*gene).iter().copied());
    })
}

/// Reads an expression table that [`write()`] made, as values in `unit`.
///
/// # Errors
/// [`ReadError`] when a value is no number or a name stands twice.
pub fn read(path: &Path, unit: ExpressionUnit) -> Result<ExpressionMatrix, ReadError> {
    let rows = Rows::read(path, &COLUMNS)?;
    let samples: Vec<String> = rows.header()[COLUMNS.len()..].to_vec();
    let rows = rows.collect(|row| {
        let values: Vec<f64> = samples.iter().map(|sample| row.real(sample)).collect();
        (GeneId::from(row.text("gene_id")), values)
    })?;
    let wrong = |error: IndexError| FileProblems::one(path, Problem::of_file(error.to_string()));
    let genes = GeneIndex::new(rows.iter().map(|row| row.0.clone()).collect()).map_err(wrong)?;
    let samples = SampleIndex::new(samples.iter().map(SampleId::from).collect()).map_err(wrong)?;
    let values = rows.into_iter().flat_map(|row| row.1).collect();
    Ok(ExpressionMatrix::new(unit, genes, samples, values).map_err(wrong)?)
}
