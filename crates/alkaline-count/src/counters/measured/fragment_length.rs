//! The length of a fragment as the overlap rules count it: covered reference, soft clips and insertions, each base once.

use crate::record::{Record, op};

/// What an alignment covers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AlignedShape {
    contig: i32,
    /// Stretches of the reference, with soft clips; ends excluded. May begin before position 1.
    stretches: Vec<(i64, i64)>,
    /// Position behind and number of inserted bases.
    insertions: Vec<(i64, u32)>,
}

/// The shape of a record: deletions and skips cut it, insertions add to it, hard clips do not count.
pub(super) fn aligned_shape(record: &Record<'_>) -> AlignedShape {
    let mut shape = AlignedShape { contig: record.contig, ..AlignedShape::default() };
    let mut position = i64::from(record.position) + 1;
    let mut start = position;
    let mut seen_match = false;
    for (operation, length) in record.cigar() {
        let bases = i64::from(length);
        match operation {
            op::MATCH | op::EQUAL | op::DIFFERENT => {
                position += bases;
                seen_match = true;
            }
            op::INSERTION => shape.insertions.push((position, length)),
            op::SOFT_CLIP if seen_match => position += bases,
            op::SOFT_CLIP => start -= bases,
            op::DELETION | op::SKIP => {
                shape.close(start, position);
                position += bases;
                start = position;
            }
            _ => {}
        }
    }
    shape.close(start, position);
    shape
}

impl AlignedShape {
    fn close(&mut self, start: i64, end: i64) {
        if end > start {
            self.stretches.push((start, end));
        }
    }

    fn start(&self) -> i64 {
        self.stretches.first().map_or(0, |stretch| stretch.0)
    }

    fn end(&self) -> i64 {
        self.stretches.last().map_or(0, |stretch| stretch.1)
    }

    fn length(&self) -> u64 {
        let stretches: i64 = self.stretches.iter().map(|(start, end)| end - start).sum();
        stretches as u64 + self.insertions.iter().map(|(_, length)| u64::from(*length)).sum::<u64>()
    }
}

/// The length of the fragment that the ends make.
pub(super) fn fragment_length(first: &AlignedShape, second: Option<&AlignedShape>) -> u64 {
    let Some(second) = second.filter(|second| !second.stretches.is_empty()) else { return first.length() };
    if first.stretches.is_empty() || first.contig != second.contig {
        return first.length() + second.length();
    }
    let mut stretches: Vec<(i64, i64)> = first.stretches.iter().chain(&second.stretches).copied().collect();
    stretches.sort_unstable();
    covered(&stretches) + inserted(first, second)
}

/// Inserted bases: where the ends overlap only those that both have, elsewhere all.
fn inserted(first: &AlignedShape, second: &AlignedShape) -> u64 {
    let start = first.start().max(second.start());
    let end = first.end().min(second.end());
    let shared = |insertion: &&(i64, u32)| (start..end).contains(&insertion.0);
    let length = |insertion: &(i64, u32)| u64::from(insertion.1);
    let alone = |shape: &AlignedShape| -> u64 {
        shape.insertions.iter().filter(|insertion| !shared(insertion)).map(length).sum()
    };
    let in_both = |insertion: &&(i64, u32)| second.insertions.contains(insertion);
    let both: u64 = first.insertions.iter().filter(shared).filter(in_both).map(length).sum();
    alone(first) + alone(second) + both
}

/// Positions covered by sorted stretches.
fn covered(stretches: &[(i64, i64)]) -> u64 {
    let mut covered = 0;
    let mut reached = i64::MIN;
    for &(start, end) in stretches {
        if end > reached {
            covered += (end - start.max(reached)) as u64;
            reached = end;
        }
    }
    covered
}
