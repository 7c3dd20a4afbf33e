//! Expression tables from counts: CPM, log CPM, FPKM and TPM of every counted gene.

use alkaline_core::expression::ExpressionUnit;
use alkaline_core::results::CountTable;
use alkaline_core::{ExpressionMatrix, LibrarySizes, PerGene};
use alkaline_norm::{ExpressionOptions, NormOptions, expression, library_sizes};
use serde::{Deserialize, Serialize};

use super::lengths::KnownLengths;
use crate::error::WorkflowError;

/// How library sizes and expression values are computed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NormalizeSettings {
    /// Library-size factors.
    pub factors: NormOptions,
    /// Expression values.
    pub expression: ExpressionOptions,
}

/// Library sizes of all counted genes, as the expression tables use them.
///
/// # Errors
/// [`WorkflowError::Design`] for a sample without counts.
pub fn sizes_of_table(
    table: &CountTable,
    settings: &NormalizeSettings,
) -> Result<LibrarySizes, WorkflowError> {
    Ok(library_sizes(&table.matrix, &settings.factors)?)
}

/// The expression of every gene of `table` in `unit`; for FPKM and TPM of every gene of known length.
///
/// # Errors
/// [`WorkflowError::Design`] when lengths are needed and none is known.
pub fn expression_table(
    table: &CountTable,
    unit: ExpressionUnit,
    sizes: &LibrarySizes,
    lengths: Option<&KnownLengths>,
    settings: &NormalizeSettings,
) -> Result<ExpressionMatrix, WorkflowError> {
    let needs_lengths = matches!(unit, ExpressionUnit::Fpkm | ExpressionUnit::Tpm);
    match lengths {
        Some(known) if needs_lengths => {
            let matrix = table.matrix.select_genes(&known.genes);
            let lengths = PerGene::from_fn(matrix.genes().clone(), |gene| known.lengths[gene]);
            Ok(expression(&matrix, sizes, unit, Some(&lengths), &settings.expression)?)
        }
        _ => Ok(expression(&table.matrix, sizes, unit, None, &settings.expression)?),
    }
}
