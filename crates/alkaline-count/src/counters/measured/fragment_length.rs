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

    /// Whether a base is aligned (or soft-clipped) to `position`.
    fn covers(&self, position: i64) -> bool {
        self.stretches.iter().any(|stretch| (stretch.0..stretch.1).contains(&position))
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

/// Inserted bases: an insertion where the other end is aligned too counts only if that end has the same one.
fn inserted(first: &AlignedShape, second: &AlignedShape) -> u64 {
    let counts = |insertion: &(i64, u32), other: &AlignedShape| {
        !other.covers(insertion.0 - 1) || other.insertions.contains(insertion)
    };
    let of_first = first.insertions.iter().filter(|insertion| counts(insertion, second));
    let of_second = second.insertions.iter().filter(|insertion| counts(insertion, first));
    let mut insertions: Vec<&(i64, u32)> = of_first.chain(of_second).collect();
    insertions.sort_unstable();
    insertions.dedup();
    insertions.iter().map(|(_, length)| u64::from(*length)).sum()
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
