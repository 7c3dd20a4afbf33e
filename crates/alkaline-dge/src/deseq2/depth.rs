//! How deep each gene was sequenced in each sample: the sample's size factor, or, where transcripts differ in length between samples,
//! factors of the gene's own.
//!
//! Upstream: DESeq2 `estimateSizeFactors` of a data set from tximport (`normalizationFactors`).

use std::sync::Arc;

use alkaline_core::CountMatrix;

use super::size_factors::{SizeFactors, size_factors};
use crate::DgeError;

/// The depth of genes in samples.
pub(super) struct Depth {
    /// Size factors of the samples.
    common: Vec<f64>,
    /// One row a gene, where genes have their own.
    own: Option<Vec<Vec<f64>>>,
    /// The mean over samples of one over their depth, which moments of dispersions need.
    pub inverse: f64,
}

impl Depth {
    /// The depth of the samples of `matrix`.
    ///
    /// # Errors
    /// As [`size_factors`].
    pub(super) fn new(matrix: &CountMatrix, rule: SizeFactors) -> Result<Self, DgeError> {
        if !matrix.has_lengths() {
            let common = size_factors(matrix, rule)?;
            return Ok(Self { inverse: mean_of_inverses(&common), common, own: None });
        }
        let genes = 0..matrix.genes().len();
        let factors: Vec<Vec<f64>> =
            genes.clone().map(|gene| matrix.length_factors(gene).unwrap_or_default()).collect();
        let at_equal_length = genes.flat_map(|gene| {
            matrix.row(gene).iter().zip(&factors[gene]).map(|(count, factor)| count / factor)
        });
        let (index, samples) = (Arc::clone(matrix.genes()), Arc::clone(matrix.samples()));
        let equal =
            CountMatrix::new(index, samples, at_equal_length.collect()).map_err(|_| DgeError::NoGenes)?;
        let common = size_factors(&equal, rule)?;
        let centre = (common.iter().map(|s| s.ln()).sum::<f64>() / common.len() as f64).exp();
        let own: Vec<Vec<f64>> = factors
            .iter()
            .map(|row| row.iter().zip(&common).map(|(factor, size)| factor * size / centre).collect())
            .collect();
        let counted: Vec<&Vec<f64>> = own
            .iter()
            .zip(matrix.rows())
            .filter(|(_, row)| row.iter().any(|y| *y > 0.0))
            .map(|(f, _)| f)
            .collect();
        let mean = |sample: usize| counted.iter().map(|row| row[sample]).sum::<f64>() / counted.len() as f64;
        let means: Vec<f64> = (0..common.len()).map(mean).collect();
        Ok(Self { inverse: mean_of_inverses(&means), common, own: Some(own) })
    }

    /// The depth of one gene in each sample.
    pub(super) fn of(&self, gene: usize) -> &[f64] {
        self.own.as_ref().map_or(&self.common, |own| &own[gene])
    }
}

fn mean_of_inverses(sizes: &[f64]) -> f64 {
    sizes.iter().map(|s| 1.0 / s).sum::<f64>() / sizes.len() as f64
}
