//! Prior degrees of freedom of the dispersions, from how much residual variation varies between genes.
//!
//! Upstream: edgeR `estimateDisp`, which squeezes the mean residual deviances of a fit at the trended dispersion.

use alkaline_math::shrinkage::robust_variance::fit_variance_prior_robustly;
use alkaline_math::shrinkage::unequal_df::fit_variance_prior_unequal_df;
use alkaline_math::shrinkage::variance::{VariancePrior, fit_variance_prior};

use crate::{DispersionOptions, EdgerVersion};

/// Mean residual deviance of one gene and its degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Residual {
    pub deviance: f64,
    pub df: f64,
}

/// Prior degrees of freedom: one value, or one per gene when estimated robustly.
pub(crate) fn prior_df(
    residuals: &[Residual],
    abundance: Option<&[f64]>,
    options: &DispersionOptions,
) -> Vec<f64> {
    let df: Vec<f64> = residuals.iter().map(|residual| residual.df).collect();
    let variances: Vec<f64> = residuals.iter().map(Residual::mean).collect();
    let mut prior = variance_prior(&variances, &df, abundance, options.robust, options.compat).df;
    if !options.robust {
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
    compat: EdgerVersion,
) -> VariancePrior {
    if compat == EdgerVersion::EdgeR4 && unequal(df) {
        return fit_variance_prior_unequal_df(variances, df, abundance, robust);
    }
    let fit = if robust { fit_variance_prior_robustly } else { fit_variance_prior };
    fit(variances, df, abundance)
}

/// Whether genes with any residual degrees of freedom have different numbers of them.
fn unequal(df: &[f64]) -> bool {
    let mut positive = df.iter().filter(|df| **df > 0.0);
    positive.next().is_some_and(|first| positive.any(|df| df != first))
}

impl Residual {
    /// Deviance over degrees of freedom; zero without any.
    pub(crate) fn mean(&self) -> f64 {
        if self.df > 0.0 { self.deviance / self.df } else { 0.0 }
    }
}
