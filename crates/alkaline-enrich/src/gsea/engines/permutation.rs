//! Phenotype permutation: the original GSEA, which keeps the correlation between genes.
//!
//! Samples, not genes, are shuffled: each time all genes are ranked anew by signal to noise and every set is scored. It
//! needs replicates: with three against three there are twenty ways to label the samples, and no P below 1/20.
//! Definitions of the score, NES, nominal P, FDR q and FWER are the Broad Institute's.
//! Reference: Subramanian et al. (2005) doi:10.1073/pnas.0506580102. Peer: gseapy `gsea`.

use alkaline_core::expression::ExpressionMatrix;
use alkaline_core::gene_sets::{GeneSetCollection, GeneSetSource};
use alkaline_core::results::{PermutationRow, PermutationTable, RankedGenes};
use alkaline_core::{GeneId, IdMapping, IdentifierMap};
use rayon::prelude::*;

use crate::EnrichError;
use crate::gsea::GseaOptions;
use crate::gsea::ranking::{PreparedRanking, ranks_of};
use crate::gsea::sampling::random::Stream;
use crate::gsea::score::{LeadingEdge, Weights};

/// Name of the random stream.
const SHUFFLE_STREAM: u64 = 9;

/// With fewer distinct labellings no set could reach a P of 0.01.
const FEWEST_LABELLINGS: u64 = 100;

/// What phenotype permutation finds.
#[derive(Clone, Debug, PartialEq)]
pub struct PermutationResult {
    /// All tested sets, by collection and falling |NES|.
    pub table: PermutationTable,
    /// Matching of the genes with the gene sets.
    pub mapping: IdMapping,
}

/// Tests every set of every collection by shuffling the labels of samples.
///
/// * `expression`: normalised values on the natural scale (CPM), as the Broad recommends for signal to noise.
/// * `is_target`: for every sample whether it belongs to the target group; positive scores are higher there.
/// * `permutations`: labellings drawn; all distinct ones are gone through instead where there are no more than that.
///
/// Of `options` the sizes, `exponent`, `seed` and `labels` count. Signal to noise is (mean_t - mean_r) / (sd_t + sd_r), each
/// standard deviation at least a fifth of the absolute mean (0.2 where the mean is 0). Nominal P is the share of permuted
/// scores of the same sign that are more extreme; FDR q is the mean share of permuted NES at least as extreme over that
/// of observed NES; FWER the share of permutations whose most extreme NES is beyond the observed one.
///
/// # Errors
/// [`EnrichError::FewLabellings`] where the samples can be labelled in fewer than 100 ways; as [`gsea`](crate::gsea::gsea()) else.
///
/// # Differences
/// E-13.
pub fn permutation_gsea(
    expression: &ExpressionMatrix,
    is_target: &[bool],
    collections: &[GeneSetCollection],
    identifiers: Option<&IdentifierMap>,
    permutations: usize,
    options: &GseaOptions,
) -> Result<PermutationResult, EnrichError> {
    options.check()?;
    let labellings = Labellings::new(is_target, permutations, options.seed)?;
    let metric = Metric { expression, exponent: options.exponent };
    let (order, ranked) = metric.ranked(is_target);
    let ranking = PreparedRanking::new(&ranked, collections, identifiers, options)?;
    let genes: Vec<usize> = ranking.given().iter().map(|&given| order[given as usize]).collect();
    let mut rows = Vec::new();
    for collection in collections {
        let ranks = ranking.ranks_in(collection);
        let sets: Vec<(usize, Vec<u32>)> = (0..collection.sets.len())
            .map(|number| (number, ranks_of(&collection.sets[number], &ranks)))
            .filter(|(_, ranks)| {
                (options.min_size..=options.max_size.min(ranking.len() - 1)).contains(&ranks.len())
            })
            .collect();
        let observed: Vec<f64> =
            sets.iter().map(|(_, ranks)| ranking.lists[0].weights.extremes(ranks).score()).collect();
        let permuted = permuted_scores(&metric, &genes, &sets, &labellings.all);
        let judged = Judged::new(&observed, &permuted);
        let mut part: Vec<PermutationRow> =
            (0..sets.len()).map(|i| row(&ranking, collection, &sets[i], observed[i], &judged, i)).collect();
        part.sort_by(|a, b| {
            b.normalized_score.abs().total_cmp(&a.normalized_score.abs()).then_with(|| a.id.cmp(&b.id))
        });
        rows.extend(part);
    }
    let sources: Vec<GeneSetSource> =
        collections.iter().map(|collection| collection.source.clone()).collect();
    let table = PermutationTable {
        sources,
        genes_ranked: ranking.len(),
        seed: options.seed,
        permutations: labellings.all.len(),
        distinct_labellings: labellings.distinct,
        rows,
    };
    Ok(PermutationResult { table, mapping: ranking.into_mapping() })
}

/// Ways to label the samples.
struct Labellings {
    all: Vec<Vec<bool>>,
    distinct: u64,
}

impl Labellings {
    fn new(is_target: &[bool], wanted: usize, seed: u64) -> Result<Self, EnrichError> {
        let targets = is_target.iter().filter(|&&target| target).count();
        let distinct = number_of_labellings(is_target.len(), targets);
        if distinct < FEWEST_LABELLINGS {
            let references = is_target.len() - targets;
            return Err(EnrichError::FewLabellings { references, targets, labellings: distinct });
        }
        let all = if distinct <= wanted as u64 {
            every_labelling(is_target.len(), targets)
        } else {
            (0..wanted).map(|number| shuffled(is_target, seed, number)).collect()
        };
        Ok(Self { all, distinct })
    }
}

/// Binomial coefficient; the largest number there is where it is larger.
fn number_of_labellings(samples: usize, targets: usize) -> u64 {
    (0..targets)
        .try_fold(1_u64, |number, i| Some(number.checked_mul((samples - i) as u64)? / (i as u64 + 1)))
        .unwrap_or(u64::MAX)
}

fn every_labelling(samples: usize, targets: usize) -> Vec<Vec<bool>> {
    if targets == 0 {
        return vec![vec![false; samples]];
    }
    if targets == samples {
        return vec![vec![true; samples]];
    }
    let with_first = |first: bool, rest: Vec<Vec<bool>>| {
        rest.into_iter().map(move |tail| std::iter::once(first).chain(tail).collect())
    };
    with_first(true, every_labelling(samples - 1, targets - 1))
        .chain(with_first(false, every_labelling(samples - 1, targets)))
        .collect()
}

fn shuffled(is_target: &[bool], seed: u64, number: usize) -> Vec<bool> {
    let mut stream = Stream::keyed([seed, SHUFFLE_STREAM, number as u64]);
    let mut labels = is_target.to_vec();
    for i in (1..labels.len()).rev() {
        labels.swap(i, stream.below(i as u32 + 1) as usize);
    }
    labels
}

/// How genes are ranked under a labelling.
struct Metric<'a> {
    expression: &'a ExpressionMatrix,
    exponent: f64,
}

impl Metric<'_> {
    /// Genes by falling signal to noise, and the list of them.
    fn ranked(&self, is_target: &[bool]) -> (Vec<usize>, RankedGenes) {
        let scores: Vec<f64> = self.expression.rows().map(|row| signal_to_noise(row, is_target)).collect();
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
        let ids = self.expression.genes().ids();
        let genes: Vec<GeneId> = order.iter().map(|&gene| ids[gene].clone()).collect();
        (order.clone(), RankedGenes { genes, scores: order.iter().map(|&gene| scores[gene]).collect() })
    }
}

/// Difference of the group means over the sum of their standard deviations, which are not let near zero.
fn signal_to_noise(row: &[f64], is_target: &[bool]) -> f64 {
    let moments = |wanted: bool| {
        let values = || {
            row.iter().zip(is_target).filter(move |(_, target)| **target == wanted).map(|(value, _)| *value)
        };
        let count = values().count() as f64;
        let mean = values().sum::<f64>() / count;
        let variance = values().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        /// Least standard deviation as a share of the mean, and where the mean is zero.
        const LEAST: f64 = 0.2;
        let least = if mean.abs() <= 1e-9 { LEAST } else { LEAST * mean.abs() };
        (mean, variance.sqrt().max(least))
    };
    let ((target, target_sd), (reference, reference_sd)) = (moments(true), moments(false));
    (target - reference) / (target_sd + reference_sd)
}

/// Scores of every set under every labelling: one row per labelling.
fn permuted_scores(
    metric: &Metric<'_>,
    genes: &[usize],
    sets: &[(usize, Vec<u32>)],
    labellings: &[Vec<bool>],
) -> Vec<Vec<f64>> {
    let mut sets_of_gene: Vec<Vec<u32>> = vec![Vec::new(); genes.len()];
    for (number, (_, ranks)) in sets.iter().enumerate() {
        ranks.iter().for_each(|&rank| sets_of_gene[rank as usize].push(number as u32));
    }
    let scores_under = |labels: &Vec<bool>| {
        let scores: Vec<f64> =
            genes.iter().map(|&gene| signal_to_noise(metric.expression.row(gene), labels)).collect();
        let mut order: Vec<u32> = (0..genes.len() as u32).collect();
        order.sort_by(|&a, &b| scores[b as usize].total_cmp(&scores[a as usize]).then(a.cmp(&b)));
        let mut hits: Vec<Vec<u32>> = sets.iter().map(|(_, ranks)| Vec::with_capacity(ranks.len())).collect();
        for (rank, &gene) in order.iter().enumerate() {
            sets_of_gene[gene as usize].iter().for_each(|&set| hits[set as usize].push(rank as u32));
        }
        let sorted: Vec<f64> = order.iter().map(|&gene| scores[gene as usize]).collect();
        let weights = Weights::new(&sorted, metric.exponent);
        hits.iter().map(|ranks| weights.extremes(ranks).score()).collect()
    };
    labellings.par_iter().map(scores_under).collect()
}

/// What permuted scores say about observed ones.
struct Judged {
    normalized: Vec<f64>,
    nominal: Vec<f64>,
    fdr: Vec<f64>,
    fwer: Vec<f64>,
}

impl Judged {
    fn new(observed: &[f64], permuted: &[Vec<f64>]) -> Self {
        let nulls: Vec<SetNull> = (0..observed.len())
            .map(|set| SetNull::new(observed[set], permuted.iter().map(|scores| scores[set])))
            .collect();
        let normalized: Vec<f64> =
            nulls.iter().zip(observed).map(|(null, &score)| null.normalize(score)).collect();
        let permuted: Vec<Vec<f64>> = permuted
            .par_iter()
            .map(|scores| {
                let mut scores: Vec<f64> = nulls
                    .iter()
                    .zip(scores)
                    .map(|(null, &score)| null.normalize(score))
                    .filter(|nes| !nes.is_nan())
                    .collect();
                scores.sort_unstable_by(f64::total_cmp);
                scores
            })
            .collect();
        let mut sorted: Vec<f64> = normalized.iter().copied().filter(|nes| !nes.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let fdr = normalized.par_iter().map(|&nes| fdr_q(nes, &sorted, &permuted)).collect();
        let fwer = normalized.par_iter().map(|&nes| fwer(nes, &permuted)).collect();
        Self { nominal: nulls.into_iter().map(|null| null.nominal).collect(), normalized, fdr, fwer }
    }
}

/// Permuted scores of one set.
struct SetNull {
    mean_positive: f64,
    mean_negative: f64,
    nominal: f64,
}

impl SetNull {
    fn new(observed: f64, permuted: impl Iterator<Item = f64>) -> Self {
        let (mut positive, mut negative, mut beyond) = ((0.0, 0.0), (0.0, 0.0), 0.0);
        for score in permuted {
            if score >= 0.0 {
                positive = (positive.0 + 1.0, positive.1 + score);
            }
            if score <= 0.0 {
                negative = (negative.0 + 1.0, negative.1 - score);
            }
            let is_beyond = if observed >= 0.0 { score > observed } else { score < observed };
            beyond += f64::from(u8::from(is_beyond));
        }
        let of_sign: f64 = if observed >= 0.0 { positive.0 } else { negative.0 };
        Self {
            mean_positive: positive.1 / positive.0,
            mean_negative: negative.1 / negative.0,
            nominal: beyond / of_sign,
        }
    }

    fn normalize(&self, score: f64) -> f64 {
        score / if score >= 0.0 { self.mean_positive } else { self.mean_negative }
    }
}

/// How many of these (rising) are of the sign of `nes`, and how many of those at least as extreme.
fn of_sign(nes: f64, sorted: &[f64]) -> (f64, f64) {
    if nes >= 0.0 {
        let same = sorted.len() - sorted.partition_point(|&other| other < 0.0);
        (same as f64, (sorted.len() - sorted.partition_point(|&other| other < nes)) as f64)
    } else {
        let same = sorted.partition_point(|&other| other <= 0.0);
        (same as f64, sorted.partition_point(|&other| other <= nes) as f64)
    }
}

fn fdr_q(nes: f64, observed: &[f64], permuted: &[Vec<f64>]) -> f64 {
    let (mut sum, mut counted) = (0.0, 0.0);
    for scores in permuted {
        let (same, extreme) = of_sign(nes, scores);
        if same > 0.0 {
            sum += extreme / same;
            counted += 1.0;
        }
    }
    let (same, extreme) = of_sign(nes, observed);
    ((sum / counted) / (extreme / same)).min(1.0)
}

fn fwer(nes: f64, permuted: &[Vec<f64>]) -> f64 {
    let is_beyond = |scores: &&Vec<f64>| match nes >= 0.0 {
        true => scores.last().is_some_and(|&best| best >= nes),
        false => scores.first().is_some_and(|&best| best <= nes),
    };
    permuted.iter().filter(is_beyond).count() as f64 / permuted.len() as f64
}

fn row(
    ranking: &PreparedRanking<'_>,
    collection: &GeneSetCollection,
    (number, ranks): &(usize, Vec<u32>),
    score: f64,
    judged: &Judged,
    i: usize,
) -> PermutationRow {
    let set = &collection.sets[*number];
    let running = ranking.lists[0].weights.running(ranks);
    let edge = LeadingEdge::new(ranks, &running, score, ranking.len());
    PermutationRow {
        ontology: collection.ontology.clone(),
        id: set.id.clone(),
        description: set.description.clone(),
        set_size: ranks.len(),
        enrichment_score: score,
        normalized_score: judged.normalized[i],
        p_value: judged.nominal[i],
        fdr_q: judged.fdr[i],
        fwer_p: judged.fwer[i],
        rank: edge.rank,
        leading_edge: edge.summary,
        core_enrichment: edge.core.iter().map(|&rank| ranking.label(rank)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labellings_are_counted_and_gone_through_once() {
        assert_eq!(number_of_labellings(10, 5), 252);
        assert_eq!(number_of_labellings(6, 3), 20);
        assert_eq!(number_of_labellings(200, 100), u64::MAX);
        let all: std::collections::BTreeSet<Vec<bool>> = every_labelling(6, 2).into_iter().collect();
        assert_eq!(all.len(), 15);
        assert!(all.iter().all(|labels| labels.iter().filter(|&&target| target).count() == 2));
    }

    #[test]
    fn too_few_replicates_are_refused_with_the_number_of_labellings() {
        let error = Labellings::new(&[true, true, true, false, false, false], 1000, 1).err();
        assert_eq!(error, Some(EnrichError::FewLabellings { references: 3, targets: 3, labellings: 20 }));
    }

    #[test]
    fn standard_deviations_have_a_floor() {
        let labels = [true, true, false, false];
        // Means 10 and 5, standard deviations 0: floors 2 and 1.
        assert!((signal_to_noise(&[10.0, 10.0, 5.0, 5.0], &labels) - 5.0 / 3.0).abs() < 1e-12);
        assert!((signal_to_noise(&[0.0, 0.0, 0.0, 0.0], &labels)).abs() < 1e-12);
    }

    #[test]
    fn shares_of_one_sign_are_compared_with_that_sign() {
        let sorted = [-2.0, -1.0, 0.5, 1.0, 2.0];
        assert_eq!(of_sign(1.0, &sorted), (3.0, 2.0));
        assert_eq!(of_sign(-1.5, &sorted), (2.0, 1.0));
    }
}
