//! What one thread learns about the reads while it counts them.

use super::gene_body::GeneBody;
use super::junctions::JunctionTable;
use crate::counters::STRAND_RULES;
use crate::plan::Plan;
use crate::reads::{ANTISENSE, End, Fact, SENSE};
use crate::record::{Record, flag};

/// Number of flag values (the twelve bits that SAM defines).
const FLAG_VALUES: usize = 1 << 12;

/// Longest insert that is told apart.
pub(super) const MAX_INSERT: usize = 2_000;

/// Mapping quality that flagstat asks of mates on another contig.
const FLAGSTAT_QUALITY: u8 = 5;

/// One record in this many is drawn for the coverage along genes.
const GENE_BODY_SAMPLING: u32 = 16;

/// The lot that no fragment draws: a gene without fragments.
pub(super) const NO_LOT: u32 = u32::MAX;

/// Learns from records and from fragments.
pub(crate) struct QcCollector<'a> {
    /// Records by flag.
    flags: Box<[u64; FLAG_VALUES]>,
    pub(super) other_contig: u64,
    pub(super) other_contig_q5: u64,
    pub(super) inserts: Box<[u64; MAX_INSERT + 1]>,
    pub(super) longer_inserts: u64,
    /// Passed fragments that touch no exon: within a gene, and outside all.
    pub(super) intronic: u64,
    pub(super) intergenic: u64,
    /// Passed fragments that have an exon, under each strand rule none on the right strand.
    pub(super) antisense: [u64; 3],
    pub(super) multi_mapped_reads: u64,
    pub(super) junctions: JunctionTable,
    pub(super) gene_body: GeneBody<'a>,
    /// For each unit the smallest lot of its fragments, under each rule: the depth at which it is first seen.
    pub(super) lots: Vec<[u32; 3]>,
    targets: Vec<Option<u32>>,
    draw: u32,
    by_gene: bool,
}

impl<'a> QcCollector<'a> {
    pub fn new(plan: &'a Plan<'a>) -> Self {
        Self {
            flags: Box::new([0; FLAG_VALUES]),
            other_contig: 0,
            other_contig_q5: 0,
            inserts: Box::new([0; MAX_INSERT + 1]),
            longer_inserts: 0,
            intronic: 0,
            intergenic: 0,
            antisense: [0; 3],
            multi_mapped_reads: 0,
            junctions: JunctionTable::default(),
            gene_body: GeneBody::new(plan.gene_models.as_ref()),
            lots: vec![[NO_LOT; 3]; plan.units],
            targets: Vec::new(),
            draw: 0,
            by_gene: !plan.options.by_feature,
        }
    }

    /// Tells which contigs of the annotation the contigs of the alignments are.
    pub fn set_targets(&mut self, targets: &[Option<u32>]) {
        self.targets = targets.to_vec();
    }

    /// Begins a chunk: draws must not depend on which thread counts it.
    pub fn begin_chunk(&mut self) {
        self.draw = 0;
    }

    /// Learns from a record.
    #[inline]
    pub fn record(&mut self, record: &Record<'_>, end: &End) -> Result<(), &'static str> {
        self.flags[usize::from(record.flags) & (FLAG_VALUES - 1)] += 1;
        if record.has(flag::UNMAPPED) {
            return Ok(());
        }
        let primary = !record.has(flag::SECONDARY | flag::SUPPLEMENTARY);
        if primary && record.has(flag::PAIRED) && !record.has(flag::MATE_UNMAPPED) {
            self.pair(record);
        }
        if primary && end.alignments > 1 {
            self.multi_mapped_reads += 1;
        }
        if !record.is_placed() || end.alignments > 1 {
            return Ok(());
        }
        if end.is(Fact::SPLIT)
            && let Some(target) = self.targets[record.contig as usize]
        {
            self.junctions.record(record, target);
        }
        self.draw += 1;
        if self.draw >= GENE_BODY_SAMPLING {
            self.draw = 0;
            if self.by_gene
                && let &[entry] = end.hits.as_slice()
            {
                self.gene_body.record(record, entry);
            }
        }
        Ok(())
    }

    fn pair(&mut self, record: &Record<'_>) {
        if record.contig != record.mate_contig {
            self.other_contig += 1;
            self.other_contig_q5 += u64::from(record.mapping_quality >= FLAGSTAT_QUALITY);
        } else if record.has(flag::PROPER) && record.template_length > 0 {
            match self.inserts.get_mut(record.template_length as usize) {
                Some(number) => *number += 1,
                None => self.longer_inserts += 1,
            }
        }
    }

    /// Learns from a fragment that passed the filters; `unit` is the one that it touches (with the strands), if it is
    /// only one.
    #[inline]
    pub fn passed(&mut self, unit: Option<(u32, u32)>, lot: u32, first: &End, second: Option<&End>) {
        match unit {
            Some((unit, strands)) => {
                let lots = &mut self.lots[unit as usize];
                let fits = [true, strands & SENSE != 0, strands & ANTISENSE != 0];
                for rule in 0..STRAND_RULES.len() {
                    if fits[rule] {
                        lots[rule] = lots[rule].min(lot);
                    } else {
                        self.antisense[rule] += 1;
                    }
                }
            }
            None if first.hits.is_empty() && second.is_none_or(|end| end.hits.is_empty()) => {
                if first.is(Fact::IN_GENE) || second.is_some_and(|end| end.is(Fact::IN_GENE)) {
                    self.intronic += 1;
                } else {
                    self.intergenic += 1;
                }
            }
            None => {}
        }
    }

    /// Called when the last record was seen.
    pub fn settle(&mut self) {
        self.junctions.settle();
    }

    /// Adds what another thread learned.
    pub fn merge(&mut self, other: Self) {
        let add = |own: &mut [u64], other: &[u64]| {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        };
        add(&mut self.flags[..], &other.flags[..]);
        add(&mut self.inserts[..], &other.inserts[..]);
        add(&mut self.antisense, &other.antisense);
        self.other_contig += other.other_contig;
        self.other_contig_q5 += other.other_contig_q5;
        self.longer_inserts += other.longer_inserts;
        self.intronic += other.intronic;
        self.intergenic += other.intergenic;
        self.multi_mapped_reads += other.multi_mapped_reads;
        self.junctions.merge(other.junctions);
        self.gene_body.merge(&other.gene_body);
        for (own, other) in self.lots.iter_mut().zip(&other.lots) {
            (0..STRAND_RULES.len()).for_each(|rule| own[rule] = own[rule].min(other[rule]));
        }
    }

    /// Records with every bit of `set` and none of `clear`.
    pub fn records_with(&self, set: u16, clear: u16) -> u64 {
        let fits = |flags: usize| flags as u16 & set == set && flags as u16 & clear == 0;
        self.flags.iter().enumerate().filter(|(flags, _)| fits(*flags)).map(|(_, number)| number).sum()
    }
}
