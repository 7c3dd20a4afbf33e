//! The stretches of the genome that a read is aligned to.

use crate::options::{ReadEnd, ReadShape, ShiftDirection};
use crate::record::{Record, flag, op};

/// Lengths of aligned stretches that featureCounts keeps: 16 bits.
const COMPAT_LENGTH_MASK: u32 = 0xffff;

/// A position behind every feature.
const NOWHERE: u32 = u32::MAX - 1;

/// An aligned stretch, 1-based, ends included; `start == end + 1` when nothing but an insertion is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub start: u32,
    pub end: u32,
}

/// Calls `visit` with every block of the CIGAR, in order. Gives whether the alignment is split (`N`).
///
/// Matches extend a block; insertions, deletions and skips end it. A block may be empty where an insertion is the first
/// operation or stands beside another of these.
///
/// # Errors
/// An operation that BAM does not know, or a position outside its number range.
#[inline]
pub(crate) fn visit_blocks(
    record: &Record<'_>,
    compat: bool,
    mut visit: impl FnMut(Block),
) -> Result<bool, &'static str> {
    let mask = if compat { COMPAT_LENGTH_MASK } else { u32::MAX };
    let mut operations = record.cigar();
    let mut start = record.start();
    let mut length = 0_u32;
    let mut split = false;
    // One place where blocks are visited, whatever ends them, so that the visit is compiled into the loop.
    loop {
        let operation = operations.next();
        let step = match operation {
            Some((op::MATCH | op::EQUAL | op::DIFFERENT, bases)) => {
                length += bases;
                check_range(start, length)?;
                continue;
            }
            Some((4..=6 | op::BACK, _)) => continue,
            Some((op::DELETION | op::SKIP, bases)) => bases,
            Some((op::INSERTION, _)) => 0,
            Some(_) => return Err("has an unknown CIGAR operation"),
            None if length == 0 => return Ok(split),
            None => 0,
        };
        visit(Block { start, end: start + (length & mask) - 1 });
        start += length + step;
        length = 0;
        check_range(start, length)?;
        split |= matches!(operation, Some((op::SKIP, _)));
    }
}

/// Three operations of the largest length may overflow; real contigs are shorter than 2^31.
#[inline]
fn check_range(start: u32, length: u32) -> Result<(), &'static str> {
    match start.checked_add(length) {
        Some(end) if end <= i32::MAX as u32 => Ok(()),
        _ => Err("reaches beyond the largest position"),
    }
}

/// Shifts, extends and reduces reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockShaper {
    shape: ReadShape,
    compat: bool,
}

impl BlockShaper {
    /// `None` when reads stay where they are.
    pub fn new(shape: ReadShape, compat: bool) -> Option<Self> {
        let plain = ReadShape { shift_direction: shape.shift_direction, ..ReadShape::default() };
        (shape != plain).then_some(Self { shape, compat })
    }

    /// Changes `blocks` of `record`, which lies on a contig of `contig_length` bases (0 when unknown).
    pub fn apply(&self, record: &Record<'_>, contig_length: u32, blocks: &mut [Block]) {
        if blocks.is_empty() {
            return;
        }
        let reverse = record.has(flag::REVERSE);
        let last_base = if contig_length == 0 { i32::MAX as u32 } else { contig_length };
        let bases_before = blocks[0].start - 1;
        self.shift(reverse, last_base, blocks);
        let before = if reverse { self.shape.extend_3 } else { self.shape.extend_5 };
        let behind = if reverse { self.shape.extend_5 } else { self.shape.extend_3 };
        let first = &mut blocks[0];
        first.start = if self.compat {
            // featureCounts adds as many bases as lie before the unshifted read; a start below zero wraps round.
            first.start.checked_sub(before.min(bases_before)).unwrap_or(NOWHERE)
        } else {
            first.start.saturating_sub(before).max(1)
        };
        if behind > 0 {
            let last = &mut blocks[blocks.len() - 1];
            last.end = last.end.saturating_add(behind).min(last_base);
        }
        if let Some(end) = self.shape.reduce_to {
            let at_start = (end == ReadEnd::Five) != reverse;
            let base = if at_start { blocks[0].start } else { blocks[blocks.len() - 1].end };
            blocks.fill(Block { start: base, end: base });
        }
    }

    fn shift(&self, reverse: bool, last_base: u32, blocks: &mut [Block]) {
        if self.shape.shift == 0 {
            return;
        }
        let to_left = match self.shape.shift_direction {
            ShiftDirection::Left => true,
            ShiftDirection::Right => false,
            ShiftDirection::Upstream => !reverse,
            ShiftDirection::Downstream => reverse,
        };
        // The read moves as a whole, until it meets the end of the contig; one that reaches beyond is drawn back.
        let (first, last) = (i64::from(blocks[0].start), i64::from(blocks[blocks.len() - 1].end));
        let shift = i64::from(self.shape.shift);
        let distance = if to_left { -shift.min(first - 1) } else { shift.min(i64::from(last_base) - last) };
        for block in blocks {
            let moved = |position: u32| (i64::from(position) + distance).max(0) as u32;
            *block = Block { start: moved(block.start), end: moved(block.end) };
        }
    }
}
