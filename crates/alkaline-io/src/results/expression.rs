//! Expression tables: gene identifier, symbol, one column a sample.

use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::{ExpressionMatrix, PerGene};

use super::table::{Field, write_rows};
use crate::error::WriteError;

/// Writes `matrix` to `path`; a `gene_name` column stands where `labels` are known.
///
/// # Errors
/// [`WriteError`].
pub fn write(
    path: &Path,
    matrix: &ExpressionMatrix,
    labels: Option<&PerGene<GeneLabel>>,
) -> Result<(), WriteError> {
    let mut header = vec!["gene_id".to_owned(), "gene_name".to_owned()];
    header.extend(matrix.samples().ids().iter().map(ToString::to_string));
    let genes = matrix.genes().ids();
    write_rows(path, &header, 0..genes.len(), |gene| {
        let label = labels.and_then(|labels| labels.get(genes[*gene].as_str()));
        let name = label.and_then(|label| label.name.as_deref());
        let mut fields = vec![Field::Text(genes[*gene].to_string()), Field::optional(name)];
        fields.extend(matrix.row(*gene).iter().map(|value| Field::Real(*value)));
        fields
    })
}
