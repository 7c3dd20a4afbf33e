//! The chosen genes and their universe, seen from a collection of gene sets.

use std::collections::HashSet;

use alkaline_core::gene_sets::{GeneSet, GeneSetCollection};
use alkaline_core::results::GeneSelection;
use alkaline_core::words::count_of;
use alkaline_core::{GeneId, IdMapping, IdentifierMap};

use super::{GeneLabels, OraCompat, OraOptions, Universe};
use crate::{EnrichError, GeneMatch};

/// Marks a gene of a collection that was not chosen.
const NOT_CHOSEN: u32 = u32::MAX;

/// A selection whose identifiers have been matched.
pub(super) struct PreparedQuery<'a> {
    hits: GeneMatch<'a>,
    ids: &'a [GeneId],
    universe: Option<GeneMatch<'a>>,
    universe_given: usize,
    outside: usize,
    compat: OraCompat,
    labels: GeneLabels,
    /// How readily each gene of the universe is chosen, where that is allowed for.
    weights: Option<Vec<f64>>,
}

impl<'a> PreparedQuery<'a> {
    pub(super) fn new(
        selection: &'a GeneSelection,
        collections: &[GeneSetCollection],
        identifiers: Option<&'a IdentifierMap>,
        options: &OraOptions,
    ) -> Result<Self, EnrichError> {
        if selection.hits.is_empty() {
            return Err(EnrichError::Empty { what: "genes of interest" });
        }
        let hits = GeneMatch::new(&selection.hits, None, collections, identifiers)?;
        let (universe, outside) = match options.universe {
            Universe::Annotated => (None, 0),
            Universe::Tested => {
                let outside = count_outside(selection)?;
                (Some(GeneMatch::new(&selection.universe, None, collections, identifiers)?), outside)
            }
        };
        Ok(Self {
            hits,
            ids: &selection.hits,
            universe,
            universe_given: selection.universe.len(),
            outside,
            compat: options.compat,
            labels: options.labels,
            weights: None,
        })
    }

    /// With the probability that each gene of the universe is chosen, in the order of the universe.
    pub(super) fn weighted(self, weights: Vec<f64>) -> Self {
        Self { weights: Some(weights), ..self }
    }

    /// How a chosen gene is printed.
    pub(super) fn label(&self, hit: u32) -> String {
        match self.labels {
            GeneLabels::Symbol => self.hits.labels()[hit as usize].clone(),
            GeneLabels::AsGiven => self.ids[hit as usize].to_string(),
        }
    }

    /// How N and n came about, in words; `sizes` (N) and `query_sizes` (n) are such as `13546 BP`.
    pub(super) fn describe_universe(&self, sizes: &[String], query_sizes: &[String]) -> String {
        let (sizes, query_sizes) = (sizes.join(", "), query_sizes.join(", "));
        let chosen = self.ids.len();
        let universe = match (&self.universe, self.outside) {
            (None, _) => format!("all annotated genes (N = {sizes})"),
            (Some(_), 0) => {
                format!("the annotated ones (N = {sizes}) of {} tested genes", self.universe_given)
            }
            (Some(_), outside) => format!(
                "the annotated ones (N = {sizes}) of {} tested genes, which lack {outside} of the {chosen} genes of interest",
                self.universe_given
            ),
        };
        let chosen = count_of(chosen, "gene of interest", "genes of interest");
        format!("{universe}; of {chosen} n = {query_sizes} are annotated")
    }

    pub(super) fn into_mapping(self) -> IdMapping {
        match self.universe {
            Some(universe) => universe.mapping().clone(),
            None => self.hits.mapping().clone(),
        }
    }

    /// Counts of one collection.
    pub(super) fn tally(&self, collection: &GeneSetCollection) -> Tally {
        let genes = collection.genes.len();
        let in_universe = match &self.universe {
            None => vec![true; genes],
            Some(universe) => {
                let mut inside = vec![false; genes];
                for position in universe.positions_in(collection).into_iter().flatten() {
                    inside[position as usize] = true;
                }
                inside
            }
        };
        let weights = self.universe.as_ref().zip(self.weights.as_ref()).map(|(universe, weights)| {
            let mut of_gene = vec![0.0; genes];
            for (position, weight) in universe.positions_in(collection).into_iter().zip(weights) {
                if let Some(position) = position {
                    of_gene[position as usize] = *weight;
                }
            }
            of_gene
        });
        let mut order = vec![NOT_CHOSEN; genes];
        let mut query_size = 0;
        for (hit, position) in self.hits.positions_in(collection).into_iter().enumerate() {
            let Some(position) = position.map(|position| position as usize) else { continue };
            if in_universe[position] || self.compat == OraCompat::ClusterProfiler418 {
                order[position] = hit as u32;
                query_size += 1;
            }
        }
        let universe_size = in_universe.iter().filter(|&&inside| inside).count();
        let total_weight = weights.as_ref().map_or(0.0, |weights| weights.iter().sum());
        Tally { in_universe, order, weights, total_weight, query_size, universe_size }
    }
}

/// How many of the chosen genes the universe lacks.
fn count_outside(selection: &GeneSelection) -> Result<usize, EnrichError> {
    let universe: HashSet<&str> = selection.universe.iter().map(GeneId::unversioned).collect();
    if universe.is_empty() {
        return Err(EnrichError::Empty { what: "genes of the universe" });
    }
    let outside = selection.hits.iter().filter(|gene| !universe.contains(gene.unversioned())).count();
    if outside == selection.hits.len() {
        return Err(EnrichError::OutsideUniverse { chosen: outside, universe: selection.universe.len() });
    }
    Ok(outside)
}

/// The genes of one collection: who is in the universe, who was chosen.
pub(super) struct Tally {
    in_universe: Vec<bool>,
    order: Vec<u32>,
    weights: Option<Vec<f64>>,
    total_weight: f64,
    /// n: chosen genes that are annotated.
    pub(super) query_size: usize,
    /// N: annotated genes of the universe.
    pub(super) universe_size: usize,
}

/// The genes of one set.
pub(super) struct SetCount {
    /// Whether any chosen gene, inside the universe or not, is in the set.
    pub(super) touched: bool,
    /// M: genes of the set in the universe.
    pub(super) set_size: usize,
    /// Chosen genes of the set in the universe, in query order.
    pub(super) hits: Vec<u32>,
}

impl Tally {
    /// Whether the gene at this position of the collection is in the universe.
    pub(super) fn is_in_universe(&self, gene: usize) -> bool {
        self.in_universe[gene]
    }

    /// Whether it was chosen.
    pub(super) fn is_chosen(&self, gene: usize) -> bool {
        self.order[gene] != NOT_CHOSEN
    }

    /// How much more readily a gene of the set is chosen than one outside it; `None` where that is not allowed for.
    pub(super) fn odds(&self, set: &GeneSet, set_size: usize) -> Option<f64> {
        let weights = self.weights.as_ref()?;
        let inside: f64 = set.members.iter().map(|&gene| weights[gene as usize]).sum();
        let mean_inside = inside / set_size as f64;
        let mean_outside = (self.total_weight - inside) / (self.universe_size - set_size) as f64;
        // A set that is the whole universe has no outside, and P is 1 whatever the odds.
        Some(mean_inside / mean_outside).filter(|odds| odds.is_finite() && *odds > 0.0).or(Some(1.0))
    }

    pub(super) fn count(&self, set: &GeneSet) -> SetCount {
        let mut count = SetCount { touched: false, set_size: 0, hits: Vec::new() };
        for &gene in &set.members {
            let order = self.order[gene as usize];
            count.touched |= order != NOT_CHOSEN;
            if self.in_universe[gene as usize] {
                count.set_size += 1;
                if order != NOT_CHOSEN {
                    count.hits.push(order);
                }
            }
        }
        count.hits.sort_unstable();
        count
    }
}
