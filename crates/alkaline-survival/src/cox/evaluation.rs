//! What a likelihood says at one point.

use ndarray::Array2;

/// The log-likelihood at a point, its gradient and the information (minus the second derivatives).
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub log_likelihood: f64,
    pub score: Vec<f64>,
    pub information: Array2<f64>,
}
