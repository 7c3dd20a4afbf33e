//! Samples that belong together, two of a block having the same correlation.

use alkaline_math::linear::Cholesky;
use ndarray::Array2;

use crate::DgeError;

/// Which samples belong together, and how much they have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks {
    codes: Vec<usize>,
    correlation: f64,
}

impl Blocks {
    /// Samples of equal `codes` are correlated.
    ///
    /// # Errors
    /// [`DgeError::BadCorrelation`] when the correlation does not lie between -1 and 1, or is so negative that no variances go with it.
    pub fn new(codes: Vec<usize>, correlation: f64) -> Result<Self, DgeError> {
        let blocks = Self { codes, correlation };
        let all: Vec<usize> = (0..blocks.codes.len()).collect();
        if correlation.is_nan()
            || correlation.abs() >= 1.0
            || blocks.factor(&all, &vec![1.0; all.len()]).is_none()
        {
            return Err(DgeError::BadCorrelation { value: correlation });
        }
        Ok(blocks)
    }

    /// The correlation within a block.
    #[must_use]
    pub fn correlation(&self) -> f64 {
        self.correlation
    }

    /// The Cholesky factor of the covariance of the `samples`, whose weights are `weights`.
    pub(super) fn factor(&self, samples: &[usize], weights: &[f64]) -> Option<Whitening> {
        let n = samples.len();
        let covariance = Array2::from_shape_fn((n, n), |(i, j)| {
            let common = match (i == j, self.codes[samples[i]] == self.codes[samples[j]]) {
                (true, _) => 1.0,
                (false, true) => self.correlation,
                (false, false) => 0.0,
            };
            common / (weights[i] * weights[j]).sqrt()
        });
        Cholesky::new(covariance.view()).map(|factor| Whitening(factor.lower().to_owned()))
    }
}

/// Makes correlated values uncorrelated, of variance one.
pub(super) struct Whitening(Array2<f64>);

impl Whitening {
    /// Solves `L x = values` in place.
    pub(super) fn apply(&self, values: &mut [f64]) {
        for i in 0..values.len() {
            let known: f64 = (0..i).map(|j| self.0[[i, j]] * values[j]).sum();
            values[i] = (values[i] - known) / self.0[[i, i]];
        }
    }
}
