//! The Gene Ontology: terms, the relations between them, and which genes they describe.
//!
//! The graph is directed and acyclic by construction. Annotations are kept as curated (direct) and propagated to
//! broader terms on demand, through every relation within one ontology, as Bioconductor's `org.*.eg.db` packages do.
//! Reference: Ashburner et al. (2000) Nature Genetics 25:25, doi:10.1038/75556.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::GeneId;
use crate::gene_sets::{GeneSet, GeneSetCollection, GeneSetSource};

/// One of the three ontologies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Aspect {
    /// Biological process.
    #[serde(rename = "bp")]
    #[cfg_attr(feature = "clap", value(name = "bp"))]
    BiologicalProcess,
    /// Molecular function.
    #[serde(rename = "mf")]
    #[cfg_attr(feature = "clap", value(name = "mf"))]
    MolecularFunction,
    /// Cellular component.
    #[serde(rename = "cc")]
    #[cfg_attr(feature = "clap", value(name = "cc"))]
    CellularComponent,
}

impl Aspect {
    /// All three, in the order of output tables.
    pub const ALL: [Self; 3] = [Self::BiologicalProcess, Self::MolecularFunction, Self::CellularComponent];

    /// `BP`, `MF`, `CC`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BiologicalProcess => "BP",
            Self::MolecularFunction => "MF",
            Self::CellularComponent => "CC",
        }
    }

    /// The aspect with this code or OBO namespace.
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "BP" | "P" | "biological_process" => Some(Self::BiologicalProcess),
            "MF" | "F" | "molecular_function" => Some(Self::MolecularFunction),
            "CC" | "C" | "cellular_component" => Some(Self::CellularComponent),
            _ => None,
        }
    }
}

/// How a term relates to a broader one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// A kind of.
    IsA,
    /// A necessary part of.
    PartOf,
    /// Regulates.
    Regulates,
    /// Activates or increases.
    PositivelyRegulates,
    /// Stops or decreases.
    NegativelyRegulates,
}

impl Relation {
    /// The OBO name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IsA => "is_a",
            Self::PartOf => "part_of",
            Self::Regulates => "regulates",
            Self::PositivelyRegulates => "positively_regulates",
            Self::NegativelyRegulates => "negatively_regulates",
        }
    }

    /// The relation of this OBO name; `None` for those along which annotations do not propagate (`has_part`, ...).
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::IsA, Self::PartOf, Self::Regulates, Self::PositivelyRegulates, Self::NegativelyRegulates]
            .into_iter()
            .find(|relation| relation.name() == name)
    }
}

/// A term of the ontology.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// `GO:0008009`.
    pub id: String,
    /// `chemokine activity`.
    pub name: String,
    /// Which ontology it belongs to.
    pub aspect: Aspect,
}

/// A relation from a term to a broader one, by identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OntologyEdge {
    /// The narrower term.
    pub child: String,
    /// The relation.
    pub relation: Relation,
    /// The broader term.
    pub parent: String,
}

/// Why a list of terms and relations is not an ontology.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OntologyError {
    /// A term is its own ancestor.
    #[error("the relations of `{term}` lead back to itself ({path}); an ontology must not have cycles")]
    Cycle {
        /// A term on the cycle.
        term: String,
        /// The terms passed on the way round.
        path: String,
    },
    /// Two terms carry one identifier.
    #[error("the term `{0}` is defined twice")]
    Duplicate(String),
    /// A relation names a term that is not defined.
    #[error("`{child}` is related to `{parent}`, which is not defined")]
    UnknownParent {
        /// The narrower term.
        child: String,
        /// The undefined identifier.
        parent: String,
    },
}

/// Terms and the acyclic graph between them; terms are ordered by identifier.
#[derive(Clone, Debug)]
pub struct Ontology {
    release: String,
    terms: Vec<Term>,
    positions: HashMap<String, u32>,
    parents: ParentIndex,
}

/// Parents of every term in one array, and where each term's begin.
#[derive(Clone, Debug)]
struct ParentIndex {
    starts: Vec<u32>,
    parents: Vec<(u32, Relation)>,
}

impl Ontology {
    /// Checks and indexes a graph. Relations between two ontologies (`BP` and `MF`, say) are left out: annotations
    /// do not propagate along them.
    ///
    /// # Errors
    /// A cycle, a term defined twice, a relation to or from an undefined term.
    pub fn new(
        release: impl Into<String>,
        mut terms: Vec<Term>,
        edges: &[OntologyEdge],
    ) -> Result<Self, OntologyError> {
        terms.sort_by(|a, b| a.id.cmp(&b.id));
        let mut positions = HashMap::with_capacity(terms.len());
        for (position, term) in terms.iter().enumerate() {
            if positions.insert(term.id.clone(), position as u32).is_some() {
                return Err(OntologyError::Duplicate(term.id.clone()));
            }
        }
        let parents = ParentIndex::new(&terms, &positions, edges)?;
        let ontology = Self { release: release.into(), terms, positions, parents };
        ontology.check_acyclic()?;
        Ok(ontology)
    }

    /// Makes terms known under further identifiers, too: pairs of the other identifier and the term's own (OBO `alt_id`).
    ///
    /// An identifier that a term has already stays with that term; pairs for undefined terms are ignored.
    #[must_use]
    pub fn with_alternatives<'a>(
        mut self,
        alternatives: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        for (other, id) in alternatives {
            if let Some(position) = self.position(id) {
                self.positions.entry(other.to_owned()).or_insert(position);
            }
        }
        self
    }

    /// Release (`2026-01-23`).
    pub fn release(&self) -> &str {
        &self.release
    }

    /// The terms, by rising identifier.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Position of a term in [`terms`](Self::terms), by its identifier or an alternative one.
    pub fn position(&self, id: &str) -> Option<u32> {
        self.positions.get(id).copied()
    }

    /// Broader terms, one step up, with the relation to each.
    pub fn parents(&self, term: u32) -> &[(u32, Relation)] {
        let ParentIndex { starts, parents } = &self.parents;
        &parents[starts[term as usize] as usize..starts[term as usize + 1] as usize]
    }

    /// All broader terms through any relation, without the term itself, in no particular order.
    pub fn ancestors(&self, term: u32) -> Vec<u32> {
        let mut seen = vec![false; self.terms.len()];
        seen[term as usize] = true;
        let mut found = Vec::new();
        let mut waiting = vec![term];
        while let Some(next) = waiting.pop() {
            for &(parent, _) in self.parents(next) {
                if !std::mem::replace(&mut seen[parent as usize], true) {
                    found.push(parent);
                    waiting.push(parent);
                }
            }
        }
        found
    }

    /// The genes of every term of one ontology: those annotated to it or to any narrower term.
    ///
    /// Sets stand by rising term identifier and hold genes in the order of `annotations`; terms without genes are
    /// left out. Annotations to terms that the ontology does not define are ignored.
    pub fn propagate(&self, annotations: &OntologyAnnotations, aspect: Aspect) -> GeneSetCollection {
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); self.terms.len()];
        let mut last_gene = vec![u32::MAX; self.terms.len()];
        let mut waiting = Vec::new();
        let mut genes = Vec::new();
        for (gene, terms) in annotations.by_gene() {
            let position = genes.len() as u32;
            waiting.extend(terms.iter().copied().filter(|&term| self.terms[term as usize].aspect == aspect));
            if waiting.is_empty() {
                continue;
            }
            genes.push(gene.clone());
            while let Some(term) = waiting.pop() {
                if std::mem::replace(&mut last_gene[term as usize], position) != position {
                    members[term as usize].push(position);
                    waiting.extend(self.parents(term).iter().map(|&(parent, _)| parent));
                }
            }
        }
        let sets = self.terms.iter().zip(members).filter(|(_, members)| !members.is_empty());
        let sets = sets
            .map(|(term, members)| GeneSet { id: term.id.clone(), description: term.name.clone(), members })
            .collect();
        GeneSetCollection { genes, sets, ..GeneSetCollection::new(aspect.code(), annotations.source.clone()) }
    }

    fn check_acyclic(&self) -> Result<(), OntologyError> {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut state = vec![State::New; self.terms.len()];
        for start in 0..self.terms.len() as u32 {
            let mut path: Vec<(u32, usize)> = vec![(start, 0)];
            while let Some((term, next)) = path.last().copied() {
                if next == 0 {
                    match state[term as usize] {
                        State::New => state[term as usize] = State::Open,
                        State::Open => return Err(self.cycle(&path)),
                        State::Done => {
                            path.pop();
                            continue;
                        }
                    }
                }
                if let Some(&(parent, _)) = self.parents(term).get(next) {
                    if let Some(last) = path.last_mut() {
                        last.1 += 1;
                    }
                    path.push((parent, 0));
                } else {
                    state[term as usize] = State::Done;
                    path.pop();
                }
            }
        }
        Ok(())
    }

    fn cycle(&self, path: &[(u32, usize)]) -> OntologyError {
        let name = |term: u32| self.terms[term as usize].id.clone();
        let last = path.last().map_or(0, |step| step.0);
        let start = path.iter().position(|step| step.0 == last).unwrap_or(0);
        let round: Vec<String> = path[start..].iter().map(|step| name(step.0)).collect();
        OntologyError::Cycle { term: name(last), path: round.join(" -> ") }
    }
}

impl ParentIndex {
    fn new(
        terms: &[Term],
        positions: &HashMap<String, u32>,
        edges: &[OntologyEdge],
    ) -> Result<Self, OntologyError> {
        let unknown = |edge: &OntologyEdge| OntologyError::UnknownParent {
            child: edge.child.clone(),
            parent: edge.parent.clone(),
        };
        let mut by_child: Vec<Vec<(u32, Relation)>> = vec![Vec::new(); terms.len()];
        for edge in edges {
            let child = *positions.get(&edge.child).ok_or_else(|| unknown(edge))?;
            let parent = *positions.get(&edge.parent).ok_or_else(|| unknown(edge))?;
            if terms[child as usize].aspect == terms[parent as usize].aspect {
                by_child[child as usize].push((parent, edge.relation));
            }
        }
        let mut index = Self { starts: vec![0], parents: Vec::with_capacity(edges.len()) };
        for list in &mut by_child {
            list.sort_unstable();
            list.dedup();
            index.parents.append(list);
            index.starts.push(index.parents.len() as u32);
        }
        Ok(index)
    }
}

/// Which genes were annotated to which terms, directly.
#[derive(Clone, Debug)]
pub struct OntologyAnnotations {
    source: GeneSetSource,
    genes: Vec<GeneId>,
    starts: Vec<u32>,
    terms: Vec<u32>,
}

impl OntologyAnnotations {
    /// Groups pairs of gene and term (positions in `genes` and in the ontology's terms); repeats are harmless.
    pub fn new(source: GeneSetSource, genes: Vec<GeneId>, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0_u32; genes.len() + 1];
        for &(gene, _) in &pairs {
            starts[gene as usize + 1] += 1;
        }
        for gene in 0..genes.len() {
            starts[gene + 1] += starts[gene];
        }
        Self { source, genes, starts, terms: pairs.into_iter().map(|(_, term)| term).collect() }
    }

    /// Where the annotations came from.
    pub fn source(&self) -> &GeneSetSource {
        &self.source
    }

    /// Number of distinct pairs of gene and term.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether nothing is annotated.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Every gene with the terms it is annotated to.
    pub fn by_gene(&self) -> impl Iterator<Item = (&GeneId, &[u32])> {
        self.genes
            .iter()
            .zip(self.starts.windows(2))
            .map(|(gene, bounds)| (gene, &self.terms[bounds[0] as usize..bounds[1] as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(id: &str, aspect: Aspect) -> Term {
        Term { id: id.into(), name: format!("name of {id}"), aspect }
    }

    fn edge(child: &str, relation: Relation, parent: &str) -> OntologyEdge {
        OntologyEdge { child: child.into(), relation, parent: parent.into() }
    }

    fn small() -> Ontology {
        use Aspect::{BiologicalProcess as Bp, MolecularFunction as Mf};
        let terms = vec![term("root", Bp), term("a", Bp), term("b", Bp), term("f", Mf)];
        let edges = [
            edge("a", Relation::IsA, "root"),
            edge("b", Relation::NegativelyRegulates, "a"),
            edge("f", Relation::PartOf, "b"),
        ];
        Ontology::new("test", terms, &edges).unwrap()
    }

    #[test]
    fn annotations_propagate_through_every_relation_but_not_between_ontologies() {
        let ontology = small();
        let position = |id| ontology.position(id).unwrap();
        let pairs = vec![(0, position("b")), (1, position("a")), (2, position("f"))];
        let genes = vec![GeneId::from("g0"), GeneId::from("g1"), GeneId::from("g2")];
        let annotations = OntologyAnnotations::new(GeneSetSource::default(), genes, pairs);
        let bp = ontology.propagate(&annotations, Aspect::BiologicalProcess);
        let sets: Vec<(&str, usize)> = bp.sets.iter().map(|s| (s.id.as_str(), s.members.len())).collect();
        assert_eq!(sets, [("a", 2), ("b", 1), ("root", 2)]);
        assert_eq!(bp.genes.len(), 2);
        let mf = ontology.propagate(&annotations, Aspect::MolecularFunction);
        assert_eq!(mf.sets.len(), 1);
        assert_eq!(mf.genes, [GeneId::from("g2")]);
    }

    #[test]
    fn a_cycle_is_named() {
        let terms = ["x", "y", "z"].map(|id| term(id, Aspect::BiologicalProcess)).to_vec();
        let edges =
            [edge("x", Relation::IsA, "y"), edge("y", Relation::PartOf, "z"), edge("z", Relation::IsA, "y")];
        let error = Ontology::new("test", terms, &edges).unwrap_err();
        assert_eq!(error, OntologyError::Cycle { term: "y".into(), path: "y -> z -> y".into() });
    }

    #[test]
    fn alternative_identifiers_never_take_over_a_term_s_own() {
        let ontology = small().with_alternatives([("old", "a"), ("b", "a"), ("lost", "nothing")]);
        assert_eq!(ontology.position("old"), ontology.position("a"));
        assert_ne!(ontology.position("b"), ontology.position("a"));
        assert_eq!(ontology.position("lost"), None);
    }

    #[test]
    fn undefined_and_repeated_terms_are_refused() {
        let terms = vec![term("x", Aspect::BiologicalProcess)];
        let edges = [edge("x", Relation::IsA, "y")];
        assert!(matches!(
            Ontology::new("t", terms.clone(), &edges),
            Err(OntologyError::UnknownParent { .. })
        ));
        let twice = [terms.clone(), terms].concat();
        assert_eq!(Ontology::new("t", twice, &[]).unwrap_err(), OntologyError::Duplicate("x".into()));
    }
}
