//! Regularised logarithms: a gene's own mean, and a fold change of every sample that a prior pulls to zero.
//!
//! The model has one coefficient a sample beside the intercept, so its equations have the shape of an arrow and are solved in one pass.

use std::f64::consts::LN_2;

use alkaline_core::CountMatrix;

use super::analysis::each_gene;
use super::depth::Depth;
use super::equal_depth::{base_mean, normalised};
use super::gene::{Means, constant};
use super::model::RIDGE;
use super::trend::Trend;
use super::wide_prior::prior_variance;

const MOST_ROUNDS: usize = 100;
/// Change of the deviance, relative to itself, that ends the iteration.
const TOLERANCE: f64 = 1e-4;

/// What all genes share.
pub(super) struct RegularisedLogs<'a> {
    trend: &'a Trend,
    /// Precision of a sample's coefficient under the prior, on the natural scale.
    precision: f64,
}

impl<'a> RegularisedLogs<'a> {
    /// The prior is as wide as fold changes of single samples from the mean are.
    pub(super) fn new(trend: &'a Trend, matrix: &CountMatrix, depth: &Depth) -> Self {
        let of_gene = |gene: usize, counts: &[f64]| -> Vec<(f64, f64)> {
            let sizes = depth.of(gene);
            let mean = base_mean(counts, sizes);
            if mean == 0.0 {
                return Vec::new();
            }
            let weight = 1.0 / (1.0 / mean + trend.at(mean));
            normalised(counts, sizes)
                .map(|q| (((q + 0.5).log2() - (mean + 0.5).log2()).abs(), weight))
                .collect()
        };
        let effects = each_gene(matrix, of_gene).concat();
        Self { trend, precision: 1.0 / (prior_variance(effects) * LN_2 * LN_2) }
    }

    /// The values of one gene.
    pub(super) fn of_gene(&self, counts: &[f64], sizes: &[f64]) -> Vec<f64> {
        let mean = base_mean(counts, sizes);
        if mean == 0.0 {
            return vec![0.0; counts.len()];
        }
        let gene = Regularised { counts, sizes, dispersion: self.trend.at(mean), precision: self.precision };
        gene.predictor(mean.ln()).into_iter().map(|eta| eta / LN_2).collect()
    }
}

/// One gene.
struct Regularised<'a> {
    counts: &'a [f64],
    sizes: &'a [f64],
    dispersion: f64,
    precision: f64,
}

impl Regularised<'_> {
    /// The linear predictor of each sample at equal depth, from a start at the mean.
    fn predictor(&self, ln_mean: f64) -> Vec<f64> {
        let constant = constant(self.counts, self.sizes, self.dispersion);
        let mut eta = vec![ln_mean; self.counts.len()];
        let mut means = self.means(&eta);
        let mut before = 0.0;
        for round in 0..MOST_ROUNDS {
            eta = self.step(&means);
            means = self.means(&eta);
            let deviance = -2.0 * (constant + means.changing_part(self.counts, self.dispersion));
            let change = (deviance - before).abs() / (deviance.abs() + 0.1);
            if round > 0 && change < TOLERANCE {
                break;
            }
            before = deviance;
        }
        eta
    }

    fn means(&self, eta: &[f64]) -> Means {
        let values = eta.iter().zip(self.sizes).map(|(eta, s)| s * eta.exp()).collect();
        Means { values, ln_normalised: eta.to_vec() }.floored(self.sizes)
    }

    /// One penalised least-squares fit: the intercept from what remains of each sample's information behind its own coefficient.
    fn step(&self, means: &Means) -> Vec<f64> {
        let of_samples = means.values.iter().zip(&means.ln_normalised).zip(self.counts);
        let working: Vec<(f64, f64)> =
            of_samples.map(|((mu, ln), y)| (mu / (1.0 + self.dispersion * mu), ln + (y - mu) / mu)).collect();
        let remaining = |weight: f64| weight * self.precision / (weight + self.precision);
        let total: f64 = working.iter().map(|(weight, _)| remaining(*weight)).sum();
        let sum: f64 = working.iter().map(|(weight, z)| remaining(*weight) * z).sum();
        let intercept = sum / (total + RIDGE);
        let of_sample =
            |(weight, z): &(f64, f64)| intercept + weight * (z - intercept) / (weight + self.precision);
        working.iter().map(of_sample).collect()
    }
}
