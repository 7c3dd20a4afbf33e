//! Gene models: the rows of an annotation that reads are counted on, grouped into genes.
//!
//! Genes and exons keep the order of the file, because featureCounts' tables do.

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
    /// Symbol.
    pub name: Option<String>,
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
            .map(|gene| GeneLabel { name: gene.name.clone(), biotype: gene.biotype.clone() })
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
}
