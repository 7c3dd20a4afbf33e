//! GTF: the gene is an attribute of every counted row.
//!
//! What featureCounts does is done at once, row by row. Forgivingly, rows that leave something open are set aside until
//! the whole file is known: rows without the gene's attribute, and coding sequences of genes that may have no exon.

use std::collections::HashSet;
use std::io::BufRead;

use alkaline_core::genome::{Span, Strand};
use alkaline_core::words::{count, count_of};

use super::attributes::{value_of, visit_lenient, visit_strict};
use super::builder::{AnnotationBuilder, CountedRow};
use super::lines::LineReader;
use super::options::{AnnotationOptions, DEFAULT_FEATURE_TYPE, DEFAULT_ID_ATTRIBUTE, STAND_IN_TYPE};
use super::outcome::{Outcome, Present};
use super::row::Row;
use crate::error::ReadError;

/// Attributes that may hold the symbol, best first.
pub(super) const SYMBOL_KEYS: [&[u8]; 3] = [b"gene_name", b"gene", b"Name"];

/// Attributes that may hold the biotype, best first.
pub(super) const BIOTYPE_KEYS: [&[u8]; 4] =
    [b"gene_biotype", b"gene_type", b"biotype", b"transcript_biotype"];

/// What stands in for `gene_id` where it is missing, best first.
const OTHER_ID_ATTRIBUTES: [&str; 7] = ["geneID", "locus_tag", "gene", "gene_name", GROUP, "Parent", "ID"];

/// What the first GFF calls the last column, which then is one name.
const GROUP: &str = "group";

/// Of these, the ones that name a gene; the others name a transcript or an exon.
const GENE_ATTRIBUTES: usize = 5;

/// Longest gene name that featureCounts keeps, in bytes.
const STRICT_NAME_LENGTH: usize = 254;

pub(super) fn read<R: BufRead>(
    rows: &mut LineReader<R>,
    builder: &mut AnnotationBuilder,
    options: &AnnotationOptions,
) -> Result<Outcome, ReadError> {
    let mut selection = Selection::new(options);
    let mut line = Vec::new();
    while rows.advance(&mut line)? {
        let row = Row::parse(&line).or_else(|| if options.strict { None } else { Row::parse_blanks(&line) });
        match row {
            Some(row) => selection.meet(rows, &row, &line, builder)?,
            None if options.strict => {}
            // What follows is no annotation any more.
            None if line.starts_with(b">") || is_fasta_pragma(&line) => break,
            None => rows.no_row(&line),
        }
    }
    selection.finish(builder)
}

/// `##FASTA`: the sequences of the genome follow.
pub(super) fn is_fasta_pragma(line: &[u8]) -> bool {
    line.starts_with(b"##") && line[2..].trim_ascii().eq_ignore_ascii_case(b"FASTA")
}

/// A row set aside until the whole file is known.
struct KeptRow {
    number: u64,
    span: Span,
    strand: Strand,
    line: Vec<u8>,
}

/// What the row of a gene tells of it.
struct Description {
    gene: Vec<u8>,
    symbol: Option<Vec<u8>>,
    biotype: Option<Vec<u8>>,
}

/// Chooses rows and finds their gene.
struct Selection<'a> {
    options: &'a AnnotationOptions,
    /// Whether the user (or featureCounts) says which type counts.
    is_chosen: bool,
    feature_types: Vec<String>,
    id_attribute: String,
    taken: u64,
    present: Present,
    /// Counted rows without the gene's attribute.
    nameless: Vec<KeptRow>,
    /// Coding sequences of genes without an exon so far.
    coding: Vec<KeptRow>,
    /// Symbol and biotype from rows of genes.
    described: Vec<Description>,
    notices: Vec<String>,
}

impl<'a> Selection<'a> {
    fn new(options: &'a AnnotationOptions) -> Self {
        let types: Vec<String> = if options.feature_types.is_empty() {
            vec![DEFAULT_FEATURE_TYPE.to_owned()]
        } else {
            options.feature_types.clone()
        };
        let id = options.id_attribute.clone().unwrap_or_else(|| DEFAULT_ID_ATTRIBUTE.to_owned());
        Self {
            options,
            is_chosen: options.strict || !options.feature_types.is_empty(),
            feature_types: types,
            id_attribute: id,
            taken: 0,
            present: Present::default(),
            nameless: Vec::new(),
            coding: Vec::new(),
            described: Vec::new(),
            notices: Vec::new(),
        }
    }

    fn meet<R: BufRead>(
        &mut self,
        rows: &mut LineReader<R>,
        row: &Row<'_>,
        line: &[u8],
        builder: &mut AnnotationBuilder,
    ) -> Result<(), ReadError> {
        self.present.add(row.feature_type);
        if self.feature_types.iter().any(|wanted| wanted.as_bytes() == row.feature_type) {
            self.take(rows, row, line, builder)?;
        } else if !self.is_chosen && row.feature_type == STAND_IN_TYPE.as_bytes() {
            self.keep_coding(rows, row, line, builder);
        }
        if !self.options.strict && is_gene(row.feature_type) {
            self.keep_description(row);
        }
        Ok(())
    }

    /// Adds `row` to the annotation, or sets it aside when it names no gene.
    fn take<R: BufRead>(
        &mut self,
        rows: &mut LineReader<R>,
        row: &Row<'_>,
        line: &[u8],
        builder: &mut AnnotationBuilder,
    ) -> Result<(), ReadError> {
        let number = rows.number();
        let Some(span) = rows.span(number, row.start, row.end) else { return Ok(()) };
        let strand = rows.strand(number, row.strand);
        let mut found = Found::new(&self.options.extra_attributes);
        let id_attribute = self.id_attribute.as_bytes();
        let readable = if self.options.strict {
            visit_strict(row.attributes, |key, value| found.visit(key, value, id_attribute))
        } else {
            visit_lenient(row.attributes, |key, value| found.visit(key, value, id_attribute));
            true
        };
        match found.gene.filter(|gene| readable && !gene.is_empty()) {
            Some(gene) => {
                let cut = if self.options.strict { STRICT_NAME_LENGTH } else { usize::MAX };
                self.taken += 1;
                push(builder, row, &gene[..gene.len().min(cut)], &found, number, (span, strand));
            }
            None if self.options.strict => {
                let message = format!("failed to find the gene identifier attribute `{}`", self.id_attribute);
                return Err(rows.error(message, Some("name the attribute that holds the gene with -g")));
            }
            None => self.nameless.push(KeptRow { number, span, strand, line: line.to_owned() }),
        }
        Ok(())
    }

    /// Keeps a coding sequence unless its gene has an exon already.
    fn keep_coding<R: BufRead>(
        &mut self,
        rows: &mut LineReader<R>,
        row: &Row<'_>,
        line: &[u8],
        builder: &AnnotationBuilder,
    ) {
        let gene = value_of(row.attributes, self.id_attribute.as_bytes());
        if gene.is_some_and(|gene| builder.has_gene(gene)) {
            return;
        }
        let number = rows.number();
        if let Some(span) = rows.span(number, row.start, row.end) {
            let strand = rows.strand(number, row.strand);
            self.coding.push(KeptRow { number, span, strand, line: line.to_owned() });
        }
    }

    fn keep_description(&mut self, row: &Row<'_>) {
        let mut found = Found::new(&[]);
        visit_lenient(row.attributes, |key, value| found.visit(key, value, self.id_attribute.as_bytes()));
        let (symbol, biotype) = (first(&found.symbols), first(&found.biotypes));
        if let Some(gene) = found.gene
            && (symbol.is_some() || biotype.is_some())
        {
            self.described.push(Description {
                gene: gene.to_owned(),
                symbol: symbol.map(<[u8]>::to_owned),
                biotype: biotype.map(<[u8]>::to_owned),
            });
        }
    }

    /// Decides about the rows that were set aside.
    fn finish(mut self, builder: &mut AnnotationBuilder) -> Result<Outcome, ReadError> {
        let (nameless, coding) = (std::mem::take(&mut self.nameless), std::mem::take(&mut self.coding));
        let exons = self.taken + nameless.len() as u64;
        let keys = self.keys(&nameless, &coding);
        let symbols = if nameless.is_empty() { HashSet::new() } else { self.symbols(builder) };
        let mut left_out = self.name(builder, &nameless, &keys, &symbols);
        if exons == 0 {
            left_out = self.name(builder, &coding, &keys, &HashSet::new());
            if !coding.is_empty() {
                self.notices.push(format!(
                    "no `{DEFAULT_FEATURE_TYPE}` rows in this annotation: counted on its {} `{STAND_IN_TYPE}` rows",
                    coding.len()
                ));
                self.feature_types = vec![STAND_IN_TYPE.to_owned()];
            }
        } else {
            self.stand_in(builder, &coding, &keys);
        }
        if left_out > 0 && !builder.is_empty() {
            self.notices.push(format!(
                "left out {} without a `{}` attribute",
                count(left_out, &format!("`{}` row", self.feature_types.join("`, `"))),
                self.id_attribute
            ));
        }
        for Description { gene, symbol, biotype } in &self.described {
            builder.describe(gene, symbol.as_deref(), biotype.as_deref());
        }
        Ok(Outcome {
            notices: self.notices,
            wanted: self.feature_types,
            present: self.present.sorted(),
            nameless: left_out as u64,
            id_attribute: self.id_attribute,
        })
    }

    /// The attributes that name the genes of rows set aside, in the order in which they are asked.
    ///
    /// Where no row has the usual one, the first other that at least half of the rows have comes first. Beside rows that
    /// have it, only attributes that name a gene are asked.
    fn keys(&mut self, nameless: &[KeptRow], coding: &[KeptRow]) -> Vec<String> {
        let usual = self.id_attribute.clone();
        if self.options.id_attribute.is_some() {
            return vec![usual];
        }
        let rows = if self.taken == 0 && nameless.is_empty() { coding } else { nameless };
        let has = |key: &str| rows.iter().filter(|row| row.value(key.as_bytes()).is_some()).count();
        let others = OTHER_ID_ATTRIBUTES;
        if self.taken > 0 || rows.is_empty() || 2 * has(&usual) >= rows.len() {
            let genes = others[..GENE_ATTRIBUTES].iter().map(|key| (*key).to_owned());
            return std::iter::once(usual).chain(genes).collect();
        }
        let most = others
            .iter()
            .find(|key| 2 * has(key) >= rows.len())
            .or_else(|| others.iter().find(|key| has(key) > 0));
        let Some(&best) = most else { return vec![usual] };
        self.notices.push(format!("no `{usual}` attribute in this annotation: `{best}` names the genes"));
        if !others[..GENE_ATTRIBUTES].contains(&best) {
            self.notices.push(format!(
                "`{best}` names transcripts or exons rather than genes: each is counted as a gene of its own, and reads \
                 that several of them share are ambiguous"
            ));
        }
        self.id_attribute = best.to_owned();
        let rest = others[..GENE_ATTRIBUTES].iter().filter(|key| **key != best).map(|key| (*key).to_owned());
        std::iter::once(best.to_owned()).chain([usual]).chain(rest).collect()
    }

    /// Symbols of the genes taken so far, and of those that rows of genes describe.
    fn symbols(&self, builder: &AnnotationBuilder) -> HashSet<Vec<u8>> {
        let described = self.described.iter().filter_map(|told| told.symbol.clone());
        builder.symbols().map(|symbol| symbol.as_bytes().to_vec()).chain(described).collect()
    }

    /// Adds rows that were set aside, named by the first of `keys` that they have; a name that is the symbol of another
    /// gene is none. Gives how many have none.
    fn name(
        &mut self,
        builder: &mut AnnotationBuilder,
        rows: &[KeptRow],
        keys: &[String],
        symbols: &HashSet<Vec<u8>>,
    ) -> usize {
        let mut left_out = 0;
        let mut by_key: Vec<(&str, usize, u64)> = Vec::new();
        for row in rows {
            let is_free = |gene: &&[u8]| !symbols.contains(*gene);
            let found = keys.iter().find_map(|key| Some((key, row.value(key.as_bytes()).filter(is_free)?)));
            let Some((key, gene)) = found else {
                left_out += 1;
                continue;
            };
            row.push(builder, gene, self.options);
            match by_key.iter_mut().find(|(known, ..)| known == key) {
                Some((_, number, _)) => *number += 1,
                None => by_key.push((key, 1, row.number)),
            }
        }
        for (key, number, line) in by_key {
            if *key != *self.id_attribute {
                let types = self.feature_types.join("`, `");
                let rows = count_of(number, &format!("`{types}` row has"), &format!("`{types}` rows have"));
                self.notices.push(format!(
                    "{rows} no `{}` attribute (the first is line {line}): `{key}` names the gene",
                    self.id_attribute
                ));
            }
        }
        left_out
    }

    /// Counts genes that have no exon on their coding sequences.
    fn stand_in(&mut self, builder: &mut AnnotationBuilder, coding: &[KeptRow], keys: &[String]) {
        let gene_of =
            |row: &'_ KeptRow| keys.iter().find_map(|key| row.value(key.as_bytes()).map(<[u8]>::to_vec));
        let named: Vec<(Vec<u8>, &KeptRow)> = coding
            .iter()
            .filter_map(|row| Some((gene_of(row)?, row)))
            .filter(|(gene, _)| !builder.has_gene(gene))
            .collect();
        builder.begin_stand_ins();
        for (gene, row) in &named {
            row.push(builder, gene, self.options);
        }
        if let Some(notice) = builder.stand_in_notice() {
            self.notices.push(notice);
            self.feature_types.push(STAND_IN_TYPE.to_owned());
        }
    }
}

impl KeptRow {
    fn row(&self) -> Option<Row<'_>> {
        Row::parse(&self.line).or_else(|| Row::parse_blanks(&self.line))
    }

    /// The value of an attribute.
    fn value(&self, key: &[u8]) -> Option<&[u8]> {
        let attributes = self.row()?.attributes.trim_ascii();
        if key == GROUP.as_bytes() {
            let is_name = attributes.iter().all(|byte| !matches!(byte, b' ' | b'=' | b';' | b'"' | b'\t'));
            return Some(attributes).filter(|name| is_name && !name.is_empty() && *name != b".");
        }
        value_of(attributes, key)
    }

    fn push(&self, builder: &mut AnnotationBuilder, gene: &[u8], options: &AnnotationOptions) {
        let Some(row) = self.row() else { return };
        let mut found = Found::new(&options.extra_attributes);
        visit_lenient(row.attributes, |key, value| found.visit(key, value, b""));
        push(builder, &row, gene, &found, self.number, (self.span, self.strand));
    }
}

/// Whether rows of this type describe genes: `gene`, `pseudogene`, `ncRNA_gene`.
pub(super) fn is_gene(feature_type: &[u8]) -> bool {
    feature_type.len() >= 4 && feature_type[feature_type.len() - 4..].eq_ignore_ascii_case(b"gene")
}

fn push(
    builder: &mut AnnotationBuilder,
    row: &Row<'_>,
    gene: &[u8],
    found: &Found<'_, '_>,
    line: u64,
    (span, strand): (Span, Strand),
) {
    builder.push(&CountedRow {
        line,
        contig: row.contig,
        span,
        strand,
        gene,
        symbol: first(&found.symbols),
        biotype: first(&found.biotypes),
        extra: &found.extra,
    });
}

/// The attributes of one row that matter.
struct Found<'r, 'o> {
    gene: Option<&'r [u8]>,
    symbols: [Option<&'r [u8]>; SYMBOL_KEYS.len()],
    biotypes: [Option<&'r [u8]>; BIOTYPE_KEYS.len()],
    extra_names: &'o [String],
    extra: Vec<Option<&'r [u8]>>,
}

impl<'r, 'o> Found<'r, 'o> {
    fn new(extra_names: &'o [String]) -> Self {
        Self {
            gene: None,
            symbols: [None; SYMBOL_KEYS.len()],
            biotypes: [None; BIOTYPE_KEYS.len()],
            extra_names,
            extra: vec![None; extra_names.len()],
        }
    }

    fn visit(&mut self, key: &[u8], value: &'r [u8], id_attribute: &[u8]) {
        if key == id_attribute {
            self.gene = Some(value);
        }
        if let Some(place) = SYMBOL_KEYS.iter().position(|name| *name == key) {
            self.symbols[place] = Some(value);
        } else if let Some(place) = BIOTYPE_KEYS.iter().position(|name| *name == key) {
            self.biotypes[place] = Some(value);
        }
        for (name, slot) in self.extra_names.iter().zip(&mut self.extra) {
            if name.as_bytes() == key {
                *slot = Some(value);
            }
        }
    }
}

/// The first value that is there.
fn first<'r>(values: &[Option<&'r [u8]>]) -> Option<&'r [u8]> {
    values.iter().copied().flatten().find(|value| !value.is_empty())
}
