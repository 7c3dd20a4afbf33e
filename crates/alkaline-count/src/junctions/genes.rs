//! The genes that a splice junction belongs to.

use std::cmp::Ordering;
use std::collections::HashMap;

use alkaline_core::genome::Strand;
use alkaline_core::{Annotation, Exon};

use crate::features::{IntervalIndex, RowInterval};

/// Genes by the positions from their first to their last exon.
pub(super) struct GeneSpans {
    contigs: Vec<IntervalIndex>,
}

/// A gene that holds a position: its first position, its number.
pub(super) type Holder = (u32, u32);

/// A gene on a contig, from its first to its last base.
#[derive(Clone, Copy, Debug)]
pub(super) struct GeneExtent {
    pub gene: u32,
    pub contig: u32,
    pub start: u32,
    pub end: u32,
}

impl GeneSpans {
    pub fn of_annotation(annotation: &Annotation) -> Self {
        Self::of_exons(annotation, |_| true)
    }

    /// As far as the exons that `fits` accepts go.
    pub fn of_exons(annotation: &Annotation, fits: impl Fn(&Exon) -> bool) -> Self {
        let mut extents: HashMap<(u32, u32), GeneExtent> = HashMap::new();
        for exon in annotation.exons.iter().filter(|exon| fits(exon)) {
            let (start, end) = (exon.span.start(), exon.span.end());
            let new = GeneExtent { gene: exon.gene, contig: exon.contig, start, end };
            let extent = extents.entry((exon.contig, exon.gene)).or_insert(new);
            (extent.start, extent.end) = (extent.start.min(start), extent.end.max(end));
        }
        Self::new(annotation.contigs.len(), extents.into_values())
    }

    pub fn new(contigs: usize, extents: impl Iterator<Item = GeneExtent>) -> Self {
        let mut rows: Vec<Vec<RowInterval>> = vec![Vec::new(); contigs];
        for GeneExtent { gene, contig, start, end } in extents {
            let strand = Strand::Unknown;
            rows[contig as usize].push(RowInterval { start, end, row: gene, unit: gene, strand });
        }
        Self { contigs: rows.into_iter().map(IntervalIndex::new).collect() }
    }

    /// The genes that hold `position`, by start.
    pub fn holders(&self, contig: u32, position: u32) -> Vec<Holder> {
        let mut holders = Vec::new();
        self.contigs[contig as usize]
            .visit(position, position, &mut |row| holders.push((row.start, row.unit)));
        holders.sort_unstable();
        holders
    }

    /// The primary gene of a junction, and the others that hold one of its sites.
    ///
    /// Genes that hold both sites come first. Where none does, the genes of the site that more reads support belong to
    /// other junctions of that site and are left out. Then the smaller start decides.
    pub fn of_junction(&self, contig: u32, sites: [u32; 2], support: [u64; 2]) -> (Option<u32>, Vec<u32>) {
        let [mut left, mut right] = sites.map(|site| self.holders(contig, site));
        let both: Vec<Holder> = left.iter().copied().filter(|holder| right.contains(holder)).collect();
        if both.is_empty() && !left.is_empty() && !right.is_empty() {
            match support[0].cmp(&support[1]) {
                Ordering::Less => right.clear(),
                Ordering::Greater => left.clear(),
                Ordering::Equal => {}
            }
        }
        let mut all: Vec<Holder> = left.into_iter().chain(right).collect();
        all.sort_unstable();
        all.dedup();
        let primary = both.first().or(all.first()).map(|holder| holder.1);
        let others = all.into_iter().map(|holder| holder.1).filter(|gene| Some(*gene) != primary).collect();
        (primary, others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_genes_that_start_together_the_first_of_the_annotation_is_primary() {
        let gene = |gene, end| GeneExtent { gene, contig: 0, start: 1_000, end };
        for extents in [[gene(0, 2_000), gene(1, 3_000)], [gene(1, 2_000), gene(0, 3_000)]] {
            let spans = GeneSpans::new(1, extents.into_iter());
            assert_eq!(spans.of_junction(0, [1_100, 1_200], [1, 1]), (Some(0), vec![1]));
        }
    }
}
