//! Ranked enrichment: which gene sets sit at the ends of a list of all genes?
//!
//! The enrichment score is that of Subramanian et al. (2005), as fgsea and clusterProfiler compute it. P-values come
//! from importance sampling instead of permutations or splitting: each is an unbiased estimate with a standard error of
//! its own, has no floor, and depends on the list, the set and the seed only: not on threads, and not on which other
//! sets are tested.

mod collapse;
mod engines;
mod options;
mod ranking;
mod sampling;
mod score;

use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::results::{GseaRow, GseaTable, RankedGenes, RunningScore};
use alkaline_core::{IdMapping, IdentifierMap};
use alkaline_math::multiple_testing::{benjamini_hochberg, storey_q_values};
use rayon::prelude::*;

pub use collapse::{CollapsedSet, collapse};
use engines::camera::CameraTest;
use engines::p_values::{Answer, Question, p_values};
pub use engines::permutation::{PermutationResult, permutation_gsea};
pub use options::{GseaEngine, GseaOptions};
use ranking::{PreparedRanking, ranks_of};
use score::LeadingEdge;

use crate::EnrichError;
use crate::ora::STOREY_LAMBDA;

/// What ranked enrichment finds, and what became of the identifiers on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct GseaResult {
    /// All tested sets, by collection and rising P.
    pub table: GseaTable,
    /// For every row the genes of fgsea's `leadingEdge`, the most extreme first. They differ from `core_enrichment` in
    /// some sets with negative scores, where clusterProfiler begins at another gene, and in order.
    pub leading_edges: Vec<Vec<String>>,
    /// Matching of the list with the gene sets.
    pub mapping: IdMapping,
}

/// Tests every set of every collection against a ranked list.
///
/// * `ranked`: all genes, highest score first; `ranked_by` says in words what the scores are.
/// * `identifiers`: needed where the genes are spelled otherwise than in the sets; also gives the symbols to print.
///
/// | option | default | fgsea, clusterProfiler |
/// |---|---|---|
/// | `min_size`, `max_size` | 10, 500 | `minSize`, `maxSize`; `minGSSize`, `maxGSSize` |
/// | `exponent` | 1 | `gseaParam`, `exponent` |
/// | `engine` | importance | (`fgsea` repeats fgsea's algorithm) |
/// | `draws` | 1000 | no counterpart |
/// | `sample_size`, `eps`, `simple_draws` | 101, 1e-50, 1000 | `sampleSize`, `eps`, `nPermSimple`; engine `fgsea` only |
/// | `seed` | 1 | `set.seed` |
///
/// Columns of a row: the score and its leading edge as in clusterProfiler; `normalized_score` is the score over the mean
/// of random scores of its sign; `p_value` is the chance of a random set of that sign to score as high, with the
/// standard error of its log2 in `log2_error`; `camera_p` allows for correlation between genes, which all p-values
/// from random gene sets ignore.
///
/// # Errors
/// An empty list, scores that are not finite, not falling or all equal, identifiers that match nothing, options out of
/// range.
///
/// # Differences
/// E-05, E-06, E-07.
///
/// # References
/// Subramanian et al. (2005) doi:10.1073/pnas.0506580102; Korotkevich et al. (2021) doi:10.1101/060012 (fgsea); Wu &
/// Smyth (2012) doi:10.1093/nar/gks461 (camera).
pub fn gsea(
    ranked: &RankedGenes,
    ranked_by: &str,
    collections: &[GeneSetCollection],
    identifiers: Option<&IdentifierMap>,
    options: &GseaOptions,
) -> Result<GseaResult, EnrichError> {
    options.check()?;
    let ranking = PreparedRanking::new(ranked, collections, identifiers, options)?;
    let sets: Vec<TestedSet<'_>> =
        collections.iter().flat_map(|collection| tested_sets(&ranking, collection, options)).collect();
    let questions: Vec<Question> = sets.iter().map(|set| set.question.clone()).collect();
    let answers = match options.engine {
        GseaEngine::Importance => p_values(&ranking.lists, &questions, options.draws, options.seed),
        GseaEngine::Fgsea => engines::fgsea::p_values(&ranking.lists, &questions, options),
    };
    let mut rows = Vec::with_capacity(sets.len());
    let mut start = 0;
    for part in sets.chunk_by(|a, b| std::ptr::eq(a.collection, b.collection)) {
        rows.extend(rows_of_collection(&ranking, part, &answers[start..start + part.len()]));
        start += part.len();
    }
    let (rows, leading_edges) = rows.into_iter().unzip();
    let table = GseaTable {
        sources: collections.iter().map(|collection| collection.source.clone()).collect(),
        ranked_by: ranked_by.to_owned(),
        genes_ranked: ranking.len(),
        tied_fraction: tied_fraction(&ranking.scores),
        seed: options.seed,
        rows,
    };
    Ok(GseaResult { table, leading_edges, mapping: ranking.into_mapping() })
}

/// The running score of one set, for plotting; `None` when no gene of the set is in the list.
///
/// # Errors
/// As [`gsea`].
pub fn running_score(
    ranked: &RankedGenes,
    collection: &GeneSetCollection,
    set_id: &str,
    identifiers: Option<&IdentifierMap>,
    options: &GseaOptions,
) -> Result<Option<RunningScore>, EnrichError> {
    let found = running_scores(ranked, std::slice::from_ref(collection), &[set_id], identifiers, options)?;
    Ok(found.into_iter().next())
}

/// The running scores of several sets at once; sets without a gene in the list are left out.
///
/// # Errors
/// As [`gsea`].
pub fn running_scores(
    ranked: &RankedGenes,
    collections: &[GeneSetCollection],
    set_ids: &[&str],
    identifiers: Option<&IdentifierMap>,
    options: &GseaOptions,
) -> Result<Vec<RunningScore>, EnrichError> {
    let ranking = PreparedRanking::new(ranked, collections, identifiers, options)?;
    let mut found = Vec::new();
    for collection in collections {
        let ranks = ranking.ranks_in(collection);
        for set in collection.sets.iter().filter(|set| set_ids.contains(&set.id.as_str())) {
            let hits = ranks_of(set, &ranks);
            if hits.is_empty() || hits.len() == ranking.len() {
                continue;
            }
            found.push(RunningScore {
                ontology: collection.ontology.clone(),
                id: set.id.clone(),
                description: set.description.clone(),
                genes_ranked: ranking.len(),
                scores: ranking.lists[0].weights.running(&hits),
                hits: hits.into_iter().map(|rank| rank + 1).collect(),
            });
        }
    }
    found.sort_by_key(|running| set_ids.iter().position(|&id| id == running.id));
    Ok(found)
}

/// A set that is large enough, and where it stands in the list.
struct TestedSet<'a> {
    collection: &'a GeneSetCollection,
    number: usize,
    question: Question,
}

fn tested_sets<'a>(
    ranking: &PreparedRanking<'_>,
    collection: &'a GeneSetCollection,
    options: &GseaOptions,
) -> Vec<TestedSet<'a>> {
    let ranks = ranking.ranks_in(collection);
    let largest = options.max_size.min(ranking.len() - 1);
    (0..collection.sets.len())
        .into_par_iter()
        .filter_map(|number| {
            let ranks = ranks_of(&collection.sets[number], &ranks);
            if !(options.min_size..=largest).contains(&ranks.len()) {
                return None;
            }
            let score = ranking.lists[0].weights.extremes(&ranks).score();
            Some(TestedSet { collection, number, question: Question { ranks, score } })
        })
        .collect()
}

/// Rows of one collection, adjusted and sorted, each with fgsea's leading edge.
fn rows_of_collection(
    ranking: &PreparedRanking<'_>,
    sets: &[TestedSet<'_>],
    answers: &[Answer],
) -> Vec<(GseaRow, Vec<String>)> {
    let camera = CameraTest::new(&ranking.scores);
    let p: Vec<f64> = answers.iter().map(|answer| answer.p).collect();
    let adjusted = benjamini_hochberg(&p);
    let q = storey_q_values(&p, STOREY_LAMBDA);
    let mut rows: Vec<(GseaRow, Vec<String>)> = sets
        .par_iter()
        .enumerate()
        .map(|(i, set)| {
            let (mut row, edge) = row(ranking, set, &answers[i], &camera);
            row.p_adjusted = adjusted[i];
            row.q_value = q.as_ref().map_or(f64::NAN, |q| q[i]);
            (row, edge)
        })
        .collect();
    rows.sort_by(|(a, _), (b, _)| {
        a.p_value
            .total_cmp(&b.p_value)
            .then_with(|| b.normalized_score.abs().total_cmp(&a.normalized_score.abs()))
            .then_with(|| a.id.cmp(&b.id))
    });
    rows
}

fn row(
    ranking: &PreparedRanking<'_>,
    tested: &TestedSet<'_>,
    answer: &Answer,
    camera: &CameraTest,
) -> (GseaRow, Vec<String>) {
    let Question { ranks, score } = &tested.question;
    let set = &tested.collection.sets[tested.number];
    let running = ranking.lists[0].weights.running(ranks);
    let edge = LeadingEdge::new(ranks, &running, *score, ranking.len());
    let labels = |ranks: &[u32]| ranks.iter().map(|&rank| ranking.label(rank)).collect();
    let row = GseaRow {
        ontology: tested.collection.ontology.clone(),
        id: set.id.clone(),
        description: set.description.clone(),
        set_size: ranks.len(),
        enrichment_score: *score,
        normalized_score: answer.normalized_score,
        p_value: answer.p,
        p_adjusted: f64::NAN,
        q_value: f64::NAN,
        log2_error: answer.log2_error,
        rank: edge.rank,
        core_enrichment: labels(&edge.core),
        leading_edge: edge.summary,
        camera_p: camera.p_value(ranks.iter().map(|&rank| ranking.scores[rank as usize])),
    };
    (row, labels(&edge.edge))
}

/// Share of the genes with a non-zero score that is not theirs alone; `scores` are sorted.
fn tied_fraction(scores: &[f64]) -> f64 {
    let tied: usize = scores
        .chunk_by(|a, b| a == b)
        .filter(|equal| equal.len() > 1 && equal[0] != 0.0)
        .map(<[f64]>::len)
        .sum();
    tied as f64 / scores.len() as f64
}

#[cfg(test)]
mod tests;
