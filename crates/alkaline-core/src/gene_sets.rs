//! Named sets of genes, and where they came from.
//!
//! A collection such as the Gene Ontology holds a million and a half memberships of nineteen thousand genes, so each
//! gene is named once and the sets hold positions.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::GeneId;

/// A named set of genes: a GO term, a pathway, a line of a GMT file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneSet {
    /// Identifier (`GO:0008009`, `HALLMARK_ANGIOGENESIS`).
    pub id: String,
    /// What it stands for (`chemokine activity`).
    pub description: String,
    /// Members as positions in [`GeneSetCollection::genes`], unique, in the order of the source.
    pub members: Vec<u32>,
}

/// Source and release of a collection; printed in every output that used it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneSetSource {
    /// What it is (`Gene Ontology`, or the path of a GMT file).
    pub name: String,
    /// Release or date, when known.
    pub version: Option<String>,
    /// Attribution and licence, when known.
    pub licence: Option<String>,
}

/// Gene sets that are tested, and corrected for multiple testing, together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneSetCollection {
    /// `BP`, `MF`, `CC` for the Gene Ontology; the file's stem for a GMT.
    pub ontology: String,
    /// Where the sets came from.
    pub source: GeneSetSource,
    /// Every gene that stands in a set, named once.
    pub genes: Vec<GeneId>,
    /// The sets, in the order of the source.
    pub sets: Vec<GeneSet>,
}

impl GeneSetCollection {
    /// An empty collection, to be filled with [`push`](Self::push) through a [`GeneSetInterner`].
    pub fn new(ontology: impl Into<String>, source: GeneSetSource) -> Self {
        Self { ontology: ontology.into(), source, genes: Vec::new(), sets: Vec::new() }
    }

    /// The member genes of one of this collection's sets, in the order of the source.
    pub fn genes_of<'a>(&'a self, set: &'a GeneSet) -> impl ExactSizeIterator<Item = &'a GeneId> + 'a {
        set.members.iter().map(|&gene| &self.genes[gene as usize])
    }

    /// Adds a set; repeated genes are kept once. Returns how many repeats were dropped.
    pub fn push<'a>(
        &mut self,
        interner: &mut GeneSetInterner,
        id: impl Into<String>,
        description: impl Into<String>,
        genes: impl IntoIterator<Item = &'a str>,
    ) -> usize {
        let set_number = self.sets.len() as u32;
        let mut members = Vec::new();
        let mut repeats = 0;
        for name in genes {
            let gene = interner.position(name, &mut self.genes);
            match interner.last_set[gene as usize].replace(set_number) {
                Some(previous) if previous == set_number => repeats += 1,
                _ => members.push(gene),
            }
        }
        self.sets.push(GeneSet { id: id.into(), description: description.into(), members });
        repeats
    }
}

/// Remembers which gene name has which position while a [`GeneSetCollection`] is being filled.
#[derive(Clone, Debug, Default)]
pub struct GeneSetInterner {
    positions: HashMap<GeneId, u32>,
    last_set: Vec<Option<u32>>,
}

impl GeneSetInterner {
    fn position(&mut self, name: &str, genes: &mut Vec<GeneId>) -> u32 {
        if let Some(&position) = self.positions.get(name) {
            return position;
        }
        let position = genes.len() as u32;
        let gene = GeneId::from(name);
        genes.push(gene.clone());
        self.positions.insert(gene, position);
        self.last_set.push(None);
        position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genes_are_named_once_and_repeats_within_a_set_are_dropped() {
        let mut collection = GeneSetCollection::new("test", GeneSetSource::default());
        let mut interner = GeneSetInterner::default();
        assert_eq!(collection.push(&mut interner, "A", "first", ["x", "y", "x"]), 1);
        assert_eq!(collection.push(&mut interner, "B", "second", ["y", "x", "z"]), 0);
        assert_eq!(collection.genes.len(), 3);
        let second: Vec<&str> = collection.genes_of(&collection.sets[1]).map(GeneId::as_str).collect();
        assert_eq!(second, ["y", "x", "z"]);
    }
}
