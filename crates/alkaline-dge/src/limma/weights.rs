//! How much each value of an expression table counts.

use ndarray::Array2;

/// Weights of the values: their reciprocal variances but for a factor. A weight that is not above zero makes its value missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Weights {
    /// All values count alike.
    #[default]
    Equal,
    /// One weight a sample (limma's array weights).
    Samples(Vec<f64>),
    /// One weight a gene.
    Genes(Vec<f64>),
    /// One weight a value, genes by samples.
    Values(Array2<f64>),
}

impl Weights {
    /// The weight of one value.
    #[must_use]
    pub fn of(&self, gene: usize, sample: usize) -> f64 {
        match self {
            Self::Equal => 1.0,
            Self::Samples(weights) => weights[sample],
            Self::Genes(weights) => weights[gene],
            Self::Values(weights) => weights[[gene, sample]],
        }
    }

    /// The weights of the samples, where they are the same for every gene and all above zero.
    pub(super) fn shared(&self, samples: usize) -> Option<Vec<f64>> {
        match self {
            Self::Equal => Some(vec![1.0; samples]),
            Self::Samples(weights) => {
                weights.iter().all(|w| *w > 0.0 && w.is_finite()).then(|| weights.clone())
            }
            Self::Genes(_) | Self::Values(_) => None,
        }
    }
}
