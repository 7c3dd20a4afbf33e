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
    /// The collection that came from it, as [`GeneSetCollection::ontology`] names it.
    #[serde(default)]
    pub collection: String,
    /// What it is (`Gene Ontology`, or the name of a GMT file).
    pub name: String,
    /// Release or date, when known.
    pub version: Option<String>,
    /// Attribution and licence, when known.
    pub licence: Option<String>,
}

impl GeneSetSource {
    /// Name and release in one: `Gene Ontology 2026-01-23`.
    pub fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => self.name.clone(),
        }
    }

    /// Names and releases of several sources, each once: `Gene Ontology 2026-01-23, my.gmt`.
    pub fn labels(sources: &[Self]) -> String {
        let mut labels: Vec<String> = Vec::new();
        for label in sources.iter().map(Self::label) {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels.join(", ")
    }

    /// Name and release of the source of `collection`; empty when it is not among `sources`.
    pub fn label_of(sources: &[Self], collection: &str) -> String {
        sources.iter().find(|source| source.collection == collection).map_or_else(String::new, Self::label)
    }
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
        let ontology = ontology.into();
        let source = GeneSetSource { collection: ontology.clone(), ..source };
        Self { ontology, source, genes: Vec::new(), sets: Vec::new() }
    }

    /// The same sets under another name.
    #[must_use]
    pub fn renamed(self, ontology: impl Into<String>) -> Self {
        let ontology = ontology.into();
        Self { source: GeneSetSource { collection: ontology.clone(), ..self.source }, ontology, ..self }
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
    fn a_source_is_found_by_its_collection_and_named_with_its_release() {
        let go = GeneSetSource {
            name: "Gene Ontology".into(),
            version: Some("2026-01-23".into()),
            ..GeneSetSource::default()
        };
        let file = GeneSetSource { name: "my.gmt".into(), ..GeneSetSource::default() };
        let of = |name: &str, source: &GeneSetSource| GeneSetCollection::new(name, source.clone()).source;
        let sources = [of("BP", &go), of("MF", &go), of("my", &file)];
        assert_eq!(GeneSetSource::labels(&sources), "Gene Ontology 2026-01-23, my.gmt");
        assert_eq!(GeneSetSource::label_of(&sources, "MF"), "Gene Ontology 2026-01-23");
        assert_eq!(GeneSetSource::label_of(&sources, "my"), "my.gmt");
        assert_eq!(GeneSetSource::label_of(&sources, "CC"), "");
        let renamed = GeneSetCollection::new("my", file).renamed("my (2)");
        assert_eq!((renamed.ontology.as_str(), renamed.source.collection.as_str()), ("my (2)", "my (2)"));
    }

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
