//! Quasi-likelihood: gene-wise variability beyond the trended dispersion, shrunken by empirical Bayes.
//!
//! Reference: Lund, Nettleton, McCarthy & Smyth (2012), doi:10.1515/1544-6115.1826. Upstream: edgeR 3.x `glmQLFit`.

use alkaline_core::CountMatrix;
use alkaline_math::negative_binomial::{GlmFit, NbModel};
use alkaline_math::shrinkage::variance::VariancePrior;
use rayon::prelude::*;

use super::fit::residual;
use super::reduced::ResidualDf;
use crate::EdgerVersion;
use crate::prior_df::{Residual, variance_prior};

/// Quasi-dispersions of all genes.
pub(super) struct QuasiDispersion {
    /// Squeezed quasi-dispersion of each gene.
    pub posterior: Vec<f64>,
    /// Denominator degrees of freedom of each gene's F test.
    pub total_df: Vec<f64>,
    /// Prior degrees of freedom, one per gene.
    pub prior_df: Vec<f64>,
}

/// Squeezes mean residual deviances towards a trend over abundance, as edgeR 3 does.
pub(super) fn quasi_dispersion(
    matrix: &CountMatrix,
    model: &NbModel,
    fits: &[GlmFit],
    abundance: &[f64],
    robust: bool,
) -> QuasiDispersion {
    let residuals: Vec<Residual> = fits
        .par_iter()
        .enumerate()
        .map_init(ResidualDf::default, |df, (gene, fit)| residual(matrix.row(gene), fit, model, df))
        .collect();
    let df: Vec<f64> = residuals.iter().map(|r| r.df).collect();
    let variances: Vec<f64> = residuals.iter().map(Residual::mean).collect();
    let prior = variance_prior(&variances, &df, Some(abundance), robust, EdgerVersion::EdgeR3);
    squeezed(&variances, df, prior, model)
}

/// Posterior quasi-dispersions under a prior.
pub(super) fn squeezed(
    variances: &[f64],
    df: Vec<f64>,
    prior: VariancePrior,
    model: &NbModel,
) -> QuasiDispersion {
    // no gene can know more than all genes together
    let (samples, coefficients) = model.design().dim();
    let pooled = (samples - coefficients) as f64 * df.len() as f64;
    QuasiDispersion {
        posterior: prior.posterior(variances, &df),
        total_df: df.iter().zip(&prior.df).map(|(own, prior)| (own + prior).min(pooled)).collect(),
        prior_df: prior.df,
    }
}
