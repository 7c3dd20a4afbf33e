//! Gene models: the rows of an annotation that reads are counted on, grouped into genes.
//!
//! Genes and exons keep the order of the file, because featureCounts' tables do.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::genome::{Span, Strand};
use crate::{ContigName, GeneId, GeneIndex, IndexError, PerGene};

/// One row of the annotation that reads are counted on (an exon, or whatever feature type was chosen).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exon {
    /// Place of its contig in [`Annotation::contigs`].
    pub contig: u32,
    /// Interval on the contig.
    pub span: Span,
    /// Strand.
    pub strand: Strand,
    /// Place of its gene in [`Annotation::genes`].
    pub gene: u32,
}

/// A gene and what is known about it beside its exons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gene {
    /// Identifier, unique within the annotation.
    pub id: GeneId,
    /// Symbol (`gene_name` of a GTF).
    pub name: Option<String>,
    /// Biotype (`gene_biotype` or `gene_type` of a GTF).
    pub biotype: Option<String>,
}

/// Where an annotation came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotationSource {
    /// File path or built-in name (`hg38`).
    pub name: String,
    /// Version of a built-in annotation, when known.
    pub version: Option<String>,
}

/// Gene models of one genome, in file order.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// Where it came from.
    pub source: AnnotationSource,
    /// Contigs in order of first appearance.
    pub contigs: Vec<ContigName>,
    /// Genes in order of first appearance.
    pub genes: Vec<Gene>,
    /// Counted rows in file order.
    pub exons: Vec<Exon>,
}

/// A gene's place as featureCounts prints it: one item per exon, joined by `;`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GeneLocus {
    /// Contig of each exon.
    pub chr: String,
    /// Start of each exon.
    pub start: String,
    /// End of each exon.
    pub end: String,
    /// Strand of each exon.
    pub strand: String,
    /// Bases covered by at least one exon (featureCounts `Length`).
    pub length: u64,
}

/// What a reader calls a gene: symbol and biotype, where known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GeneLabel {
    /// Symbol; shared, since tables by the tens of thousands pass it on.
    pub name: Option<Arc<str>>,
    /// Biotype.
    pub biotype: Option<String>,
}

impl Annotation {
    /// The gene identifiers as an index.
    ///
    /// # Errors
    /// [`IndexError::Duplicate`] when two genes share an identifier.
    pub fn gene_index(&self) -> Result<Arc<GeneIndex>, IndexError> {
        GeneIndex::new(self.genes.iter().map(|gene| gene.id.clone()).collect())
    }

    /// Symbol and biotype of every gene.
    ///
    /// # Errors
    /// [`IndexError::Duplicate`] when two genes share an identifier.
    pub fn labels(&self) -> Result<PerGene<GeneLabel>, IndexError> {
        let labels = self
            .genes
            .iter()
            .map(|gene| GeneLabel {
                name: gene.name.as_deref().map(Arc::from),
                biotype: gene.biotype.clone(),
            })
            .collect();
        PerGene::new(self.gene_index()?, labels)
    }

    /// Bases covered by the exons of each gene, in gene order.
    ///
    /// As featureCounts' `Length`: the union of the exons on each (contig, strand), summed, so overlapping exons on
    /// opposite strands count twice.
    pub fn exonic_lengths(&self) -> Vec<u64> {
        let mut order: Vec<u32> = (0..self.exons.len() as u32).collect();
        order.sort_by_key(|&row| {
            let exon = &self.exons[row as usize];
            (exon.gene, exon.contig, exon.strand, exon.span)
        });
        let mut lengths = vec![0; self.genes.len()];
        let mut open: Option<(u32, u32, Strand, u32)> = None;
        for row in order {
            let exon = self.exons[row as usize];
            let group = (exon.gene, exon.contig, exon.strand);
            let covered_to = match open {
                Some((gene, contig, strand, end)) if (gene, contig, strand) == group => end,
                _ => 0,
            };
            if exon.span.end() > covered_to {
                let from = exon.span.start().max(covered_to + 1);
                lengths[exon.gene as usize] += u64::from(exon.span.end() - from + 1);
                open = Some((exon.gene, exon.contig, exon.strand, exon.span.end()));
            }
        }
        lengths
    }

    /// The rows of each contig in featureCounts' output order, contigs in order of first appearance.
    ///
    /// Rows stand by start; the order of equal starts is that of featureCounts' sort (see [`sort_by_start`]), so that
    /// tables compare byte by byte.
    pub fn rows_by_contig(&self) -> Vec<Vec<u32>> {
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); self.contigs.len()];
        for (row, exon) in self.exons.iter().enumerate() {
            rows[exon.contig as usize].push(row as u32);
        }
        for contig in &mut rows {
            sort_by_start(contig, &|row| self.exons[row as usize].span.start());
        }
        rows
    }

    /// The rows of each gene in the order in which featureCounts lists them.
    ///
    /// Contigs in order of first appearance, rows by start, but rows of the same contig and strand as the first row
    /// not yet listed come together.
    pub fn rows_by_gene(&self) -> Vec<Vec<u32>> {
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); self.genes.len()];
        for row in self.rows_by_contig().into_iter().flatten() {
            rows[self.exons[row as usize].gene as usize].push(row);
        }
        for gene in &mut rows {
            let group = |row: u32| (self.exons[row as usize].contig, self.exons[row as usize].strand);
            let mut groups: Vec<(u32, Strand)> = Vec::new();
            for &row in gene.iter() {
                if !groups.contains(&group(row)) {
                    groups.push(group(row));
                }
            }
            if groups.len() > 1 {
                gene.sort_by_key(|&row| groups.iter().position(|known| *known == group(row)));
            }
        }
        rows
    }

    /// Place and length of each gene, as featureCounts prints them.
    pub fn loci(&self) -> Vec<GeneLocus> {
        let lengths = self.exonic_lengths();
        self.rows_by_gene().iter().zip(lengths).map(|(rows, length)| self.locus(rows, length)).collect()
    }

    /// Place of the single row number `row` (featureCounts `-f`).
    pub fn row_locus(&self, row: usize) -> GeneLocus {
        self.locus(&[row as u32], u64::from(self.exons[row].span.bases()))
    }

    fn locus(&self, rows: &[u32], length: u64) -> GeneLocus {
        let mut locus = GeneLocus { length, ..GeneLocus::default() };
        for (number, &row) in rows.iter().enumerate() {
            let exon = &self.exons[row as usize];
            let separator = if number == 0 { "" } else { ";" };
            // Writing to a string cannot fail.
            let _ = write!(locus.chr, "{separator}{}", self.contigs[exon.contig as usize]);
            let _ = write!(locus.start, "{separator}{}", exon.span.start());
            let _ = write!(locus.end, "{separator}{}", exon.span.end());
            let _ = write!(locus.strand, "{separator}{}", exon.strand.symbol());
        }
        locus
    }
}

/// Up to this many rows featureCounts sorts by selection, longer lists by merging.
const SELECTION_SORT_LENGTH: usize = 11;

/// Sorts `rows` by start in the way that orders equal starts as featureCounts does.
///
/// Observed: up to eleven rows are sorted by selection (the first smallest row is swapped to the front); longer lists
/// are halved, and merging takes the row of the second half first when starts are equal.
pub fn sort_by_start(rows: &mut [u32], start: &impl Fn(u32) -> u32) {
    if rows.len() <= SELECTION_SORT_LENGTH {
        for place in 0..rows.len() {
            let mut smallest = place;
            for other in place + 1..rows.len() {
                if start(rows[smallest]) > start(rows[other]) {
                    smallest = other;
                }
            }
            rows.swap(place, smallest);
        }
        return;
    }
    let (left, right) = rows.split_at_mut(rows.len() / 2);
    sort_by_start(left, start);
    sort_by_start(right, start);
    let (left, right) = (left.to_vec(), right.to_vec());
    let (mut from_left, mut from_right) = (left.iter().peekable(), right.iter().peekable());
    for slot in rows {
        let take_left = match (from_left.peek(), from_right.peek()) {
            (Some(left), Some(right)) => start(**left) < start(**right),
            (next, _) => next.is_some(),
        };
        let next = if take_left { from_left.next() } else { from_right.next() };
        *slot = next.copied().unwrap_or(*slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_exons_count_once_per_strand() {
        let exon =
            |start, end, strand| Exon { contig: 0, span: Span::new(start, end).unwrap(), strand, gene: 0 };
        let annotation = Annotation {
            source: AnnotationSource::default(),
            contigs: vec!["chr1".into()],
            genes: vec![Gene { id: "g".into(), name: None, biotype: None }],
            exons: vec![
                exon(1, 10, Strand::Forward),
                exon(5, 8, Strand::Forward),
                exon(9, 20, Strand::Forward),
                exon(5, 8, Strand::Reverse),
            ],
        };
        assert_eq!(annotation.exonic_lengths(), [24]);
    }

    #[test]
    fn rows_of_one_contig_and_strand_are_listed_together() {
        let exon = |contig, start, strand| Exon {
            contig,
            span: Span::new(start, start + 9).unwrap(),
            strand,
            gene: 0,
        };
        let annotation = Annotation {
            source: AnnotationSource::default(),
            contigs: vec!["chr2".into(), "chr1".into()],
            genes: vec![Gene { id: "g".into(), name: None, biotype: None }],
            exons: vec![
                exon(0, 30, Strand::Reverse),
                exon(1, 1, Strand::Forward),
                exon(0, 20, Strand::Forward),
                exon(0, 10, Strand::Reverse),
            ],
        };
        let locus = &annotation.loci()[0];
        assert_eq!((locus.chr.as_str(), locus.start.as_str()), ("chr2;chr2;chr2;chr1", "10;30;20;1"));
        assert_eq!((locus.strand.as_str(), locus.length), ("-;-;+;+", 40));
    }

    #[test]
    fn long_lists_put_the_later_half_first_on_equal_starts() {
        let mut rows: Vec<u32> = (0..12).collect();
        sort_by_start(&mut rows, &|_| 7);
        assert_eq!(rows, [6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5]);
    }
}
