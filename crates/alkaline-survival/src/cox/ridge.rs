//! Coefficients held back by a penalty: for models with few events for their covariates.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::evaluation::Evaluation;
use super::ldl::Ldl;
use super::model::{CoxModel, Ties};
use super::sums::unscaled;
use crate::SurvivalError;

/// How strongly coefficients are held back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Penalty {
    /// The weight of half the sum of squares.
    pub theta: f64,
    /// Whether squares are weighted by the variance of their covariate (R's `scale`).
    pub by_variance: bool,
}

/// A model fitted under a ridge penalty.
#[derive(Clone, Debug)]
pub struct RidgeFit {
    /// Log hazard ratios.
    pub coefficients: Vec<f64>,
    /// The inverse of the penalised information.
    pub variance: Array2<f64>,
    /// The variance of the estimates, which the penalty makes smaller.
    pub sampling_variance: Array2<f64>,
    /// Effective degrees of freedom.
    pub df: f64,
    /// The log-likelihood without covariates, and at the estimate; without the penalty.
    pub log_likelihoods: (f64, f64),
}

/// Newton steps until the penalised score is this small beside the estimate.
const ENOUGH: f64 = 1e-12;
/// Steps at most.
const MOST_STEPS: usize = 200;

/// Maximises the log-likelihood less `θ/2 Σ v β²`.
///
/// # Errors
/// When ties are treated exactly, or the likelihood leaves the range of numbers.
pub fn ridge(model: &CoxModel, penalty: Penalty) -> Result<RidgeFit, SurvivalError> {
    if model.ties == Ties::Exact {
        return Err(SurvivalError::NotForExact { what: "the ridge penalty" });
    }
    let p = model.columns();
    // for coefficients of scaled covariates
    let held: Vec<f64> = (0..p)
        .map(|j| {
            let v = if penalty.by_variance { sample_variance(model, j) } else { 1.0 };
            penalty.theta * v / (model.scales[j] * model.scales[j])
        })
        .collect();
    let penalised = |beta: &[f64]| {
        let plain = model.evaluate(beta);
        let loss: f64 = beta.iter().zip(&held).map(|(b, h)| 0.5 * h * b * b).sum();
        (plain.log_likelihood - loss, plain)
    };
    let mut beta = vec![0.0; p];
    let (mut height, mut at) = penalised(&beta);
    let null = at.log_likelihood;
    for _ in 0..MOST_STEPS {
        let score: Vec<f64> = (0..p).map(|j| at.score[j] - held[j] * beta[j]).collect();
        let mut step = Ldl::new(&information(&at, &held)).solve(&score);
        if step.iter().zip(&beta).all(|(s, b)| s.abs() <= ENOUGH * (1.0 + b.abs())) {
            break;
        }
        let next = |step: &[f64]| beta.iter().zip(step).map(|(b, s)| b + s).collect::<Vec<_>>();
        let (mut new_height, mut new) = penalised(&next(&step));
        let lower = |next: f64| next.is_nan() || next < height - ENOUGH * height.abs();
        while lower(new_height) && step.iter().any(|s| s.abs() > ENOUGH) {
            step.iter_mut().for_each(|s| *s *= 0.5);
            (new_height, new) = penalised(&next(&step));
        }
        beta = next(&step);
        (height, at) = (new_height, new);
    }
    if !at.log_likelihood.is_finite() {
        return Err(SurvivalError::NotFinite);
    }
    let inverse = Ldl::new(&information(&at, &held)).inverse();
    let shrunk = inverse.dot(&at.information);
    Ok(RidgeFit {
        coefficients: beta.iter().zip(&model.scales).map(|(b, scale)| b / scale).collect(),
        df: shrunk.diag().sum(),
        sampling_variance: unscaled(&shrunk.dot(&inverse), &model.scales),
        variance: unscaled(&inverse, &model.scales),
        log_likelihoods: (null, at.log_likelihood),
    })
}

fn information(at: &Evaluation, held: &[f64]) -> Array2<f64> {
    let mut information = at.information.clone();
    held.iter().enumerate().for_each(|(j, held)| information[[j, j]] += held);
    information
}

fn sample_variance(model: &CoxModel, column: usize) -> f64 {
    let n = model.patients() as f64;
    let mean = (0..model.patients()).map(|row| model.value(row, column)).sum::<f64>() / n;
    (0..model.patients()).map(|row| (model.value(row, column) - mean).powi(2)).sum::<f64>() / (n - 1.0)
}
