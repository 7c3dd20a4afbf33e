//! Counts together with the gene facts that featureCounts prints beside them.

use crate::annotation::{GeneLabel, GeneLocus};
use crate::{CountMatrix, PerGene};

/// What is known about the genes of a count table beside their counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GeneFacts {
    /// Place and exonic length, as printed by featureCounts; `None` for tables that hold counts alone.
    pub loci: Option<PerGene<GeneLocus>>,
    /// Symbol and biotype; `None` where nothing is known.
    pub labels: Option<PerGene<GeneLabel>>,
}

impl GeneFacts {
    /// Exonic length of each gene in bases, where the table told it.
    pub fn lengths(&self) -> Option<PerGene<u64>> {
        self.loci.as_ref().map(|loci| loci.map(|locus| locus.length))
    }
}

/// A count table: what `counts.tsv` (and its companion `counts.tsv.genes`) holds.
#[derive(Clone, Debug, PartialEq)]
pub struct CountTable {
    /// The counts.
    pub matrix: CountMatrix,
    /// What is known about the genes.
    pub facts: GeneFacts,
}
