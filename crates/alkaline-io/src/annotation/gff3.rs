//! GFF3: the gene of an exon is found through `Parent`, exon over transcript to gene.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use alkaline_core::genome::{Span, Strand};

use super::attributes::{percent_decoded, visit_lenient};
use super::builder::{AnnotationBuilder, CountedRow};
use super::gtf::{BIOTYPE_KEYS, SYMBOL_KEYS};
use super::row::{Row, RowReader};
use super::{AnnotationOptions, DEFAULT_FEATURE_TYPE, Outcome};
use crate::error::ReadError;

/// What stands in for `exon` in files that have none, best first. Whole genes do not: their introns would be counted.
const OTHER_FEATURE_TYPES: [&str; 1] = ["CDS"];

/// Attributes of the topmost feature that may name the gene, best first.
const GENE_KEYS: [&[u8]; 2] = [b"gene_id", b"ID"];

/// How many steps a chain of parents may have: deeper ones are circles.
const MAX_DEPTH: usize = 8;

/// A feature that others may name as their parent.
#[derive(Default)]
struct Feature {
    parents: Vec<Vec<u8>>,
    attributes: HashMap<Vec<u8>, Vec<u8>>,
}

/// A row of a type that may be counted on.
struct Candidate {
    feature_type: Vec<u8>,
    contig: Vec<u8>,
    span: Span,
    strand: Strand,
    feature: Feature,
}

pub(super) fn read<R: BufRead>(
    rows: &mut RowReader<R>,
    builder: &mut AnnotationBuilder,
    options: &AnnotationOptions,
) -> Result<Outcome, ReadError> {
    let mut file = Gff3::default();
    let wanted = wanted_types(options);
    while rows.advance()? {
        if rows.line() == b"##FASTA" {
            break;
        }
        if let Some(row) = Row::parse(rows.line()) {
            file.take(rows, &row, &wanted)?;
        }
    }
    Ok(file.build(builder, options))
}

/// The types that may be counted on: those asked for, or the default and what may stand in for it.
fn wanted_types(options: &AnnotationOptions) -> Vec<String> {
    if !options.feature_types.is_empty() {
        return options.feature_types.clone();
    }
    std::iter::once(DEFAULT_FEATURE_TYPE).chain(OTHER_FEATURE_TYPES).map(str::to_owned).collect()
}

#[derive(Default)]
struct Gff3 {
    /// Features with an `ID`.
    features: HashMap<Vec<u8>, Feature>,
    candidates: Vec<Candidate>,
    present: HashMap<Vec<u8>, u64>,
}

impl Gff3 {
    fn take<R: BufRead>(
        &mut self,
        rows: &RowReader<R>,
        row: &Row<'_>,
        wanted: &[String],
    ) -> Result<(), ReadError> {
        *self.present.entry(row.feature_type.to_vec()).or_default() += 1;
        if wanted.iter().any(|name| name.as_bytes() == row.feature_type) {
            self.candidates.push(Candidate {
                feature_type: row.feature_type.to_vec(),
                contig: percent_decoded(row.contig).into_owned(),
                span: rows.span(row.start, row.end)?,
                strand: row.strand,
                feature: parse_feature(row.attributes),
            });
        }
        if row.feature_type != DEFAULT_FEATURE_TYPE.as_bytes() && row.feature_type != b"CDS" {
            let feature = parse_feature(row.attributes);
            if let Some(id) = feature.attributes.get(&b"ID"[..]) {
                self.features.insert(id.clone(), feature);
            }
        }
        Ok(())
    }

    fn build(self, builder: &mut AnnotationBuilder, options: &AnnotationOptions) -> Outcome {
        let (types, mut notices) = self.choose_types(options);
        let mut nameless = 0;
        for row in
            self.candidates.iter().filter(|row| types.iter().any(|name| name.as_bytes() == row.feature_type))
        {
            let genes = self.genes_of(&row.feature, options.id_attribute.as_deref());
            nameless += u64::from(genes.is_empty());
            for (gene, top) in genes {
                push(builder, row, &gene, top, options);
            }
        }
        if nameless > 0 && !builder.is_empty() {
            notices.push(format!("left out {nameless} `{}` rows that lead to no gene", types.join("`, `")));
        }
        let mut present: Vec<(String, u64)> = self
            .present
            .iter()
            .map(|(name, number)| (String::from_utf8_lossy(name).into_owned(), *number))
            .collect();
        present.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let id_attribute = options.id_attribute.clone().unwrap_or_else(|| "Parent".to_owned());
        Outcome { notices, wanted: types, present, nameless, id_attribute }
    }

    /// The types that are counted on: a stand-in, with a notice, only where nothing was asked for and `exon` is absent.
    fn choose_types(&self, options: &AnnotationOptions) -> (Vec<String>, Vec<String>) {
        if !options.feature_types.is_empty() {
            return (options.feature_types.clone(), Vec::new());
        }
        let has = |name: &str| self.present.contains_key(name.as_bytes());
        match OTHER_FEATURE_TYPES.into_iter().find(|name| has(name)) {
            Some(name) if !has(DEFAULT_FEATURE_TYPE) => {
                let notice = format!(
                    "no `{DEFAULT_FEATURE_TYPE}` rows in this annotation: counted on its `{name}` rows"
                );
                (vec![name.to_owned()], vec![notice])
            }
            _ => (vec![DEFAULT_FEATURE_TYPE.to_owned()], Vec::new()),
        }
    }

    /// The genes that a row leads to, each with its topmost feature.
    fn genes_of<'a>(&'a self, row: &'a Feature, id_attribute: Option<&str>) -> Vec<(Vec<u8>, &'a Feature)> {
        let own = match id_attribute {
            Some(key) => row.attributes.get(key.as_bytes()),
            None => row.attributes.get(&b"gene_id"[..]),
        };
        if let Some(gene) = own.filter(|gene| !gene.is_empty()) {
            let top = self.tops(row).into_iter().next().unwrap_or(row);
            return vec![(gene.clone(), top)];
        }
        let mut genes: Vec<(Vec<u8>, &Feature)> = Vec::new();
        for top in self.tops(row) {
            let name = match id_attribute {
                Some(key) => top.attributes.get(key.as_bytes()),
                None => GENE_KEYS.iter().find_map(|key| top.attributes.get(*key)),
            };
            if let Some(name) = name
                && !genes.iter().any(|(known, _)| known == name)
            {
                genes.push((name.clone(), top));
            }
        }
        genes
    }

    /// The topmost features above `row` (itself when it has no parent), without repetition.
    fn tops<'a>(&'a self, row: &'a Feature) -> Vec<&'a Feature> {
        let mut tops: Vec<&Feature> = Vec::new();
        let mut level = vec![row];
        let mut seen: HashSet<&[u8]> = HashSet::new();
        for _ in 0..MAX_DEPTH {
            let mut above = Vec::new();
            for feature in level {
                let parents: Vec<&Feature> = feature
                    .parents
                    .iter()
                    .filter_map(|parent| self.features.get_key_value(parent.as_slice()))
                    .filter(|(id, _)| seen.insert(id))
                    .map(|(_, parent)| parent)
                    .collect();
                if parents.is_empty()
                    && feature.parents.iter().all(|parent| !seen.contains(parent.as_slice()))
                {
                    tops.push(feature);
                }
                above.extend(parents);
            }
            level = above;
        }
        tops
    }
}

fn push(
    builder: &mut AnnotationBuilder,
    row: &Candidate,
    gene: &[u8],
    top: &Feature,
    options: &AnnotationOptions,
) {
    let of = |feature: &'_ Feature, keys: &[&[u8]]| {
        keys.iter().find_map(|key| feature.attributes.get(*key)).cloned()
    };
    let symbol = of(top, &SYMBOL_KEYS).or_else(|| of(&row.feature, &SYMBOL_KEYS[..2]));
    let biotype = of(top, &BIOTYPE_KEYS);
    let extra: Vec<Option<&[u8]>> = options
        .extra_attributes
        .iter()
        .map(|name| {
            let key = name.as_bytes();
            row.feature.attributes.get(key).or_else(|| top.attributes.get(key)).map(Vec::as_slice)
        })
        .collect();
    builder.push(&CountedRow {
        contig: &row.contig,
        span: row.span,
        strand: row.strand,
        gene,
        symbol: symbol.as_deref(),
        biotype: biotype.as_deref(),
        extra: &extra,
    });
}

fn parse_feature(column: &[u8]) -> Feature {
    let mut feature = Feature::default();
    visit_lenient(column, |key, value| {
        if key == b"Parent" {
            feature.parents =
                value.split(|&byte| byte == b',').map(|id| percent_decoded(id).into_owned()).collect();
        }
        feature.attributes.insert(key.to_vec(), percent_decoded(value).into_owned());
    });
    feature
}
