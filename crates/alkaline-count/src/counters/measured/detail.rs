//! What a record is aligned to, in full.

use std::collections::HashMap;
use std::sync::Arc;

use alkaline_core::genome::Contig;

use super::fragment_length::aligned_shape;
use super::full_end::{Detail, RowHit};
use crate::counters::lookup::StrandBits;
use crate::genome_fit::Elsewhere;
use crate::options::DetailFormat;
use crate::plan::Plan;
use crate::reads::{Block, End, Fact, HIT_BITS, lot_of_name, visit_blocks};
use crate::record::{HitTags, Record, TagValue, Tags, op};

/// Reads details of records.
pub(super) struct DetailReader<'a> {
    plan: &'a Plan<'a>,
    groups: HashMap<&'a [u8], u32>,
    format: Option<DetailFormat>,
    contigs: Arc<Vec<Contig>>,
    targets: Vec<Option<u32>>,
    blocks: Vec<Block>,
    arrivals: u64,
    /// Alignments on contigs that the annotation lacks.
    pub elsewhere: Elsewhere,
}

impl<'a> DetailReader<'a> {
    pub fn new(plan: &'a Plan<'a>, groups: &'a [String], format: Option<DetailFormat>) -> Self {
        let groups = groups.iter().enumerate().map(|(place, id)| (id.as_bytes(), place as u32)).collect();
        Self {
            plan,
            groups,
            format,
            contigs: Arc::default(),
            targets: Vec::new(),
            blocks: Vec::new(),
            arrivals: 0,
            elsewhere: Elsewhere::default(),
        }
    }

    /// Takes note of the contigs; `true` when they are new.
    pub fn begin_chunk(&mut self, contigs: &Arc<Vec<Contig>>) -> bool {
        if Arc::ptr_eq(contigs, &self.contigs) {
            return false;
        }
        self.contigs = Arc::clone(contigs);
        self.targets = self.plan.targets(contigs);
        true
    }

    pub fn contigs(&self) -> &Arc<Vec<Contig>> {
        &self.contigs
    }

    pub fn targets(&self) -> &[Option<u32>] {
        &self.targets
    }

    pub fn read(&mut self, record: &Record<'_>, tags: HitTags) -> Result<(End, Box<Detail>), &'static str> {
        let mut end = End::new(record, tags.hits);
        let mut detail = Box::new(Detail { arrival: self.arrivals, ..Detail::default() });
        self.arrivals += 1;
        if self.plan.options.qc {
            detail.lot = lot_of_name(record.name());
        }
        match self.format {
            Some(DetailFormat::Core) => detail.kept = record.name().to_vec(),
            Some(_) => detail.kept = record.bytes.to_vec(),
            None => {}
        }
        if !self.groups.is_empty() {
            detail.group = self.group(record);
        }
        if !record.is_placed() {
            return Ok((end, detail));
        }
        self.find_junctions(record, &mut end, &mut detail);
        match self.targets[record.contig as usize] {
            Some(target) => self.find_hits(record, target, &mut end, &mut detail)?,
            None => self.elsewhere.add(record.contig),
        }
        detail.shape = aligned_shape(record);
        Ok((end, detail))
    }

    fn group(&self, record: &Record<'_>) -> Option<u32> {
        Tags(record.tags()).find(|(key, _)| key == b"RG").and_then(|(_, value)| match value {
            TagValue::Text(id) => self.groups.get(id).copied(),
            _ => None,
        })
    }

    fn find_junctions(&self, record: &Record<'_>, end: &mut End, detail: &mut Detail) {
        let mut position = record.start();
        for (operation, length) in record.cigar() {
            match operation {
                op::SKIP => {
                    end.facts |= Fact::SPLIT;
                    let right = position.saturating_add(length);
                    detail.junctions.push((record.contig as u32, position - 1, right));
                    position = position.saturating_add(length);
                }
                op::MATCH | op::EQUAL | op::DIFFERENT | op::DELETION => {
                    position = position.saturating_add(length);
                }
                _ => {}
            }
        }
    }

    fn find_hits(
        &mut self,
        record: &Record<'_>,
        target: u32,
        end: &mut End,
        detail: &mut Detail,
    ) -> Result<(), &'static str> {
        let compat = self.plan.options.is_compat();
        self.blocks.clear();
        visit_blocks(record, compat, |block| self.blocks.push(block))?;
        if let Some(shaper) = self.plan.shaper {
            let length = self.contigs[record.contig as usize].length;
            shaper.apply(record, length, &mut self.blocks);
        }
        let strands = StrandBits::of(record, compat);
        let rows = &self.plan.intervals()[target as usize];
        for block in &self.blocks {
            rows.visit(block.start, block.end, &mut |row| {
                let entry = strands.hit(StrandBits::member(row.unit, row.strand));
                detail.hits.push(RowHit {
                    row: row.row,
                    unit: row.unit,
                    start: row.start.max(block.start),
                    end: row.end.min(block.end),
                    strands: entry & ((1 << HIT_BITS) - 1),
                });
                end.hits.add(entry);
            });
        }
        if end.hits.is_empty()
            && let Some(spans) = &self.plan.gene_spans
        {
            let position = record.start();
            spans.visit(target, position, position, &mut Default::default(), |_| end.facts |= Fact::IN_GENE);
        }
        Ok(())
    }
}
