//! Which over-represented sets say the same: every set that another explains gets that one as its representative.
//!
//! From the most significant set on: a set q is explained by p when it is over-represented neither among the genes outside
//! p nor among those of p. Nothing is drawn at random. Upstream: fgsea `collapsePathwaysORA`.

use std::collections::HashMap;

use alkaline_core::IdentifierMap;
use alkaline_core::gene_sets::{GeneSet, GeneSetCollection};
use alkaline_core::results::{GeneSelection, OraRow, OraTable};

use super::query::{PreparedQuery, Tally};
use super::{OraOptions, p_value};
use crate::EnrichError;
use crate::gsea::CollapsedSet;
use crate::representatives::representatives;

/// For every set of `table` with an adjusted p-value below `fdr`, in the order of the table, the set that represents it.
///
/// Sets of one ontology (or collection) are compared with each other; the other arguments are those of
/// [`over_representation`](super::over_representation) that gave the table.
///
/// # Errors
/// As `over_representation`.
pub fn collapse(
    selection: &GeneSelection,
    collections: &[GeneSetCollection],
    identifiers: Option<&IdentifierMap>,
    options: &OraOptions,
    table: &OraTable,
    fdr: f64,
) -> Result<Vec<CollapsedSet>, EnrichError> {
    if table.rows.is_empty() {
        return Ok(Vec::new());
    }
    let query = PreparedQuery::new(selection, collections, identifiers, options)?;
    let mut collapsed = Vec::new();
    for collection in collections {
        let sets: HashMap<&str, &GeneSet> =
            collection.sets.iter().map(|set| (set.id.as_str(), set)).collect();
        let rows: Vec<(&OraRow, &GeneSet)> = table
            .rows
            .iter()
            .filter(|row| row.ontology == collection.ontology && row.p_adjusted < fdr)
            .filter_map(|row| Some((row, *sets.get(row.id.as_str())?)))
            .collect();
        let genes = Genes::new(&query.tally(collection), collection.genes.len());
        let candidates: Vec<&GeneSet> = rows.iter().map(|row| row.1).collect();
        let parents = parents(&genes, &candidates, options);
        collapsed.extend(rows.iter().zip(parents).map(|((row, _), parent)| CollapsedSet {
            ontology: row.ontology.clone(),
            id: row.id.clone(),
            description: row.description.clone(),
            represented_by: parent.map(|parent| rows[parent].0.id.clone()),
        }));
    }
    Ok(collapsed)
}

/// The genes of a collection: which are in the universe, which of these were chosen.
struct Genes {
    in_universe: Vec<bool>,
    chosen: Vec<bool>,
}

/// Genes, and chosen ones among them.
#[derive(Clone, Copy, Default)]
struct Number {
    genes: usize,
    chosen: usize,
}

impl Genes {
    fn new(tally: &Tally, genes: usize) -> Self {
        let in_universe: Vec<bool> = (0..genes).map(|gene| tally.is_in_universe(gene)).collect();
        let chosen = (0..genes).map(|gene| in_universe[gene] && tally.is_chosen(gene)).collect();
        Self { in_universe, chosen }
    }

    /// Counts those of `genes` that are in the universe.
    fn count(&self, genes: impl Iterator<Item = usize>) -> Number {
        genes.filter(|&gene| self.in_universe[gene]).fold(Number::default(), |number, gene| Number {
            genes: number.genes + 1,
            chosen: number.chosen + usize::from(self.chosen[gene]),
        })
    }
}

impl Number {
    /// These without `part`.
    const fn without(self, part: Self) -> Self {
        Self { genes: self.genes - part.genes, chosen: self.chosen - part.chosen }
    }
}

/// What explains each candidate, the most significant first.
fn parents(genes: &Genes, candidates: &[&GeneSet], options: &OraOptions) -> Vec<Option<usize>> {
    let members = |set: &GeneSet| set.members.iter().map(|&gene| gene as usize).collect::<Vec<_>>();
    let all = genes.count(0..genes.in_universe.len());
    let sizes: Vec<Number> = candidates.iter().map(|set| genes.count(members(set).into_iter())).collect();
    representatives(candidates.len(), |number, others| {
        let mut inside = vec![false; genes.in_universe.len()];
        members(candidates[number]).into_iter().for_each(|gene| inside[gene] = true);
        let p = |set: Number, universe: Number| {
            p_value(set.chosen, universe.chosen, set.genes, universe.genes, options.statistic)
        };
        let smaller = |&other: &usize| {
            let shared = genes.count(members(candidates[other]).into_iter().filter(|&gene| inside[gene]));
            let among = p(shared, sizes[number]);
            among.min(p(sizes[other].without(shared), all.without(sizes[number])))
        };
        others.iter().map(smaller).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(members: impl IntoIterator<Item = u32>) -> GeneSet {
        GeneSet { id: String::new(), description: String::new(), members: members.into_iter().collect() }
    }

    #[test]
    fn a_diluted_copy_is_explained_and_an_independent_set_is_not() {
        // Chosen are the first 40 of 400 genes; two sets hold 15 of them each, and one holds 15 and as many others.
        let genes = Genes { in_universe: vec![true; 400], chosen: (0..400).map(|gene| gene < 40).collect() };
        let (signal, other) = (set(0..15), set(20..35));
        let diluted = set((0..15).chain(100..115));
        let found = parents(&genes, &[&signal, &diluted, &other], &OraOptions::default());
        assert_eq!(found, [None, Some(0), None]);
    }

    #[test]
    fn genes_outside_the_universe_do_not_count() {
        let genes = Genes { in_universe: vec![true, false, true], chosen: vec![true, false, false] };
        let number = genes.count([0, 1, 2].into_iter());
        assert_eq!((number.genes, number.chosen), (2, 1));
    }
}
