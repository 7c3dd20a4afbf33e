//! Average lengths of transcripts beside a count table: counts of one gene say less of its expression where its transcripts are longer,
//! and tests allow for that by offsets, as tximport's vignette has it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use alkaline_core::results::CountTable;
use alkaline_core::words::{count, listed_up_to};
use alkaline_core::{ExpressionMatrix, ExpressionUnit};
use alkaline_io::expression_input;
use alkaline_io::results::expression;
use ndarray::Array2;

use crate::error::WorkflowError;

/// Genes shown in an error.
const SHOWN: usize = 5;

/// `table` with the average lengths of the table at `path`, and what is to be said of them. A gene is taken as equally long in every sample
/// where the table does not tell a length above zero for each: RSEM writes 0 for genes shorter than its fragments.
///
/// # Errors
/// [`WorkflowError`] when lengths cannot be read, or the table lacks genes that have counts.
pub fn with_lengths(table: CountTable, path: &Path) -> Result<(CountTable, Option<String>), WorkflowError> {
    let (genes, samples) = (table.matrix.genes(), table.matrix.samples());
    let file = expression_input::read(path, samples.ids())?;
    let width = samples.len();
    let places: HashMap<&str, usize> =
        file.ids.iter().enumerate().map(|(place, id)| (id.as_str(), place)).collect();
    let mut lengths = vec![1.0; genes.len() * width];
    let (mut without, mut zero) = (Vec::new(), 0);
    for (gene, id) in genes.ids().iter().enumerate() {
        let own = places.get(id.as_str()).map(|&place| &file.values[place * width..(place + 1) * width]);
        match own {
            Some(own) if own.iter().all(|length| *length > 0.0) => {
                lengths[gene * width..(gene + 1) * width].copy_from_slice(own);
            }
            _ if table.matrix.row(gene).iter().all(|count| *count == 0.0) => {}
            Some(_) => zero += 1,
            None => without.push(id.as_str()),
        }
    }
    if !without.is_empty() {
        return Err(WorkflowError::design_with_hint(
            format!(
                "{}: there are no average lengths of {} genes that have counts: {}",
                path.display(),
                without.len(),
                listed_up_to(SHOWN, &without)
            ),
            "counts and lengths must come from one import, and from all samples at once",
        ));
    }
    let lengths = Array2::from_shape_vec((genes.len(), width), lengths);
    let wrong = |error: &dyn std::fmt::Display| WorkflowError::design(format!("{}: {error}", path.display()));
    let lengths = lengths.map_err(|error| wrong(&error))?;
    let CountTable { matrix, facts } = table;
    let table = CountTable { matrix: matrix.with_lengths(lengths).map_err(|error| wrong(&error))?, facts };
    let words = format!(
        "{}: {} with counts without a length above zero in every sample: taken as equally long in all",
        path.display(),
        count(zero, "gene")
    );
    Ok((table, (zero > 0).then_some(words)))
}

/// Writes how much longer the transcripts of each gene are in each sample than in all, for later stages.
///
/// # Errors
/// [`WorkflowError`] when the table cannot be written.
pub fn write(path: &Path, table: &CountTable) -> Result<(), WorkflowError> {
    let matrix = &table.matrix;
    let values = (0..matrix.genes().len()).flat_map(|gene| matrix.length_factors(gene).unwrap_or_default());
    let (genes, samples) = (Arc::clone(matrix.genes()), Arc::clone(matrix.samples()));
    let factors = ExpressionMatrix::new(ExpressionUnit::Log2, genes, samples, values.collect())
        .map_err(|error| WorkflowError::design(error.to_string()))?;
    Ok(expression::write(path, &factors, None)?)
}
