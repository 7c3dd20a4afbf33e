//! Moderated tests: variances shrunk towards those of all genes (limma `eBayes`, `treat`).
//!
//! References: Smyth (2004), doi:10.2202/1544-6115.1027; robust: Phipson et al. (2016), doi:10.1214/16-AOAS920; against a threshold:
//! McCarthy & Smyth (2009), doi:10.1093/bioinformatics/btp053.

use alkaline_math::linear::symmetric_eigen;
use alkaline_math::negative_binomial::PValue;
use alkaline_math::order_statistics::{median, smaller};
use alkaline_math::shrinkage::robust_variance::fit_variance_prior_robustly;
use alkaline_math::shrinkage::variance::{VariancePrior, fit_variance_prior};
use alkaline_math::special::{ln_f_tails, ln_student_upper, ln_sum_of_exps};
use ndarray::Array2;

use super::fit::LinearFit;
use super::log_odds::{Statistics, ln_tails};
use crate::DgeError;

/// Bounds of the standard deviation of true log fold changes (limma `stdev.coef.lim`).
const CHANGE_BOUNDS: (f64, f64) = (0.1, 4.0);

/// How variances are moderated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moderation {
    /// Whether the prior variance follows the average expression.
    pub trend: bool,
    /// Whether outlier genes get fewer prior degrees of freedom.
    pub robust: bool,
    /// Share of the genes that is thought to change; the log odds depend on it, P values do not.
    pub proportion: f64,
}

impl Default for Moderation {
    fn default() -> Self {
        Self { trend: false, robust: false, proportion: 0.01 }
    }
}

/// Variances after moderation.
#[derive(Clone, Debug)]
pub struct Moderated {
    /// The prior.
    pub prior: VariancePrior,
    /// Posterior variance of each gene.
    pub variances: Vec<f64>,
    /// Prior and residual degrees of freedom of each gene, at most those of all genes together.
    pub df: Vec<f64>,
    /// Residual degrees of freedom of each gene and the prior's, without that bound.
    unbounded_df: Vec<f64>,
}

/// A moderated t test of one contrast.
#[derive(Clone, Debug)]
pub struct TTest {
    /// The statistic of each gene; NaN where the contrast cannot be estimated.
    pub t: Vec<f64>,
    /// Two-sided P.
    pub p: Vec<PValue>,
    /// Log odds that the gene changes; none against a threshold.
    pub log_odds: Option<Vec<f64>>,
    /// The prior variance of the contrast in genes that change, over the residual variance.
    pub prior_variance: Option<f64>,
}

/// Moderates the variances of a fit.
///
/// # Errors
/// [`DgeError::NoReplicatesInLogs`] when no gene has residual degrees of freedom; [`DgeError::EmptyRow`] for a trend when a gene has
/// no value.
pub fn moderate(fit: &LinearFit, options: &Moderation) -> Result<Moderated, DgeError> {
    if !fit.df.iter().zip(&fit.variances).any(|(df, variance)| *df > 0.0 && variance.is_finite()) {
        return Err(DgeError::NoReplicatesInLogs);
    }
    if options.trend
        && let Some(gene) = fit.averages.iter().position(|average| !average.is_finite())
    {
        return Err(DgeError::EmptyRow { row: gene + 1 });
    }
    let variances: Vec<f64> =
        fit.variances.iter().zip(&fit.df).map(|(v, df)| if *df > 0.0 { *v } else { 0.0 }).collect();
    let covariate = options.trend.then_some(fit.averages.as_slice());
    let prior = match options.robust {
        true => fit_variance_prior_robustly(&variances, &fit.df, covariate),
        false => fit_variance_prior(&variances, &fit.df, covariate),
    };
    let pooled: f64 = fit.df.iter().sum();
    let unbounded_df: Vec<f64> = fit.df.iter().zip(&prior.df).map(|(own, prior)| own + prior).collect();
    Ok(Moderated {
        variances: prior.posterior(&variances, &fit.df),
        df: unbounded_df.iter().map(|df| df.min(pooled)).collect(),
        unbounded_df,
        prior,
    })
}

impl Moderated {
    /// The standard error of contrast number `contrast` in `gene`.
    #[must_use]
    pub fn standard_error(&self, fit: &LinearFit, contrast: usize, gene: usize) -> f64 {
        fit.unscaled[[gene, contrast]] * self.variances[gene].sqrt()
    }

    /// Tests contrast number `contrast` for being zero.
    #[must_use]
    pub fn t_test(&self, fit: &LinearFit, contrast: usize, proportion: f64) -> TTest {
        let genes = fit.df.len();
        let statistic = |gene| fit.estimates[[gene, contrast]] / self.standard_error(fit, contrast, gene);
        let t: Vec<f64> = (0..genes).map(statistic).collect();
        let unscaled = fit.unscaled.column(contrast).to_vec();
        let ln_tails = ln_tails(&t, &self.df);
        let statistics = Statistics {
            t: &t,
            unscaled: &unscaled,
            df: &self.df,
            ln_tails: &ln_tails,
            prior_df: &self.prior.df,
        };
        let typical = median(&mut self.prior.scale.clone());
        let limits = (CHANGE_BOUNDS.0.powi(2) / typical, CHANGE_BOUNDS.1.powi(2) / typical);
        let prior_variance = statistics.prior_variance(proportion, limits).unwrap_or(1.0 / typical);
        let log_odds = (0..genes).map(|gene| statistics.log_odds(gene, proportion, prior_variance)).collect();
        let p = ln_tails.iter().map(|ln| PValue::from_ln(ln + std::f64::consts::LN_2)).collect();
        TTest { p, log_odds: Some(log_odds), prior_variance: Some(prior_variance), t }
    }

    /// Tests whether contrast number `contrast` lies beyond `lfc` on either side.
    #[must_use]
    pub fn threshold_test(&self, fit: &LinearFit, contrast: usize, lfc: f64) -> TTest {
        let of_gene = |gene: usize| {
            let (estimate, se) = (fit.estimates[[gene, contrast]], self.standard_error(fit, contrast, gene));
            let (near, far) = ((estimate.abs() - lfc) / se, (estimate.abs() + lfc) / se);
            let df = self.df[gene];
            let ln_p = ln_sum_of_exps(ln_student_upper(near, df), ln_student_upper(far, df));
            let t = if near.is_nan() { near } else { near.max(0.0) * estimate.signum() };
            (t, PValue::from_ln(smaller(ln_p, 0.0)))
        };
        let (t, p) = (0..fit.df.len()).map(of_gene).unzip();
        TTest { t, p, log_odds: None, prior_variance: None }
    }

    /// The moderated F test of all contrasts together: statistic and P of each gene.
    ///
    /// Where genes differ in weights or missing values the correlation of the contrasts is that of a complete gene, as upstream.
    #[must_use]
    pub fn f_test(&self, fit: &LinearFit) -> Vec<(f64, PValue)> {
        let k = fit.correlation.nrows();
        let eigen = symmetric_eigen(fit.correlation.view());
        let rank = eigen.values.iter().take_while(|value| **value / eigen.values[0] > 1e-8).count();
        let whitening = Array2::from_shape_fn((k, rank), |(i, j)| {
            eigen.vectors[[i, j]] / (eigen.values[j] * rank as f64).sqrt()
        });
        let of_gene = |gene: usize| {
            let t: Vec<f64> = (0..k)
                .map(|contrast| fit.estimates[[gene, contrast]] / self.standard_error(fit, contrast, gene))
                .collect();
            let along = |j: usize| (0..k).map(|i| t[i] * whitening[[i, j]]).sum::<f64>();
            let f: f64 = (0..rank).map(|j| along(j).powi(2)).sum();
            let ln_p = if f.is_nan() { f } else { ln_f_tails(f, rank as f64, self.unbounded_df[gene]).1 };
            (f, PValue::from_ln(ln_p))
        };
        (0..fit.df.len()).map(of_gene).collect()
    }
}
