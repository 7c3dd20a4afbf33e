//! Counting where it matters by how many bases reads and features overlap, or where each read must be kept track of.

mod detail;
mod fragment_length;
mod full_end;
mod overlap;

use std::sync::Arc;

use alkaline_core::genome::Contig;
use alkaline_core::results::Assignment;

use super::Tally;
use crate::details::{DetailSink, Targets};
use crate::doubts::Doubts;
use crate::engine::Counter;
use crate::error::CountError;
use crate::genome_fit::Elsewhere;
use crate::junctions::JunctionCounts;
use crate::options::StrandRule;
use crate::plan::{Assembly, Plan};
use crate::qc::QcCollector;
use crate::reads::{End, PairKey, Pairing, Verdict};
use crate::record::{HitTags, Record, flag};
use detail::DetailReader;
pub(crate) use full_end::Detail;
use overlap::OverlapJudge;

/// An end with everything that may be asked about it.
type FullEnd = (End, Box<Detail>);

/// What a chunk leaves behind, in the order of its records.
pub(crate) struct MeasuredLeftover {
    waiting: Vec<(PairKey, FullEnd)>,
    details: Vec<u8>,
}

/// What all threads of a file share.
pub(crate) struct MeasuredFile<'a> {
    pub plan: &'a Plan<'a>,
    /// The strand rule that the user asked for.
    pub rule: StrandRule,
    /// Read groups, when each has its own column.
    pub groups: Vec<String>,
    /// Where the fate of each read is written.
    pub sink: Option<&'a DetailSink>,
}

/// Counts one thread's share of a file.
pub(crate) struct MeasuredCounter<'a> {
    file: &'a MeasuredFile<'a>,
    reader: DetailReader<'a>,
    judge: OverlapJudge<'a>,
    pairing: Pairing<FullEnd>,
    across: Pairing<FullEnd>,
    /// With `--donotsort`: the first of two.
    previous: Option<FullEnd>,
    arrivals: u64,
    /// One for the file, or one for each read group.
    pub tallies: Vec<Tally>,
    pub junctions: JunctionCounts,
    pub qc: Option<QcCollector<'a>>,
    /// Fates of reads, in the layout of the sink.
    details: Vec<u8>,
    pub paired: u64,
    pub unpaired: u64,
    pub doubts: Doubts,
}

impl<'a> MeasuredCounter<'a> {
    pub fn new(file: &'a MeasuredFile<'a>) -> Self {
        let plan = file.plan;
        let columns = file.groups.len().max(1);
        Self {
            file,
            reader: DetailReader::new(plan, file.groups.as_slice(), file.sink.map(|sink| sink.format())),
            judge: OverlapJudge::new(plan),
            pairing: Pairing::new(),
            across: Pairing::new(),
            previous: None,
            arrivals: 0,
            tallies: vec![Tally::new(plan.options, plan.units); columns],
            junctions: JunctionCounts::default(),
            qc: plan.options.qc.then(|| QcCollector::new(plan)),
            details: Vec::new(),
            paired: 0,
            unpaired: 0,
            doubts: Doubts::default(),
        }
    }

    /// Alignments on contigs that the annotation lacks, which are then forgotten here.
    pub fn take_elsewhere(&mut self) -> Elsewhere {
        std::mem::take(&mut self.reader.elsewhere)
    }

    fn count_read(&mut self, end: &FullEnd) {
        let verdict = self.file.plan.filter.read(&end.0);
        self.conclude(verdict, end, None);
    }

    fn count_fragment(&mut self, first: &FullEnd, second: &FullEnd) {
        let verdict = self.file.plan.filter.fragment(&first.0, &second.0);
        self.conclude(verdict, first, Some(second));
    }

    fn count_alone(&mut self, end: &FullEnd) {
        let mate = if end.0.has(flag::PAIRED) { end.0.deduced_mate() } else { end.0.absent_mate() };
        let verdict = self.file.plan.filter.fragment(&end.0, &mate);
        self.conclude(verdict, end, None);
    }

    /// Counts a read or fragment and notes its fate.
    fn conclude(&mut self, verdict: Verdict, first: &FullEnd, second: Option<&FullEnd>) {
        let plan = self.file.plan;
        if plan.options.junctions {
            self.junctions.add(&first.1.junctions, second.map_or(&[], |end| &end.1.junctions));
        }
        let group = first.1.group.or_else(|| second.and_then(|end| end.1.group));
        let column = if self.file.groups.is_empty() { Some(0) } else { group.map(|group| group as usize) };
        let mut targets = Targets::None(Assignment::NoFeatures);
        match verdict {
            Verdict::Rejected(category) => {
                // featureCounts forgets these in the figures of a read group.
                let forgotten = plan.options.is_compat()
                    && category == Assignment::MappingQuality
                    && !self.file.groups.is_empty();
                if let Some(column) = column.filter(|_| !forgotten) {
                    self.tallies[column].reject(category);
                }
                targets = Targets::None(category);
            }
            Verdict::Passed(alignments) => {
                let used = self.file.rule.given().unwrap_or_default();
                let ends = [Some(&*first.1), second.map(|end| &*end.1)];
                for (rule, strandedness) in super::STRAND_RULES.into_iter().enumerate() {
                    let outcome = self.judge.assign(ends, rule);
                    if let Some(column) = column {
                        match outcome {
                            Ok(units) => self.tallies[column].assign(rule, units, alignments),
                            Err(category) => self.tallies[column].outcome(rule, category),
                        }
                    }
                    if strandedness == used && self.file.sink.is_some() {
                        targets = match outcome {
                            Ok(units) => Targets::Units(units.to_vec()),
                            Err(category) => Targets::None(category),
                        };
                    }
                }
                if let Some(qc) = &mut self.qc {
                    let unit = first.1.only_unit(second.map(|end| &*end.1));
                    qc.passed(unit, first.1.lot, &first.0, second.map(|end| &end.0));
                }
            }
        }
        if let Some(sink) = self.file.sink {
            let ends = [Some(&*first.1), second.map(|end| &*end.1)];
            sink.note(plan, &targets, ends, &mut self.details);
        }
    }

    /// The counter of the whole file, from those of its threads.
    pub fn total(counters: Vec<Self>) -> Result<Self, CountError> {
        let mut counters = counters.into_iter();
        let Some(mut total) = counters.next() else { unreachable!("a run gives at least one counter") };
        total.finish()?;
        for counter in counters {
            if counter.contigs().len() > total.contigs().len() {
                total.reader.begin_chunk(counter.contigs());
            }
            total.merge(counter);
        }
        if let Some(qc) = &mut total.qc {
            qc.settle();
        }
        Ok(total)
    }

    /// All contigs that records named.
    pub fn contigs(&self) -> &Arc<Vec<Contig>> {
        self.reader.contigs()
    }

    /// Counts what never met its mate and writes what is left; called once, for the whole file.
    fn finish(&mut self) -> Result<(), CountError> {
        let mut alone = self.across.drain();
        alone.sort_by_key(|(_, (_, detail))| detail.arrival);
        for (_, end) in alone {
            self.doubts.alone(end.0.flags);
            self.count_alone(&end);
        }
        // With --donotsort an odd last record is dropped.
        self.previous = None;
        self.write_details(&[])
    }

    fn write_details(&mut self, of_chunk: &[u8]) -> Result<(), CountError> {
        if let Some(sink) = self.file.sink {
            sink.write(&self.details)?;
            sink.write(of_chunk)?;
        }
        self.details.clear();
        Ok(())
    }

    /// Adds what another thread counted.
    fn merge(&mut self, other: Self) {
        for (own, other) in self.tallies.iter_mut().zip(&other.tallies) {
            own.merge(other);
        }
        self.junctions.merge(other.junctions);
        self.reader.elsewhere.merge(&other.reader.elsewhere);
        self.paired += other.paired;
        self.unpaired += other.unpaired;
        self.doubts.merge(other.doubts);
        if let (Some(own), Some(other)) = (&mut self.qc, other.qc) {
            own.merge(other);
        }
    }
}

impl Counter for MeasuredCounter<'_> {
    type Leftover = MeasuredLeftover;

    fn begin_chunk(&mut self, contigs: &Arc<Vec<Contig>>) {
        if self.reader.begin_chunk(contigs)
            && let Some(qc) = &mut self.qc
        {
            qc.set_targets(self.reader.targets());
        }
        if let Some(qc) = &mut self.qc {
            qc.begin_chunk();
        }
    }

    fn count(&mut self, record: &Record<'_>) -> Result<(), &'static str> {
        let paired = record.has(flag::PAIRED);
        self.paired += u64::from(paired);
        self.unpaired += u64::from(!paired);
        let as_fragment = match self.file.plan.assembly {
            Assembly::AsFlagged => paired,
            Assembly::Fragments => true,
            Assembly::Reads => false,
        };
        let tags = HitTags::read(record.tags(), as_fragment && paired);
        self.doubts.record(record.flags, tags.hits);
        let end = self.reader.read(record, tags)?;
        if let Some(qc) = &mut self.qc {
            qc.record(record, &end.0)?;
        }
        if !as_fragment {
            self.count_read(&end);
        } else if self.file.plan.options.pairs.adjacent_only {
            match self.previous.take() {
                Some(previous) => self.count_fragment(&previous, &end),
                None => self.previous = Some(end),
            }
        } else if !paired {
            self.count_alone(&end);
        } else {
            let key = PairKey::new(record, tags.hit_index);
            if let Some((_, first, second)) = self.pairing.meet(key, end) {
                self.count_fragment(&first, &second);
            }
        }
        Ok(())
    }

    fn end_chunk(&mut self) -> Self::Leftover {
        if let Some((_, first, second)) = self.pairing.finish() {
            self.count_fragment(&first, &second);
        }
        let mut waiting = self.pairing.drain();
        waiting.sort_by_key(|(_, (_, detail))| detail.arrival);
        MeasuredLeftover { waiting, details: std::mem::take(&mut self.details) }
    }

    fn absorb(&mut self, leftover: Self::Leftover) -> Result<(), CountError> {
        self.write_details(&leftover.details)?;
        for (key, mut end) in leftover.waiting {
            end.1.arrival = self.arrivals;
            self.arrivals += 1;
            if let Some((_, first, second)) = self.across.meet_anywhere(key, end) {
                self.count_fragment(&first, &second);
            }
        }
        self.write_details(&[])
    }
}
