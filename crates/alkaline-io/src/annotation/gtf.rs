//! GTF: the gene is an attribute of every counted row.

use std::collections::HashMap;
use std::io::BufRead;

use super::attributes::{visit_lenient, visit_strict};
use super::builder::{AnnotationBuilder, CountedRow};
use super::row::{Row, RowReader};
use super::{AnnotationOptions, DEFAULT_FEATURE_TYPE, DEFAULT_ID_ATTRIBUTE, Outcome};
use crate::error::ReadError;

/// Attributes that may hold the symbol, best first.
pub(super) const SYMBOL_KEYS: [&[u8]; 3] = [b"gene_name", b"gene", b"Name"];

/// Attributes that may hold the biotype, best first.
pub(super) const BIOTYPE_KEYS: [&[u8]; 4] =
    [b"gene_biotype", b"gene_type", b"biotype", b"transcript_biotype"];

/// What stands in for `exon` in files that have none, best first. Whole genes do not: their introns would be counted.
const OTHER_FEATURE_TYPES: [&str; 1] = ["CDS"];

/// What stands in for `gene_id` in files that have none, best first.
const OTHER_ID_ATTRIBUTES: [&[u8]; 5] = [b"locus_tag", b"gene", b"gene_name", b"Parent", b"ID"];

/// Longest gene name that featureCounts keeps, in bytes.
const STRICT_NAME_LENGTH: usize = 254;

/// Rows kept aside until it is clear whether the file has any of the wanted type.
type KeptLines = HashMap<&'static str, Vec<Vec<u8>>>;

pub(super) fn read<R: BufRead>(
    rows: &mut RowReader<R>,
    builder: &mut AnnotationBuilder,
    options: &AnnotationOptions,
) -> Result<Outcome, ReadError> {
    let chosen = options.strict || !options.feature_types.is_empty();
    let mut selection = Selection::new(options);
    let mut present: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut kept = KeptLines::new();
    while rows.advance()? {
        let Some(row) = Row::parse(rows.line()) else { continue };
        if !present.contains_key(row.feature_type) {
            present.insert(row.feature_type.to_vec(), 0);
        }
        if let Some(number) = present.get_mut(row.feature_type) {
            *number += 1;
        }
        if selection.wants(row.feature_type) {
            selection.take(rows, &row, builder)?;
        } else if !chosen && selection.taken == 0 && selection.outcome.nameless == 0 {
            keep(&mut kept, &row, rows.line());
        }
    }
    if selection.taken == 0 && selection.outcome.nameless == 0 {
        selection.take_other_type(rows, kept, builder)?;
    }
    Ok(selection.finish(present))
}

/// Keeps the line when its type may have to stand in for `exon`.
fn keep(kept: &mut KeptLines, row: &Row<'_>, line: &[u8]) {
    if let Some(name) = OTHER_FEATURE_TYPES.into_iter().find(|name| name.as_bytes() == row.feature_type) {
        kept.entry(name).or_default().push(line.to_vec());
    }
}

/// Chooses rows and finds their gene.
struct Selection<'a> {
    options: &'a AnnotationOptions,
    feature_types: Vec<Vec<u8>>,
    id_attribute: Vec<u8>,
    /// Whether the id attribute may still be replaced by one that the file has.
    id_is_open: bool,
    taken: u64,
    outcome: Outcome,
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
            feature_types: types.iter().map(|name| name.as_bytes().to_vec()).collect(),
            id_attribute: id.as_bytes().to_vec(),
            id_is_open: !options.strict && options.id_attribute.is_none(),
            taken: 0,
            outcome: Outcome { wanted: types, id_attribute: id, ..Outcome::default() },
        }
    }

    fn wants(&self, feature_type: &[u8]) -> bool {
        self.feature_types.iter().any(|wanted| wanted == feature_type)
    }

    /// Adds `row` to the annotation, or notes that it has no gene.
    fn take<R: BufRead>(
        &mut self,
        rows: &RowReader<R>,
        row: &Row<'_>,
        builder: &mut AnnotationBuilder,
    ) -> Result<(), ReadError> {
        let span = rows.span(row.start, row.end)?;
        let mut found = Found::new(&self.options.extra_attributes);
        let readable = if self.options.strict {
            visit_strict(row.attributes, |key, value| found.visit(key, value, &self.id_attribute))
        } else {
            visit_lenient(row.attributes, |key, value| found.visit(key, value, &self.id_attribute));
            true
        };
        if self.id_is_open && found.gene.is_none() {
            self.choose_id_attribute(row, &mut found);
        }
        let Some(gene) = found.gene.filter(|gene| readable && !gene.is_empty()) else {
            return self.nameless(rows);
        };
        let cut = if self.options.strict { STRICT_NAME_LENGTH } else { usize::MAX };
        self.taken += 1;
        self.id_is_open = false;
        builder.push(&CountedRow {
            contig: row.contig,
            span,
            strand: row.strand,
            gene: &gene[..gene.len().min(cut)],
            symbol: first(&found.symbols),
            biotype: first(&found.biotypes),
            extra: &found.extra,
        });
        Ok(())
    }

    /// Looks for another attribute that names the gene, in a file whose first counted row lacks `gene_id`.
    fn choose_id_attribute<'r>(&mut self, row: &Row<'r>, found: &mut Found<'r, '_>) {
        for candidate in OTHER_ID_ATTRIBUTES {
            visit_lenient(row.attributes, |key, value| {
                if key == candidate && !value.is_empty() {
                    found.gene = Some(value);
                }
            });
            if found.gene.is_some() {
                let name = String::from_utf8_lossy(candidate).into_owned();
                let notice = format!(
                    "no `{DEFAULT_ID_ATTRIBUTE}` attribute in this annotation: `{name}` names the genes"
                );
                self.outcome.notices.push(notice);
                self.id_attribute = candidate.to_vec();
                self.outcome.id_attribute = name;
                return;
            }
        }
    }

    fn nameless<R: BufRead>(&mut self, rows: &RowReader<R>) -> Result<(), ReadError> {
        if self.options.strict {
            let message =
                format!("failed to find the gene identifier attribute `{}`", self.outcome.id_attribute);
            return Err(rows.error(message, Some("name the attribute that holds the gene with -g")));
        }
        self.outcome.nameless += 1;
        Ok(())
    }

    /// Counts on another feature type than `exon`, where the file has no exon.
    fn take_other_type<R: BufRead>(
        &mut self,
        rows: &RowReader<R>,
        mut kept: KeptLines,
        builder: &mut AnnotationBuilder,
    ) -> Result<(), ReadError> {
        let Some(name) = OTHER_FEATURE_TYPES.into_iter().find(|name| kept.contains_key(name)) else {
            return Ok(());
        };
        let lines = kept.remove(name).unwrap_or_default();
        for row in lines.iter().filter_map(|line| Row::parse(line)) {
            self.take(rows, &row, builder)?;
        }
        let notice = format!(
            "no `{DEFAULT_FEATURE_TYPE}` rows in this annotation: counted on its {} `{name}` rows",
            lines.len()
        );
        self.outcome.notices.push(notice);
        self.outcome.wanted = vec![name.to_owned()];
        Ok(())
    }

    fn finish(mut self, present: HashMap<Vec<u8>, u64>) -> Outcome {
        if self.outcome.nameless > 0 && self.taken > 0 {
            self.outcome.notices.push(format!(
                "left out {} `{}` rows without a `{}` attribute",
                self.outcome.nameless,
                self.outcome.wanted.join("`, `"),
                self.outcome.id_attribute
            ));
        }
        let mut present: Vec<(String, u64)> = present
            .into_iter()
            .map(|(name, number)| (String::from_utf8_lossy(&name).into_owned(), number))
            .collect();
        present.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        self.outcome.present = present;
        self.outcome
    }
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
    values.iter().copied().flatten().next()
}
