//! Products that several parts of a fit need.

use ndarray::Array2;

/// A covariance of coefficients of scaled covariates, for the covariates as given.
pub(super) fn unscaled(variance: &Array2<f64>, scales: &[f64]) -> Array2<f64> {
    Array2::from_shape_fn(variance.dim(), |(j, k)| variance[[j, k]] / (scales[j] * scales[k]))
}

/// The inner product.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
