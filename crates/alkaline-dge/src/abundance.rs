//! Average abundance of each gene over all samples, as log2 counts per million.

use std::sync::Arc;

use alkaline_core::{CountMatrix, LibrarySizes, PerGene};
use alkaline_math::negative_binomial::fit_one_group_wide;
use alkaline_math::special::WIDE;
use alkaline_math::summation::mean;
use rayon::prelude::*;

use crate::libraries::Batch;

/// Average count added to every gene (edgeR `aveLogCPM(prior.count)`).
const PRIOR_COUNT: f64 = 2.0;
/// Dispersion that stands in where none is known (edgeR `aveLogCPM`).
pub(crate) const DEFAULT_DISPERSION: f64 = 0.05;

/// Average log2 CPM of each gene: the rate fitted to all libraries after adding a prior count.
///
/// The x-axis of every abundance trend and the `logCPM` column of test tables. Upstream: edgeR `aveLogCPM`.
#[must_use]
pub fn average_log_cpm(matrix: &CountMatrix, sizes: &LibrarySizes, dispersion: f64) -> PerGene<f64> {
    // where offsets take the place of library sizes, edgeR's `aveLogCPM` goes by the raw ones
    let own = if matrix.has_lengths() { sizes.raw.values().to_vec() } else { sizes.effective() };
    let prior = PriorCounts::new(&own, PRIOR_COUNT);
    let genes = matrix.genes().len();
    let mut values = vec![0.0; genes];
    let eights = values.par_chunks_mut(WIDE).enumerate().with_min_len(MIN_GENES_PER_JOB / WIDE);
    eights.for_each_init(
        || Batch::new(matrix.samples().len()),
        |batch, (eight, values)| {
            batch.clear();
            for gene in eight * WIDE..eight * WIDE + values.len() {
                batch.push(gene, prior.added_to(matrix.row(gene).iter().copied()));
            }
            let rates = fit_one_group_wide(&batch.counts, &prior.augmented_sizes, &[dispersion; WIDE]);
            for (value, rate) in values.iter_mut().zip(rates) {
                *value = (rate + 1e6f64.ln()) / std::f64::consts::LN_2;
            }
        },
    );
    let mut values = values.into_iter();
    PerGene::from_fn(Arc::clone(matrix.genes()), |_| values.next().unwrap_or(f64::NAN))
}

/// Genes handled by one job: enough to hide the cost of handing it out.
pub(crate) const MIN_GENES_PER_JOB: usize = 256;

/// Prior counts in proportion to library sizes, and the sizes they go with (edgeR `addPriorCount`).
#[derive(Clone, Debug)]
pub(crate) struct PriorCounts {
    priors: Vec<f64>,
    /// Library sizes enlarged by twice the prior.
    pub augmented_sizes: Vec<f64>,
}

impl PriorCounts {
    pub(crate) fn new(effective: &[f64], prior_count: f64) -> Self {
        let centre = mean(effective);
        let priors: Vec<f64> = effective.iter().map(|size| prior_count * size / centre).collect();
        let augmented_sizes = effective.iter().zip(&priors).map(|(size, prior)| size + 2.0 * prior).collect();
        Self { priors, augmented_sizes }
    }

    /// The counts of a gene plus the priors.
    pub(crate) fn added_to(&self, counts: impl Iterator<Item = f64>) -> impl Iterator<Item = f64> {
        counts.zip(&self.priors).map(|(y, prior)| y + prior)
    }

    /// The prior of one library.
    pub(crate) fn of(&self, library: usize) -> f64 {
        self.priors[library]
    }
}
