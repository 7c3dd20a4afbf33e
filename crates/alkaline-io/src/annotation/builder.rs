//! Collects rows into an [`Annotation`]: contigs and genes in order of first appearance.

use std::collections::HashMap;

use alkaline_core::annotation::AnnotationSource;
use alkaline_core::genome::{Span, Strand};
use alkaline_core::{Annotation, ContigName, Exon, Gene, GeneId};

use super::{AnnotationFile, ExtraAttribute};

/// Names in order of first appearance.
#[derive(Default)]
struct Names {
    places: HashMap<String, u32>,
}

impl Names {
    /// The place of `name`, and whether it is new.
    fn place(&mut self, name: &str) -> (u32, bool) {
        if let Some(&place) = self.places.get(name) {
            return (place, false);
        }
        let place = self.places.len() as u32;
        self.places.insert(name.to_owned(), place);
        (place, true)
    }
}

/// A row to be counted on, as a format's reader found it.
pub(super) struct CountedRow<'a> {
    pub contig: &'a [u8],
    pub span: Span,
    pub strand: Strand,
    pub gene: &'a [u8],
    pub symbol: Option<&'a [u8]>,
    pub biotype: Option<&'a [u8]>,
    /// One value per extra attribute.
    pub extra: &'a [Option<&'a [u8]>],
}

/// An annotation in the making.
pub(super) struct AnnotationBuilder {
    contig_names: Names,
    gene_names: Names,
    contigs: Vec<ContigName>,
    genes: Vec<Gene>,
    exons: Vec<Exon>,
    extra: Vec<ExtraAttribute>,
}

impl AnnotationBuilder {
    pub fn new(extra: &[String]) -> Self {
        Self {
            contig_names: Names::default(),
            gene_names: Names::default(),
            contigs: Vec::new(),
            genes: Vec::new(),
            exons: Vec::new(),
            extra: extra
                .iter()
                .map(|name| ExtraAttribute { name: name.clone(), values: Vec::new() })
                .collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.exons.is_empty()
    }

    pub fn push(&mut self, row: &CountedRow<'_>) {
        // Names are told apart as text: two that differ only in bytes that are no UTF-8 are one.
        let (contig_name, gene_name) =
            (String::from_utf8_lossy(row.contig), String::from_utf8_lossy(row.gene));
        let (contig, new_contig) = self.contig_names.place(&contig_name);
        if new_contig {
            self.contigs.push(ContigName::from(contig_name.as_ref()));
        }
        let (gene, new_gene) = self.gene_names.place(&gene_name);
        if new_gene {
            self.genes.push(Gene { id: GeneId::from(gene_name.as_ref()), name: None, biotype: None });
        }
        let known = &mut self.genes[gene as usize];
        fill(&mut known.name, row.symbol);
        fill(&mut known.biotype, row.biotype);
        self.exons.push(Exon { contig, span: row.span, strand: row.strand, gene });
        for (attribute, value) in self.extra.iter_mut().zip(row.extra) {
            attribute.values.push(value.map(text));
        }
    }

    pub fn finish(
        self,
        source: AnnotationSource,
        notices: Vec<String>,
        feature_types: Vec<String>,
    ) -> AnnotationFile {
        AnnotationFile {
            annotation: Annotation { source, contigs: self.contigs, genes: self.genes, exons: self.exons },
            extra_attributes: self.extra,
            notices,
            feature_types,
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn fill(known: &mut Option<String>, found: Option<&[u8]>) {
    if let (None, Some(found)) = (&known, found.filter(|found| !found.is_empty())) {
        *known = Some(text(found));
    }
}
