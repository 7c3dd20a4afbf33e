//! The genes of a run as it counted them, or as its table of expression values has them.

use std::sync::Arc;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::CountTable;
use alkaline_core::{ExpressionMatrix, ExpressionUnit, GeneId, GeneIndex, PerGene, SampleId};

/// The genes of a run with their names, and the values that it has of them.
pub(super) struct Genes {
    pub values: Values,
    pub labels: PerGene<GeneLabel>,
}

/// What a run has of its genes.
pub(super) enum Values {
    /// Counts.
    Counts(CountTable),
    /// Values on a log2 scale.
    Logs(ExpressionMatrix),
}

impl Genes {
    /// The genes.
    pub fn index(&self) -> &Arc<GeneIndex> {
        self.labels.index()
    }

    /// The samples.
    pub fn samples(&self) -> &[SampleId] {
        match &self.values {
            Values::Counts(table) => table.matrix.samples().ids(),
            Values::Logs(matrix) => matrix.samples().ids(),
        }
    }

    /// The values of a gene, one a sample.
    pub fn row(&self, gene: usize) -> &[f64] {
        match &self.values {
            Values::Counts(table) => table.matrix.row(gene),
            Values::Logs(matrix) => matrix.row(gene),
        }
    }

    /// What the values are called.
    pub fn what(&self) -> &'static str {
        match &self.values {
            Values::Counts(_) => "counts",
            Values::Logs(_) => ExpressionUnit::Log2.label(),
        }
    }

    /// The identifier of a gene.
    pub fn id(&self, gene: usize) -> &GeneId {
        &self.index().ids()[gene]
    }

    /// A gene as it is called in sentences: symbol and identifier.
    pub fn named(&self, gene: usize) -> String {
        let id = self.id(gene);
        match self.labels[gene].name.as_deref() {
            Some(symbol) if symbol != id.as_str() => format!("{symbol} ({id})"),
            _ => id.to_string(),
        }
    }
}
