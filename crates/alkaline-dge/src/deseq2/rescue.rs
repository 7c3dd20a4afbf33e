//! Coefficients where iteratively reweighted least squares failed: the maximum of the same posterior, found by damped steps.
//!
//! Upstream hands such rows to a general optimiser, whose answer hangs on its finite differences; the maximum is the same.

use std::f64::consts::LN_2;

use super::gene::{Gene, ridged};

/// Coefficients stay within this on the log2 scale.
const BOUND: f64 = 30.0;
const MOST_ROUNDS: usize = 500;
const HOPELESS: f64 = 1e12;
/// Gain of the posterior, relative to itself, that ends the search.
const GAIN: f64 = 1e-13;

/// The coefficients of largest posterior, from `start`.
pub(super) fn rescued(gene: &Gene<'_>, start: &[f64]) -> Vec<f64> {
    let mut beta: Vec<f64> = start.iter().map(|b| bounded(*b)).collect();
    let mut value = posterior(gene, &beta);
    let mut damping = 1e-3;
    for _ in 0..MOST_ROUNDS {
        let next = step(gene, &beta, damping);
        let there = next.as_deref().map_or(f64::NAN, |next| posterior(gene, next));
        let Some(next) = next.filter(|_| there >= value) else {
            damping *= 10.0;
            if damping > HOPELESS {
                break;
            }
            continue;
        };
        let gain = there - value;
        (beta, value) = (next, there);
        damping /= 10.0;
        if gain <= GAIN * value.abs() {
            break;
        }
    }
    beta
}

fn bounded(beta: f64) -> f64 {
    beta.clamp(-BOUND * LN_2, BOUND * LN_2)
}

fn posterior(gene: &Gene<'_>, beta: &[f64]) -> f64 {
    let prior: f64 = beta.iter().zip(&gene.model.ridges).map(|(b, ridge)| -0.5 * ridge * b * b).sum();
    gene.log_likelihood(&gene.means_at(beta)) + prior
}

/// A scoring step, shortened by `damping` of each coefficient's own information.
fn step(gene: &Gene<'_>, beta: &[f64], damping: f64) -> Option<Vec<f64>> {
    let means = gene.means_at(beta).values;
    let weights = gene.weights(&means);
    let residuals = gene.counts.iter().zip(&means);
    let residuals: Vec<f64> = residuals.map(|(y, mu)| (y - mu) / (1.0 + gene.dispersion * mu)).collect();
    let ones = vec![1.0; residuals.len()];
    let mut slope = gene.model.weighted_sums(&ones, &residuals);
    let priors = beta.iter().zip(&gene.model.ridges);
    slope.iter_mut().zip(priors).for_each(|(slope, (b, ridge))| *slope -= ridge * b);
    let mut information = gene.model.information(&weights);
    information.diag_mut().iter_mut().for_each(|value| *value *= 1.0 + damping);
    ridged(gene.model, information).solve_in(&mut slope)?;
    Some(beta.iter().zip(&slope).map(|(b, step)| bounded(b + step)).collect())
}

#[cfg(test)]
mod tests {
    use ndarray::arr2;

    use super::*;
    use crate::deseq2::model::Model;

    /// One huge count among zeros: DESeq2 1.38.3 says -10.3584554 with a standard error of 3.8276372.
    #[test]
    fn a_fit_that_runs_away_is_finished_by_the_slower_search() {
        let design = arr2(&[[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]);
        let model = Model::new(design.view());
        let sizes = [
            0.652_598_842_638_522,
            1.215_639_732_576_81,
            0.875_826_179_186_403,
            1.194_495_166_584_23,
            0.823_294_440_972_321,
            1.148_440_821_670_92,
        ];
        let counts = [0.0, 0.0, 3000.0, 1.0, 0.0, 2.0];
        // far above the trend, so the gene keeps its own dispersion
        let gene = Gene { model: &model, counts: &counts, sizes: &sizes, dispersion: 10.0 };
        let fit = gene.fit();
        let (change, error) = (fit.beta[1] / LN_2, fit.covariance[[1, 1]].sqrt() / LN_2);
        assert!((change + 10.358_455_433_825).abs() < 1e-3, "{change}");
        assert!((error - 3.827_637_237_530_69).abs() < 1e-3, "{error}");
    }
}
