//! Coefficients of one gene at a known dispersion: iteratively reweighted least squares with a faint ridge and a floor of the means.
//!
//! Where it stops is part of the answer: the deviance must change by less than 1e-8 of itself. Upstream: DESeq2 `fitNbinomGLMs`.

use std::f64::consts::LN_2;

use alkaline_math::linear::Cholesky;
use alkaline_math::special::{ln_gamma, ln_rising};
use ndarray::Array2;

use super::model::Model;
use super::rescue::rescued;

/// Means are not smaller than this: a silent group's coefficient hangs on it.
pub(super) const SMALLEST_MEAN: f64 = 0.5;
/// Precision of a coefficient's prior on the natural scale: variance 1e6 on the log2 scale.
pub(super) const RIDGE: f64 = 1e-6 / (LN_2 * LN_2);
const MOST_ROUNDS: usize = 100;
const TOLERANCE: f64 = 1e-8;
/// A coefficient beyond this (natural logarithm) has run away.
pub(super) const RUNAWAY: f64 = 30.0;

/// What was fitted.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    /// Coefficients on the natural-log scale.
    pub beta: Vec<f64>,
    /// Their covariance.
    pub covariance: Array2<f64>,
    /// Means, without the floor.
    pub means: Vec<f64>,
    pub leverages: Vec<f64>,
    pub log_likelihood: f64,
}

/// What a gene's coefficients are fitted to.
pub(super) struct Gene<'a> {
    pub model: &'a Model,
    pub counts: &'a [f64],
    pub sizes: &'a [f64],
    pub dispersion: f64,
}

/// State of the iteration.
struct Iteration {
    beta: Vec<f64>,
    means: Vec<f64>,
    converged: bool,
}

impl Gene<'_> {
    /// Fits the coefficients.
    pub(super) fn fit(&self) -> Fit {
        if self.model.coefficients() == 1 && self.model.design.iter().all(|x| *x == 1.0) {
            return self.fit_intercept();
        }
        let start = self.start();
        let state = self.iterate(start.clone());
        let weights = self.weights(&state.means);
        let leverages = self.leverages(&weights);
        if state.converged {
            let means = self.means_at(&state.beta);
            let log_likelihood = self.log_likelihood(&means);
            let covariance = self.covariance(&weights);
            let Iteration { beta, .. } = state;
            return Fit { beta, covariance, means, leverages, log_likelihood };
        }
        let beta =
            rescued(self, if state.beta.iter().all(|b| b.abs() < RUNAWAY) { &state.beta } else { &start });
        let means = self.means_at(&beta);
        let floored = floored(&means);
        let covariance = self.covariance(&self.weights(&floored));
        let log_likelihood = self.log_likelihood(&floored);
        Fit { beta, covariance, means, leverages, log_likelihood }
    }

    /// Least squares of logarithms.
    fn start(&self) -> Vec<f64> {
        let logs: Vec<f64> = self.counts.iter().zip(self.sizes).map(|(y, s)| (y / s + 0.1).ln()).collect();
        self.model.least_squares(&logs)
    }

    fn iterate(&self, beta: Vec<f64>) -> Iteration {
        let means = floored(&self.means_at(&beta));
        let mut state = Iteration { beta, means, converged: false };
        let constant = self.constant();
        let mut before = 0.0;
        for round in 0..MOST_ROUNDS {
            let Some(next) = self.step(&state.means) else { return state };
            state.beta = next;
            if state.beta.iter().any(|b| b.is_nan() || b.abs() > RUNAWAY) {
                return state;
            }
            state.means = floored(&self.means_at(&state.beta));
            let deviance = -2.0 * (constant + self.changing_part(&state.means));
            let change = (deviance - before).abs() / (deviance.abs() + 0.1);
            if change.is_nan() {
                return state;
            }
            if round > 0 && change < TOLERANCE {
                state.converged = true;
                return state;
            }
            before = deviance;
        }
        state
    }

    /// One weighted least-squares fit of the working response.
    fn step(&self, means: &[f64]) -> Option<Vec<f64>> {
        let weights = self.weights(means);
        let response = self.counts.iter().zip(means).zip(self.sizes);
        let response: Vec<f64> = response.map(|((y, mu), s)| (mu / s).ln() + (y - mu) / mu).collect();
        let mut beta = self.model.weighted_sums(&weights, &response);
        ridged(self.model.information(&weights)).solve_in(&mut beta)?;
        Some(beta)
    }

    pub(super) fn weights(&self, means: &[f64]) -> Vec<f64> {
        means.iter().map(|mu| mu / (1.0 + self.dispersion * mu)).collect()
    }

    /// Means at these coefficients, without the floor.
    pub(super) fn means_at(&self, beta: &[f64]) -> Vec<f64> {
        self.model.predictor(beta).iter().zip(self.sizes).map(|(eta, s)| s * eta.exp()).collect()
    }

    /// The log likelihood at these means.
    pub(super) fn log_likelihood(&self, means: &[f64]) -> f64 {
        self.constant() + self.changing_part(means)
    }

    /// The part of the log likelihood that the means do not change.
    fn constant(&self) -> f64 {
        let size = 1.0 / self.dispersion;
        self.counts.iter().map(|y| ln_rising(size, *y) - ln_gamma(y + 1.0)).sum()
    }

    fn changing_part(&self, means: &[f64]) -> f64 {
        let size = 1.0 / self.dispersion;
        let term = |(y, mu): (&f64, &f64)| {
            let product = mu * self.dispersion;
            let ln_one_plus = product.ln_1p();
            let of_count = if *y == 0.0 { 0.0 } else { y * (product.ln() - ln_one_plus) };
            of_count - size * ln_one_plus
        };
        self.counts.iter().zip(means).map(term).sum()
    }

    /// `(M+Λ)⁻¹ M (M+Λ)⁻¹` with `M = XᵀWX`.
    pub(super) fn covariance(&self, weights: &[f64]) -> Array2<f64> {
        let information = self.model.information(weights);
        let p = self.model.coefficients();
        let mut inverse = Array2::zeros((p, p));
        let ridged = ridged(information.clone());
        for place in 0..p {
            let mut unit: Vec<f64> = (0..p).map(|i| f64::from(i == place)).collect();
            if ridged.solve_in(&mut unit).is_none() {
                return Array2::from_elem((p, p), f64::NAN);
            }
            (0..p).for_each(|i| inverse[[i, place]] = unit[i]);
        }
        inverse.dot(&information).dot(&inverse)
    }

    fn leverages(&self, weights: &[f64]) -> Vec<f64> {
        let ridged = ridged(self.model.information(weights));
        let rows = self.model.design.rows().into_iter().zip(weights);
        rows.map(|(row, weight)| {
            let mut solved = row.to_vec();
            match ridged.solve_in(&mut solved) {
                Some(()) => weight * solved.iter().zip(row).map(|(a, b)| a * b).sum::<f64>(),
                None => f64::NAN,
            }
        })
        .collect()
    }

    /// The closed form of a design that is but an intercept.
    fn fit_intercept(&self) -> Fit {
        let samples = self.counts.len() as f64;
        let mean = self.counts.iter().zip(self.sizes).map(|(y, s)| y / s).sum::<f64>() / samples;
        let beta = vec![mean.ln()];
        let means = self.means_at(&beta);
        let weights = self.weights(&means);
        let total: f64 = weights.iter().sum();
        Fit {
            covariance: Array2::from_elem((1, 1), 1.0 / total),
            leverages: weights.iter().map(|weight| weight / total).collect(),
            log_likelihood: self.log_likelihood(&means),
            beta,
            means,
        }
    }
}

/// Means no smaller than the floor.
pub(super) fn floored(means: &[f64]) -> Vec<f64> {
    means.iter().map(|mu| mu.max(SMALLEST_MEAN)).collect()
}

/// A factored information matrix with its ridge.
pub(super) struct Ridged(Option<Cholesky>);

impl Ridged {
    pub(super) fn solve_in(&self, response: &mut [f64]) -> Option<()> {
        self.0.as_ref()?.solve(response);
        Some(())
    }
}

pub(super) fn ridged(mut information: Array2<f64>) -> Ridged {
    information.diag_mut().iter_mut().for_each(|value| *value += RIDGE);
    Ridged(Cholesky::new(information.view()))
}
