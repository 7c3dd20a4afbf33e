//! Reading OBO files of the Gene Ontology.

use std::collections::HashSet;
use std::path::Path;

use alkaline_core::ontology::{Aspect, Ontology, OntologyEdge, OntologyError, Relation, Term};

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// What was passed over while reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OboNotes {
    /// Terms marked obsolete; left out.
    pub obsolete: usize,
    /// Relations along which annotations do not propagate (`has_part`, `occurs_in`, ...); left out.
    pub other_relations: usize,
    /// Relations to obsolete terms; left out.
    pub to_obsolete: usize,
    /// Further identifiers of terms (`alt_id`); annotations may use them.
    pub alternatives: usize,
}

/// Reads an ontology (gzip by content). The release comes from `data-version`.
///
/// # Errors
/// Unreadable files, lines that are no `tag: value`, terms without id, name or namespace, cycles, undefined parents.
pub fn read(path: &Path) -> Result<(Ontology, OboNotes), ReadError> {
    Ok(parse(&read_text(path)?, path)?)
}

/// As [`read`], from text at hand; `path` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, path: &Path) -> Result<(Ontology, OboNotes), FileProblems> {
    let mut document = Document::default();
    let mut problems = Vec::new();
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if let Err(problem) = document.take(line, text.trim()) {
            problems.push(problem);
        }
    }
    if let Err(problem) = document.close_stanza() {
        problems.push(problem);
    }
    if problems.is_empty() && document.terms.is_empty() {
        problems.push(
            Problem::of_file("the file defines no terms").hint("give an OBO file such as go-basic.obo"),
        );
    }
    FileProblems::check(path, problems)?;
    document.finish().map_err(|error| FileProblems::one(path, Problem::of_file(error.to_string())))
}

/// A `[Term]` stanza in the making.
#[derive(Default)]
struct Stanza {
    line: u64,
    id: String,
    name: Option<String>,
    aspect: Option<Aspect>,
    obsolete: bool,
    alternatives: Vec<String>,
    parents: Vec<(Relation, String)>,
}

#[derive(Default)]
struct Document {
    release: Option<String>,
    default_aspect: Option<Aspect>,
    stanza: Option<Stanza>,
    in_other_stanza: bool,
    terms: Vec<Term>,
    edges: Vec<OntologyEdge>,
    obsolete: HashSet<String>,
    alternatives: Vec<(String, String)>,
    notes: OboNotes,
}

impl Document {
    fn take(&mut self, line: u64, text: &str) -> Result<(), Problem> {
        if text.is_empty() || text.starts_with('!') {
            return Ok(());
        }
        if text.starts_with('[') {
            let closed = self.close_stanza();
            self.in_other_stanza = text != "[Term]";
            self.stanza = (text == "[Term]").then(|| Stanza { line, ..Stanza::default() });
            return closed;
        }
        if self.in_other_stanza {
            return Ok(());
        }
        let Some((tag, value)) = text.split_once(':') else {
            return Err(Problem::at_line(line, format!("`{text}` is no `tag: value`")));
        };
        let value = without_comment(value);
        match &mut self.stanza {
            None => self.take_header(tag, value),
            Some(stanza) => take_tag(stanza, tag, value, &mut self.notes),
        }
        Ok(())
    }

    fn take_header(&mut self, tag: &str, value: &str) {
        match tag {
            "data-version" => {
                let date = value.rsplit('/').find(|part| part.starts_with(|c: char| c.is_ascii_digit()));
                self.release = Some(date.unwrap_or(value).to_owned());
            }
            "default-namespace" => self.default_aspect = Aspect::from_text(value),
            _ => {}
        }
    }

    fn close_stanza(&mut self) -> Result<(), Problem> {
        let Some(stanza) = self.stanza.take() else { return Ok(()) };
        if stanza.id.is_empty() {
            return Err(Problem::at_line(stanza.line, "the term has no id"));
        }
        if stanza.obsolete {
            self.notes.obsolete += 1;
            self.obsolete.insert(stanza.id);
            return Ok(());
        }
        let missing =
            |what: &str| Problem::at_line(stanza.line, format!("the term `{}` has no {what}", stanza.id));
        let name = stanza.name.clone().ok_or_else(|| missing("name"))?;
        let aspect =
            stanza.aspect.or(self.default_aspect).ok_or_else(|| missing("namespace of the Gene Ontology"))?;
        for (relation, parent) in stanza.parents {
            self.edges.push(OntologyEdge { child: stanza.id.clone(), relation, parent });
        }
        let alternatives = stanza.alternatives.into_iter().map(|other| (other, stanza.id.clone()));
        self.alternatives.extend(alternatives);
        self.terms.push(Term { id: stanza.id, name, aspect });
        Ok(())
    }

    fn finish(mut self) -> Result<(Ontology, OboNotes), OntologyError> {
        let before = self.edges.len();
        self.edges.retain(|edge| !self.obsolete.contains(&edge.parent));
        self.notes.to_obsolete = before - self.edges.len();
        let release = self.release.unwrap_or_else(|| "unknown".to_owned());
        self.notes.alternatives = self.alternatives.len();
        let ontology = Ontology::new(release, self.terms, &self.edges)?;
        let alternatives = self.alternatives.iter().map(|(other, id)| (other.as_str(), id.as_str()));
        Ok((ontology.with_alternatives(alternatives), self.notes))
    }
}

/// The value of a tag without what follows `!` (a comment) or `{` (qualifiers).
fn without_comment(value: &str) -> &str {
    let end = value.find(" ! ").or_else(|| value.find(" {")).unwrap_or(value.len());
    value[..end].trim()
}

fn take_tag(stanza: &mut Stanza, tag: &str, value: &str, notes: &mut OboNotes) {
    match tag {
        "id" => stanza.id = value.to_owned(),
        "name" => stanza.name = Some(value.to_owned()),
        "namespace" => stanza.aspect = Aspect::from_text(value),
        "alt_id" => stanza.alternatives.push(first_word(value).to_owned()),
        "is_obsolete" => stanza.obsolete = value == "true",
        "is_a" => stanza.parents.push((Relation::IsA, first_word(value).to_owned())),
        "relationship" => {
            let (name, parent) = value.split_once(' ').unwrap_or((value, ""));
            match Relation::from_name(name) {
                Some(relation) => stanza.parents.push((relation, first_word(parent).to_owned())),
                None => notes.other_relations += 1,
            }
        }
        _ => {}
    }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "format-version: 1.2\ndata-version: releases/2026-01-23\n\n[Term]\nid: GO:1\nname: root: all\n\
        alt_id: GO:9\nnamespace: biological_process\n\n[Term]\nid: GO:2\nname: part\nnamespace: biological_process\n\
        is_a: GO:1 {source=\"x\"} ! root\nrelationship: part_of GO:1 ! root\nrelationship: has_part GO:3\n\
        is_a: GO:3 ! gone\n\n[Term]\nid: GO:3\nname: gone\nnamespace: biological_process\nis_obsolete: true\n\n\
        [Typedef]\nid: part_of\nanything goes here\n";

    fn error(text: &str) -> String {
        parse(text, Path::new("g.obo")).unwrap_err().to_string()
    }

    #[test]
    fn terms_relations_and_release_are_read_and_obsolete_terms_counted() {
        let (ontology, notes) = parse(SMALL, Path::new("g.obo")).unwrap();
        assert_eq!(ontology.release(), "2026-01-23");
        assert_eq!(ontology.terms().len(), 2);
        assert_eq!(ontology.terms()[0].name, "root: all");
        let child = ontology.position("GO:2").unwrap();
        assert_eq!(ontology.parents(child), [(0, Relation::IsA), (0, Relation::PartOf)]);
        assert_eq!(ontology.position("GO:9"), ontology.position("GO:1"));
        assert_eq!(notes, OboNotes { obsolete: 1, other_relations: 1, to_obsolete: 1, alternatives: 1 });
    }

    #[test]
    fn windows_ends_and_a_byte_order_mark_are_harmless() {
        let text = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
        assert_eq!(parse(&text, Path::new("g.obo")).unwrap().0.terms().len(), 2);
    }

    #[test]
    fn problems_are_told_with_their_line() {
        assert_eq!(
            error("[Term]\nid: GO:1\nname: x\n"),
            "g.obo, line 1: the term `GO:1` has no namespace of the Gene Ontology"
        );
        assert_eq!(
            error("[Term]\nid: GO:1\nnonsense\n"),
            "g.obo, line 3: `nonsense` is no `tag: value`\ng.obo, line 1: the term `GO:1` has no name"
        );
        assert!(error("").contains("defines no terms"));
        let cycle = "default-namespace: biological_process\n[Term]\nid: A\nname: a\nis_a: B\n[Term]\nid: B\nname: b\nis_a: A\n";
        assert!(error(cycle).contains("lead back to itself (A -> B -> A)"), "{}", error(cycle));
    }
}
