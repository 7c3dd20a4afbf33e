//! The prior of a dispersion around its trend, and the estimate that weighs both.
//!
//! Upstream: DESeq2 `estimateDispersionsPriorVar`, `estimateDispersionsMAP`.

use alkaline_math::order_statistics::median;
use alkaline_math::special::trigamma;

use super::gene_wise::GeneWise;
use super::likelihood::{MOST_ROUNDS, Prior, Profile, SMALLEST};
use super::model::Model;
use super::simulated_prior::prior_variance_by_simulation;

/// No prior is narrower.
const NARROWEST: f64 = 0.25;
/// Gene-wise dispersions from here on tell of the spread around the trend.
const INFORMATIVE: f64 = 1e-6;
/// Normal consistency of the median absolute deviation, with R's digits.
const MAD: f64 = 1.4826;

/// How dispersions spread around their trend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    /// Variance of ln dispersion around the trend, robustly.
    pub variance: f64,
    /// That part of it that is not sampling error.
    pub prior_variance: f64,
}

impl Spread {
    /// From gene-wise dispersions and the trend at each.
    pub(super) fn new(dispersions: &[(f64, f64)], residual_df: usize) -> Self {
        let informative = dispersions.iter().filter(|(own, _)| *own >= INFORMATIVE);
        let residuals: Vec<f64> = informative.map(|(own, trend)| own.ln() - trend.ln()).collect();
        let centre = median(&mut residuals.clone());
        let mut distances: Vec<f64> = residuals.iter().map(|residual| (residual - centre).abs()).collect();
        let variance = (MAD * median(&mut distances)).powi(2);
        let prior_variance = match residual_df {
            1..=3 => prior_variance_by_simulation(&residuals, residual_df),
            df => variance - trigamma(0.5 * df as f64),
        };
        Self { variance, prior_variance: prior_variance.max(NARROWEST) }
    }

    /// The dispersion of largest posterior, or the gene's own where that is an outlier.
    pub(super) fn shrink(&self, model: &Model, counts: &[f64], gene: &GeneWise, trend: f64) -> f64 {
        let own = gene.dispersion;
        if own.ln() > trend.ln() + 2.0 * self.variance.sqrt() {
            return own;
        }
        let prior = Prior { mean: trend.ln(), variance: self.prior_variance };
        let profile = Profile::new(model, counts, &gene.means, Some(prior));
        let start = if own > 0.1 * trend { own } else { trend };
        let found = profile.search(start.ln());
        let ln_dispersion = if found.rounds == MOST_ROUNDS { profile.grid() } else { found.ln_dispersion };
        ln_dispersion.exp().clamp(SMALLEST, model.largest_dispersion())
    }
}
