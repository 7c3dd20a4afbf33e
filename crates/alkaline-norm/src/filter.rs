//! Filtering by expression: a gene is kept when enough samples have a worthwhile count.
//!
//! "Worthwhile" is a count of ten in a library of median size, as CPM; "enough" is the size of the smallest group.
//! Reference: Chen, Lun & Smyth (2016), doi:10.12688/f1000research.8987.2. Upstream: edgeR `filterByExpr`.

use alkaline_core::{CountMatrix, Groups, LibrarySizes};
use alkaline_math::linear::PivotedQr;
use alkaline_math::order_statistics::{larger, median};
use ndarray::{Array2, ArrayView2, Axis, concatenate};
use serde::{Deserialize, Serialize};

use crate::NormError;
use crate::factors::raw_sizes;

/// Slack of the comparisons with the sample size and the total (upstream's `tol`).
const SLACK: f64 = 1e-14;

/// Which genes are tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FilterMethod {
    /// Enough counts in as many samples as the smallest group has (edgeR's `filterByExpr`).
    #[default]
    ByExpr,
    /// CPM above a fixed value in a fixed number of samples, as in scripts before `filterByExpr`.
    Cpm,
    /// `min_count` reads in as many samples as the smallest group has, whatever the size of their libraries (GEO2R's rule).
    Counts,
    /// All genes.
    None,
}

/// How to filter.
///
/// | option | default | upstream |
/// |---|---|---|
/// | `min_count` | 10 | `filterByExpr(min.count)` |
/// | `min_total_count` | 15 | `filterByExpr(min.total.count)` |
/// | `large_n` | 10 | `filterByExpr(large.n)` |
/// | `min_proportion` | 0.7 | `filterByExpr(min.prop)` |
/// | `min_cpm` | 1 | `rowSums(cpm(y) > 1) >= 2` |
/// | `min_cpm_samples` | 2 | |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FilterOptions {
    /// The rule.
    pub method: FilterMethod,
    /// Count that a library of median size must reach.
    pub min_count: f64,
    /// Total count over all samples that a gene must reach.
    pub min_total_count: f64,
    /// Group size beyond which only a share of further samples must pass.
    pub large_n: usize,
    /// That share.
    pub min_proportion: f64,
    /// With `cpm`: the CPM to exceed.
    pub min_cpm: f64,
    /// With `cpm`: the number of samples that must exceed it.
    pub min_cpm_samples: usize,
}

impl Default for FilterOptions {
    fn default() -> Self {
        Self {
            method: FilterMethod::ByExpr,
            min_count: 10.0,
            min_total_count: 15.0,
            large_n: 10,
            min_proportion: 0.7,
            min_cpm: 1.0,
            min_cpm_samples: 2,
        }
    }
}

/// The genes that passed, and the thresholds they passed.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterOutcome {
    /// Counts of the kept genes; their column sums are the library sizes from here on.
    pub matrix: CountMatrix,
    /// Positions of the kept genes in the unfiltered matrix.
    pub kept: Vec<usize>,
    /// CPM that had to be reached (`by-expr`) or exceeded (`cpm`), or count that had to be reached (`counts`); zero without a filter.
    pub cpm_threshold: f64,
    /// Whether the threshold is one of counts.
    pub is_of_counts: bool,
    /// Number of samples that had to reach it; may be fractional.
    pub min_samples: f64,
    /// The other genes, in the order of the unfiltered matrix.
    pub removed: Vec<RemovedGene>,
}

/// A gene that the filter removed.
#[derive(Clone, Debug, PartialEq)]
pub struct RemovedGene {
    /// Position in the unfiltered matrix.
    pub position: usize,
    /// Sum of its counts.
    pub total: f64,
    /// Samples that reach (or, by the `cpm` rule, exceed) the CPM threshold.
    pub samples_at_cpm: usize,
    /// Why it was removed.
    pub reason: RemovalReason,
}

/// Why a gene was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalReason {
    /// No sample has a count.
    Silent,
    /// Too few samples reach the CPM threshold.
    Low,
    /// The total count is too small, though enough samples reach the threshold.
    SmallTotal,
}

impl FilterOutcome {
    /// Number of genes removed for this reason.
    #[must_use]
    pub fn removed_for(&self, reason: RemovalReason) -> usize {
        self.removed.iter().filter(|gene| gene.reason == reason).count()
    }

    /// The number of samples that had to reach the CPM, without the rounding error that leverages leave.
    #[must_use]
    pub fn samples_wanted(&self) -> f64 {
        (self.min_samples * 1e6).round() / 1e6
    }

    /// What had to be reached, and how much of it.
    #[must_use]
    pub fn threshold_in_words(&self) -> (&'static str, String) {
        match self.is_of_counts {
            true => ("count", self.cpm_threshold.to_string()),
            false => ("CPM", format!("{:.4}", self.cpm_threshold)),
        }
    }

    /// What was done, in a sentence.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (what, threshold) = self.threshold_in_words();
        format!(
            "kept {} of {} genes ({what} at least {threshold} in {} samples); removed {} without any count, {} with too low {what}, \
             {} with too small a total",
            self.kept.len(),
            self.kept.len() + self.removed.len(),
            self.samples_wanted(),
            self.removed_for(RemovalReason::Silent),
            self.removed_for(RemovalReason::Low),
            self.removed_for(RemovalReason::SmallTotal)
        )
    }
}

/// Keeps the genes worth testing, given the groups of the samples.
///
/// # Errors
/// [`NormError::OtherSamples`] when the groups are not those of the matrix; [`NormError::EmptySample`].
///
/// # References
/// Chen, Lun & Smyth (2016), doi:10.12688/f1000research.8987.2.
pub fn filter_by_expression(
    matrix: &CountMatrix,
    groups: &Groups,
    options: &FilterOptions,
) -> Result<FilterOutcome, NormError> {
    if groups.samples() != matrix.samples() {
        return Err(NormError::OtherSamples);
    }
    let smallest = groups.sizes().into_iter().filter(|&size| size > 0).min().unwrap_or(1);
    filter(matrix, smallest as f64, options)
}

/// Keeps the genes worth testing, given a design matrix: the sample size is the inverse of the largest leverage.
///
/// # Errors
/// [`NormError::DesignRows`] when the design has not one row per sample; [`NormError::EmptySample`].
pub fn filter_by_design(
    matrix: &CountMatrix,
    design: ArrayView2<'_, f64>,
    options: &FilterOptions,
) -> Result<FilterOutcome, NormError> {
    let (rows, samples) = (design.nrows(), matrix.samples().len());
    if rows != samples {
        return Err(NormError::DesignRows { rows, samples });
    }
    // R's `hat()` adds an intercept to whatever it is given.
    let intercept = Array2::ones((rows, 1));
    let with_intercept = concatenate![Axis(1), intercept, design];
    let leverages = PivotedQr::new(with_intercept.view()).leverages(rows);
    let largest = leverages.into_iter().fold(0.0, larger);
    filter(matrix, 1.0 / largest, options)
}

fn filter(
    matrix: &CountMatrix,
    sample_size: f64,
    options: &FilterOptions,
) -> Result<FilterOutcome, NormError> {
    let sizes = raw_sizes(matrix)?;
    let rule = Rule::new(&sizes, sample_size, options);
    let mut outcome = FilterOutcome {
        matrix: matrix.select_genes(&[]),
        kept: Vec::new(),
        cpm_threshold: rule.cpm_threshold,
        is_of_counts: options.method == FilterMethod::Counts,
        min_samples: rule.min_samples,
        removed: Vec::new(),
    };
    for (position, row) in matrix.rows().enumerate() {
        match rule.removal(position, row) {
            None => outcome.kept.push(position),
            Some(removed) => outcome.removed.push(removed),
        }
    }
    outcome.matrix = matrix.select_genes(&outcome.kept);
    Ok(outcome)
}

/// The thresholds worked out for one experiment.
struct Rule {
    method: FilterMethod,
    /// One million over each library size.
    cpm_per_count: Vec<f64>,
    cpm_threshold: f64,
    min_samples: f64,
    min_total: f64,
}

impl Rule {
    fn new(sizes: &LibrarySizes, sample_size: f64, options: &FilterOptions) -> Self {
        let libraries = sizes.effective();
        let large = options.large_n as f64;
        let by_expr = if sample_size > large {
            large + (sample_size - large) * options.min_proportion
        } else {
            sample_size
        };
        let (cpm_threshold, min_samples, min_total) = match options.method {
            FilterMethod::ByExpr => {
                (options.min_count / median(&mut libraries.clone()) * 1e6, by_expr, options.min_total_count)
            }
            FilterMethod::Cpm => (options.min_cpm, options.min_cpm_samples as f64, 0.0),
            FilterMethod::Counts => (options.min_count, sample_size, 0.0),
            FilterMethod::None => (0.0, 0.0, 0.0),
        };
        let of_count = |size: &f64| if options.method == FilterMethod::Counts { 1.0 } else { 1e6 / size };
        let cpm_per_count = libraries.iter().map(of_count).collect();
        Self { method: options.method, cpm_per_count, cpm_threshold, min_samples, min_total }
    }

    /// The gene at `position`, if it is to be removed.
    fn removal(&self, position: usize, row: &[f64]) -> Option<RemovedGene> {
        if self.method == FilterMethod::None {
            return None;
        }
        let total: f64 = row.iter().sum();
        let passes = |cpm: f64| match self.method {
            FilterMethod::Cpm => cpm > self.cpm_threshold,
            _ => cpm >= self.cpm_threshold,
        };
        let samples_at_cpm =
            row.iter().zip(&self.cpm_per_count).filter(|(count, unit)| passes(**count * **unit)).count();
        let reason = if (samples_at_cpm as f64) < self.min_samples - SLACK {
            if total == 0.0 { RemovalReason::Silent } else { RemovalReason::Low }
        } else if total < self.min_total - SLACK {
            RemovalReason::SmallTotal
        } else {
            return None;
        };
        Some(RemovedGene { position, total, samples_at_cpm, reason })
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::{GeneIndex, SampleIndex};

    use super::*;

    fn matrix(rows: &[[f64; 4]]) -> CountMatrix {
        let genes = GeneIndex::new((0..rows.len()).map(|i| format!("g{i}").into()).collect()).unwrap();
        let samples = SampleIndex::new((0..4).map(|i| format!("s{i}").into()).collect()).unwrap();
        CountMatrix::new(genes, samples, rows.concat()).unwrap()
    }

    fn example() -> CountMatrix {
        // the last gene brings every library to one million
        matrix(&[
            [10.0, 10.0, 0.0, 0.0],
            [9.0, 9.0, 9.0, 9.0],
            [0.0, 0.0, 0.0, 0.0],
            [10.0, 5.0, 0.0, 0.0],
            [999_971.0, 999_976.0, 999_991.0, 999_991.0],
        ])
    }

    fn groups(matrix: &CountMatrix) -> Groups {
        Groups::new(std::sync::Arc::clone(matrix.samples()), &["a", "a", "b", "b"])
    }

    #[test]
    fn a_count_of_ten_in_the_smallest_group_is_enough() {
        let all = example();
        let outcome = filter_by_expression(&all, &groups(&all), &FilterOptions::default()).unwrap();
        assert_eq!(outcome.kept, [0, 4]);
        assert_eq!(
            (outcome.removed_for(RemovalReason::Silent), outcome.removed_for(RemovalReason::Low)),
            (1, 2)
        );
    }

    #[test]
    fn counts_are_counts_whatever_the_size_of_their_libraries() {
        let all = matrix(&[[10.0, 0.0, 0.0, 12.0], [10.0, 9.9, 0.0, 9.0], [1e6, 1e6, 1e3, 1e3], [0.0; 4]]);
        let options = FilterOptions { method: FilterMethod::Counts, ..FilterOptions::default() };
        let outcome = filter_by_expression(&all, &groups(&all), &options).unwrap();
        assert_eq!(outcome.kept, [0, 2]);
        assert!(outcome.in_words().starts_with("kept 2 of 4 genes (count at least 10 in 2 samples)"));
    }

    #[test]
    fn no_filter_keeps_everything() {
        let all = example();
        let options = FilterOptions { method: FilterMethod::None, ..FilterOptions::default() };
        assert_eq!(filter_by_expression(&all, &groups(&all), &options).unwrap().matrix, all);
    }

    #[test]
    fn a_two_group_design_asks_for_the_group_size() {
        let all = example();
        let design = Array2::from_shape_fn((4, 2), |(i, j)| f64::from(j == 0 || i > 1));
        let outcome = filter_by_design(&all, design.view(), &FilterOptions::default()).unwrap();
        assert!((outcome.min_samples - 2.0).abs() < 1e-12);
    }

    #[test]
    fn an_empty_sample_is_named() {
        let empty = matrix(&[[1.0, 0.0, 2.0, 3.0]]);
        let error = filter_by_expression(&empty, &groups(&empty), &FilterOptions::default()).unwrap_err();
        assert_eq!(error, NormError::EmptySample { sample: "s1".into() });
    }
}
