//! A gene's counts as they would be had all samples been sequenced equally deep.

use super::gene_wise::mean_and_variance;

/// Counts at equal depth.
pub(super) fn normalised<'a>(counts: &'a [f64], sizes: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    counts.iter().zip(sizes).map(|(y, s)| y / s)
}

/// The mean of a gene's counts at equal depth.
pub(super) fn base_mean(counts: &[f64], sizes: &[f64]) -> f64 {
    mean_and_variance(&normalised(counts, sizes).collect::<Vec<_>>()).0
}
