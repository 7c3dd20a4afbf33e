//! Expression tables from counts: CPM, log CPM, FPKM and TPM of every counted gene.

use std::collections::HashSet;
use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::expression::ExpressionUnit;
use alkaline_core::results::CountTable;
use alkaline_core::{ExpressionMatrix, GeneId, LibrarySizes, PerGene};
use alkaline_io::WriteError;
use alkaline_io::results::expression::RowsToWrite;
use alkaline_norm::{ExpressionOptions, ExpressionRule, NormOptions, library_sizes};
use serde::{Deserialize, Serialize};

use super::lengths::KnownLengths;
use crate::error::WorkflowError;

/// How library sizes and expression values are computed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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

/// Expression values of a count table in one unit, made when they are wanted: a table of many samples has no second matrix
/// beside it in memory.
pub struct Expression<'a> {
    table: &'a CountTable,
    unit: ExpressionUnit,
    /// Places of the genes that have values: all, or for FPKM and TPM those of known length.
    genes: Vec<usize>,
    rule: ExpressionRule,
}

impl<'a> Expression<'a> {
    /// The expression of every gene of `table` in `unit`; for FPKM and TPM of every gene of known length.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when lengths are needed and none is known.
    pub fn new(
        table: &'a CountTable,
        unit: ExpressionUnit,
        sizes: &LibrarySizes,
        lengths: Option<&KnownLengths>,
        settings: &NormalizeSettings,
    ) -> Result<Self, WorkflowError> {
        let known = lengths.filter(|_| matches!(unit, ExpressionUnit::Fpkm | ExpressionUnit::Tpm));
        let genes =
            known.map_or_else(|| (0..table.matrix.genes().len()).collect(), |known| known.genes.clone());
        let lengths = known.map(|known| known.lengths.as_slice());
        let rule = ExpressionRule::new(&table.matrix, &genes, sizes, unit, lengths, &settings.expression)?;
        Ok(Self { table, unit, genes, rule })
    }

    /// Writes the table to `path`.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn write(&self, path: &Path, labels: &PerGene<GeneLabel>) -> Result<(), WriteError> {
        let ids = self.table.matrix.genes().ids();
        let genes: Vec<GeneId> = self.genes.iter().map(|&gene| ids[gene].clone()).collect();
        let samples = self.table.matrix.samples().ids();
        let rows = RowsToWrite { genes: &genes, samples, labels: Some(labels) };
        rows.write(path, |place, values| self.fill(place, values))
    }

    /// The values of the genes at these places of the count table, as far as they have values.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] never in practice: names and values come from one table.
    pub fn of_genes(&self, wanted: &HashSet<usize>) -> Result<ExpressionMatrix, WorkflowError> {
        let matrix = &self.table.matrix;
        let places: Vec<usize> =
            (0..self.genes.len()).filter(|&place| wanted.contains(&self.genes[place])).collect();
        let width = matrix.samples().len();
        let mut values = vec![0.0; places.len() * width];
        for (row, &place) in values.chunks_mut(width.max(1)).zip(&places) {
            self.fill(place, row);
        }
        let genes: Vec<usize> = places.iter().map(|&place| self.genes[place]).collect();
        let genes = matrix.genes().select(&genes);
        ExpressionMatrix::new(self.unit, genes, matrix.samples().clone(), values)
            .map_err(|error| WorkflowError::design(error.to_string()))
    }

    fn fill(&self, place: usize, values: &mut [f64]) {
        self.rule.fill(place, self.table.matrix.row(self.genes[place]), values);
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::results::GeneFacts;
    use alkaline_core::{CountMatrix, GeneIndex, SampleIndex};
    use alkaline_io::results::expression;

    use super::*;

    #[test]
    fn what_is_written_gene_by_gene_is_what_panels_show() {
        let genes = GeneIndex::new(vec!["a".into(), "b".into(), "c".into()]).unwrap();
        let samples = SampleIndex::new(vec!["x".into(), "y".into()]).unwrap();
        let counts = vec![100.0, 50.0, 300.0, 450.0, 600.0, 500.0];
        let matrix = CountMatrix::new(genes.clone(), samples, counts).unwrap();
        let table = CountTable { matrix, facts: GeneFacts { loci: None, labels: None } };
        let labels = PerGene::from_fn(genes, |_| GeneLabel::default());
        let settings = NormalizeSettings::default();
        let sizes = sizes_of_table(&table, &settings).unwrap();
        // the length of `b` is unknown
        let known = KnownLengths { genes: vec![0, 2], lengths: vec![1_000, 4_000], source: "a test".into() };
        let directory = tempfile::tempdir().unwrap();
        for (unit, expected) in
            [(ExpressionUnit::Fpkm, 2), (ExpressionUnit::Tpm, 2), (ExpressionUnit::LogCpm, 3)]
        {
            let values = Expression::new(&table, unit, &sizes, Some(&known), &settings).unwrap();
            let path = directory.path().join(unit.file_stem());
            values.write(&path, &labels).unwrap();
            let written = expression::read(&path, unit).unwrap();
            assert_eq!(written, values.of_genes(&HashSet::from([0, 1, 2])).unwrap());
            assert_eq!(written.genes().len(), expected);
            let one = values.of_genes(&HashSet::from([2])).unwrap();
            assert_eq!((one.genes().len(), one.row(0)), (1, written.row(expected - 1)));
            if unit == ExpressionUnit::Tpm {
                assert!((written.rows().map(|row| row[0]).sum::<f64>() - 1e6).abs() < 1e-6);
            }
        }
    }
}
