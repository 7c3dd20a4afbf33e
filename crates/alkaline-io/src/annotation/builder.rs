//! Collects rows into an [`Annotation`]: contigs and genes in order of first appearance.

use std::collections::HashMap;

use alkaline_core::annotation::AnnotationSource;
use alkaline_core::genome::{Span, Strand};
use alkaline_core::{Annotation, ContigName, Exon, Gene, GeneId};

use super::names::text;
use super::options::{DEFAULT_FEATURE_TYPE, STAND_IN_TYPE};
use super::outcome::{AnnotationFile, ExtraAttribute};

/// Names in order of first appearance, as the bytes of the file.
#[derive(Default)]
struct Names {
    places: HashMap<Vec<u8>, u32>,
    /// The name asked for last: rows of one gene follow each other.
    last: Option<(Vec<u8>, u32)>,
}

impl Names {
    /// The place of `name`, and whether it is new.
    fn place(&mut self, name: &[u8]) -> (u32, bool) {
        if let Some((last, place)) = &self.last
            && last == name
        {
            return (*place, false);
        }
        let known = self.places.get(name).copied();
        let place = known.unwrap_or(self.places.len() as u32);
        if known.is_none() {
            self.places.insert(name.to_owned(), place);
        }
        let (last, last_place) = self.last.get_or_insert_default();
        last.clear();
        last.extend_from_slice(name);
        *last_place = place;
        (place, known.is_none())
    }

    fn get(&self, name: &[u8]) -> Option<u32> {
        match &self.last {
            Some((last, place)) if last == name => Some(*place),
            _ => self.places.get(name).copied(),
        }
    }
}

/// A row to be counted on, as a format's reader found it.
pub(super) struct CountedRow<'a> {
    /// Line of the file, by which rows are ordered.
    pub line: u64,
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
    /// The line of each row.
    lines: Vec<u64>,
    extra: Vec<ExtraAttribute>,
    /// Genes that had rows before others were counted on their coding sequences.
    genes_with_exons: usize,
}

impl AnnotationBuilder {
    pub fn new(extra: &[String]) -> Self {
        Self {
            contig_names: Names::default(),
            gene_names: Names::default(),
            contigs: Vec::new(),
            genes: Vec::new(),
            exons: Vec::new(),
            lines: Vec::new(),
            extra: extra
                .iter()
                .map(|name| ExtraAttribute { name: name.clone(), values: Vec::new() })
                .collect(),
            genes_with_exons: 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.exons.is_empty()
    }

    /// Whether a row of the gene called `gene` was taken.
    pub fn has_gene(&self, gene: &[u8]) -> bool {
        self.gene_names.get(gene).is_some()
    }

    /// From here on genes come that have no exon.
    pub fn begin_stand_ins(&mut self) {
        self.genes_with_exons = self.genes.len();
    }

    /// The notice that genes without exons are counted on their coding sequences, where there are any.
    pub fn stand_in_notice(&self) -> Option<String> {
        let all = self.genes.len();
        let without_exon = all - self.genes_with_exons;
        (without_exon > 0).then(|| {
            format!(
                "{without_exon} of {all} genes have `{STAND_IN_TYPE}` rows but no `{DEFAULT_FEATURE_TYPE}` row: they are \
                 counted on their `{STAND_IN_TYPE}` rows (-t {DEFAULT_FEATURE_TYPE} leaves them out)"
            )
        })
    }

    /// Symbols of the genes taken so far.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.genes.iter().filter_map(|gene| gene.name.as_deref())
    }

    pub fn push(&mut self, row: &CountedRow<'_>) {
        let (contig, new_contig) = self.contig_names.place(row.contig);
        if new_contig {
            self.contigs.push(ContigName::from(text(row.contig).as_ref()));
        }
        let (gene, new_gene) = self.gene_names.place(row.gene);
        if new_gene {
            let id = GeneId::from(text(row.gene).as_ref());
            self.genes.push(Gene { id, name: None, biotype: None });
        }
        let known = &mut self.genes[gene as usize];
        fill(&mut known.name, row.symbol);
        fill(&mut known.biotype, row.biotype);
        self.exons.push(Exon { contig, span: row.span, strand: row.strand, gene });
        self.lines.push(row.line);
        for (attribute, value) in self.extra.iter_mut().zip(row.extra) {
            attribute.values.push(value.map(|value| text(value).into_owned()));
        }
    }

    /// What a row of the gene itself says of it, which holds more than what its exons say.
    pub fn describe(&mut self, gene: &[u8], symbol: Option<&[u8]>, biotype: Option<&[u8]>) {
        let Some(gene) = self.gene_names.get(gene) else { return };
        let gene = &mut self.genes[gene as usize];
        for (known, found) in [(&mut gene.name, symbol), (&mut gene.biotype, biotype)] {
            if let Some(found) = found.filter(|found| !found.is_empty()) {
                *known = Some(text(found).into_owned());
            }
        }
    }

    pub fn finish(
        mut self,
        source: AnnotationSource,
        notices: Vec<String>,
        feature_types: Vec<String>,
    ) -> AnnotationFile {
        self.join_equal_names();
        if !self.lines.is_sorted() {
            self.order_by_line();
        }
        AnnotationFile {
            annotation: Annotation { source, contigs: self.contigs, genes: self.genes, exons: self.exons },
            extra_attributes: self.extra,
            notices,
            feature_types,
        }
    }

    /// Joins genes (and contigs) whose names differ as bytes but not as text: one in UTF-8, the other in Latin-1.
    fn join_equal_names(&mut self) {
        let contigs = first_places(self.contigs.iter().map(ContigName::as_str));
        let genes = first_places(self.genes.iter().map(|gene| gene.id.as_str()));
        if is_identity(&contigs) && is_identity(&genes) {
            return;
        }
        for exon in &mut self.exons {
            exon.contig = contigs[exon.contig as usize];
            exon.gene = genes[exon.gene as usize];
        }
        self.renumber();
    }

    /// Brings rows that were taken late into the order of the file.
    fn order_by_line(&mut self) {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.sort_by_key(|&row| self.lines[row]);
        self.exons = order.iter().map(|&row| self.exons[row]).collect();
        for attribute in &mut self.extra {
            attribute.values = order.iter().map(|&row| attribute.values[row].take()).collect();
        }
        self.renumber();
    }

    /// Numbers contigs and genes by first appearance, and drops those that no row has.
    fn renumber(&mut self) {
        let contigs = by_appearance(self.exons.iter_mut().map(|exon| &mut exon.contig));
        self.contigs = contigs.into_iter().map(|old| self.contigs[old as usize].clone()).collect();
        let genes = by_appearance(self.exons.iter_mut().map(|exon| &mut exon.gene));
        self.genes = genes.into_iter().map(|old| self.genes[old as usize].clone()).collect();
    }
}

/// For each name the place of the first that is equal.
fn first_places<'a>(names: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut known = HashMap::new();
    names.enumerate().map(|(place, name)| *known.entry(name).or_insert(place as u32)).collect()
}

fn is_identity(places: &[u32]) -> bool {
    places.iter().enumerate().all(|(place, &first)| place as u32 == first)
}

/// Numbers anew by first appearance; gives the old number of each new one.
fn by_appearance<'a>(numbers: impl Iterator<Item = &'a mut u32>) -> Vec<u32> {
    let mut new_of: HashMap<u32, u32> = HashMap::new();
    let mut old_of = Vec::new();
    for number in numbers {
        let old = *number;
        *number = *new_of.entry(old).or_insert_with(|| {
            old_of.push(old);
            old_of.len() as u32 - 1
        });
    }
    old_of
}

fn fill(known: &mut Option<String>, found: Option<&[u8]>) {
    if let (None, Some(found)) = (&known, found.filter(|found| !found.is_empty())) {
        *known = Some(text(found).into_owned());
    }
}
