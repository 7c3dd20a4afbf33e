//! Coefficients of one gene at a known dispersion: iteratively reweighted least squares with a faint ridge and a floor of the means.
//!
//! Where it stops is part of the answer: the deviance must change by less than 1e-8 of itself. Upstream: DESeq2 `fitNbinomGLMs`.

use ndarray::Array2;

use super::gene::{Gene, Means, ridged};
use super::rescue::rescued;

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

/// State of the iteration.
struct Iteration {
    beta: Vec<f64>,
    means: Means,
    converged: bool,
}

impl Gene<'_> {
    /// Fits the coefficients.
    pub(super) fn fit(&self) -> Fit {
        if self.model.coefficients() == 1 && self.model.design.iter().all(|x| *x == 1.0) {
            return self.fit_intercept();
        }
        let start = self.start();
        let constant = self.constant();
        let state = self.iterate(start.clone(), constant);
        let weights = self.weights(&state.means.values);
        let precision = self.precision(&weights);
        let leverages = self.leverages(&weights, &precision);
        if state.converged {
            let means = self.means_at(&state.beta);
            let log_likelihood = constant + self.changing_part(&means);
            let covariance = precision.covariance();
            let Iteration { beta, .. } = state;
            return Fit { beta, covariance, means: means.values, leverages, log_likelihood };
        }
        let beta =
            rescued(self, if state.beta.iter().all(|b| b.abs() < RUNAWAY) { &state.beta } else { &start });
        let means = self.means_at(&beta);
        let floored = self.floored_means_at(&beta);
        let covariance = self.precision(&self.weights(&floored.values)).covariance();
        let log_likelihood = constant + self.changing_part(&floored);
        Fit { beta, covariance, means: means.values, leverages, log_likelihood }
    }

    /// Least squares of logarithms.
    fn start(&self) -> Vec<f64> {
        let logs: Vec<f64> = self.counts.iter().zip(self.sizes).map(|(y, s)| (y / s + 0.1).ln()).collect();
        self.model.least_squares(&logs)
    }

    fn iterate(&self, beta: Vec<f64>, constant: f64) -> Iteration {
        let means = self.floored_means_at(&beta);
        let mut state = Iteration { beta, means, converged: false };
        let mut before = 0.0;
        for round in 0..MOST_ROUNDS {
            let Some(next) = self.step(&state.means) else { return state };
            state.beta = next;
            if state.beta.iter().any(|b| b.is_nan() || b.abs() > RUNAWAY) {
                return state;
            }
            state.means = self.floored_means_at(&state.beta);
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
    fn step(&self, means: &Means) -> Option<Vec<f64>> {
        let weights = self.weights(&means.values);
        let response = self.counts.iter().zip(&means.values).zip(&means.ln_normalised);
        let response: Vec<f64> = response.map(|((y, mu), ln)| ln + (y - mu) / mu).collect();
        let mut beta = self.model.weighted_sums(&weights, &response);
        ridged(self.model, self.model.information(&weights)).solve_in(&mut beta)?;
        Some(beta)
    }

    /// The closed form of a design that is but an intercept.
    fn fit_intercept(&self) -> Fit {
        let samples = self.counts.len() as f64;
        let mean = self.counts.iter().zip(self.sizes).map(|(y, s)| y / s).sum::<f64>() / samples;
        let beta = vec![mean.ln()];
        let means = self.means_at(&beta);
        let weights = self.weights(&means.values);
        let total: f64 = weights.iter().sum();
        Fit {
            covariance: Array2::from_elem((1, 1), 1.0 / total),
            leverages: weights.iter().map(|weight| weight / total).collect(),
            log_likelihood: self.log_likelihood(&means),
            beta,
            means: means.values,
        }
    }
}
