//! Library sizes and expression values derived from counts.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::matrix::{contiguous, fitted, gene_major, selected_rows};
use crate::{GeneIndex, IndexError, PerSample, SampleIndex};

/// Raw library sizes and the factors that correct them for composition.
///
/// edgeR: `y$samples$lib.size` and `y$samples$norm.factors`.
#[derive(Clone, Debug, PartialEq)]
pub struct LibrarySizes {
    /// Column sums of the counts they were computed from, in counts.
    pub raw: PerSample<f64>,
    /// Normalisation factors, which multiply to one.
    pub factors: PerSample<f64>,
}

impl LibrarySizes {
    /// Effective sizes: raw size times factor, one per sample.
    pub fn effective(&self) -> Vec<f64> {
        self.raw.values().iter().zip(self.factors.values()).map(|(size, factor)| size * factor).collect()
    }

    /// The samples that the sizes belong to.
    pub fn samples(&self) -> &Arc<SampleIndex> {
        self.raw.index()
    }
}

/// What an expression value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum ExpressionUnit {
    /// Counts per million.
    Cpm,
    /// log2 counts per million with a prior count (edgeR `cpm(log = TRUE)`).
    LogCpm,
    /// Fragments per kilobase of exon per million fragments.
    Fpkm,
    /// Transcripts per million: FPKM scaled so that each sample sums to one million.
    Tpm,
    /// Values on a log2 scale that were not made from counts here: arrays, panels.
    #[cfg_attr(feature = "clap", value(skip))]
    Log2,
}

impl ExpressionUnit {
    /// The stem of the file that a run writes: `cpm`, `log_cpm`, `fpkm`, `tpm`.
    pub const fn file_stem(self) -> &'static str {
        match self {
            Self::Cpm => "cpm",
            Self::LogCpm => "log_cpm",
            Self::Fpkm => "fpkm",
            Self::Tpm => "tpm",
            Self::Log2 => "expression",
        }
    }

    /// What it is called in text and on axes: `CPM`, `log2 CPM`, `FPKM`, `TPM`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cpm => "CPM",
            Self::LogCpm => "log2 CPM",
            Self::Fpkm => "FPKM",
            Self::Tpm => "TPM",
            Self::Log2 => "log2 expression",
        }
    }
}

/// Expression values of genes by samples, gene-major, all in one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpressionMatrix {
    /// What the values mean.
    pub unit: ExpressionUnit,
    genes: Arc<GeneIndex>,
    samples: Arc<SampleIndex>,
    values: Array2<f64>,
}

impl ExpressionMatrix {
    /// A matrix of `genes.len()` rows by `samples.len()` columns from gene-major `values`.
    ///
    /// # Errors
    /// [`IndexError::Length`] when the size does not fit.
    pub fn new(
        unit: ExpressionUnit,
        genes: Arc<GeneIndex>,
        samples: Arc<SampleIndex>,
        values: Vec<f64>,
    ) -> Result<Self, IndexError> {
        let values = gene_major(&genes, &samples, values)?;
        Ok(Self { unit, genes, samples, values })
    }

    /// A matrix from an array with one row a gene and one column a sample, in any memory order.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_array(
        unit: ExpressionUnit,
        genes: Arc<GeneIndex>,
        samples: Arc<SampleIndex>,
        values: Array2<f64>,
    ) -> Result<Self, IndexError> {
        let values = fitted(&genes, &samples, values)?;
        Ok(Self { unit, genes, samples, values })
    }

    /// The genes (rows).
    pub fn genes(&self) -> &Arc<GeneIndex> {
        &self.genes
    }

    /// The samples (columns).
    pub fn samples(&self) -> &Arc<SampleIndex> {
        &self.samples
    }

    /// All values, one row a gene.
    pub fn view(&self) -> ArrayView2<'_, f64> {
        self.values.view()
    }

    /// The values of gene number `gene`, one per sample, which lie side by side.
    pub fn row(&self, gene: usize) -> &[f64] {
        contiguous(self.values.row(gene))
    }

    /// The rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.outer_iter().map(contiguous)
    }

    /// The genes at `positions` (distinct), in that order.
    pub fn select_genes(&self, positions: &[usize]) -> Self {
        Self {
            unit: self.unit,
            genes: self.genes.select(positions),
            samples: Arc::clone(&self.samples),
            values: selected_rows(self.view(), positions),
        }
    }
}
