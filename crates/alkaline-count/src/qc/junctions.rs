//! Splice junctions seen, and how many of them the annotation knows.

use std::collections::HashSet;

use alkaline_core::Annotation;
use rustc_hash::FxHashMap;

use crate::record::{Record, op};

/// Junctions by contig of the annotation, last base before and first base after the gap.
#[derive(Debug, Default)]
pub(crate) struct JunctionTable {
    seen: FxHashMap<(u32, u32, u32), u64>,
}

/// Junctions of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct JunctionKind {
    /// Different junctions.
    pub junctions: u64,
    /// Uniquely aligned reads that cross them.
    pub reads: u64,
}

impl JunctionTable {
    pub fn record(&mut self, record: &Record<'_>, target: u32) {
        let mut position = record.start();
        for (operation, length) in record.cigar() {
            match operation {
                op::SKIP => {
                    *self.seen.entry((target, position - 1, position + length)).or_default() += 1;
                    position += length;
                }
                op::MATCH | op::EQUAL | op::DIFFERENT | op::DELETION => position += length,
                _ => {}
            }
        }
    }

    pub fn merge(&mut self, other: Self) {
        for (junction, reads) in other.seen {
            *self.seen.entry(junction).or_default() += reads;
        }
    }

    /// Junctions with both, one or none of their ends at the border of an annotated exon.
    pub(super) fn classify(&self, annotation: &Annotation) -> [JunctionKind; 3] {
        let ends: HashSet<(u32, u32)> =
            annotation.exons.iter().map(|exon| (exon.contig, exon.span.end())).collect();
        let starts: HashSet<(u32, u32)> =
            annotation.exons.iter().map(|exon| (exon.contig, exon.span.start())).collect();
        let mut kinds = [JunctionKind::default(); 3];
        for (&(contig, left, right), &reads) in &self.seen {
            let known =
                usize::from(ends.contains(&(contig, left))) + usize::from(starts.contains(&(contig, right)));
            let kind = &mut kinds[2 - known];
            kind.junctions += 1;
            kind.reads += reads;
        }
        kinds
    }
}
