//! The dispersion that maximises the conditional likelihood of all genes together.

use alkaline_math::brent;
use alkaline_math::negative_binomial::Replicates;
use alkaline_math::special::WIDE;
use alkaline_math::summation::sum;
use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::AdjustedCounts;

/// Search interval of `δ = φ / (1 + φ)` (edgeR `estimateCommonDisp`).
const DELTA_RANGE: (f64, f64) = (1e-4, 100.0 / 101.0);
/// Blocks whose likelihoods are added before they are added to the total: fixed, so that sums do not depend on threads.
const BLOCKS_PER_SUM: usize = 64;

/// The common dispersion by conditional maximum likelihood, to `tolerance` in `δ`.
pub(crate) fn maximise_common(counts: &AdjustedCounts, replicates: &Replicates, tolerance: f64) -> f64 {
    let log_likelihood = |delta: f64| {
        let likelihood = replicates.likelihood(delta / (1.0 - delta));
        // what fills up the last block is silent and has the likelihood zero but for rounding
        let parts: Vec<f64> = counts
            .blocks()
            .chunks(BLOCKS_PER_SUM)
            .map(|blocks| {
                let mut wide = [0.0; WIDE];
                for block in blocks {
                    wide.iter_mut().zip(likelihood.of(block)).for_each(|(sum, value)| *sum += value);
                }
                wide.iter().sum()
            })
            .collect();
        sum(parts)
    };
    let delta = brent::maximise(log_likelihood, DELTA_RANGE, tolerance);
    delta / (1.0 - delta)
}

/// The conditional log-likelihood of each row at each of some dispersions.
pub(crate) fn likelihood_grid(
    counts: &AdjustedCounts,
    replicates: &Replicates,
    dispersions: &[f64],
) -> Array2<f64> {
    let columns: Vec<_> = dispersions.iter().map(|&phi| replicates.likelihood(phi)).collect();
    let mut grid = Array2::zeros((counts.genes(), dispersions.len()));
    grid.axis_chunks_iter_mut(Axis(0), WIDE)
        .into_par_iter()
        .zip(counts.blocks())
        .with_min_len(crate::abundance::MIN_GENES_PER_JOB / WIDE)
        .for_each(|(mut rows, block)| {
            for (own, column) in rows.columns_mut().into_iter().zip(&columns) {
                own.into_iter().zip(column.of(block)).for_each(|(place, value)| *place = value);
            }
        });
    grid
}
