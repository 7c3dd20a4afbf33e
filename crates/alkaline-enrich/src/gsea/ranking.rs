//! A ranked list, checked and matched with gene sets.

use alkaline_core::gene_sets::{GeneSet, GeneSetCollection};
use alkaline_core::results::RankedGenes;
use alkaline_core::{IdMapping, IdentifierMap};

use super::GseaOptions;
use super::blocks::BlockedList;
use super::score::Weights;
use crate::ora::GeneLabels;
use crate::{EnrichError, GeneMatch};

/// A ranked list whose genes have been matched: lost and merged identifiers are out.
pub struct PreparedRanking<'a> {
    matched: GeneMatch<'a>,
    /// Position in the list as given, of every gene that stayed.
    given: Vec<u32>,
    ids: &'a RankedGenes,
    labels: GeneLabels,
    /// Scores of the genes that stayed.
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
