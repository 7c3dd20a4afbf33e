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
    let small: Vec<SmallCounts> =
        groups.iter().map(|group| SmallCounts::adjusted(group, genes.len(), common_size, phi)).collect();
    let mut values = vec![[0.0; LANES]; genes.len().div_ceil(LANES) * width];
    let blocks = values.par_chunks_exact_mut(width).zip(genes.par_chunks(LANES));
    blocks.with_min_len(MIN_GENES_PER_JOB / LANES).for_each_init(
        || (Vec::new(), vec![0.0; width]),
        |(counts, adjusted), (block, genes)| {
            for (lane, &gene) in genes.iter().enumerate() {
                let mut rest = adjusted.as_mut_slice();
                for (group, small) in groups.iter().zip(&small) {
                    group.gather(matrix.row(gene), counts);
                    let (of_group, others) = rest.split_at_mut(counts.len());
                    rest = others;
                    match small.of(counts) {
                        Some(known) => of_group.copy_from_slice(known),
                        None => adjust_group(counts, &group.sizes, common_size, phi, of_group),
                    }
                }
                block.iter_mut().zip(&*adjusted).for_each(|(lanes, value)| lanes[lane] = *value);
            }
        },
    );
    AdjustedCounts { genes: genes.len(), width, values }
}

/// The adjusted counts of every combination of small counts in one group: a third of all genes have one of a few hundred.
struct SmallCounts {
    members: usize,
    values: Vec<f64>,
}

impl SmallCounts {
    /// Counts below this are small.
    const BELOW: usize = 8;
    /// A table is worth its while when there are so many genes for each entry.
    const GENES_PER_ENTRY: usize = 8;

    /// The table of a group; empty where it would be too large for so many genes.
    fn adjusted(group: &LibraryGroup, genes: usize, common_size: f64, phi: f64) -> Self {
        let members = group.members.len();
        let entries = Self::BELOW.checked_pow(members as u32).unwrap_or(usize::MAX);
        if entries > genes / Self::GENES_PER_ENTRY {
            return Self { members, values: Vec::new() };
        }
        let mut values = vec![0.0; entries * members];
        values.par_chunks_exact_mut(members).enumerate().with_min_len(16).for_each(|(entry, adjusted)| {
            let digit = |place: usize| entry / Self::BELOW.pow(place as u32) % Self::BELOW;
            let counts: Vec<f64> = (0..members).map(|place| digit(place) as f64).collect();
            adjust_group(&counts, &group.sizes, common_size, phi, adjusted);
        });
        Self { members, values }
    }

    /// The adjusted counts, when the table has them.
    fn of(&self, counts: &[f64]) -> Option<&[f64]> {
        if self.values.is_empty() {
            return None;
        }
        let mut entry = 0;
        for &count in counts.iter().rev() {
            if count >= Self::BELOW as f64 || count.fract() != 0.0 {
                return None;
            }
            entry = entry * Self::BELOW + count as usize;
        }
        Some(&self.values[entry * self.members..(entry + 1) * self.members])
    }
}

fn adjust_group(counts: &[f64], sizes: &[f64], common_size: f64, phi: f64, adjusted: &mut [f64]) {
    let rate = fit_one_group(counts, sizes, phi).exp();
    let target = QuantileTarget::new(rate * common_size, phi);
    target.map_each(counts, sizes, rate, adjusted);
    adjusted.iter_mut().for_each(|value| *value = value.max(0.0));
}

/// The replication pattern of groups that all have at least two members.
pub(crate) fn replicates(groups: &[LibraryGroup]) -> Replicates {
    Replicates::new(groups.iter().map(|group| group.members.len()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_small_counts_changes_nothing() {
        let group = LibraryGroup::new(vec![0, 1, 2], &[1e6, 1.3e6, 0.8e6]);
        let table = SmallCounts::adjusted(&group, 60_000, 1e6, 0.1);
        for counts in [[0.0, 0.0, 0.0], [7.0, 2.0, 0.0], [1.0, 0.0, 5.0]] {
            let mut adjusted = [0.0; 3];
            adjust_group(&counts, &group.sizes, 1e6, 0.1, &mut adjusted);
            assert_eq!(table.of(&counts).unwrap(), adjusted);
        }
        assert!(table.of(&[8.0, 0.0, 0.0]).is_none() && table.of(&[0.5, 0.0, 0.0]).is_none());
    }
}
