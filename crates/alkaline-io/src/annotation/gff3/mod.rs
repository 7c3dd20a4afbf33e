//! GFF3: the gene of a row is found through `Parent`, exon over transcript to gene.
//!
//! Files often lack the upper rows. Who is the gene is told in five steps, all in [`genes`]; what was not the plain case is
//! said in the notices.

mod features;
mod genes;

use std::collections::HashMap;
use std::io::BufRead;

use alkaline_core::genome::{Span, Strand};
use alkaline_core::words::count_of;

use super::attributes::percent_decoded;
use super::builder::{AnnotationBuilder, CountedRow};
use super::gtf::is_fasta_pragma;
use super::lines::LineReader;
use super::options::{AnnotationOptions, DEFAULT_FEATURE_TYPE, STAND_IN_TYPE};
use super::outcome::{Outcome, Present};
use super::row::Row;
use crate::error::ReadError;
use features::{Feature, Features, Keys, Name};
use genes::{GeneFinder, GeneOf};

/// A row of a type that may be counted on.
struct Candidate {
    line: u64,
    is_stand_in: bool,
    contig: u32,
    span: Span,
    strand: Strand,
    feature: Feature,
}

pub(super) fn read<R: BufRead>(
    rows: &mut LineReader<R>,
    builder: &mut AnnotationBuilder,
    options: &AnnotationOptions,
) -> Result<Outcome, ReadError> {
    let mut file = Gff3::new(options);
    let mut line = Vec::new();
    while rows.advance(&mut line)? {
        match Row::parse(&line).or_else(|| Row::parse_blanks(&line)) {
            Some(row) => file.take(rows, &row),
            None if is_fasta_pragma(&line) || line.starts_with(b">") => break,
            None => rows.no_row(&line),
        }
    }
    Ok(file.build(builder))
}

struct Gff3<'a> {
    options: &'a AnnotationOptions,
    keys: Keys,
    features: Features,
    candidates: Vec<Candidate>,
    contigs: Vec<Name>,
    contig_places: HashMap<Name, u32>,
    /// The contig of the last row.
    last_contig: Option<(Name, u32)>,
    /// Ends of circular contigs.
    circular: HashMap<Name, u32>,
    present: Present,
}

impl<'a> Gff3<'a> {
    fn new(options: &'a AnnotationOptions) -> Self {
        Self {
            options,
            keys: Keys::new(options),
            features: Features::default(),
            candidates: Vec::new(),
            contigs: Vec::new(),
            contig_places: HashMap::new(),
            last_contig: None,
            circular: HashMap::new(),
            present: Present::default(),
        }
    }

    fn take<R: BufRead>(&mut self, rows: &mut LineReader<R>, row: &Row<'_>) {
        self.present.add(row.feature_type);
        let is_stand_in = row.feature_type == STAND_IN_TYPE.as_bytes();
        let is_exon = row.feature_type == DEFAULT_FEATURE_TYPE.as_bytes();
        let types = &self.options.feature_types;
        let is_wanted = match types.is_empty() {
            true => is_exon || is_stand_in,
            false => types.iter().any(|name| name.as_bytes() == row.feature_type),
        };
        let number = rows.number();
        if is_wanted && let Some(span) = rows.span(number, row.start, row.end) {
            let strand = rows.strand(number, row.strand);
            let contig = self.contig(row.contig);
            let feature = Feature::parse(row, &self.keys);
            let is_stand_in = is_stand_in && types.is_empty();
            self.candidates.push(Candidate { line: number, is_stand_in, contig, span, strand, feature });
        }
        if !is_exon && !is_stand_in {
            self.features.add(Feature::parse(row, &self.keys));
            self.note_circle(row);
        }
    }

    /// The number of a contig; rows of one contig follow each other.
    fn contig(&mut self, name: &[u8]) -> u32 {
        let name = percent_decoded(name);
        if let Some((last, place)) = &self.last_contig
            && **last == *name
        {
            return *place;
        }
        let name = Name::from(name.as_ref());
        let place = *self.contig_places.entry(name.clone()).or_insert_with(|| {
            self.contigs.push(name.clone());
            self.contigs.len() as u32 - 1
        });
        self.last_contig = Some((name, place));
        place
    }

    /// Takes note of a row that says of its contig that it is a circle.
    fn note_circle(&mut self, row: &Row<'_>) {
        const CIRCULAR: &[u8] = b"is_circular=true";
        let starts_at_one = super::position::whole_number(row.start).is_some_and(|start| start.value == 1);
        let says =
            || row.attributes.to_ascii_lowercase().windows(CIRCULAR.len()).any(|text| text == CIRCULAR);
        if starts_at_one
            && says()
            && let Some(end) = super::position::whole_number(row.end)
        {
            self.circular.insert(Name::from(percent_decoded(row.contig).as_ref()), end.value);
        }
    }

    fn build(mut self, builder: &mut AnnotationBuilder) -> Outcome {
        let has_exons = self.candidates.iter().any(|row| !row.is_stand_in);
        let mut types = self.types(has_exons);
        let (mut nameless, mut notices) = (0, Vec::new());
        let rows = self.candidates.iter().map(|row| &row.feature);
        let mut finder = GeneFinder::new(&mut self.features, &self.keys, rows);
        let place = Places { contigs: &self.contigs, circular: &self.circular, keys: &self.keys };
        let (first, later): (Vec<&Candidate>, Vec<&Candidate>) =
            self.candidates.iter().partition(|row| !(has_exons && row.is_stand_in));
        for row in &first {
            let genes = finder.genes_of(&row.feature);
            nameless += usize::from(genes.is_empty());
            genes.iter().for_each(|gene| place.push(builder, row, gene));
        }
        if types == [STAND_IN_TYPE] && self.options.feature_types.is_empty() && !builder.is_empty() {
            notices.push(format!(
                "no `{DEFAULT_FEATURE_TYPE}` rows in this annotation: counted on its {} `{STAND_IN_TYPE}` rows",
                first.len()
            ));
        }
        if place.push_stand_ins(builder, &mut finder, &first, &later) {
            notices.extend(builder.stand_in_notice());
            types.push(STAND_IN_TYPE.to_owned());
        }
        if nameless > 0 && !builder.is_empty() {
            let types = types.join("`, `");
            let (one, several) = (format!("`{types}` row that leads"), format!("`{types}` rows that lead"));
            notices.push(format!("left out {} to no gene", count_of(nameless, &one, &several)));
        }
        notices.extend(finder.notices());
        let id_attribute = self.options.id_attribute.clone().unwrap_or_else(|| "Parent".to_owned());
        Outcome {
            notices,
            wanted: types,
            present: self.present.sorted(),
            nameless: nameless as u64,
            id_attribute,
        }
    }

    /// The types that are counted on: a stand-in only where nothing was asked for and `exon` is absent.
    fn types(&self, has_exons: bool) -> Vec<String> {
        if !self.options.feature_types.is_empty() {
            return self.options.feature_types.clone();
        }
        let has_stand_in = self.present.0.iter().any(|(name, _)| name == STAND_IN_TYPE.as_bytes());
        vec![if has_stand_in && !has_exons { STAND_IN_TYPE } else { DEFAULT_FEATURE_TYPE }.to_owned()]
    }
}

/// What it takes to place rows.
struct Places<'a> {
    contigs: &'a [Name],
    circular: &'a HashMap<Name, u32>,
    keys: &'a Keys,
}

impl Places<'_> {
    /// Adds a row to a gene; a row that runs across the origin of a circular contig in two parts.
    fn push(&self, builder: &mut AnnotationBuilder, row: &Candidate, gene: &GeneOf<'_>) {
        let contig = &self.contigs[row.contig as usize];
        let value = |key| row.feature.value(key).or_else(|| gene.top.and_then(|top| top.value(key)));
        let extra: Vec<Option<&[u8]>> = self.keys.extra().map(value).collect();
        for span in around_the_origin(row.span, self.circular.get(contig).copied()) {
            builder.push(&CountedRow {
                line: row.line,
                contig,
                span,
                strand: row.strand,
                gene: &gene.name,
                symbol: gene.symbol(&row.feature),
                biotype: gene.biotype(&row.feature),
                extra: &extra,
            });
        }
    }

    /// Adds the coding sequences of genes that have no exon. Gives whether there are any.
    fn push_stand_ins(
        &self,
        builder: &mut AnnotationBuilder,
        finder: &mut GeneFinder<'_>,
        exons: &[&Candidate],
        coding: &[&Candidate],
    ) -> bool {
        let exons_have_parents = exons.iter().any(|row| !row.feature.parents.is_empty());
        let mut found = Vec::new();
        for row in coding {
            let genes = finder.genes_of_stand_in(&row.feature, exons_have_parents);
            // A row of a gene that has exons stands in for nothing, whatever else it belongs to.
            if !genes.iter().any(|gene| builder.has_gene(&gene.name)) {
                found.extend(genes.into_iter().map(|gene| (row, gene)));
            }
        }
        builder.begin_stand_ins();
        found.iter().for_each(|(row, gene)| self.push(builder, row, gene));
        !found.is_empty()
    }
}

/// The parts of `span` on a contig that is a circle of `length` bases: GFF3 counts on beyond the end.
fn around_the_origin(span: Span, length: Option<u32>) -> Vec<Span> {
    let Some(length) = length.filter(|&length| span.end() > length) else { return vec![span] };
    let after = Span::new(span.start().saturating_sub(length).max(1), span.end() - length);
    let before = Span::new(span.start(), length);
    [before, after].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_across_the_origin_goes_on_from_the_first_base() {
        let parts = |start, end| {
            let span = Span::new(start, end).unwrap();
            let parts = around_the_origin(span, Some(10_000));
            parts.iter().map(|part| (part.start(), part.end())).collect::<Vec<_>>()
        };
        assert_eq!(parts(9_900, 10_200), [(9_900, 10_000), (1, 200)]);
        assert_eq!(parts(10_100, 10_200), [(100, 200)]);
        assert_eq!(parts(5, 10_000), [(5, 10_000)]);
    }
}
