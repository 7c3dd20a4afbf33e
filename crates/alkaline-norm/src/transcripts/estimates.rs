//! Abundance, count and effective length of features (transcripts or genes) in samples.

use ndarray::Array2;
use thiserror::Error;

/// Estimates of a quantifier, a row a feature, a column a sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimates {
    /// What the rows are called.
    pub features: Vec<String>,
    /// Abundances: TPM, or FPKM of StringTie.
    pub abundance: Array2<f64>,
    /// Estimated counts.
    pub counts: Array2<f64>,
    /// Effective lengths in bases.
    pub lengths: Array2<f64>,
}

impl Estimates {
    /// Features and samples.
    pub fn shape(&self) -> (usize, usize) {
        self.counts.dim()
    }
}

/// Why transcripts cannot be summed up.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EstimatesError {
    /// No transcript has a gene.
    #[error("none of the transcripts has a gene: the files say `{example}`, the table of genes `{known}`")]
    NoneMatched {
        /// A transcript of the files.
        example: String,
        /// A transcript of the table.
        known: String,
    },
}
