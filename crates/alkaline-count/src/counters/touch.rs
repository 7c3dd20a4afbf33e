//! Counting where only the list of touched genes matters: the usual case, and the fast one.

use std::sync::Arc;

use alkaline_core::genome::Contig;

use super::Tally;
use super::lookup::{Lookup, StrandBits};
use crate::doubts::Doubts;
use crate::engine::Counter;
use crate::error::CountError;
use crate::features::{Cursor, SegmentMap};
use crate::genome_fit::Elsewhere;
use crate::plan::{Assembly, Plan};
use crate::qc::QcCollector;
use crate::reads::{Block, End, Fact, HIT_BITS, PairKey, Pairing, Verdict, lot_of_name, visit_blocks};
use crate::record::{HitTags, Record, flag, op};

/// Records within so many bases look up the same stretch of memory.
const NEAR: u64 = 1 << 16;

/// Counts one thread's share of a file.
pub(crate) struct TouchCounter<'a> {
    plan: &'a Plan<'a>,
    segments: &'a SegmentMap,
    contigs: Arc<Vec<Contig>>,
    targets: Vec<Option<u32>>,
    /// Ends of this chunk that wait for their mate.
    pairing: Pairing<End>,
    /// Ends of earlier chunks that do.
    across: Pairing<End>,
    cursor: Cursor,
    /// Contig and position of the last record with a place.
    last_place: u64,
    /// One bit for each of the last eight records, set where it lies far from the one before.
    jumps: u8,
    span_cursor: Cursor,
    blocks: Vec<Block>,
    pub tally: Tally,
    pub qc: Option<QcCollector<'a>>,
    /// Alignments on contigs that the annotation lacks.
    pub elsewhere: Elsewhere,
    /// Records with flag 0x1, and without.
    pub paired: u64,
    pub unpaired: u64,
    pub doubts: Doubts,
}

impl<'a> TouchCounter<'a> {
    /// A counter for `plan`, which must be a touch run.
    pub fn new(plan: &'a Plan<'a>, segments: &'a SegmentMap) -> Self {
        Self {
            plan,
            segments,
            contigs: Arc::default(),
            targets: Vec::new(),
            pairing: Pairing::new(),
            across: Pairing::new(),
            cursor: Cursor::default(),
            last_place: 0,
            jumps: 0,
            span_cursor: Cursor::default(),
            blocks: Vec::new(),
            tally: Tally::new(plan.options, plan.units),
            qc: plan.options.qc.then(|| QcCollector::new(plan)),
            elsewhere: Elsewhere::default(),
            paired: 0,
            unpaired: 0,
            doubts: Doubts::default(),
        }
    }

    /// What `record` is and touches.
    #[inline]
    fn end_of(&mut self, record: &Record<'_>, tags: HitTags) -> Result<End, &'static str> {
        let mut end = End::new(record, tags.hits);
        if !record.is_placed() {
            return Ok(end);
        }
        let set_aside = tags.hits > 1 && !self.plan.options.filter.multi_mapping;
        let target = self.targets[record.contig as usize];
        if target.is_none() {
            self.elsewhere.add(record.contig);
        }
        let Some(target) = target.filter(|_| !set_aside) else {
            if record.cigar().any(|(operation, _)| operation == op::SKIP) {
                end.facts |= Fact::SPLIT;
            }
            return Ok(end);
        };
        let place = u64::from(target) << 32 | u64::from(record.start());
        self.jumps = self.jumps >> 1 | u8::from(place.abs_diff(self.last_place) > NEAR) << 7;
        self.last_place = place;
        if self.find_hits(record, target, &mut end)? {
            end.facts |= Fact::SPLIT;
        }
        if self.is_scattered()
            && let &[entry] = end.hits.as_slice()
        {
            self.tally.foresee(entry >> HIT_BITS);
        }
        if end.hits.is_empty()
            && let Some(spans) = &self.plan.gene_spans
        {
            let position = record.start();
            spans.visit(target, position, position, &mut self.span_cursor, |_| end.facts |= Fact::IN_GENE);
        }
        Ok(end)
    }

    /// Finds what `record` touches. Gives whether it is split.
    #[inline]
    fn find_hits(&mut self, record: &Record<'_>, target: u32, end: &mut End) -> Result<bool, &'static str> {
        let compat = self.plan.options.is_compat();
        if self.plan.shaper.is_some() {
            return self.find_hits_of_shaped(record, target, end);
        }
        let strands = StrandBits::of(record, compat);
        let mut lookup = Lookup::new(self.segments, target, strands, &mut self.cursor);
        let split = visit_blocks(record, compat, |block| lookup.block(block, &mut end.hits))?;
        if lookup.met_empty {
            let rows = &self.plan.intervals()[target as usize];
            visit_blocks(record, compat, |block| strands.find_hits_of_empty(block, rows, &mut end.hits))?;
        }
        Ok(split)
    }

    /// [`TouchCounter::find_hits`] for reads that are shifted, extended or reduced.
    #[inline(never)]
    fn find_hits_of_shaped(
        &mut self,
        record: &Record<'_>,
        target: u32,
        end: &mut End,
    ) -> Result<bool, &'static str> {
        let compat = self.plan.options.is_compat();
        let blocks = &mut self.blocks;
        blocks.clear();
        let split = visit_blocks(record, compat, |block| blocks.push(block))?;
        if let Some(shaper) = self.plan.shaper {
            shaper.apply(record, self.contigs[record.contig as usize].length, blocks);
        }
        let strands = StrandBits::of(record, compat);
        let mut lookup = Lookup::new(self.segments, target, strands, &mut self.cursor);
        blocks.iter().for_each(|block| lookup.block(*block, &mut end.hits));
        if lookup.met_empty {
            let rows = &self.plan.intervals()[target as usize];
            blocks.iter().for_each(|block| strands.find_hits_of_empty(*block, rows, &mut end.hits));
        }
        Ok(split)
    }

    #[inline]
    fn count_read(&mut self, record: &Record<'_>, end: &End) {
        match self.plan.filter.read(end) {
            Verdict::Rejected(category) => self.tally.reject(category),
            Verdict::Passed(alignments) => {
                let unit = self.tally.assign_touches(end.hits.as_slice(), &[], alignments);
                if let Some(qc) = &mut self.qc {
                    qc.passed(unit, lot_of_name(record.name()), end, None);
                }
            }
        }
    }

    #[inline]
    fn count_fragment(&mut self, lot: impl FnOnce() -> u32, first: &End, second: &End) {
        match self.plan.filter.fragment(first, second) {
            Verdict::Rejected(category) => self.tally.reject(category),
            Verdict::Passed(alignments) => {
                let unit =
                    self.tally.assign_touches(first.hits.as_slice(), second.hits.as_slice(), alignments);
                if let Some(qc) = &mut self.qc {
                    qc.passed(unit, lot(), first, Some(second));
                }
            }
        }
    }

    /// The counter of the whole file, from those of its threads.
    pub fn total(counters: Vec<Self>) -> Self {
        let mut counters = counters.into_iter();
        let Some(mut total) = counters.next() else { unreachable!("a run gives at least one counter") };
        total.finish();
        counters.for_each(|counter| total.merge(counter));
        if let Some(qc) = &mut total.qc {
            qc.settle();
        }
        total
    }

    /// Counts what never met its mate; called once, for the whole file.
    fn finish(&mut self) {
        for (key, end) in self.across.drain() {
            self.doubts.alone(end.flags);
            let mate = if end.has(flag::PAIRED) { end.deduced_mate() } else { end.absent_mate() };
            self.count_fragment(|| key.lot(), &end, &mate);
        }
    }

    /// Adds what another thread counted.
    fn merge(&mut self, other: Self) {
        self.tally.merge(&other.tally);
        self.elsewhere.merge(&other.elsewhere);
        self.paired += other.paired;
        self.unpaired += other.unpaired;
        self.doubts.merge(other.doubts);
        if let (Some(own), Some(other)) = (&mut self.qc, other.qc) {
            own.merge(other);
        }
    }
}

impl Counter for TouchCounter<'_> {
    type Leftover = Vec<(PairKey, End)>;

    fn begin_chunk(&mut self, contigs: &Arc<Vec<Contig>>) {
        if !Arc::ptr_eq(contigs, &self.contigs) {
            self.contigs = Arc::clone(contigs);
            self.targets = self.plan.targets(contigs);
            if let Some(qc) = &mut self.qc {
                qc.set_targets(&self.targets);
            }
        }
        if let Some(qc) = &mut self.qc {
            qc.begin_chunk();
        }
    }

    #[inline]
    fn is_scattered(&self) -> bool {
        self.jumps != 0
    }

    #[inline]
    fn foresee(&self, contig: i32, position: i32, soon: bool) {
        let target =
            usize::try_from(contig).ok().and_then(|contig| self.targets.get(contig).copied().flatten());
        if let (Some(target), Ok(position)) = (target, u32::try_from(position)) {
            self.segments.foresee(target, position, soon);
        }
    }

    #[inline]
    fn count(&mut self, record: &Record<'_>) -> Result<(), &'static str> {
        let paired = record.has(flag::PAIRED);
        if paired {
            self.paired += 1;
        } else {
            self.unpaired += 1;
        }
        let as_fragment = match self.plan.assembly {
            Assembly::AsFlagged => paired,
            Assembly::Fragments => true,
            Assembly::Reads => false,
        };
        let both_unmapped =
            record.flags & (flag::UNMAPPED | flag::MATE_UNMAPPED) == (flag::UNMAPPED | flag::MATE_UNMAPPED);
        let tags = if both_unmapped && !as_fragment {
            HitTags::default()
        } else {
            HitTags::read(record.tags(), as_fragment && paired)
        };
        self.doubts.record(record.flags, tags.hits);
        let end = self.end_of(record, tags)?;
        if let Some(qc) = &mut self.qc {
            qc.record(record, &end)?;
        }
        if !as_fragment {
            self.count_read(record, &end);
        } else if !paired {
            let mate = end.absent_mate();
            self.count_fragment(|| lot_of_name(record.name()), &end, &mate);
        } else {
            let key = PairKey::new(record, tags.hit_index);
            if let Some((key, first, second)) = self.pairing.meet(key, end) {
                self.count_fragment(|| key.lot(), &first, &second);
            }
        }
        Ok(())
    }

    fn end_chunk(&mut self) -> Self::Leftover {
        if let Some((key, first, second)) = self.pairing.finish() {
            self.count_fragment(|| key.lot(), &first, &second);
        }
        self.pairing.drain()
    }

    fn absorb(&mut self, leftover: Self::Leftover) -> Result<(), CountError> {
        for (key, end) in leftover {
            if let Some((key, first, second)) = self.across.meet_anywhere(key, end) {
                self.count_fragment(|| key.lot(), &first, &second);
            }
        }
        Ok(())
    }
}
