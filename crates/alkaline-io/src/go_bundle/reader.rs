//! Reading GO bundles.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::identifiers::{GeneNames, GeneType};
use alkaline_core::ontology::{Aspect, Ontology, OntologyAnnotations, OntologyEdge, Relation, Term};
use alkaline_core::{GeneId, IdentifierMap};

use super::{GoBundle, SIGNATURE};
use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// Reads a bundle (gzip by content).
///
/// # Errors
/// Unreadable files, files that are no GO bundle, lines that do not say what they should, cycles, undefined terms.
pub fn read(path: &Path) -> Result<GoBundle, ReadError> {
    Ok(parse(&read_text(path)?, path)?)
}

/// As [`read`], from text at hand; `path` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, path: &Path) -> Result<GoBundle, FileProblems> {
    let mut lines = (1_u64..).zip(text.lines());
    if lines.next().is_none_or(|(_, first)| first != SIGNATURE) {
        let problem = Problem::of_file("the file is no GO bundle")
            .hint("make one with `alkaline reference build go`; gene sets in GMT go to --gene-sets");
        return Err(FileProblems::one(path, problem));
    }
    let mut parts = Parts::default();
    for (line, text) in lines {
        parts.take(line, text).map_err(|problem| FileProblems::one(path, problem))?;
    }
    parts.finish().map_err(|problem| FileProblems::one(path, problem))
}

/// The lines, sorted by what they are.
#[derive(Default)]
struct Parts<'a> {
    release: &'a str,
    source: GeneSetSource,
    identifiers: (&'a str, &'a str),
    terms: Vec<Term>,
    edges: Vec<OntologyEdge>,
    annotations: Vec<(u64, &'a str, &'a str)>,
    genes: Vec<GeneNames>,
}

impl<'a> Parts<'a> {
    fn take(&mut self, line: u64, text: &'a str) -> Result<(), Problem> {
        let malformed = |what: &str| Problem::at_line(line, format!("this is no {what} of a GO bundle"));
        let fields: Vec<&str> = text.split('\t').collect();
        match fields.as_slice() {
            ["release", release] => self.release = release,
            ["source", name, version, licence] => {
                let some = |text: &str| Some(text).filter(|text| !text.is_empty()).map(str::to_owned);
                let name = (*name).to_owned();
                let (version, licence) = (some(version), some(licence));
                self.source = GeneSetSource { name, version, licence, ..GeneSetSource::default() };
            }
            ["identifiers", species, release] => self.identifiers = (species, release),
            ["term", id, aspect, name, parents] => {
                let aspect = Aspect::from_text(aspect).ok_or_else(|| malformed("term"))?;
                self.terms.push(Term { id: (*id).to_owned(), name: (*name).to_owned(), aspect });
                for parent in parents.split(',').filter(|parent| !parent.is_empty()) {
                    self.edges.push(edge(id, parent).ok_or_else(|| malformed("parent"))?);
                }
            }
            ["annotation", term, genes] => self.annotations.push((line, term, genes)),
            ["gene", rest @ ..] => self.genes.push(gene(rest).ok_or_else(|| malformed("gene"))?),
            _ => return Err(malformed("line").hint(format!("it begins with `{}`", fields[0]))),
        }
        Ok(())
    }

    fn finish(self) -> Result<GoBundle, Problem> {
        let ontology = Ontology::new(self.release, self.terms, &self.edges)
            .map_err(|error| Problem::of_file(error.to_string()))?;
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let (mut genes, mut pairs) = (Vec::new(), Vec::new());
        for (line, term, listed) in self.annotations {
            let term = ontology
                .position(term)
                .ok_or_else(|| Problem::at_line(line, format!("the term `{term}` is not defined")))?;
            for name in listed.split('|') {
                let gene = *numbers.entry(name).or_insert_with(|| {
                    genes.push(GeneId::from(name));
                    genes.len() as u32 - 1
                });
                pairs.push((gene, term));
            }
        }
        let annotations = OntologyAnnotations::new(self.source, genes, pairs);
        let (species, release) = self.identifiers;
        Ok(GoBundle { ontology, annotations, identifiers: IdentifierMap::new(species, release, self.genes) })
    }
}

/// The relation written `relation:parent`.
fn edge(child: &str, text: &str) -> Option<OntologyEdge> {
    let (relation, parent) = text.split_once(':')?;
    let relation = Relation::from_name(relation)?;
    Some(OntologyEdge { child: child.to_owned(), relation, parent: parent.to_owned() })
}

fn gene(fields: &[&str]) -> Option<GeneNames> {
    let [entrez, symbol, kind, stable_ids, aliases] = fields else { return None };
    let listed = |text: &str| text.split('|').filter(|item| !item.is_empty()).map(str::to_owned).collect();
    Some(GeneNames {
        entrez: if entrez.is_empty() { None } else { Some(entrez.parse().ok()?) },
        symbol: (*symbol).to_owned(),
        gene_type: match *kind {
            "p" => GeneType::ProteinCoding,
            "n" => GeneType::Rna,
            "s" => GeneType::Pseudogene,
            "o" => GeneType::Other,
            _ => return None,
        },
        stable_ids: listed(stable_ids),
        aliases: listed(aliases),
    })
}
