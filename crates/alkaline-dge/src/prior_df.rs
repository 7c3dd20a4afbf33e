//! Prior degrees of freedom of the dispersions, from how much residual variation varies between genes.
//!
//! Upstream: edgeR `estimateDisp`, which squeezes the mean residual deviances of a fit at the trended dispersion.

use alkaline_math::robust_variance_shrinkage::fit_variance_prior_robustly;
use alkaline_math::variance_shrinkage::{VariancePrior, fit_variance_prior};

/// Mean residual deviance of one gene and its degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Residual {
    pub deviance: f64,
    pub df: f64,
}

/// An entry with count and fitted mean below this carries no information ("zero fit").
pub(crate) const ZERO_FIT: f64 = 1e-4;

/// Prior degrees of freedom: one value, or one per gene when estimated robustly.
pub(crate) fn prior_df(residuals: &[Residual], abundance: Option<&[f64]>, robust: bool) -> Vec<f64> {
    let df: Vec<f64> = residuals.iter().map(|residual| residual.df).collect();
    let variances: Vec<f64> = residuals.iter().map(Residual::mean).collect();
    let mut prior = variance_prior(&variances, &df, abundance, robust).df;
    if !robust {
        prior.truncate(1);
    }
    prior
}

/// The prior of some variances, by moments or robustly.
pub(crate) fn variance_prior(
    variances: &[f64],
    df: &[f64],
    abundance: Option<&[f64]>,
    robust: bool,
) -> VariancePrior {
    let fit = if robust { fit_variance_prior_robustly } else { fit_variance_prior };
    fit(variances, df, abundance)
}

impl Residual {
    /// Deviance over degrees of freedom; zero without any.
    pub(crate) fn mean(&self) -> f64 {
        if self.df > 0.0 { self.deviance / self.df } else { 0.0 }
    }
}
