//! One dispersion for all genes, from the most abundant ones: what edgeR 4's `glmQLFit` finds when no dispersions were estimated.
//!
//! Abundant genes tell most about the dispersion and least about Poisson noise. Their common dispersion maximises the sum of their
//! Cox-Reid adjusted profile likelihoods. The more genes and residual degrees of freedom there are, the smaller a share of the genes
//! is enough.
//! Reference: Chen, Chen, Lun, Baldoni & Smyth (2025), doi:10.1093/nar/gkaf018. Upstream: edgeR 4 `glmQLFit(y, design)` without
//! `estimateDisp`; the share, the rounding and the thinning were found by asking edgeR 4.10.7.

use alkaline_core::results::{DispersionEstimates, DispersionSource};
use alkaline_core::{CountMatrix, LibrarySizes};
use alkaline_math::brent;
use alkaline_math::negative_binomial::{NbModel, centred_profile_likelihood};
use alkaline_math::summation::sum;
use rayon::prelude::*;

use super::offsets::at_gene;
use crate::abundance::{DEFAULT_DISPERSION, average_log_cpm};
use crate::{DesignMatrix, DgeError, DispersionOptions};

/// The smallest share of the genes that is used.
const SMALLEST_SHARE: f64 = 0.02;
/// Up to this many units of evidence (genes times the root of the residual degrees of freedom) all genes are used.
const LITTLE_EVIDENCE: f64 = 20.0;
/// More genes than this are thinned evenly over abundance, to at least as many.
const MOST_GENES: usize = 10_000;
/// The largest dispersion looked at.
const LARGEST_DISPERSION: f64 = 4.0;
/// Where the search ends, on the scale of the fourth root.
const TOLERANCE: f64 = 1e-5;

/// The common dispersion of the most abundant genes; there is neither a trend nor one per gene.
pub(super) fn abundant_dispersion(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    design: &DesignMatrix,
    options: &DispersionOptions,
) -> Result<DispersionEstimates, DgeError> {
    let effective = crate::checks::effective_sizes(matrix, sizes)?;
    let model = NbModel::new(design.matrix().to_owned(), effective);
    let abundance = average_log_cpm(matrix, sizes, DEFAULT_DISPERSION);
    let spare_df = design.residual_df() as f64;
    let genes = thinned(most_abundant(abundance.values(), spare_df), |gene| {
        matrix.row(gene).iter().sum::<f64>() >= options.min_row_sum
    });
    if genes.is_empty() {
        return Err(DgeError::NoGenes);
    }
    let total = |phi: f64| {
        let likelihood = |&gene: &usize| {
            let counts = matrix.row(gene);
            let fit = at_gene(&model, matrix, gene).fit(counts, phi, None);
            centred_profile_likelihood(counts, &fit.means, phi, model.design())
        };
        sum(genes.par_iter().map(likelihood).collect::<Vec<f64>>())
    };
    let root = brent::maximise(|root| total(root.powi(4)), (0.0, LARGEST_DISPERSION.powf(0.25)), TOLERANCE);
    Ok(DispersionEstimates {
        source: DispersionSource::Estimated,
        common: root.powi(4),
        trended: None,
        tagwise: None,
        prior_df: Vec::new(),
        average_log_cpm: abundance,
        span: None,
    })
}

/// The most abundant genes, from the least abundant of them on.
fn most_abundant(abundance: &[f64], spare_df: f64) -> Vec<usize> {
    let evidence = abundance.len() as f64 * spare_df.sqrt();
    let share = (SMALLEST_SHARE + (1.0 - SMALLEST_SHARE) * (LITTLE_EVIDENCE / evidence).cbrt()).min(1.0);
    let mut order: Vec<usize> = (0..abundance.len()).collect();
    order.sort_by(|&a, &b| abundance[b].total_cmp(&abundance[a]));
    order.truncate((share * abundance.len() as f64).ceil() as usize);
    order.reverse();
    order
}

/// The genes that `counts_enough`, every second, third, ... of them where they are many.
fn thinned(genes: Vec<usize>, counts_enough: impl Fn(usize) -> bool) -> Vec<usize> {
    let genes: Vec<usize> = genes.into_iter().filter(|&gene| counts_enough(gene)).collect();
    let step = genes.len() / MOST_GENES;
    if step < 2 {
        return genes;
    }
    genes.into_iter().skip(step / 2).step_by(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// edgeR 4.10.7 `glmQLFit(y, design)$top.proportion`: 0.347885583432249 of 267 genes with four residual degrees of freedom.
    #[test]
    fn the_share_of_genes_is_that_of_edger() {
        let abundance: Vec<f64> = (0..267).map(f64::from).collect();
        let genes = most_abundant(&abundance, 4.0);
        assert_eq!((genes.len(), genes[0], genes[92]), (93, 174, 266));
        assert_eq!(most_abundant(&abundance[..10], 4.0).len(), 10);
    }

    /// As edgeR's `systematicSubset`: 25,000 genes to 12,500, the second, the fourth and so on of rising abundance.
    #[test]
    fn many_genes_are_thinned_evenly() {
        let thinned = thinned((0..25_000).collect(), |_| true);
        assert_eq!((thinned.len(), thinned[0], thinned[1]), (12_500, 1, 3));
    }
}
