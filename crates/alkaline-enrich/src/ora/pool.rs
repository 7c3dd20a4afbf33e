//! Collections that are tested as one.

use std::borrow::Cow;
use std::collections::HashMap;

use alkaline_core::GeneId;
use alkaline_core::gene_sets::{GeneSet, GeneSetCollection};

/// One collection, or several whose genes and sets were put together.
pub(super) struct Pooled<'a> {
    pub(super) collection: Cow<'a, GeneSetCollection>,
    /// Names of the collections, and the number of sets that each brought.
    parts: Vec<(&'a str, usize)>,
}

impl<'a> Pooled<'a> {
    pub(super) fn new(collections: &'a [GeneSetCollection]) -> Self {
        let parts = collections.iter().map(|part| (part.ontology.as_str(), part.sets.len())).collect();
        let collection = match collections {
            [only] => Cow::Borrowed(only),
            several => Cow::Owned(together(several)),
        };
        Self { collection, parts }
    }

    /// Every set, with the name of the collection that it came from.
    pub(super) fn sets(&self) -> impl Iterator<Item = (&'a str, &GeneSet)> {
        let names = self.parts.iter().flat_map(|&(name, sets)| std::iter::repeat_n(name, sets));
        names.zip(&self.collection.sets)
    }
}

/// Genes that are spelled alike become one.
fn together(collections: &[GeneSetCollection]) -> GeneSetCollection {
    let names: Vec<&str> = collections.iter().map(|part| part.ontology.as_str()).collect();
    let mut pool = GeneSetCollection::new(names.join(" + "), Default::default());
    let mut positions: HashMap<&GeneId, u32> = HashMap::new();
    for part in collections {
        let of_part: Vec<u32> = part
            .genes
            .iter()
            .map(|gene| {
                *positions.entry(gene).or_insert_with(|| {
                    pool.genes.push(gene.clone());
                    pool.genes.len() as u32 - 1
                })
            })
            .collect();
        pool.sets.extend(part.sets.iter().map(|set| GeneSet {
            members: set.members.iter().map(|&gene| of_part[gene as usize]).collect(),
            ..set.clone()
        }));
    }
    pool
}
