//! Quasi-likelihood with deviances adjusted for their bias in small counts.
//!
//! All genes share one negative binomial dispersion, that of highly expressed genes; whatever a gene varies beyond it is its
//! quasi-dispersion. The unit deviance of a small count is not chi-square, so each is scaled, and its degrees of freedom
//! counted, by its mean and variance. The average quasi-dispersion is taken out of the dispersion first.
//! Reference: Chen, Chen, Lun, Baldoni & Smyth (2025), doi:10.1093/nar/gkaf018. Upstream: edgeR 4 `glmQLFit(legacy = FALSE)`.

use alkaline_core::CountMatrix;
use alkaline_core::results::DispersionEstimates;
use alkaline_math::negative_binomial::{
    DevianceFactors, DevianceMomentTable, GlmFit, NbModel, PiecewiseFactors, unit_deviance,
};
use alkaline_math::order_statistics::{larger, quantile, smaller};
use alkaline_math::shrinkage::unequal_df::fit_variance_prior_unequal_df;
use alkaline_math::smoothing::{Lowess, lowess_fit};
use alkaline_math::summation::mean;
use rayon::prelude::*;

use super::fit::fits;
use super::options::DevianceAdjustment;
use super::quasi::{QuasiDispersion, squeezed};
use crate::prior_df::Residual;

/// Share of the genes, the most abundant, whose mean trended dispersion all genes get.
const MOST_ABUNDANT: f64 = 0.1;
/// Rounds in which the average quasi-dispersion is found.
const ROUNDS: usize = 2;
/// The average quasi-dispersion is this quantile of the trend.
const AVERAGE_QUANTILE: f64 = 0.9;
/// A count that has this much of its degree of freedom, or less, left says nothing.
const NO_FREEDOM: f64 = 1e-4;
/// Genes with fewer degrees of freedom take no part in the average.
const NO_DF: f64 = 1e-8;

/// The dispersion of all genes, and the average by which they vary more.
pub(super) struct WorkingDispersion {
    dispersion: f64,
    average: f64,
    factors: Factors,
}

/// What makes deviances chi-square at one dispersion.
enum Factors {
    Piecewise(Box<PiecewiseFactors>),
    Exact(DevianceMomentTable),
}

impl Factors {
    fn new(adjustment: DevianceAdjustment, dispersion: f64) -> Self {
        match adjustment {
            DevianceAdjustment::Piecewise => Self::Piecewise(Box::new(PiecewiseFactors::new(dispersion))),
            DevianceAdjustment::Exact => Self::Exact(DevianceMomentTable::new(dispersion)),
        }
    }

    fn at(&self, mu: f64) -> DevianceFactors {
        match self {
            Self::Piecewise(pieces) => pieces.at(mu),
            Self::Exact(table) => table.factors(mu),
        }
    }
}

impl WorkingDispersion {
    /// From trended dispersions, and from how much deviances exceed what these explain.
    pub(super) fn estimate(
        matrix: &CountMatrix,
        model: &NbModel,
        estimates: &DispersionEstimates,
        adjustment: DevianceAdjustment,
    ) -> Self {
        let dispersion = of_most_abundant(estimates);
        let factors = Factors::new(adjustment, dispersion);
        let mut working = Self { dispersion, average: 1.0, factors };
        let abundance = estimates.average_log_cpm.values();
        let fits = fits(matrix, model, &vec![dispersion; abundance.len()]);
        for _ in 0..ROUNDS {
            let residuals = working.residuals(matrix, model, &fits);
            working.average = average_quasi_dispersion(&residuals, abundance);
        }
        working
    }

    /// The negative binomial dispersion at which genes are fitted.
    pub(super) fn of_fits(&self) -> f64 {
        self.dispersion / self.average
    }

    /// Squeezes mean adjusted deviances towards a trend over abundance.
    pub(super) fn quasi_dispersion(
        &self,
        matrix: &CountMatrix,
        model: &NbModel,
        fits: &[GlmFit],
        abundance: &[f64],
        robust: bool,
    ) -> QuasiDispersion {
        let residuals = self.residuals(matrix, model, fits);
        let df: Vec<f64> = residuals.iter().map(|r| r.df).collect();
        let variances: Vec<f64> = residuals.iter().map(quasi_variance).collect();
        let prior = fit_variance_prior_unequal_df(&variances, &df, Some(abundance), robust);
        squeezed(&variances, df, prior, model)
    }

    fn residuals(&self, matrix: &CountMatrix, model: &NbModel, fits: &[GlmFit]) -> Vec<Residual> {
        let residual = |(gene, fit): (usize, &GlmFit)| self.residual(matrix.row(gene), fit, model);
        fits.par_iter().enumerate().map(residual).collect()
    }

    /// Adjusted deviance and degrees of freedom of one gene.
    fn residual(&self, counts: &[f64], fit: &GlmFit, model: &NbModel) -> Residual {
        let phi = self.of_fits();
        let mut total = Residual { deviance: 0.0, df: 0.0 };
        let leverages = model.leverages(&fit.means, phi);
        for ((&y, &mu), leverage) in counts.iter().zip(&fit.means).zip(leverages) {
            if mu <= 0.0 || 1.0 - leverage < NO_FREEDOM {
                continue;
            }
            let factors = self.factors.at(mu / self.average);
            total.deviance += factors.scale * unit_deviance(y, mu, phi);
            total.df += factors.df * (1.0 - leverage);
        }
        total
    }
}

/// Mean adjusted deviance; zero without degrees of freedom.
fn quasi_variance(residual: &Residual) -> f64 {
    if residual.df < NO_FREEDOM { 0.0 } else { residual.deviance / residual.df }
}

/// Mean trended dispersion of the most abundant genes; the common dispersion without a trend.
fn of_most_abundant(estimates: &DispersionEstimates) -> f64 {
    let Some(trended) = &estimates.trended else { return estimates.common };
    let abundance = estimates.average_log_cpm.values();
    let mut order: Vec<usize> = (0..abundance.len()).collect();
    order.sort_by(|&a, &b| abundance[b].total_cmp(&abundance[a]));
    order.truncate((MOST_ABUNDANT * abundance.len() as f64).ceil() as usize);
    mean(&order.iter().map(|&gene| trended[gene]).collect::<Vec<f64>>())
}

/// An upper quantile of the trend of fourth roots over abundance; at least one.
fn average_quasi_dispersion(residuals: &[Residual], abundance: &[f64]) -> f64 {
    let told = residuals.iter().zip(abundance).filter(|(residual, _)| residual.df > NO_DF);
    let (roots, x): (Vec<f64>, Vec<f64>) =
        told.map(|(residual, x)| (quasi_variance(residual).sqrt().sqrt(), *x)).unzip();
    let low = x.iter().copied().fold(f64::INFINITY, smaller);
    let high = x.iter().copied().fold(f64::NEG_INFINITY, larger);
    let settings = Lowess { span: 0.5, robust_rounds: 3, delta: 0.01 * (high - low) };
    let mut trend = lowess_fit(&x, &roots, &settings);
    larger(quantile(&mut trend, AVERAGE_QUANTILE), 1.0).powi(4)
}
