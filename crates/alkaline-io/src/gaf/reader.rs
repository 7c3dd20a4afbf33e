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
const SYMBOL: usize = 2;
const QUALIFIER: usize = 3;
const TERM: usize = 4;

/// What was left out while reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GafNotes {
    /// Lines that say a gene is *not* described by a term.
    pub negated: usize,
    /// Lines with terms that the ontology does not define (obsolete ones among them).
    pub unknown_terms: usize,
}

/// Reads annotations (gzip by content) for the terms of an ontology; genes are named by their symbol.
///
/// # Errors
/// Unreadable files, lines with too few columns or without symbol, a file without usable annotations.
pub fn read(path: &Path, ontology: &Ontology) -> Result<(OntologyAnnotations, GafNotes), ReadError> {
    Ok(parse(&read_text(path)?, path, ontology)?)
}

/// As [`read`], from text at hand; `path` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(
    text: &str,
    path: &Path,
    ontology: &Ontology,
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
        if fields.len() < FEWEST_COLUMNS || fields[SYMBOL].is_empty() {
            problems.push(malformed(line, &fields));
        } else if fields[QUALIFIER].split('|').any(|qualifier| qualifier == "NOT") {
            notes.negated += 1;
        } else if let Some(term) = ontology.position(fields[TERM]) {
            let gene = *numbers.entry(fields[SYMBOL]).or_insert_with(|| {
                genes.push(GeneId::from(fields[SYMBOL]));
                genes.len() as u32 - 1
            });
            pairs.push((gene, term));
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
    let source = GeneSetSource {
        name: format!("Gene Ontology, annotations {}", path.display()),
        version: Some(date.unwrap_or_else(|| ontology.release().to_owned())),
        licence: Some("Gene Ontology Consortium, CC BY 4.0, https://geneontology.org".to_owned()),
    };
    Ok((OntologyAnnotations::new(source, genes, pairs), notes))
}

fn malformed(line: u64, fields: &[&str]) -> Problem {
    if fields.len() < FEWEST_COLUMNS {
        let message = format!("{} columns; a GAF line has 17, separated by tabs", fields.len());
        return Problem::at_line(line, message);
    }
    Problem::at_line(line, "the gene has no symbol").in_column("3")
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
        let (annotations, notes) = parse(&text, Path::new("h.gaf"), &ontology()).unwrap();
        assert_eq!(annotations.len(), 2);
        assert_eq!(notes, GafNotes { negated: 1, unknown_terms: 1 });
        assert_eq!(annotations.source().version.as_deref(), Some("2026-01-23T10:00"));
    }

    #[test]
    fn problems_are_told_with_their_line() {
        let error = |text: &str| parse(text, Path::new("h.gaf"), &ontology()).unwrap_err().to_string();
        assert_eq!(error("!\na\tb\n"), "h.gaf, line 2: 2 columns; a GAF line has 17, separated by tabs");
        assert_eq!(error(&line("", "", "GO:1")), "h.gaf, line 1, column `3`: the gene has no symbol");
        assert!(error("!gaf-version: 2.2\n").contains("no annotation fits"));
    }
}
