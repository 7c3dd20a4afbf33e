//! What a run needs to know before the first read: options made ready, the annotation arranged for looking up.

use std::sync::{Arc, OnceLock};

use alkaline_core::Annotation;
use alkaline_core::genome::Contig;

use crate::contigs::ContigMatcher;
use crate::features::{IntervalIndex, RowInterval, SegmentMap, SegmentRow};
use crate::meter::Meter;
use crate::options::{CountOptions, CountUnit};
use crate::qc::GeneModels;
use crate::reads::{BlockShaper, FilterContext};

/// How records of a file are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assembly {
    /// Pairs are fragments, other records stand alone.
    AsFlagged,
    /// Every record belongs to a fragment.
    Fragments,
    /// Every record stands alone.
    Reads,
}

/// Shared by all threads and files of a run.
pub(crate) struct Plan<'a> {
    pub options: &'a CountOptions,
    pub annotation: &'a Annotation,
    pub filter: FilterContext,
    pub shaper: Option<BlockShaper>,
    pub assembly: Assembly,
    /// Genes or rows, as they are counted.
    pub units: usize,
    /// Units by position; `None` when the annotation is too deep for it.
    pub segments: Option<SegmentMap>,
    /// Genes from first to last exon, for telling introns from the space between genes.
    pub gene_spans: Option<SegmentMap>,
    /// The shape of genes, for the coverage along them.
    pub gene_models: Option<GeneModels>,
    /// Told how much of the file was read, where somebody watches.
    pub meter: Option<&'a Meter>,
    intervals: OnceLock<Vec<IntervalIndex>>,
}

impl<'a> Plan<'a> {
    pub fn new(options: &'a CountOptions, annotation: &'a Annotation) -> Self {
        let by_feature = options.by_feature;
        let rows = rows_by_contig(annotation, by_feature);
        let touch = is_touch_run(options);
        Self {
            options,
            annotation,
            filter: FilterContext { filter: options.filter, pairs: options.pairs },
            shaper: BlockShaper::new(effective_shape(options), options.is_compat()),
            assembly: assembly(options),
            units: if by_feature { annotation.exons.len() } else { annotation.genes.len() },
            segments: if touch { SegmentMap::new(&rows) } else { None },
            gene_spans: if options.qc { SegmentMap::new(&gene_spans(annotation)) } else { None },
            gene_models: (options.qc && !by_feature).then(|| GeneModels::new(annotation)),
            meter: None,
            intervals: OnceLock::new(),
        }
    }

    /// The same; `meter` is told how much of a file was read.
    pub fn watched(self, meter: Option<&'a Meter>) -> Self {
        Self { meter, ..self }
    }

    /// The name of a unit: of the gene, or of the gene that a row belongs to.
    pub fn unit_name(&self, unit: u32) -> &str {
        let gene = if self.options.by_feature { self.annotation.exons[unit as usize].gene } else { unit };
        self.annotation.genes[gene as usize].id.as_str()
    }

    /// Rows by position, arranged when first needed.
    pub fn intervals(&self) -> &[IntervalIndex] {
        self.intervals.get_or_init(|| {
            let mut rows: Vec<Vec<RowInterval>> = vec![Vec::new(); self.annotation.contigs.len()];
            for (row, exon) in self.annotation.exons.iter().enumerate() {
                let row = row as u32;
                rows[exon.contig as usize].push(RowInterval {
                    start: exon.span.start(),
                    end: exon.span.end(),
                    row,
                    unit: if self.options.by_feature { row } else { exon.gene },
                    strand: exon.strand,
                });
            }
            rows.into_iter().map(IntervalIndex::new).collect()
        })
    }

    /// For each contig of the alignments its place in the annotation, where it has one.
    pub fn targets(&self, contigs: &Arc<Vec<Contig>>) -> Vec<Option<u32>> {
        let aliases = &self.options.contig_aliases;
        ContigMatcher::new(self.annotation, aliases, self.options.is_compat()).match_all(contigs)
    }
}

/// Whether nothing asked for needs more than the list of units that each end touches.
fn is_touch_run(options: &CountOptions) -> bool {
    options.overlap.is_touch()
        && !options.junctions
        && !options.by_read_group
        && options.details.is_none()
        && !options.pairs.adjacent_only
}

/// The shape with the gap that a `--minOverlap` below 1 allows.
fn effective_shape(options: &CountOptions) -> crate::options::ReadShape {
    let mut shape = options.shape;
    if options.overlap.min_overlap < 1 {
        let gap = options.overlap.min_overlap.unsigned_abs() + 1;
        shape.extend_5 = gap;
        shape.extend_3 = gap;
    }
    shape
}

fn assembly(options: &CountOptions) -> Assembly {
    if options.long_reads {
        return Assembly::Reads;
    }
    match options.unit {
        CountUnit::Auto => Assembly::AsFlagged,
        CountUnit::Fragments => Assembly::Fragments,
        CountUnit::Reads | CountUnit::SingleEnd => Assembly::Reads,
    }
}

fn rows_by_contig(annotation: &Annotation, by_feature: bool) -> Vec<Vec<SegmentRow>> {
    let mut rows: Vec<Vec<SegmentRow>> = vec![Vec::new(); annotation.contigs.len()];
    for (row, exon) in annotation.exons.iter().enumerate() {
        rows[exon.contig as usize].push(SegmentRow {
            start: exon.span.start(),
            end: exon.span.end(),
            strand: exon.strand,
            unit: if by_feature { row as u32 } else { exon.gene },
        });
    }
    rows
}

/// Every gene on every contig that it has exons on, from the first to the last of them; joined where genes overlap.
fn gene_spans(annotation: &Annotation) -> Vec<Vec<SegmentRow>> {
    use std::collections::HashMap;
    let mut spans: HashMap<(u32, u32), (u32, u32)> = HashMap::new();
    for exon in &annotation.exons {
        let span = spans.entry((exon.contig, exon.gene)).or_insert((exon.span.start(), exon.span.end()));
        *span = (span.0.min(exon.span.start()), span.1.max(exon.span.end()));
    }
    let mut rows: Vec<Vec<SegmentRow>> = vec![Vec::new(); annotation.contigs.len()];
    for ((contig, _), (start, end)) in spans {
        let strand = alkaline_core::genome::Strand::Unknown;
        // Which gene it is does not matter: one unit keeps the sets small.
        rows[contig as usize].push(SegmentRow { start, end, strand, unit: 0 });
    }
    for contig in &mut rows {
        contig.sort_unstable_by_key(|row| (row.start, row.end));
    }
    rows
}
