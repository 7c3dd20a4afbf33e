//! Which units the blocks of a read touch, and on which strand.

use alkaline_core::genome::Strand;

use crate::features::{
    Cursor, IntervalIndex, MemberSet, ON_FORWARD, ON_REVERSE, ON_UNKNOWN, STRAND_BITS, SegmentMap,
};
use crate::reads::{ANTISENSE, Block, HIT_BITS, Hits, SENSE};
use crate::record::{Record, flag};

/// Looks up the blocks of one read.
pub(super) struct Lookup<'a> {
    segments: &'a SegmentMap,
    /// Contig of the annotation.
    target: u32,
    strands: StrandBits,
    cursor: &'a mut Cursor,
    last_set: MemberSet,
    /// Whether a block was empty: it touches no segment, but may lie within a row.
    pub met_empty: bool,
}

impl<'a> Lookup<'a> {
    #[inline]
    pub fn new(segments: &'a SegmentMap, target: u32, strands: StrandBits, cursor: &'a mut Cursor) -> Self {
        Self { segments, target, strands, cursor, last_set: MemberSet::EMPTY, met_empty: false }
    }

    /// Adds what `block` touches to `hits`.
    #[inline]
    pub fn block(&mut self, block: Block, hits: &mut Hits) {
        if block.start > block.end {
            self.met_empty = true;
            return;
        }
        let (segments, strands, last_set) = (self.segments, self.strands, &mut self.last_set);
        segments.visit(self.target, block.start, block.end, self.cursor, |set| {
            // Exons of one gene follow each other.
            if set != *last_set {
                *last_set = set;
                segments.members(&set).iter().for_each(|&member| hits.add(strands.hit(member)));
            }
        });
    }
}

/// Turns the strands of a set member into sense and antisense of a read.
#[derive(Clone, Copy)]
pub(crate) struct StrandBits {
    sense: u32,
    antisense: u32,
}

impl StrandBits {
    /// For a read of the fragment that `record` belongs to. A feature of unknown strand fits both rules; featureCounts lets
    /// it fit `-s 2` only.
    #[inline]
    pub fn of(record: &Record<'_>, compat: bool) -> Self {
        let reverse = record.has(flag::REVERSE) != record.has(flag::READ2);
        let (same, other) = if reverse { (ON_REVERSE, ON_FORWARD) } else { (ON_FORWARD, ON_REVERSE) };
        Self { sense: if compat { same } else { same | ON_UNKNOWN }, antisense: other | ON_UNKNOWN }
    }

    /// The entry of [`Hits`] for a set member.
    #[inline]
    pub fn hit(self, member: u32) -> u32 {
        let bit = |strands: u32, bit: u32| if member & strands != 0 { bit } else { 0 };
        member >> STRAND_BITS << HIT_BITS | bit(self.sense, SENSE) | bit(self.antisense, ANTISENSE)
    }

    /// A set member for one row.
    pub fn member(unit: u32, strand: Strand) -> u32 {
        let bits = match strand {
            Strand::Forward => ON_FORWARD,
            Strand::Reverse => ON_REVERSE,
            Strand::Unknown => ON_UNKNOWN,
        };
        unit << STRAND_BITS | bits
    }

    /// Adds what an empty block hits, whether or not it was looked up before: the rows that hold both of its neighbours.
    #[cold]
    pub fn find_hits_of_empty(self, block: Block, rows: &IntervalIndex, hits: &mut Hits) {
        if block.start > block.end {
            rows.visit(block.start, block.end, &mut |row| {
                hits.add(self.hit(Self::member(row.unit, row.strand)))
            });
        }
    }
}
