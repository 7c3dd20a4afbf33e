//! Splice junctions seen, and how many of them the annotation knows.

use std::collections::HashSet;

use alkaline_core::Annotation;

use crate::memory::prefetch;
use crate::record::{Record, op};

/// A junction: contig of the annotation, last base before and first base after the gap.
type Junction = (u32, u32, u32);

/// Slots of a table that holds something, as a power of two.
const FEWEST_SLOTS: u32 = 12;

/// Odd numbers with well-spread bits: the fraction of the golden ratio, and of the square root of 3.
const MIX_PLACE: u64 = 0x9e37_79b9_7f4a_7c15;
const MIX_CONTIG: u64 = 0xbb67_ae85_84ca_a73b;

/// Reads by junction: a hash table with open addresses, at most half full.
///
/// A read of an unsorted file needs a slot anywhere in it. The slot is asked for when the read comes and used when the
/// next one does: by then it has arrived in the cache.
#[derive(Debug, Default)]
pub(crate) struct JunctionTable {
    /// Zero reads mark a free slot.
    slots: Vec<(Junction, u32)>,
    used: usize,
    /// What came last and is not counted yet.
    pending: Option<Junction>,
}

/// Junctions of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct JunctionKind {
    /// Different junctions.
    pub junctions: u64,
    /// Uniquely aligned reads that cross them.
    pub reads: u64,
}

impl JunctionTable {
    pub fn record(&mut self, record: &Record<'_>, target: u32) {
        let mut position = record.start();
        for (operation, length) in record.cigar() {
            match operation {
                op::SKIP => {
                    self.note((target, position - 1, position + length));
                    position += length;
                }
                op::MATCH | op::EQUAL | op::DIFFERENT | op::DELETION => position += length,
                _ => {}
            }
        }
    }

    fn note(&mut self, junction: Junction) {
        if !self.slots.is_empty() {
            prefetch(&self.slots, self.first_slot(junction));
        }
        if let Some(before) = self.pending.replace(junction) {
            self.add(before, 1);
        }
    }

    /// Where the search for a junction begins.
    fn first_slot(&self, (contig, left, right): Junction) -> usize {
        let place = u64::from(left) << 32 | u64::from(right);
        let hash = (place ^ u64::from(contig).wrapping_mul(MIX_CONTIG)).wrapping_mul(MIX_PLACE);
        (hash >> (u64::BITS - self.slots.len().trailing_zeros())) as usize
    }

    fn add(&mut self, junction: Junction, reads: u32) {
        if 2 * self.used >= self.slots.len() {
            self.grow();
        }
        let mut place = self.first_slot(junction);
        loop {
            let (known, number) = &mut self.slots[place];
            if *number == 0 {
                (*known, *number) = (junction, reads);
                self.used += 1;
                return;
            }
            if *known == junction {
                *number = number.saturating_add(reads);
                return;
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
    }

    fn grow(&mut self) {
        let slots = (2 * self.slots.len()).max(1 << FEWEST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![((0, 0, 0), 0); slots]);
        self.used = 0;
        old.into_iter()
            .filter(|(_, reads)| *reads > 0)
            .for_each(|(junction, reads)| self.add(junction, reads));
    }

    /// All junctions with their reads, in no order.
    fn seen(&self) -> impl Iterator<Item = (Junction, u32)> {
        self.slots.iter().copied().filter(|(_, reads)| *reads > 0)
    }

    /// Counts what is still pending; to be called before the table is asked anything.
    pub fn settle(&mut self) {
        if let Some(last) = self.pending.take() {
            self.add(last, 1);
        }
    }

    pub fn merge(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        other.seen().for_each(|(junction, reads)| self.add(junction, reads));
    }

    /// Junctions with both, one or none of their ends at the border of an annotated exon.
    pub(super) fn classify(&self, annotation: &Annotation) -> [JunctionKind; 3] {
        let ends: HashSet<(u32, u32)> =
            annotation.exons.iter().map(|exon| (exon.contig, exon.span.end())).collect();
        let starts: HashSet<(u32, u32)> =
            annotation.exons.iter().map(|exon| (exon.contig, exon.span.start())).collect();
        let mut kinds = [JunctionKind::default(); 3];
        for ((contig, left, right), reads) in self.seen() {
            let known =
                usize::from(ends.contains(&(contig, left))) + usize::from(starts.contains(&(contig, right)));
            let kind = &mut kinds[2 - known];
            kind.junctions += 1;
            kind.reads += u64::from(reads);
        }
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_grows_and_is_merged_forgets_nothing() {
        let junction = |number: u32| (number % 3, 100 * number, 100 * number + 7);
        let mut tables = [JunctionTable::default(), JunctionTable::default()];
        for round in 0..3 {
            for number in 0..10_000 {
                tables[(number + round) as usize % 2].note(junction(number));
            }
        }
        let [mut all, other] = tables;
        all.merge(other);
        let mut seen: Vec<(Junction, u32)> = all.seen().collect();
        seen.sort_unstable_by_key(|((_, left, _), _)| *left);
        assert_eq!(seen.len(), 10_000);
        assert!(seen.iter().zip(0..).all(|(found, number)| *found == (junction(number), 3)));
    }
}
