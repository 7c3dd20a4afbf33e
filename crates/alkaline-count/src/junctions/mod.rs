//! Reads across each splice junction (`-J`).

mod genes;
mod genome;
mod merged;
mod sites;
mod table;

use std::collections::HashMap;

pub use genome::GenomeSequence;
pub(crate) use merged::merge_tables;
pub use sites::junction_sites;
pub(crate) use table::{FileJunctions, tabulate, without_sequence};

/// Fragments by contig of the alignments, last base before and first base after the gap.
#[derive(Clone, Debug, Default)]
pub(crate) struct JunctionCounts {
    pub seen: HashMap<(u32, u32, u32), u64>,
}

impl JunctionCounts {
    /// Adds a fragment: a junction that both of its ends cross counts once.
    pub fn add(&mut self, first: &[(u32, u32, u32)], second: &[(u32, u32, u32)]) {
        for (place, junction) in first.iter().enumerate() {
            if !first[..place].contains(junction) {
                *self.seen.entry(*junction).or_default() += 1;
            }
        }
        for (place, junction) in second.iter().enumerate() {
            if !first.contains(junction) && !second[..place].contains(junction) {
                *self.seen.entry(*junction).or_default() += 1;
            }
        }
    }

    pub fn merge(&mut self, other: Self) {
        for (junction, number) in other.seen {
            *self.seen.entry(junction).or_default() += number;
        }
    }
}
