//! The genes of a run as it counted them.

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::CountTable;
use alkaline_core::{GeneId, PerGene};

/// The counts of a run, with the names of its genes.
pub(super) struct Genes {
    pub table: CountTable,
    pub labels: PerGene<GeneLabel>,
}

impl Genes {
    /// The identifier of a gene.
    pub fn id(&self, gene: usize) -> &GeneId {
        &self.table.matrix.genes().ids()[gene]
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
