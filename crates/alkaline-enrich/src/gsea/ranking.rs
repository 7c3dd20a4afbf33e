//! A ranked list, checked and matched with gene sets.

use alkaline_core::gene_sets::{GeneSet, GeneSetCollection};
use alkaline_core::results::RankedGenes;
use alkaline_core::{IdMapping, IdentifierMap};

use super::GseaOptions;
use super::sampling::blocks::BlockedList;
use super::score::Weights;
use crate::ora::GeneLabels;
use crate::{EnrichError, GeneMatch};

/// Scores whose largest is beyond 2 to this power, or below its inverse, are brought there: their sums and squares would leave the range
/// of doubles. Enrichment does not depend on the unit of the scores, and lists hold 1e300 where somebody replaced an infinity.
const LARGEST_POWER: i32 = 100;

/// A ranked list whose genes have been matched: lost and merged identifiers are out.
pub struct PreparedRanking<'a> {
    matched: GeneMatch<'a>,
    /// Position in the list as given, of every gene that stayed.
    given: Vec<u32>,
    ids: &'a RankedGenes,
    labels: GeneLabels,
    /// Scores of the genes that stayed, in a unit in which one can reckon with them.
    pub scores: Vec<f64>,
    /// The list, and the list upside down.
    pub lists: [BlockedList; 2],
}

impl<'a> PreparedRanking<'a> {
    pub fn new(
        ranked: &'a RankedGenes,
        collections: &[GeneSetCollection],
        identifiers: Option<&'a IdentifierMap>,
        options: &GseaOptions,
    ) -> Result<Self, EnrichError> {
        check(ranked)?;
        let matched = GeneMatch::new(&ranked.genes, Some(&ranked.scores), collections, identifiers)?;
        let given: Vec<u32> =
            (0..ranked.genes.len()).filter(|&position| matched.is_gene(position)).map(|i| i as u32).collect();
        let scores: Vec<f64> = given.iter().map(|&position| ranked.scores[position as usize]).collect();
        let scores = in_reach(scores);
        let forward = Weights::new(&scores, options.exponent);
        let lists = [BlockedList::new(forward.clone()), BlockedList::new(forward.reversed())];
        Ok(Self { matched, given, ids: ranked, labels: options.labels, scores, lists })
    }

    /// Number of genes in the list.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Position in the list as given of every gene.
    pub fn given(&self) -> &[u32] {
        &self.given
    }

    /// How the gene at a rank is printed.
    pub fn label(&self, rank: u32) -> String {
        let position = self.given[rank as usize] as usize;
        match self.labels {
            GeneLabels::Symbol => self.matched.labels()[position].clone(),
            GeneLabels::AsGiven => self.ids.genes[position].to_string(),
        }
    }

    /// Rank of every gene of a collection, where it is in the list.
    pub fn ranks_in(&self, collection: &GeneSetCollection) -> Vec<Option<u32>> {
        let positions = self.matched.positions_in(collection);
        let mut ranks = vec![None; collection.genes.len()];
        for (rank, &given) in self.given.iter().enumerate() {
            if let Some(gene) = positions[given as usize] {
                ranks[gene as usize] = Some(rank as u32);
            }
        }
        ranks
    }

    pub fn into_mapping(self) -> IdMapping {
        self.matched.mapping().clone()
    }
}

/// Ranks of a set's genes in the list, rising.
pub fn ranks_of(set: &GeneSet, ranks: &[Option<u32>]) -> Vec<u32> {
    let mut found: Vec<u32> = set.members.iter().filter_map(|&gene| ranks[gene as usize]).collect();
    found.sort_unstable();
    found
}

/// The same scores, multiplied by a power of two where they are out of reach; `scores` fall.
fn in_reach(mut scores: Vec<f64>) -> Vec<f64> {
    let largest =
        scores.first().map_or(0.0, |first| first.abs()).max(scores.last().map_or(0.0, |last| last.abs()));
    if largest == 0.0 {
        return scores;
    }
    let power = largest.log2().floor() as i32;
    let shift = power.clamp(-LARGEST_POWER, LARGEST_POWER) - power;
    // In two steps, because 2 to the whole shift may itself be out of range.
    let steps = [shift / 2, shift - shift / 2].map(|part| 2.0_f64.powi(part));
    scores.iter_mut().for_each(|score| *score = *score * steps[0] * steps[1]);
    scores
}

/// Refuses lists that are no ranking.
fn check(ranked: &RankedGenes) -> Result<(), EnrichError> {
    let gene = |position: usize| ranked.genes[position].to_string();
    if ranked.genes.is_empty() {
        return Err(EnrichError::Empty { what: "ranked genes" });
    }
    if let Some(position) = ranked.scores.iter().position(|score| !score.is_finite()) {
        let score = ranked.scores[position];
        return Err(EnrichError::NotFinite { gene: gene(position), position: position + 1, score });
    }
    if let Some(position) = ranked.scores.windows(2).position(|pair| pair[0] < pair[1]) {
        return Err(EnrichError::NotSorted { gene: gene(position + 1), position: position + 2 });
    }
    let (first, last) = (ranked.scores[0], ranked.scores[ranked.scores.len() - 1]);
    if first == last && ranked.scores.len() > 1 {
        return Err(EnrichError::AllEqual { genes: ranked.scores.len(), score: first });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use alkaline_core::GeneId;
    use alkaline_core::gene_sets::{GeneSetInterner, GeneSetSource};

    use super::*;
    use crate::gsea::gsea;

    /// Six sets at all places of a list of 2,000 genes whose scores are multiplied.
    fn rows(factor: f64) -> Vec<(String, [f64; 4])> {
        let names: Vec<String> = (0..2_000).map(|i| format!("g{i}")).collect();
        let scores = (0..2_000).map(|i| (5.0 - f64::from(i) * 0.004) * factor).collect();
        let genes = names.iter().map(|name| GeneId::from(name.clone())).collect();
        let mut collection = GeneSetCollection::new("test", GeneSetSource::default());
        let mut interner = GeneSetInterner::default();
        for set in 0..6 {
            let members = (0..20).map(|i| names[set * 200 + i * 35].as_str());
            collection.push(&mut interner, set.to_string(), "", members);
        }
        let ranked = RankedGenes { genes, scores };
        let table = gsea(&ranked, "score", &[collection], None, &GseaOptions::default()).unwrap().table;
        let numbers = |row: &alkaline_core::results::GseaRow| {
            [row.enrichment_score, row.normalized_score, row.p_value, row.camera_p]
        };
        table.rows.iter().map(|row| (row.id.clone(), numbers(row))).collect()
    }

    #[test]
    fn the_unit_of_the_scores_does_not_matter_even_at_the_ends_of_doubles() {
        let plain = rows(1.0);
        assert!(plain.iter().any(|(_, numbers)| numbers[2] < 0.01), "{plain:?}");
        for power in [1_000, -1_000] {
            for ((id, expected), (other, found)) in plain.iter().zip(rows(2.0_f64.powi(power))) {
                assert_eq!(*id, other);
                let near = |(a, b): (&f64, f64)| (a - b).abs() <= 1e-9 * a.abs();
                assert!(expected.iter().zip(found).all(near), "2^{power}: {expected:?} {found:?}");
            }
        }
    }

    #[test]
    fn one_score_out_of_reach_leaves_the_others_their_digits() {
        let scores = in_reach(vec![f64::MAX, 3.0, 0.001, 0.0, -2.5]);
        assert!((1e30..2.6e30).contains(&scores[0]), "{scores:?}");
        assert_eq!([scores[1] / scores[2], scores[4] / scores[1]], [3.0 / 0.001, -2.5 / 3.0]);
        assert_eq!(in_reach(vec![0.3, 0.1, -7.0]), [0.3, 0.1, -7.0]);
        assert_eq!(in_reach(vec![0.0, 0.0]), [0.0, 0.0]);
    }
}
