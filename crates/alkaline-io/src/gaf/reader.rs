//! Reading GO annotation files.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::GeneId;
use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::ontology::{Ontology, OntologyAnnotations};

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// Columns that a GAF line must have (2.0 has 17, of which the last two may be missing).
const FEWEST_COLUMNS: usize = 15;

/// 0-based columns of a GAF line.
const ACCESSION: usize = 1;
const SYMBOL: usize = 2;
const QUALIFIER: usize = 3;
const TERM: usize = 4;
const TAXON: usize = 12;

/// What the genes of a GAF are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GafNames {
    /// Symbols (column 3).
    #[default]
    Symbol,
    /// Accessions of the database that made the file (column 2): `MGI:88467`, `FBgn0000008`, `P04637`.
    Accession,
}

impl GafNames {
    const fn column(self) -> usize {
        match self {
            Self::Symbol => SYMBOL,
            Self::Accession => ACCESSION,
        }
    }
}

/// What was read, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GafNotes {
    /// Lines that were used.
    pub annotations: usize,
    /// Genes that they annotate.
    pub genes: usize,
    /// Species that they are of (`taxon:9606`), in order of appearance.
    pub taxa: Vec<String>,
    /// Lines that say a gene is *not* described by a term.
    pub negated: usize,
    /// Lines with terms that the ontology does not define (obsolete ones among them).
    pub unknown_terms: usize,
}

/// Reads annotations (gzip by content) for the terms of an ontology.
///
/// Lines with the qualifier `NOT` are left out, whatever the evidence of the others.
///
/// # Errors
/// Unreadable files, lines with too few columns or without symbol, a file without usable annotations.
pub fn read(
    path: &Path,
    ontology: &Ontology,
    names: GafNames,
) -> Result<(OntologyAnnotations, GafNotes), ReadError> {
    Ok(parse(&read_text(path)?, path, ontology, names)?)
}

/// As [`read`], from text at hand; `path` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(
    text: &str,
    path: &Path,
    ontology: &Ontology,
    names: GafNames,
) -> Result<(OntologyAnnotations, GafNotes), FileProblems> {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let (mut genes, mut pairs) = (Vec::new(), Vec::new());
    let mut notes = GafNotes::default();
    let mut problems = Vec::new();
    let mut date = None;
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if let Some(comment) = text.strip_prefix('!') {
            let generated = comment.trim().strip_prefix("date-generated:");
            date = date.or(generated.map(|date| date.trim().to_owned()));
            continue;
        }
        if text.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
        if fields.len() < FEWEST_COLUMNS || fields[names.column()].is_empty() {
            problems.push(malformed(line, &fields, names));
        } else if fields[QUALIFIER].split('|').any(|qualifier| qualifier == "NOT") {
            notes.negated += 1;
        } else if let Some(term) = ontology.position(fields[TERM]) {
            let name = fields[names.column()];
            let gene = *numbers.entry(name).or_insert_with(|| {
                genes.push(GeneId::from(name));
                genes.len() as u32 - 1
            });
            pairs.push((gene, term));
            // `taxon:9606|taxon:1280` is an interaction; the first is the gene's own.
            let taxon = fields[TAXON].split('|').next().unwrap_or_default();
            if !notes.taxa.iter().any(|known| known == taxon) {
                notes.taxa.push(taxon.to_owned());
            }
        } else {
            notes.unknown_terms += 1;
        }
    }
    if problems.is_empty() && pairs.is_empty() {
        problems.push(
            Problem::of_file(format!("no annotation fits the ontology of release {}", ontology.release()))
                .hint("the GAF and the OBO should be of the same release"),
        );
    }
    FileProblems::check(path, problems)?;
    (notes.annotations, notes.genes) = (pairs.len(), genes.len());
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let source = GeneSetSource {
        name: format!("Gene Ontology {}, annotations {file}", ontology.release()),
        version: Some(date.unwrap_or_else(|| ontology.release().to_owned())),
        licence: Some("Gene Ontology Consortium, CC BY 4.0, https://geneontology.org".to_owned()),
        ..GeneSetSource::default()
    };
    Ok((OntologyAnnotations::new(source, genes, pairs), notes))
}

fn malformed(line: u64, fields: &[&str], names: GafNames) -> Problem {
    if fields.len() < FEWEST_COLUMNS {
        let message = format!("{} columns; a GAF line has 17, separated by tabs", fields.len());
        return Problem::at_line(line, message);
    }
    match names {
        GafNames::Symbol => Problem::at_line(line, "the gene has no symbol").in_column("3"),
        GafNames::Accession => Problem::at_line(line, "the gene has no accession").in_column("2"),
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::ontology::{Aspect, Term};

    use super::*;

    fn ontology() -> Ontology {
        let term = |id: &str| Term { id: id.into(), name: id.into(), aspect: Aspect::BiologicalProcess };
        Ontology::new("test", vec![term("GO:1"), term("GO:2")], &[]).unwrap()
    }

    fn line(symbol: &str, qualifier: &str, term: &str) -> String {
        format!(
            "UniProtKB\tP1\t{symbol}\t{qualifier}\t{term}\tPMID:1\tIDA\t\tP\t\t\tprotein\ttaxon:9606\t20260101\tX\t\t\n"
        )
    }

    #[test]
    fn negated_annotations_and_unknown_terms_are_left_out_and_counted() {
        let text = [
            "!gaf-version: 2.2\n!date-generated: 2026-01-23T10:00\n".to_owned(),
            line("CCL20", "involved_in", "GO:1"),
            line("CCL20", "acts_upstream_of", "GO:1"),
            line("IL6", "NOT|involved_in", "GO:1"),
            line("IL6", "", "GO:2"),
            line("IL6", "", "GO:9"),
        ]
        .concat()
        .replace('\n', "\r\n");
        let (annotations, notes) = parse(&text, Path::new("h.gaf"), &ontology(), GafNames::Symbol).unwrap();
        assert_eq!(annotations.len(), 2);
        let taxa = vec!["taxon:9606".to_owned()];
        assert_eq!(notes, GafNotes { annotations: 3, genes: 2, taxa, negated: 1, unknown_terms: 1 });
        assert_eq!(annotations.source().version.as_deref(), Some("2026-01-23T10:00"));
    }

    #[test]
    fn genes_are_called_by_symbol_or_accession_and_terms_by_any_of_their_identifiers() {
        let ontology = ontology().with_alternatives([("GO:7", "GO:2")]);
        let text = line("CCL20", "", "GO:7");
        for (names, expected) in [(GafNames::Symbol, "CCL20"), (GafNames::Accession, "P1")] {
            let (annotations, _) = parse(&text, Path::new("h.gaf"), &ontology, names).unwrap();
            let (gene, terms) = annotations.by_gene().next().unwrap();
            assert_eq!((gene.as_str(), terms), (expected, &[1_u32][..]));
        }
    }

    #[test]
    fn problems_are_told_with_their_line() {
        let error = |text: &str| {
            parse(text, Path::new("h.gaf"), &ontology(), GafNames::Symbol).unwrap_err().to_string()
        };
        assert_eq!(error("!\na\tb\n"), "h.gaf, line 2: 2 columns; a GAF line has 17, separated by tabs");
        assert_eq!(error(&line("", "", "GO:1")), "h.gaf, line 1, column `3`: the gene has no symbol");
        assert!(error("!gaf-version: 2.2\n").contains("no annotation fits"));
    }
}
