//! Size factors: how deep each sample was sequenced, from the median of its ratios to the genes' geometric means.
//!
//! Anders & Huber (2010), doi:10.1186/gb-2010-11-10-r106. Upstream: DESeq2 `estimateSizeFactorsForMatrix`.

use alkaline_core::CountMatrix;
use alkaline_math::order_statistics::median;
use serde::{Deserialize, Serialize};

use crate::DgeError;

/// Which genes a size factor is found from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SizeFactors {
    /// Genes that every sample has counts of.
    #[default]
    Ratio,
    /// All genes, zeros left out of their geometric means: for tables where every gene has a zero.
    Poscounts,
}

/// The size factor of each sample.
///
/// # Errors
/// [`DgeError::NoCommonGene`] when every gene has a zero, [`DgeError::NoSizeFactor`] when a sample has no count of the genes used.
pub fn size_factors(matrix: &CountMatrix, rule: SizeFactors) -> Result<Vec<f64>, DgeError> {
    let means = ln_geometric_means(matrix, rule);
    if rule == SizeFactors::Ratio && means.iter().all(|mean| mean.is_infinite()) {
        return Err(DgeError::NoCommonGene);
    }
    let samples = matrix.samples().len();
    let mut factors: Vec<f64> = (0..samples).map(|sample| factor(matrix, sample, &means)).collect();
    if let Some(sample) = factors.iter().position(|factor| factor.is_nan()) {
        return Err(DgeError::NoSizeFactor { sample: matrix.samples().ids()[sample].to_string() });
    }
    if rule == SizeFactors::Poscounts {
        let mean = factors.iter().map(|factor| factor.ln()).sum::<f64>() / samples as f64;
        factors.iter_mut().for_each(|factor| *factor /= mean.exp());
    }
    Ok(factors)
}

/// Logarithms of geometric means; minus infinity for genes that are not used.
fn ln_geometric_means(matrix: &CountMatrix, rule: SizeFactors) -> Vec<f64> {
    let of_row = |row: &[f64]| {
        let samples = row.len() as f64;
        match rule {
            SizeFactors::Ratio => row.iter().map(|y| y.ln()).sum::<f64>() / samples,
            SizeFactors::Poscounts if row.iter().all(|y| *y == 0.0) => f64::NEG_INFINITY,
            SizeFactors::Poscounts => row.iter().filter(|y| **y > 0.0).map(|y| y.ln()).sum::<f64>() / samples,
        }
    };
    matrix.rows().map(of_row).collect()
}

fn factor(matrix: &CountMatrix, sample: usize, means: &[f64]) -> f64 {
    let column = matrix.column(sample);
    let used = column.iter().zip(means).filter(|(y, mean)| mean.is_finite() && **y > 0.0);
    let mut ratios: Vec<f64> = used.map(|(y, mean)| y.ln() - mean).collect();
    median(&mut ratios).exp()
}
