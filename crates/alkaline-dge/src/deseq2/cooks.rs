//! Cook's distances: counts that alone would move a gene's answer, and what is done about them.
//!
//! Upstream: DESeq2 `calculateCooksDistance`, `recordMaxCooks`, `replaceOutliers`, and the rule of `results`.

use alkaline_math::special::f_quantile;

use super::fit::Fit;
use super::gene_wise::mean_and_variance;
use super::model::Model;
use super::trend::trimmed_mean;

/// Samples that a cell must have for a robust variance, and for outliers to be called in it.
const FEWEST_IN_CELL: usize = 3;
/// The smallest robust dispersion.
const SMALLEST_DISPERSION: f64 = 0.04;

/// The distances of one gene's samples.
pub(super) fn cooks_distances(model: &Model, counts: &[f64], normalised: &[f64], fit: &Fit) -> Vec<f64> {
    let (mean, _) = mean_and_variance(normalised);
    let dispersion = ((robust_variance(model, normalised) - mean) / (mean * mean)).max(SMALLEST_DISPERSION);
    let p = model.coefficients() as f64;
    let of_sample = |((y, mu), h): ((&f64, &f64), &f64)| {
        (y - mu).powi(2) / (mu + dispersion * mu * mu) / p * h / (1.0 - h).powi(2)
    };
    counts.iter().zip(&fit.means).zip(&fit.leverages).map(of_sample).collect()
}

/// The largest trimmed variance of the cells, or that of all samples where no cell is large enough.
fn robust_variance(model: &Model, normalised: &[f64]) -> f64 {
    let large = (0..model.cell_sizes.len()).filter(|&cell| model.cell_sizes[cell] >= FEWEST_IN_CELL);
    let of_cell = |cell: usize| {
        let members = model.cells.iter().zip(normalised).filter(|(own, _)| **own == cell);
        let values: Vec<f64> = members.map(|(_, q)| *q).collect();
        let (share, factor) = trimming(values.len());
        trimmed_variance(&values, share, factor)
    };
    let largest = large.map(of_cell).reduce(f64::max);
    largest.unwrap_or_else(|| trimmed_variance(normalised, 1.0 / 8.0, 1.51))
}

/// The share to trim at each end and the factor that makes up for it, by the size of a cell.
fn trimming(size: usize) -> (f64, f64) {
    match size {
        0..=3 => (1.0 / 3.0, 2.04),
        4..=23 => (1.0 / 4.0, 1.86),
        _ => (1.0 / 8.0, 1.51),
    }
}

fn trimmed_variance(values: &[f64], share: f64, factor: f64) -> f64 {
    let centre = trimmed_mean(&sorted(values), share);
    let squares: Vec<f64> = values.iter().map(|value| (value - centre).powi(2)).collect();
    factor * trimmed_mean(&sorted(&squares), share)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// What is an outlier in this design.
pub(super) struct Outliers {
    /// The distance that must be exceeded.
    pub cutoff: f64,
    /// Samples in cells large enough to call outliers in.
    called: Vec<bool>,
    /// Samples whose outliers are replaced.
    pub replaced: Vec<bool>,
    /// Whether a low count is forgiven: the design compares but two groups.
    forgives: bool,
}

impl Outliers {
    pub(super) fn new(model: &Model, fewest_to_replace: Option<usize>, forgives: bool) -> Self {
        let df = (model.coefficients() as f64, model.residual_df() as f64);
        let in_cells_of =
            |fewest: usize| model.cells.iter().map(|&cell| model.cell_sizes[cell] >= fewest).collect();
        Self {
            cutoff: f_quantile(0.99_f64.ln(), false, df.0, df.1),
            called: in_cells_of(FEWEST_IN_CELL),
            replaced: fewest_to_replace.map_or_else(|| vec![false; model.samples()], in_cells_of),
            forgives,
        }
    }

    /// The largest distance that is looked at; `None` where no cell is large enough. `after_replacement` leaves out samples whose
    /// outliers are replaced.
    pub(super) fn largest(&self, distances: &[f64], after_replacement: bool) -> Option<f64> {
        if after_replacement && self.replaced.iter().all(|replaced| *replaced) {
            return None;
        }
        let called = (0..distances.len()).filter(|&sample| self.called[sample]);
        let distance = |sample: usize| {
            if after_replacement && self.replaced[sample] { 0.0 } else { distances[sample] }
        };
        called.map(distance).reduce(f64::max)
    }

    /// Whether a gene has no P value for its outlier: beyond the cutoff, and not by a low count that several others exceed.
    pub(super) fn spoils(&self, largest: Option<f64>, distances: &[f64], counts: &[f64]) -> bool {
        if largest.is_none_or(|largest| largest <= self.cutoff) {
            return false;
        }
        if !self.forgives {
            return true;
        }
        let mut worst = 0;
        for (sample, distance) in distances.iter().enumerate() {
            if *distance > distances[worst] {
                worst = sample;
            }
        }
        counts.iter().filter(|count| **count > counts[worst]).count() < 3
    }

    /// The counts with outliers replaced by what the other samples let expect; `None` where there is nothing to replace.
    pub(super) fn without(
        &self,
        counts: &[f64],
        normalised: &[f64],
        distances: &[f64],
        sizes: &[f64],
    ) -> Option<Vec<f64>> {
        let is_outlier = |sample: usize| self.replaced[sample] && distances[sample] > self.cutoff;
        if !(0..counts.len()).any(is_outlier) {
            return None;
        }
        let expected = trimmed_mean(&sorted(normalised), 0.2);
        let count = |sample: usize| {
            if is_outlier(sample) { (expected * sizes[sample]).trunc() } else { counts[sample] }
        };
        Some((0..counts.len()).map(count).collect())
    }
}
