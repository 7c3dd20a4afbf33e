//! The dispersion that maximises the conditional likelihood of all genes together.

use alkaline_math::brent;
use alkaline_math::linear::Matrix;
use alkaline_math::negative_binomial::Replicates;
use alkaline_math::summation::sum;
use rayon::prelude::*;

use super::AdjustedCounts;

/// Search interval of `δ = φ / (1 + φ)` (edgeR `estimateCommonDisp`).
const DELTA_RANGE: (f64, f64) = (1e-4, 100.0 / 101.0);
/// Rows whose likelihoods are added before they are added to the total: fixed, so that sums do not depend on threads.
const ROWS_PER_SUM: usize = 512;

/// The common dispersion by conditional maximum likelihood, to `tolerance` in `δ`.
pub(crate) fn maximise_common(counts: &AdjustedCounts, replicates: &Replicates, tolerance: f64) -> f64 {
    let log_likelihood = |delta: f64| {
        let likelihood = replicates.likelihood(delta / (1.0 - delta));
        let parts: Vec<f64> = counts
            .rows()
            .chunks(ROWS_PER_SUM)
            .map(|rows| rows.iter().map(|row| likelihood.of(row)).sum())
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
) -> Matrix {
    let columns: Vec<_> = dispersions.iter().map(|&phi| replicates.likelihood(phi)).collect();
    let rows: Vec<&[f64]> = counts.rows().collect();
    let mut grid = Matrix::zeros(rows.len(), dispersions.len());
    grid.values_mut()
        .par_chunks_exact_mut(dispersions.len())
        .zip(&rows)
        .with_min_len(crate::abundance::MIN_GENES_PER_JOB)
        .for_each(|(out, row)| out.iter_mut().zip(&columns).for_each(|(out, column)| *out = column.of(row)));
    grid
}
