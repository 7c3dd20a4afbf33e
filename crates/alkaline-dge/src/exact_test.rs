//! The exact test for two groups.

use std::array::from_fn;
use std::hash::Hasher;

use alkaline_core::results::{DispersionEstimates, TestTable, Thresholds};
use alkaline_core::{ContrastSpec, CountMatrix, Groups, LibrarySizes};
use alkaline_math::negative_binomial::{
    PValue, SplitTest, adjust_to_common_size, beta_split_test, deviance_test, double_tail_test,
    fit_one_group_wide, small_probability_test,
};
use alkaline_math::special::{WIDE, Wide};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rayon::prelude::*;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};

use crate::abundance::{MIN_GENES_PER_JOB, PriorCounts};
use crate::libraries::{Batch, LibraryGroup, by_total, common_size};
use crate::table::{GeneResult, TableParts, test_table};
use crate::{DgeError, EdgerVersion};

/// What counts as at least as extreme as the observed split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    let (results, place) = test.of_all(matrix, &phi);
    let [reference, target] = pair;
    let groups = [(contrast.reference.clone(), reference), (contrast.target.clone(), target)];
    Ok(test_table(TableParts {
        matrix,
        contrast,
        dispersion,
        results: &|gene| &results[place[gene]],
        groups: &groups,
        method: "exactTest",
        statistic: None,
        interval: None,
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

/// What there is to say about a gene that is silent in both groups.
const SILENT: GeneResult = GeneResult {
    log2_fold_change: 0.0,
    standard_error: None,
    interval: None,
    statistic: None,
    p: PValue::ONE,
};

impl<'a> PairTest<'a> {
    fn new(pair: &'a [LibraryGroup; 2], options: &'a ExactTestOptions) -> Self {
        let sizes: Vec<f64> = pair.iter().flat_map(|group| group.sizes.iter().copied()).collect();
        let prior = PriorCounts::new(&sizes, options.prior_count);
        Self { pair, common_size: common_size(&sizes), prior, sizes, options }
    }

    /// The results of all genes, and for each gene the place of its own. Those with the same counts and dispersion, as there are many of
    /// few counts, are tested once.
    fn of_all(&self, matrix: &CountMatrix, phi: &[f64]) -> (Vec<GeneResult>, Vec<usize>) {
        let (distinct, place) = self.distinct_genes(matrix, phi);
        let mut results = vec![SILENT; distinct.len()];
        let jobs = results.par_chunks_mut(MIN_GENES_PER_JOB).zip(distinct.par_chunks(MIN_GENES_PER_JOB));
        jobs.for_each_init(
            || Batch::new(self.sizes.len()),
            |batch, (results, genes)| {
                for places in by_total(matrix, genes).chunks(WIDE) {
                    let mut dispersions = [1.0; WIDE];
                    batch.clear();
                    for (&place, dispersion) in places.iter().zip(&mut dispersions) {
                        batch.push(place, self.counts(matrix.row(genes[place])));
                        *dispersion = phi[genes[place]];
                    }
                    self.test(batch, &dispersions, results);
                }
            },
        );
        (results, place)
    }

    /// The counts of both groups, reference first.
    fn counts<'b>(&'b self, row: &'b [f64]) -> impl Iterator<Item = f64> + 'b {
        self.pair.iter().flat_map(|group| group.counts(row))
    }

    /// One gene for each combination of counts and dispersion, and for each gene the place of its combination.
    fn distinct_genes(&self, matrix: &CountMatrix, phi: &[f64]) -> (Vec<usize>, Vec<usize>) {
        let bits = |gene: usize| self.counts(matrix.row(gene)).chain([phi[gene]]).map(f64::to_bits);
        let hash = |gene: usize| {
            let mut hasher = FxHasher::default();
            // byte by byte, since the bits in which small counts differ are few and far up
            bits(gene).for_each(|bits| hasher.write(&bits.to_ne_bytes()));
            hasher.finish()
        };
        let mut known: HashTable<usize> = HashTable::with_capacity(phi.len());
        let mut distinct: Vec<usize> = Vec::new();
        let place = (0..phi.len())
            .map(|gene| {
                let is_same = |&place: &usize| bits(distinct[place]).eq(bits(gene));
                match known.entry(hash(gene), is_same, |&place| hash(distinct[place])) {
                    Entry::Occupied(found) => *found.get(),
                    Entry::Vacant(free) => {
                        let place = *free.insert(distinct.len()).get();
                        distinct.push(gene);
                        place
                    }
                }
            })
            .collect();
        (distinct, place)
    }

    /// Tests the genes of a batch, and puts their results in their places.
    fn test(&self, batch: &Batch, phi: &Wide, results: &mut [GeneResult]) {
        let counts = &batch.counts;
        let changes = self.log2_fold_changes(counts, phi);
        let (reference, target) = self.adjusted_sums(counts, phi);
        for (i, &place) in batch.genes.iter().enumerate() {
            if counts.iter().any(|wide| wide[i] != 0.0) {
                let p = self.p_value((reference[i], target[i]), phi[i]);
                results[place] = GeneResult { log2_fold_change: changes[i], p, ..SILENT };
            }
        }
    }

    fn log2_fold_changes(&self, counts: &[Wide], phi: &Wide) -> Wide {
        let with_prior = |(library, wide): (usize, &Wide)| wide.map(|y| y + self.prior.of(library));
        let counts: Vec<Wide> = counts.iter().enumerate().map(with_prior).collect();
        let split = self.pair[0].members.len();
        let (sizes_reference, sizes_target) = self.prior.augmented_sizes.split_at(split);
        let reference = fit_one_group_wide(&counts[..split], sizes_reference, phi);
        let target = fit_one_group_wide(&counts[split..], sizes_target, phi);
        from_fn(|i| (target[i] - reference[i]) / std::f64::consts::LN_2)
    }

    fn p_value(&self, sums: (f64, f64), phi: f64) -> PValue {
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
    fn adjusted_sums(&self, counts: &[Wide], phi: &Wide) -> (Wide, Wide) {
        let mut adjusted = vec![[0.0; WIDE]; counts.len()];
        adjust_to_common_size(counts, &self.sizes, self.common_size, phi, &mut adjusted);
        let (reference, target) = adjusted.split_at(self.pair[0].members.len());
        let sums = |group: &[Wide]| from_fn(|i| group.iter().map(|wide| wide[i]).sum());
        (sums(reference), sums(target))
    }
}
