//! Counts as they would be had all libraries the same size ("pseudo-counts").
//!
//! Upstream: edgeR `equalizeLibSizes`.

use alkaline_core::CountMatrix;
use alkaline_math::negative_binomial::{Replicates, adjust_to_common_size};
use alkaline_math::special::{WIDE, Wide};
use ndarray::{Array2, Axis};
use rayon::prelude::*;

use crate::libraries::{Batch, LibraryGroup, by_total};

/// Dispersion at which library sizes are first adjusted (edgeR `estimateDisp`).
pub(crate) const FIRST_DISPERSION: f64 = 0.01;
/// Blocks of eight genes handled by one job.
const BLOCKS_PER_JOB: usize = 64;

/// Library-size-adjusted counts of the replicated groups, eight genes abreast: for each block of genes one entry per library,
/// group after group.
pub(crate) struct AdjustedCounts {
    genes: usize,
    /// One row a block, one column a library.
    values: Array2<Wide>,
}

impl AdjustedCounts {
    /// Number of genes; those that fill up the last block are silent and no genes.
    pub(crate) fn genes(&self) -> usize {
        self.genes
    }

    pub(crate) fn blocks(&self) -> impl IndexedParallelIterator<Item = &[Wide]> {
        self.values.outer_iter().into_par_iter().map(|block| block.to_slice().expect("rows lie side by side"))
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
    let width: usize = groups.iter().map(|group| group.members.len()).sum();
    let small: Vec<SmallCounts> =
        groups.iter().map(|group| SmallCounts::adjusted(group, genes.len(), common_size, phi)).collect();
    let mut values = Array2::from_elem((genes.len().div_ceil(WIDE), width), [0.0; WIDE]);
    let jobs = values.axis_chunks_iter_mut(Axis(0), BLOCKS_PER_JOB).into_par_iter();
    jobs.zip(genes.par_chunks(BLOCKS_PER_JOB * WIDE)).for_each(|(mut blocks, genes)| {
        let mut first = 0;
        let order = by_total(matrix, genes);
        for (group, small) in groups.iter().zip(&small) {
            let mut put = |place: usize, library: usize, value: f64| {
                blocks[[place / WIDE, first + library]][place % WIDE] = value;
            };
            let genes = order.iter().map(|&place| (place, matrix.row(genes[place])));
            adjust_group(genes, group, small, common_size, phi, &mut put);
            first += group.members.len();
        }
    });
    AdjustedCounts { genes: genes.len(), values }
}

/// Adjusts the counts of one group in rows, each with its place. What the table of small counts does not hold is gathered, and done
/// by eights.
fn adjust_group<'a>(
    rows: impl Iterator<Item = (usize, &'a [f64])>,
    group: &LibraryGroup,
    small: &SmallCounts,
    common_size: f64,
    phi: f64,
    put: &mut impl FnMut(usize, usize, f64),
) {
    let mut batch = Batch::new(group.members.len());
    let mut adjusted = vec![[0.0; WIDE]; group.members.len()];
    let mut rows = rows.peekable();
    while let Some((place, row)) = rows.next() {
        match small.of(group.counts(row)) {
            Some(known) => known.iter().enumerate().for_each(|(library, value)| put(place, library, *value)),
            None => batch.push(place, group.counts(row)),
        }
        if batch.is_full() || (rows.peek().is_none() && !batch.genes.is_empty()) {
            adjust_batch(&batch, &group.sizes, common_size, phi, &mut adjusted);
            for (column, &place) in batch.genes.iter().enumerate() {
                adjusted.iter().enumerate().for_each(|(library, wide)| put(place, library, wide[column]));
            }
            batch.clear();
        }
    }
}

/// The adjusted counts of eight genes, none of them negative.
fn adjust_batch(batch: &Batch, sizes: &[f64], common_size: f64, phi: f64, adjusted: &mut [Wide]) {
    adjust_to_common_size(&batch.counts, sizes, common_size, &[phi; WIDE], adjusted);
    // what is no number stays none
    adjusted.iter_mut().flatten().for_each(|value| *value = if *value < 0.0 { 0.0 } else { *value });
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
        values.par_chunks_mut(WIDE * members).enumerate().for_each(|(eight, values)| {
            let (mut batch, mut adjusted) = (Batch::new(members), vec![[0.0; WIDE]; members]);
            for entry in eight * WIDE..((eight + 1) * WIDE).min(entries) {
                let digit = |place: usize| entry / Self::BELOW.pow(place as u32) % Self::BELOW;
                batch.push(entry, (0..members).map(|place| digit(place) as f64));
            }
            adjust_batch(&batch, &group.sizes, common_size, phi, &mut adjusted);
            for (column, values) in values.chunks_exact_mut(members).enumerate() {
                values.iter_mut().zip(&adjusted).for_each(|(value, wide)| *value = wide[column]);
            }
        });
        Self { members, values }
    }

    /// The adjusted counts, when the table has them.
    fn of(&self, counts: impl Iterator<Item = f64>) -> Option<&[f64]> {
        if self.values.is_empty() {
            return None;
        }
        let (mut entry, mut step) = (0, 1);
        for count in counts {
            let whole = count as usize;
            if whole >= Self::BELOW || whole as f64 != count {
                return None;
            }
            entry += step * whole;
            step *= Self::BELOW;
        }
        Some(&self.values[entry * self.members..(entry + 1) * self.members])
    }
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
            let (mut batch, mut adjusted) = (Batch::new(3), [[0.0; WIDE]; 3]);
            batch.push(0, counts);
            adjust_batch(&batch, &group.sizes, 1e6, 0.1, &mut adjusted);
            assert_eq!(table.of(counts.into_iter()).unwrap(), adjusted.map(|wide| wide[0]));
        }
        let unknown = |counts: [f64; 3]| table.of(counts.into_iter()).is_none();
        assert!(unknown([8.0, 0.0, 0.0]) && unknown([0.5, 0.0, 0.0]));
    }
}
