//! Counts as they would be had all libraries the same size ("pseudo-counts").
//!
//! Upstream: edgeR `equalizeLibSizes`.

use alkaline_core::CountMatrix;
use alkaline_math::negative_binomial::{QuantileTarget, Replicates, fit_one_group};
use rayon::prelude::*;

use crate::abundance::MIN_GENES_PER_JOB;
use crate::libraries::LibraryGroup;

/// Library-size-adjusted counts of the replicated groups: one row per selected gene, group after group.
pub(crate) struct AdjustedCounts {
    width: usize,
    values: Vec<f64>,
}

impl AdjustedCounts {
    pub(crate) fn rows(&self) -> impl IndexedParallelIterator<Item = &[f64]> {
        self.values.par_chunks_exact(self.width)
    }
}

/// Adjusts the counts of `genes` to `common_size` at dispersion `phi`, within each group.
pub(crate) fn adjust_counts(
    matrix: &CountMatrix,
    genes: &[usize],
    groups: &[LibraryGroup],
    common_size: f64,
    phi: f64,
) -> AdjustedCounts {
    let width = groups.iter().map(|group| group.members.len()).sum();
    let mut values = vec![0.0; genes.len() * width];
    values.par_chunks_exact_mut(width).zip(genes).with_min_len(MIN_GENES_PER_JOB).for_each_init(
        Vec::new,
        |counts, (adjusted, &gene)| {
            let mut rest = adjusted;
            for group in groups {
                group.gather(matrix.row(gene), counts);
                let (of_group, others) = rest.split_at_mut(counts.len());
                rest = others;
                adjust_group(counts, &group.sizes, common_size, phi, of_group);
            }
        },
    );
    AdjustedCounts { width, values }
}

fn adjust_group(counts: &[f64], sizes: &[f64], common_size: f64, phi: f64, adjusted: &mut [f64]) {
    let rate = fit_one_group(counts, sizes, phi).exp();
    let target = QuantileTarget::new(rate * common_size, phi);
    for ((out, &y), &size) in adjusted.iter_mut().zip(counts).zip(sizes) {
        *out = target.map(y, rate * size).max(0.0);
    }
}

/// The replication pattern of groups that all have at least two members.
pub(crate) fn replicates(groups: &[LibraryGroup]) -> Replicates {
    Replicates::new(groups.iter().map(|group| group.members.len()).collect())
}
