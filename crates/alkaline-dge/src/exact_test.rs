//! The exact test for two groups.

use alkaline_core::results::{DispersionEstimates, TestTable, Thresholds};
use alkaline_core::{ContrastSpec, CountMatrix, Groups, LibrarySizes};
use alkaline_math::negative_binomial::{
    PValue, QuantileTarget, SplitTest, beta_split_test, deviance_test, double_tail_test, fit_one_group,
    small_probability_test,
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::abundance::{MIN_GENES_PER_JOB, PriorCounts};
use crate::libraries::{LibraryGroup, common_size};
use crate::table::{GeneResult, TableParts, test_table};
use crate::{DgeError, EdgerVersion};

/// What counts as at least as extreme as the observed split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum RejectionRegion {
    /// Twice the smaller tail.
    #[default]
    Doubletail,
    /// Splits with at least the observed deviance (twice the smaller tail when the groups are of equal size).
    Deviance,
    /// Splits with at most the observed probability (twice the smaller tail when the groups are of equal size).
    Smallp,
}

/// Options of the exact test.
///
/// | option | default | upstream (`exactTest`) |
/// |---|---|---|
/// | `rejection_region` | double tail | `rejection.region` |
/// | `big_count` | 900 | `big.count` |
/// | `prior_count` | 0.125 | `prior.count` |
/// | `thresholds` | FDR 0.05, \|logFC\| 1 | `decideTests` |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExactTestOptions {
    /// What is extreme.
    pub rejection_region: RejectionRegion,
    /// Where both group sums exceed this, the beta approximation is used.
    pub big_count: f64,
    /// Average count added to each library for the log fold change.
    pub prior_count: f64,
    /// Multiple-testing correction.
    pub adjustment: crate::Adjustment,
    /// When a gene is called up or down.
    pub thresholds: Thresholds,
}

impl Default for ExactTestOptions {
    fn default() -> Self {
        Self {
            rejection_region: RejectionRegion::Doubletail,
            big_count: 900.0,
            prior_count: 0.125,
            adjustment: crate::Adjustment::default(),
            thresholds: Thresholds::default(),
        }
    }
}

/// Tests every gene for a difference between target and reference of one contrast.
///
/// Only the samples of the two groups take part; the dispersions may come from more. Gene-wise dispersions are used where
/// present, then trended, then common. `log2_fold_change` is target minus reference; `log10_p` is computed in log space.
///
/// # Errors
/// [`DgeError::UnknownLevel`], [`DgeError::SameLevel`], or values that belong to other samples or genes.
///
/// # References
/// Robinson & Smyth (2008), doi:10.1093/biostatistics/kxm030. Upstream: edgeR `exactTest`, `topTags`.
pub fn exact_test(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    groups: &Groups,
    dispersion: &DispersionEstimates,
    contrast: &ContrastSpec,
    options: &ExactTestOptions,
) -> Result<TestTable, DgeError> {
    let effective = crate::checks::effective_sizes(matrix, sizes)?;
    crate::checks::groups_match(matrix, groups)?;
    let phi = crate::checks::gene_dispersions(matrix, dispersion)?;
    let (reference, target) = crate::checks::levels_of(groups, contrast)?;
    let pair = [reference, target].map(|level| LibraryGroup::new(groups.members(level), &effective));
    let test = PairTest::new(&pair, options);
    let results = test.of_all(matrix, &phi);
    Ok(test_table(TableParts {
        matrix,
        contrast,
        dispersion,
        results,
        groups: &pair,
        method: "exactTest",
        statistic: None,
        adjustment: options.adjustment,
        thresholds: options.thresholds,
        compat: EdgerVersion::default(),
    }))
}

/// The two groups of a contrast, and what their library sizes imply.
struct PairTest<'a> {
    pair: &'a [LibraryGroup; 2],
    /// Library sizes of both groups, reference first.
    sizes: Vec<f64>,
    common_size: f64,
    prior: PriorCounts,
    options: &'a ExactTestOptions,
}

/// Buffers that one thread uses for gene after gene.
#[derive(Default)]
struct Scratch {
    counts: Vec<f64>,
    with_prior: Vec<f64>,
    adjusted: Vec<f64>,
}

impl<'a> PairTest<'a> {
    fn new(pair: &'a [LibraryGroup; 2], options: &'a ExactTestOptions) -> Self {
        let sizes: Vec<f64> = pair.iter().flat_map(|group| group.sizes.iter().copied()).collect();
        let prior = PriorCounts::new(&sizes, options.prior_count);
        Self { pair, common_size: common_size(&sizes), prior, sizes, options }
    }

    /// The results of all genes. Where they share one dispersion, as an assumed one, those with the same counts are tested once.
    fn of_all(&self, matrix: &CountMatrix, phi: &[f64]) -> Vec<GeneResult> {
        let one_dispersion = phi.iter().all(|value| *value == phi[0]);
        let (distinct, place) =
            if one_dispersion { self.distinct_rows(matrix) } else { ((0..phi.len()).collect(), Vec::new()) };
        let results: Vec<GeneResult> = distinct
            .par_iter()
            .with_min_len(MIN_GENES_PER_JOB)
            .map_init(Scratch::default, |scratch, &gene| self.of(matrix.row(gene), phi[gene], scratch))
            .collect();
        if one_dispersion { place.into_iter().map(|place| results[place]).collect() } else { results }
    }

    /// One gene for each combination of counts in the pair, and for each gene the place of its combination.
    fn distinct_rows(&self, matrix: &CountMatrix) -> (Vec<usize>, Vec<usize>) {
        let mut known: FxHashMap<Vec<u64>, usize> = FxHashMap::default();
        let mut distinct = Vec::new();
        let place = (0..matrix.genes().len())
            .map(|gene| {
                let row = matrix.row(gene);
                let counts =
                    self.pair.iter().flat_map(|group| group.members.iter().map(|&i| row[i].to_bits()));
                *known.entry(counts.collect()).or_insert_with(|| {
                    distinct.push(gene);
                    distinct.len() - 1
                })
            })
            .collect();
        (distinct, place)
    }

    fn of(&self, row: &[f64], phi: f64, scratch: &mut Scratch) -> GeneResult {
        scratch.counts.clear();
        scratch.counts.extend(self.pair.iter().flat_map(|group| group.members.iter().map(|&i| row[i])));
        if scratch.counts.iter().all(|&count| count == 0.0) {
            return GeneResult {
                log2_fold_change: 0.0,
                standard_error: None,
                statistic: None,
                p: PValue::ONE,
            };
        }
        self.prior.add_to(&scratch.counts, &mut scratch.with_prior);
        GeneResult {
            log2_fold_change: self.log2_fold_change(&scratch.with_prior, phi),
            standard_error: None,
            statistic: None,
            p: self.p_value(&scratch.counts, phi, &mut scratch.adjusted),
        }
    }

    fn log2_fold_change(&self, counts: &[f64], phi: f64) -> f64 {
        let split = self.pair[0].members.len();
        let (reference, target) = counts.split_at(split);
        let (sizes_reference, sizes_target) = self.prior.augmented_sizes.split_at(split);
        let change =
            fit_one_group(target, sizes_target, phi) - fit_one_group(reference, sizes_reference, phi);
        change / std::f64::consts::LN_2
    }

    fn p_value(&self, counts: &[f64], phi: f64, adjusted: &mut Vec<f64>) -> PValue {
        let sums = self.adjusted_sums(counts, phi, adjusted);
        let libraries = (self.pair[0].members.len(), self.pair[1].members.len());
        let test = SplitTest { libraries, dispersion: phi };
        let equal_groups = libraries.0 == libraries.1;
        match self.options.rejection_region {
            // Poisson counts: the binomial test, whose two-sided P is that of the likeliest splits left out.
            _ if phi <= 0.0 && !equal_groups => small_probability_test(&test, sums),
            RejectionRegion::Deviance if !equal_groups => deviance_test(&test, sums),
            RejectionRegion::Smallp if !equal_groups => small_probability_test(&test, sums),
            _ if phi > 0.0 && self.both_are_big(sums) => beta_split_test(&test, sums),
            _ => double_tail_test(&test, sums),
        }
    }

    fn both_are_big(&self, sums: (f64, f64)) -> bool {
        let is_big = |sum: f64| sum.round_ties_even() > self.options.big_count;
        is_big(sums.0) && is_big(sums.1)
    }

    /// Group sums of the counts adjusted to a common library size under the null hypothesis of one rate.
    fn adjusted_sums(&self, counts: &[f64], phi: f64, adjusted: &mut Vec<f64>) -> (f64, f64) {
        let rate = fit_one_group(counts, &self.sizes, phi).exp();
        let target = QuantileTarget::new(rate * self.common_size, phi);
        let split = self.pair[0].members.len();
        adjusted.resize(counts.len(), 0.0);
        target.map_each(counts, &self.sizes, rate, adjusted);
        let (reference, target) = adjusted.split_at(split);
        (reference.iter().sum(), target.iter().sum())
    }
}
