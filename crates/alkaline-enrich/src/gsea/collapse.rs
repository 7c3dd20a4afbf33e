//! Which significant sets say the same: every set that another explains gets that one as its representative.
//!
//! From the most significant set on: a set q is explained by p when it is enriched neither among the genes outside p nor
//! among those of p, each time with the ranks and scores that they have in the whole list. The rule is fgsea's
//! `collapsePathways`; there each answer rests on 200 random sets of the moment, here on 1,000 that depend on nothing but
//! p and the sizes at hand, so that the outcome is the same every time.
//! Reference: Korotkevich et al. (2021) doi:10.1101/060012.

use std::collections::BTreeMap;

use alkaline_core::IdentifierMap;
use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::results::{GseaTable, RankedGenes};
use rayon::prelude::*;

use super::GseaOptions;
use super::engines::importance::SCORE_TOLERANCE;
use super::engines::size_grid::Bracket;
use super::ranking::{PreparedRanking, ranks_of};
use super::sampling::random::Stream;
use super::sampling::subset::{DRAIN_SLACK, RankBitmap};
use super::score::Weights;
use crate::EnrichError;
use crate::representatives::representatives;

/// Name of the random stream.
const COLLAPSE_STREAM: u64 = 8;

/// Random sets per size.
const DRAWS: usize = 1_000;

/// A significant set and what stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollapsedSet {
    /// `BP`, `MF`, `CC`, or the name of the collection.
    pub ontology: String,
    /// Identifier of the set.
    pub id: String,
    /// Its name.
    pub description: String,
    /// The set that explains it; `None` where it stands for itself.
    pub represented_by: Option<String>,
}

/// For every set of `table` with an adjusted p-value below `fdr`, in the order of the table, the set that represents it.
///
/// Sets of one ontology (or collection) are compared with each other; the other arguments are those of
/// [`gsea`](super::gsea()) that gave the table. Upstream: fgsea `collapsePathways`.
///
/// # Errors
/// As [`gsea`](super::gsea()).
///
/// # Differences
/// E-12.
pub fn collapse(
    ranked: &RankedGenes,
    collections: &[GeneSetCollection],
    identifiers: Option<&IdentifierMap>,
    options: &GseaOptions,
    table: &GseaTable,
    fdr: f64,
) -> Result<Vec<CollapsedSet>, EnrichError> {
    let ranking = PreparedRanking::new(ranked, collections, identifiers, options)?;
    let mut collapsed = Vec::new();
    for collection in collections {
        let ranks = ranking.ranks_in(collection);
        let sets: BTreeMap<&str, usize> =
            collection.sets.iter().enumerate().map(|(number, set)| (set.id.as_str(), number)).collect();
        let rows: Vec<_> = table
            .rows
            .iter()
            .filter(|row| row.ontology == collection.ontology && row.p_adjusted < fdr)
            .filter_map(|row| Some((row, *sets.get(row.id.as_str())?)))
            .collect();
        let candidates: Vec<Candidate> = rows
            .iter()
            .map(|(row, number)| Candidate {
                ranks: ranks_of(&collection.sets[*number], &ranks),
                negative: row.enrichment_score < 0.0,
            })
            .collect();
        let parents = parents(&ranking.lists[0].weights, &candidates);
        collapsed.extend(rows.iter().zip(parents).map(|((row, _), parent)| CollapsedSet {
            ontology: row.ontology.clone(),
            id: row.id.clone(),
            description: row.description.clone(),
            represented_by: parent.map(|parent| rows[parent].0.id.clone()),
        }));
    }
    Ok(collapsed)
}

/// A significant set.
struct Candidate {
    ranks: Vec<u32>,
    negative: bool,
}

/// What explains each candidate, the most significant first.
fn parents(weights: &Weights, candidates: &[Candidate]) -> Vec<Option<usize>> {
    representatives(candidates.len(), |number, others| {
        let inside = SubList::of(weights, &candidates[number].ranks, true);
        let outside = SubList::of(weights, &candidates[number].ranks, false);
        let pairs = inside.p_values(candidates, others).into_iter().zip(outside.p_values(candidates, others));
        pairs.map(|(p, q)| p.min(q)).collect()
    })
}

/// Some of the genes of a list, in its order.
struct SubList {
    weights: Weights,
    /// Place of every gene of the whole list.
    places: Vec<Option<u32>>,
    key: u64,
}

impl SubList {
    /// The genes at `ranks`, or all others.
    fn of(weights: &Weights, ranks: &[u32], inside: bool) -> Self {
        let mut places = vec![None; weights.len()];
        let mut kept = Vec::new();
        for (rank, &weight) in weights.values().iter().enumerate() {
            if ranks.binary_search(&(rank as u32)).is_ok() == inside {
                places[rank] = Some(kept.len() as u32);
                kept.push(weight);
            }
        }
        let weights = Weights::from_values(kept);
        Self { weights, places, key: u64::from(inside) }
    }

    /// P of the sets, each on its own side, among random sets of this list; 1 where a set has no gene here, or all.
    fn p_values(&self, candidates: &[Candidate], chosen: &[usize]) -> Vec<f64> {
        let scores: Vec<Option<(Bracket, f64)>> =
            chosen.iter().map(|&number| self.score(&candidates[number])).collect();
        let mut sizes: Vec<usize> = scores.iter().flatten().flat_map(|(at, _)| [at.low, at.high]).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let nulls: BTreeMap<usize, [Vec<f64>; 2]> =
            sizes.into_par_iter().map(|size| (size, self.null(size))).collect();
        let p_of = |(score, &number): (&Option<(Bracket, f64)>, &usize)| {
            let Some((bracket, score)) = score else { return 1.0 };
            let side = usize::from(candidates[number].negative);
            bracket.weighted().map(|(size, weight)| weight * exceeding(&nulls[&size][side], *score)).sum()
        };
        scores.iter().zip(chosen).map(p_of).collect()
    }

    /// Highest point of the running score on the side of the set's whole score.
    fn score(&self, candidate: &Candidate) -> Option<(Bracket, f64)> {
        let ranks: Vec<u32> = candidate.ranks.iter().filter_map(|&rank| self.places[rank as usize]).collect();
        if ranks.is_empty() || ranks.len() == self.weights.len() {
            return None;
        }
        let extremes = self.weights.extremes(&ranks);
        let score = if candidate.negative { -extremes.bottom } else { extremes.top };
        Some((Bracket::of(ranks.len(), self.weights.len()), score))
    }

    /// Highest points of random sets, and their lowest points below zero, rising.
    fn null(&self, size: usize) -> [Vec<f64>; 2] {
        let mut stream = Stream::keyed([COLLAPSE_STREAM, self.key, self.weights.len() as u64, size as u64]);
        let mut bitmap = RankBitmap::new(self.weights.len());
        let mut ranks = vec![0; size + DRAIN_SLACK];
        let (mut tops, mut bottoms): (Vec<f64>, Vec<f64>) = (0..DRAWS)
            .map(|_| {
                bitmap.add_random(0, self.weights.len() as u32, size as u32, &mut stream);
                bitmap.drain_into(&mut ranks);
                let extremes = self.weights.extremes(&ranks[..size]);
                (extremes.top, -extremes.bottom)
            })
            .unzip();
        tops.sort_unstable_by(f64::total_cmp);
        bottoms.sort_unstable_by(f64::total_cmp);
        [tops, bottoms]
    }
}

/// Share of random sets at least as high, the set itself counted among them.
fn exceeding(tops: &[f64], score: f64) -> f64 {
    let more = tops.len() - tops.partition_point(|&top| top < score - SCORE_TOLERANCE);
    (more + 1) as f64 / (tops.len() + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(ranks: impl IntoIterator<Item = u32>) -> Candidate {
        Candidate { ranks: ranks.into_iter().collect(), negative: false }
    }

    #[test]
    fn a_diluted_copy_is_explained_and_an_independent_set_is_not() {
        let scores: Vec<f64> = (0..2000).map(|i| 5.0 - f64::from(i) * 0.005).collect();
        let weights = Weights::new(&scores, 1.0);
        let signal = || (0..40).map(|i| i * 2);
        // The signal and as many genes spread over the list.
        let mut diluted: Vec<u32> = signal().chain((0..40).map(|i| 101 + i * 47)).collect();
        diluted.sort_unstable();
        let other = (0..40).map(|i| i * 2 + 1);
        let found = parents(&weights, &[candidate(signal()), candidate(diluted), candidate(other)]);
        assert_eq!(found, [None, Some(0), None]);
    }
}
