//! A gene under negative-binomial means: its likelihood, and the precision of its coefficients under a faint ridge.

use alkaline_math::linear::Cholesky;
use alkaline_math::special::{ln_gamma, ln_rising};
use ndarray::Array2;

use super::model::Model;

/// Means are not smaller than this: a silent group's coefficient hangs on it.
const SMALLEST_MEAN: f64 = 0.5;

/// The means of a gene's samples.
pub(super) struct Means {
    pub values: Vec<f64>,
    /// Logarithms of the means of normalised counts.
    pub ln_normalised: Vec<f64>,
}

impl Means {
    /// The same, none smaller than the floor.
    pub(super) fn floored(mut self, sizes: &[f64]) -> Self {
        let of_samples = self.values.iter_mut().zip(&mut self.ln_normalised).zip(sizes);
        for ((mean, ln_normalised), size) in of_samples {
            if *mean < SMALLEST_MEAN {
                *mean = SMALLEST_MEAN;
                *ln_normalised = (SMALLEST_MEAN / size).ln();
            }
        }
        self
    }

    /// The part of the log likelihood that hangs on the means, one logarithm a sample: that of a mean is known beforehand.
    pub(super) fn changing_part(&self, counts: &[f64], dispersion: f64) -> f64 {
        let size = 1.0 / dispersion;
        let of_samples = counts.iter().zip(&self.values).zip(&self.ln_normalised);
        of_samples.map(|((y, mu), ln)| y * ln - (y + size) * (mu * dispersion).ln_1p()).sum()
    }
}

/// The part of the log likelihood that no mean changes.
pub(super) fn constant(counts: &[f64], sizes: &[f64], dispersion: f64) -> f64 {
    let (size, ln_dispersion) = (1.0 / dispersion, dispersion.ln());
    let term = |(y, s): (&f64, &f64)| match *y == 0.0 {
        true => 0.0,
        false => ln_rising(size, *y) - ln_gamma(y + 1.0) + y * (s.ln() + ln_dispersion),
    };
    counts.iter().zip(sizes).map(term).sum()
}

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
    pub(super) fn means_at(&self, beta: &[f64]) -> Means {
        let ln_normalised = self.model.predictor_of_cells(beta);
        let normalised: Vec<f64> = ln_normalised.iter().map(|eta| eta.exp()).collect();
        let cells = &self.model.cells;
        Means {
            values: cells.iter().zip(self.sizes).map(|(&cell, s)| s * normalised[cell]).collect(),
            ln_normalised: cells.iter().map(|&cell| ln_normalised[cell]).collect(),
        }
    }

    /// Means at these coefficients, no smaller than the floor.
    pub(super) fn floored_means_at(&self, beta: &[f64]) -> Means {
        self.means_at(beta).floored(self.sizes)
    }

    /// The log likelihood at these means.
    pub(super) fn log_likelihood(&self, means: &Means) -> f64 {
        self.constant() + self.changing_part(means)
    }

    /// The part of the log likelihood that the means do not change.
    pub(super) fn constant(&self) -> f64 {
        constant(self.counts, self.sizes, self.dispersion)
    }

    /// The rest of it.
    pub(super) fn changing_part(&self, means: &Means) -> f64 {
        means.changing_part(self.counts, self.dispersion)
    }

    /// What these weights say of the coefficients' precision.
    pub(super) fn precision(&self, weights: &[f64]) -> Precision {
        let information = self.model.information(weights);
        Precision { ridged: ridged(self.model, information.clone()), information }
    }

    /// The leverage of each sample.
    pub(super) fn leverages(&self, weights: &[f64], precision: &Precision) -> Vec<f64> {
        let of_cell = |row: &[f64]| {
            let mut solved = row.to_vec();
            match precision.ridged.solve_in(&mut solved) {
                Some(()) => solved.iter().zip(row).map(|(a, b)| a * b).sum::<f64>(),
                None => f64::NAN,
            }
        };
        let of_cells: Vec<f64> = self.model.cell_rows().map(of_cell).collect();
        self.model.cells.iter().zip(weights).map(|(&cell, weight)| weight * of_cells[cell]).collect()
    }
}

/// An information matrix with its ridged factor.
pub(super) struct Precision {
    information: Array2<f64>,
    ridged: Ridged,
}

impl Precision {
    /// `(M+Λ)⁻¹ M (M+Λ)⁻¹` with `M = XᵀWX`.
    pub(super) fn covariance(&self) -> Array2<f64> {
        let p = self.information.nrows();
        let mut inverse = Array2::zeros((p, p));
        for place in 0..p {
            let mut unit: Vec<f64> = (0..p).map(|i| f64::from(i == place)).collect();
            if self.ridged.solve_in(&mut unit).is_none() {
                return Array2::from_elem((p, p), f64::NAN);
            }
            (0..p).for_each(|i| inverse[[i, place]] = unit[i]);
        }
        inverse.dot(&self.information).dot(&inverse)
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

pub(super) fn ridged(model: &Model, mut information: Array2<f64>) -> Ridged {
    information.diag_mut().iter_mut().zip(&model.ridges).for_each(|(value, ridge)| *value += ridge);
    Ridged(Cholesky::new(information.view()))
}
