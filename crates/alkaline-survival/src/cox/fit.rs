//! Fitting a model: coefficients, their variance, the three tests of the whole.

use ndarray::Array2;

use super::ldl::Ldl;
use super::model::CoxModel;
use super::newton::climb;
use super::robust;
use super::sums::{dot, unscaled};
use crate::SurvivalError;
use crate::probability::{chi_square_p, normal_p, two_sided_z};

/// The change that one more step would make, above which a coefficient may be on its way to infinity (R's `toler.inf`).
const FAR_FROM_DONE: f64 = 3.162_277_660_168_379_5e-5;
/// Changes below this never count as such.
const NO_CHANGE: f64 = 1e-9;

/// A statistic of the whole model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoxTest {
    /// The statistic.
    pub chi_square: f64,
    /// Its degrees of freedom.
    pub df: usize,
    /// Its P.
    pub p: f64,
}

impl CoxTest {
    pub(super) fn new(chi_square: f64, df: usize) -> Self {
        Self { chi_square, df, p: chi_square_p(chi_square, df as f64) }
    }
}

/// A fitted proportional hazards model.
#[derive(Clone, Debug)]
pub struct CoxFit {
    /// Log hazard ratios; NaN for a covariate that does not vary or that others explain.
    pub coefficients: Vec<f64>,
    /// Their covariance from the information; rows and columns of aliased covariates are zero.
    pub model_variance: Array2<f64>,
    /// The robust covariance, where it was asked for.
    pub robust_variance: Option<Array2<f64>>,
    /// What the covariates were centred by; zero for indicators.
    pub means: Vec<f64>,
    /// The log-likelihood without covariates, and with them.
    pub log_likelihoods: (f64, f64),
    /// The likelihood ratio test.
    pub likelihood_ratio: CoxTest,
    /// Wald's test, with the robust variance where there is one.
    pub wald: CoxTest,
    /// The score test.
    pub score: CoxTest,
    /// The score test with the robust variance.
    pub robust_score: Option<CoxTest>,
    /// Patients and events.
    pub patients: usize,
    /// Events among them.
    pub events: usize,
    /// Evaluations of the likelihood.
    pub iterations: usize,
    /// Whether the search ended before R's limit of twenty.
    pub converged: bool,
    /// Covariates whose coefficient may be infinite: a group without events, or an order without exception.
    pub infinite: Vec<bool>,
    /// Linear predictors of the patients, centred.
    pub linear_predictors: Vec<f64>,
}

impl CoxFit {
    /// The variance that inference rests on: the robust one where there is one.
    #[must_use]
    pub fn variance(&self) -> &Array2<f64> {
        self.robust_variance.as_ref().unwrap_or(&self.model_variance)
    }

    /// The standard error of a coefficient.
    #[must_use]
    pub fn standard_error(&self, column: usize) -> f64 {
        if self.coefficients[column].is_nan() { f64::NAN } else { self.variance()[[column, column]].sqrt() }
    }

    /// Wald's P of one coefficient.
    #[must_use]
    pub fn p(&self, column: usize) -> f64 {
        normal_p(self.coefficients[column] / self.standard_error(column))
    }

    /// Limits of a coefficient.
    #[must_use]
    pub fn interval(&self, column: usize, level: f64) -> (f64, f64) {
        let width = two_sided_z(level) * self.standard_error(column);
        (self.coefficients[column] - width, self.coefficients[column] + width)
    }

    /// Coefficients with zero for those that cannot be estimated.
    #[must_use]
    pub(super) fn estimated(&self) -> Vec<f64> {
        self.coefficients.iter().map(|&beta| if beta.is_nan() { 0.0 } else { beta }).collect()
    }
}

/// Fits a model.
///
/// # Errors
/// When the likelihood leaves the range of numbers.
pub fn fit(model: &CoxModel) -> Result<CoxFit, SurvivalError> {
    let p = model.columns();
    let optimum = climb(p, |beta| model.evaluate(beta));
    if !optimum.start.log_likelihood.is_finite() || !optimum.at.log_likelihood.is_finite() {
        return Err(SurvivalError::NotFinite);
    }
    let ldl = Ldl::new(&optimum.at.information);
    let scaled = ldl.inverse();
    let aliased: Vec<bool> = (0..p).map(|j| ldl.is_aliased(j)).collect();
    let rest = ldl.solve(&optimum.at.score);
    let infinite = (0..p)
        .map(|j| {
            let change = (rest[j] / model.scales[j]).abs();
            !aliased[j]
                && change > NO_CHANGE
                && change > FAR_FROM_DONE * (optimum.beta[j] / model.scales[j]).abs()
        })
        .collect();
    let linear_predictors = model.predictors(&optimum.beta);
    let robust = model.clusters.as_ref().map(|_| {
        let variance = robust::variance(model, &linear_predictors, &scaled);
        (unscaled(&variance, &model.scales), robust::score_test(model))
    });
    let df = aliased.iter().filter(|aliased| !**aliased).count();
    let standardised = robust.as_ref().map_or_else(|| unscaled(&scaled, &model.scales), |(v, _)| v.clone());
    let coefficients: Vec<f64> =
        (0..p).map(|j| if aliased[j] { f64::NAN } else { optimum.beta[j] / model.scales[j] }).collect();
    let (first, last) = (optimum.start.log_likelihood, optimum.at.log_likelihood);
    let start = Ldl::new(&optimum.start.information).solve(&optimum.start.score);
    Ok(CoxFit {
        wald: CoxTest::new(quadratic(&coefficients, &standardised), df),
        score: CoxTest::new(dot(&start, &optimum.start.score), df),
        likelihood_ratio: CoxTest::new(2.0 * (last - first), df),
        robust_score: robust.as_ref().map(|(_, score)| CoxTest::new(*score, df)),
        model_variance: unscaled(&scaled, &model.scales),
        robust_variance: robust.map(|(variance, _)| variance),
        coefficients,
        means: model.means.clone(),
        log_likelihoods: (first, last),
        patients: model.patients(),
        events: model.outcomes.event_count(),
        iterations: optimum.rounds,
        converged: optimum.converged,
        infinite,
        linear_predictors,
    })
}

/// `β' V⁻¹ β` over the coefficients that could be estimated.
fn quadratic(beta: &[f64], variance: &Array2<f64>) -> f64 {
    let kept: Vec<usize> = (0..beta.len()).filter(|&j| !beta[j].is_nan()).collect();
    let matrix = Array2::from_shape_fn((kept.len(), kept.len()), |(i, j)| variance[[kept[i], kept[j]]]);
    let beta: Vec<f64> = kept.iter().map(|&j| beta[j]).collect();
    dot(&Ldl::new(&matrix).solve(&beta), &beta)
}

#[cfg(test)]
mod tests;
