//! A gene under negative-binomial means: its likelihood, and the precision of its coefficients under a faint ridge.

use std::f64::consts::LN_2;

use alkaline_math::linear::Cholesky;
use alkaline_math::special::{ln_gamma, ln_rising};
use ndarray::Array2;

use super::model::Model;

/// Means are not smaller than this: a silent group's coefficient hangs on it.
const SMALLEST_MEAN: f64 = 0.5;
/// Precision of a coefficient's prior on the natural scale: variance 1e6 on the log2 scale.
pub(super) const RIDGE: f64 = 1e-6 / (LN_2 * LN_2);

/// What a gene's coefficients are fitted to.
pub(super) struct Gene<'a> {
    pub model: &'a Model,
    pub counts: &'a [f64],
    pub sizes: &'a [f64],
    pub dispersion: f64,
}

impl Gene<'_> {
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
    pub(super) fn constant(&self) -> f64 {
        let size = 1.0 / self.dispersion;
        self.counts.iter().map(|y| ln_rising(size, *y) - ln_gamma(y + 1.0)).sum()
    }

    pub(super) fn changing_part(&self, means: &[f64]) -> f64 {
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

    pub(super) fn leverages(&self, weights: &[f64]) -> Vec<f64> {
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
