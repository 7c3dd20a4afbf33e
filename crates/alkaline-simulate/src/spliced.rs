//! A gene as fragments are drawn from it: the union of its exons, spliced together.

use alkaline_core::genome::Strand;
use alkaline_core::{Annotation, Exon};

/// The merged exons of a gene on one contig and strand. Positions are 0-based, ends excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SplicedGene {
    /// Place of the contig in the annotation.
    pub contig: u32,
    /// Strand of the RNA.
    pub strand: Strand,
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    start: u32,
    end: u32,
    /// Spliced bases to the left of it.
    offset: u32,
}

impl SplicedGene {
    /// Every gene of `annotation`; `None` for a gene without exons.
    ///
    /// Of a gene that lies in two places (the pseudo-autosomal regions) the first is taken.
    pub fn all(annotation: &Annotation) -> Vec<Option<Self>> {
        let mut exons: Vec<Vec<Exon>> = vec![Vec::new(); annotation.genes.len()];
        for exon in &annotation.exons {
            let of_gene = &mut exons[exon.gene as usize];
            if of_gene.first().is_none_or(|first| (first.contig, first.strand) == (exon.contig, exon.strand))
            {
                of_gene.push(*exon);
            }
        }
        exons.into_iter().map(Self::from_exons).collect()
    }

    fn from_exons(mut exons: Vec<Exon>) -> Option<Self> {
        let first = *exons.first()?;
        exons.sort_by_key(|exon| exon.span);
        let mut blocks: Vec<Block> = Vec::new();
        for exon in exons {
            let (start, end) = (exon.span.start() - 1, exon.span.end());
            match blocks.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(end),
                last => {
                    let offset = last.map_or(0, |block| block.offset + (block.end - block.start));
                    blocks.push(Block { start, end, offset });
                }
            }
        }
        Some(Self { contig: first.contig, strand: first.strand, blocks })
    }

    /// The same gene with its contig numbered otherwise.
    pub fn on_contig(self, contig: u32) -> Self {
        Self { contig, ..self }
    }

    /// Bases after splicing.
    pub fn length(&self) -> u32 {
        self.blocks.last().map_or(0, |block| block.offset + (block.end - block.start))
    }

    /// Where the last exon ends on the contig.
    pub fn end(&self) -> u32 {
        self.blocks.last().map_or(0, |block| block.end)
    }

    /// The stretches of genome that spliced bases `from..to` lie on, from left to right.
    pub fn slice(&self, from: u32, to: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let first = self.blocks.partition_point(|block| block.offset <= from).saturating_sub(1);
        self.blocks[first..].iter().take_while(move |block| block.offset < to).map(move |block| {
            let start = block.start + from.saturating_sub(block.offset);
            (start, block.end.min(block.start + (to - block.offset)))
        })
    }

    /// The introns.
    pub fn introns(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.blocks.windows(2).map(|pair| (pair[0].end, pair[1].start))
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::genome::Span;

    use super::*;

    fn gene(spans: &[(u32, u32)]) -> SplicedGene {
        let exon = |&(start, end)| Exon {
            contig: 0,
            span: Span::new(start, end).unwrap(),
            strand: Strand::Forward,
            gene: 0,
        };
        SplicedGene::from_exons(spans.iter().map(exon).collect()).unwrap()
    }

    #[test]
    fn overlapping_and_adjacent_exons_are_merged() {
        let gene = gene(&[(21, 30), (1, 10), (5, 12), (13, 15)]);
        assert_eq!(gene.length(), 25);
        assert_eq!(gene.introns().collect::<Vec<_>>(), [(15, 20)]);
    }

    #[test]
    fn a_slice_across_a_junction_has_two_stretches() {
        let gene = gene(&[(11, 20), (101, 110)]);
        assert_eq!(gene.slice(0, 10).collect::<Vec<_>>(), [(10, 20)]);
        assert_eq!(gene.slice(8, 13).collect::<Vec<_>>(), [(18, 20), (100, 103)]);
        assert_eq!(gene.slice(10, 20).collect::<Vec<_>>(), [(100, 110)]);
    }
}
