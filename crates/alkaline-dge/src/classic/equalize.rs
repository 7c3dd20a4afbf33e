//! Counts as they would be had all libraries the same size ("pseudo-counts").
//!
//! Upstream: edgeR `equalizeLibSizes`.

use alkaline_core::CountMatrix;
use alkaline_math::negative_binomial::{QuantileTarget, Replicates, fit_one_group};
use alkaline_math::special::{LANES, Lanes};
use rayon::prelude::*;

use crate::abundance::MIN_GENES_PER_JOB;
use crate::libraries::LibraryGroup;

/// Library-size-adjusted counts of the replicated groups, eight genes abreast: for each block of genes one entry per library,
/// group after group.
pub(crate) struct AdjustedCounts {
    genes: usize,
    width: usize,
    values: Vec<Lanes>,
}

impl AdjustedCounts {
    /// Number of genes; those that fill up the last block are silent and no genes.
    pub(crate) fn genes(&self) -> usize {
        self.genes
    }

    pub(crate) fn blocks(&self) -> impl IndexedParallelIterator<Item = &[Lanes]> {
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
    let mut values = vec![[0.0; LANES]; genes.len().div_ceil(LANES) * width];
    let blocks = values.par_chunks_exact_mut(width).zip(genes.par_chunks(LANES));
    blocks.with_min_len(MIN_GENES_PER_JOB / LANES).for_each_init(
        || (Vec::new(), vec![0.0; width]),
        |(counts, adjusted), (block, genes)| {
            for (lane, &gene) in genes.iter().enumerate() {
                let mut rest = adjusted.as_mut_slice();
                for group in groups {
                    group.gather(matrix.row(gene), counts);
                    let (of_group, others) = rest.split_at_mut(counts.len());
                    rest = others;
                    adjust_group(counts, &group.sizes, common_size, phi, of_group);
                }
                block.iter_mut().zip(&*adjusted).for_each(|(lanes, value)| lanes[lane] = *value);
            }
        },
    );
    AdjustedCounts { genes: genes.len(), width, values }
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
