//! Dispersions of single genes, without any prior: a rough one, then the maximum of the adjusted profile likelihood.
//!
//! Upstream: DESeq2 `estimateDispersionsGeneEst`, one round.

use super::gene::{Gene, floored};
use super::likelihood::{MOST_ROUNDS, Profile, SMALLEST};
use super::model::Model;

/// A dispersion above this is worth refining on the grid.
const WORTH_A_GRID: f64 = 1e-7;

/// A gene before its test.
#[derive(Clone, Debug)]
pub(super) struct GeneWise {
    pub base_mean: f64,
    pub dispersion: f64,
    /// Means at which dispersions are estimated.
    pub means: Vec<f64>,
}

/// Mean and variance (n - 1) of normalised counts.
pub(super) fn mean_and_variance(normalised: &[f64]) -> (f64, f64) {
    let n = normalised.len() as f64;
    let mean = normalised.iter().sum::<f64>() / n;
    (mean, normalised.iter().map(|q| (q - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

/// The gene-wise estimate; `inverse_size` is the mean over samples of one over their depth. `None` for a gene without any count.
pub(super) fn gene_wise(model: &Model, counts: &[f64], sizes: &[f64], inverse_size: f64) -> Option<GeneWise> {
    if counts.iter().all(|y| *y == 0.0) {
        return None;
    }
    let normalised: Vec<f64> = counts.iter().zip(sizes).map(|(y, s)| y / s).collect();
    let (base_mean, variance) = mean_and_variance(&normalised);
    let linear = model.predictor(&model.least_squares(&normalised));
    let by_moments = (variance - inverse_size * base_mean) / (base_mean * base_mean);
    let largest = model.largest_dispersion();
    let start = rough(model, &normalised, &linear).min(by_moments).clamp(SMALLEST, largest);
    let means = if model.is_of_groups() {
        linear.iter().zip(sizes).map(|(q, s)| q * s).collect()
    } else {
        Gene { model, counts, sizes, dispersion: start }.fit().means
    };
    let means = floored(&means);
    let profile = Profile::new(model, counts, &means, None);
    let found = profile.search(start.ln());
    let mut dispersion = found.ln_dispersion.exp().min(largest);
    if found.last < found.first + found.first.abs() / 1e6 {
        dispersion = start;
    }
    if (found.rounds == 1 || found.rounds == MOST_ROUNDS) && dispersion > WORTH_A_GRID {
        dispersion = profile.grid().exp();
    }
    let dispersion = dispersion.clamp(SMALLEST, largest);
    Some(GeneWise { base_mean, dispersion, means })
}

/// The dispersion by the squared residuals of a linear model.
fn rough(model: &Model, normalised: &[f64], linear: &[f64]) -> f64 {
    let term = |(q, mu): (&f64, &f64)| {
        let mu = mu.max(1.0);
        ((q - mu).powi(2) - mu) / (mu * mu)
    };
    let sum: f64 = normalised.iter().zip(linear).map(term).sum();
    (sum / model.residual_df() as f64).max(0.0)
}
