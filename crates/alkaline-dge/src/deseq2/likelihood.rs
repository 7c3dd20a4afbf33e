//! The adjusted profile likelihood of a dispersion, and the search for its maximum.
//!
//! The search follows the upstream's stopping rules to the letter, since the P values hang on where it stops: Armijo line search on
//! the logarithm of the dispersion, and a grid where that went nowhere. Upstream: DESeq2 `fitDisp`, `fitDispGrid`.

use alkaline_math::linear::Cholesky;
use alkaline_math::negative_binomial::FixedMeans;

use super::model::Model;

/// The smallest dispersion.
pub(super) const SMALLEST: f64 = 1e-8;
/// Rounds of the line search, accepted or not.
pub(super) const MOST_ROUNDS: usize = 100;
/// Gain of the log likelihood below which the search stops.
const GAIN: f64 = 1e-6;
/// Share of the expected gain that a step must bring.
const ARMIJO: f64 = 1e-4;
/// Points of the grid.
const GRID: usize = 20;

/// A prior of ln dispersion.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prior {
    pub mean: f64,
    pub variance: f64,
}

/// The likelihood of one gene's dispersion, at means that are held fixed.
pub(super) struct Profile<'a> {
    model: &'a Model,
    of_counts: FixedMeans,
    inverse_means: Vec<f64>,
    prior: Option<Prior>,
}

/// Where a search ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub ln_dispersion: f64,
    pub rounds: usize,
    pub first: f64,
    pub last: f64,
}

impl<'a> Profile<'a> {
    pub(super) fn new(model: &'a Model, counts: &[f64], means: &[f64], prior: Option<Prior>) -> Self {
        let inverse_means = means.iter().map(|mu| 1.0 / mu).collect();
        Self { model, of_counts: FixedMeans::new(counts, means), inverse_means, prior }
    }

    /// The log likelihood at a dispersion's logarithm, without the part that is constant.
    pub(super) fn at(&self, a: f64) -> f64 {
        let alpha = a.exp();
        let prior = self.prior.map_or(0.0, |prior| -(a - prior.mean).powi(2) / (2.0 * prior.variance));
        self.of_counts.likelihood(alpha) - 0.5 * self.ln_det(alpha) + prior
    }

    /// Its derivative.
    fn slope(&self, a: f64) -> f64 {
        let alpha = a.exp();
        let prior = self.prior.map_or(0.0, |prior| -(a - prior.mean) / prior.variance);
        alpha * (self.of_counts.slope(alpha) + 0.5 * self.trace(alpha)) + prior
    }

    fn weight(&self, sample: usize, alpha: f64) -> f64 {
        1.0 / (self.inverse_means[sample] + alpha)
    }

    /// Sums of the weights and of their squares in each cell.
    fn cell_sums(&self, alpha: f64) -> impl Iterator<Item = (f64, f64)> {
        self.model.members().map(move |members| {
            members.iter().fold((0.0, 0.0), |(sum, squares), &sample| {
                let weight = self.weight(sample, alpha);
                (sum + weight, squares + weight * weight)
            })
        })
    }

    fn weights(&self, alpha: f64) -> Vec<f64> {
        (0..self.inverse_means.len()).map(|sample| self.weight(sample, alpha)).collect()
    }

    /// `ln det(XᵀWX)`.
    fn ln_det(&self, alpha: f64) -> f64 {
        if let Some(of_cells) = self.model.ln_det_of_cells {
            return of_cells + self.cell_sums(alpha).map(|(sum, _)| sum.ln()).sum::<f64>();
        }
        let weights = self.weights(alpha);
        Cholesky::new(self.model.information(&weights).view())
            .map_or(f64::NAN, |factor| factor.lower().diag().iter().map(|pivot| 2.0 * pivot.ln()).sum())
    }

    /// `tr((XᵀWX)⁻¹ XᵀW²X)`, which is minus the derivative of the determinant's logarithm by the dispersion.
    fn trace(&self, alpha: f64) -> f64 {
        if self.model.ln_det_of_cells.is_some() {
            return self.cell_sums(alpha).map(|(sum, squares)| squares / sum).sum();
        }
        let weights = self.weights(alpha);
        let squares: Vec<f64> = weights.iter().map(|weight| weight * weight).collect();
        let Some(factor) = Cholesky::new(self.model.information(&weights).view()) else { return f64::NAN };
        let of_squares = self.model.information(&squares);
        (0..self.model.coefficients())
            .map(|place| {
                let mut column = of_squares.column(place).to_vec();
                factor.solve(&mut column);
                column[place]
            })
            .sum()
    }

    /// The line search from `start`.
    pub(super) fn search(&self, start: f64) -> Found {
        let first = self.at(start);
        let (mut a, mut value, mut slope) = (start, first, self.slope(start));
        let (mut step, mut accepted, mut rounds) = (1.0, 0_usize, 0);
        while rounds < MOST_ROUNDS {
            rounds += 1;
            step = within_bounds(a, slope, step);
            let next = a + step * slope;
            let value_there = self.at(next);
            // a value that is no number is none that is large enough
            if value_there >= value + step * ARMIJO * slope * slope {
                accepted += 1;
                a = next;
                let gain = value_there - value;
                if gain < GAIN {
                    value = value_there;
                    break;
                }
                if a < (SMALLEST / 10.0).ln() {
                    break;
                }
                value = value_there;
                slope = self.slope(a);
                step = (step * 1.1).min(1.0);
                if accepted.is_multiple_of(5) {
                    step /= 2.0;
                }
            } else {
                step /= 2.0;
            }
        }
        Found { ln_dispersion: a, rounds, first, last: value }
    }

    /// The best of two grids, the second around the best point of the first.
    pub(super) fn grid(&self) -> f64 {
        let (low, high) = (SMALLEST.ln(), self.model.largest_dispersion().ln());
        let (coarse, step) = self.best_of(low, high);
        self.best_of(coarse - step, coarse + step).0
    }

    fn best_of(&self, low: f64, high: f64) -> (f64, f64) {
        let step = (high - low) / (GRID - 1) as f64;
        let points = (0..GRID).map(|i| low + step * i as f64);
        let better = |best: (f64, f64), a: f64| {
            let value = self.at(a);
            if value > best.1 { (a, value) } else { best }
        };
        (points.fold((low, f64::NEG_INFINITY), better).0, step)
    }
}

/// The step, shortened where it would leave what can be represented.
fn within_bounds(a: f64, slope: f64, step: f64) -> f64 {
    const LOWEST: f64 = -30.0;
    const HIGHEST: f64 = 10.0;
    let next = a + step * slope;
    if next < LOWEST {
        (LOWEST - a) / slope
    } else if next > HIGHEST {
        (HIGHEST - a) / slope
    } else {
        step
    }
}
