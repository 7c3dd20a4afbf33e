//! Coverage along genes from 5' to 3', in percent of the length of their joined exons.

use alkaline_core::Annotation;
use alkaline_core::genome::Strand;

use crate::reads::HIT_BITS;
use crate::record::{Record, op};

/// Points along a gene.
pub(super) const BINS: usize = 100;

/// Genes shorter than this say little about the position along them, in bases.
const MIN_LENGTH: u32 = 500;

/// A stretch of joined exons, with the number of exonic bases before it.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: u32,
    end: u32,
    before: u32,
}

/// The joined exons of a gene that lies on one contig and one strand.
#[derive(Clone, Copy, Debug)]
struct Model {
    from: u32,
    to: u32,
    length: u32,
    reverse: bool,
}

/// The shape of genes, shared by all threads.
#[derive(Debug, Default)]
pub(crate) struct GeneModels {
    stretches: Vec<Stretch>,
    models: Vec<Option<Model>>,
}

impl GeneModels {
    /// The joined exons of all genes long enough.
    pub fn new(annotation: &Annotation) -> Self {
        let mut models = Self::default();
        for rows in annotation.rows_by_gene() {
            let model = models.join(annotation, &rows);
            models.models.push(model);
        }
        models
    }

    fn join(&mut self, annotation: &Annotation, rows: &[u32]) -> Option<Model> {
        let exons = || rows.iter().map(|&row| &annotation.exons[row as usize]);
        let first = exons().next()?;
        if first.strand == Strand::Unknown
            || exons().any(|exon| (exon.contig, exon.strand) != (first.contig, first.strand))
        {
            return None;
        }
        let from = self.stretches.len();
        for exon in exons() {
            let (start, end) = (exon.span.start(), exon.span.end());
            match self.stretches[from..].last_mut() {
                Some(last) if start <= last.end + 1 => last.end = last.end.max(end),
                _ => self.stretches.push(Stretch { start, end, before: 0 }),
            }
        }
        let mut length = 0;
        for stretch in &mut self.stretches[from..] {
            stretch.before = length;
            length += stretch.end - stretch.start + 1;
        }
        if length < MIN_LENGTH {
            self.stretches.truncate(from);
            return None;
        }
        let reverse = first.strand == Strand::Reverse;
        Some(Model { from: from as u32, to: self.stretches.len() as u32, length, reverse })
    }

    /// The bin of `position` in gene number `gene`.
    fn bin(&self, gene: usize, position: u32) -> Option<usize> {
        let model = (*self.models.get(gene)?)?;
        let stretches = &self.stretches[model.from as usize..model.to as usize];
        let place = stretches.partition_point(|stretch| stretch.end < position);
        let stretch = stretches.get(place).filter(|stretch| stretch.start <= position)?;
        let offset = stretch.before + (position - stretch.start);
        let from_5 = if model.reverse { model.length - 1 - offset } else { offset };
        Some((u64::from(from_5) * BINS as u64 / u64::from(model.length)) as usize)
    }
}

/// Coverage gathered by one thread.
pub(crate) struct GeneBody<'a> {
    models: Option<&'a GeneModels>,
    pub(super) bins: [u64; BINS],
}

impl<'a> GeneBody<'a> {
    pub fn new(models: Option<&'a GeneModels>) -> Self {
        Self { models, bins: [0; BINS] }
    }

    /// Adds the middle of every aligned stretch of `record`, weighted by its length, to the gene of hit `entry`.
    pub fn record(&mut self, record: &Record<'_>, entry: u32) {
        let Some(models) = self.models else { return };
        let gene = (entry >> HIT_BITS) as usize;
        let mut position = record.start();
        for (operation, length) in record.cigar() {
            match operation {
                op::MATCH | op::EQUAL | op::DIFFERENT => {
                    if let Some(bin) = models.bin(gene, position + length / 2) {
                        self.bins[bin] += u64::from(length);
                    }
                    position += length;
                }
                op::DELETION | op::SKIP => position += length,
                _ => {}
            }
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.bins.iter_mut().zip(&other.bins).for_each(|(own, other)| *own += other);
    }
}
