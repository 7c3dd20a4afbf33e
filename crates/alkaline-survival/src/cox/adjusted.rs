//! The survival that a fitted model expects of a patient with given covariates.

use super::fit::CoxFit;
use super::model::{CoxModel, Ties};
use crate::SurvivalError;
use crate::curve::{Interval, IntervalKind};

/// A time of an expected curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdjustedPoint {
    /// The time.
    pub time: f64,
    /// The expected survival.
    pub survival: f64,
    /// The standard error of the cumulative hazard, that is of the logarithm of survival.
    pub standard_error: f64,
}

impl AdjustedPoint {
    /// The interval of the survival.
    #[must_use]
    pub fn interval(&self, kind: IntervalKind, level: f64) -> Interval {
        crate::curve::interval_of(self.survival, self.standard_error, kind, level)
    }
}

/// Expected survival of a patient with `covariates` in a stratum, at every event time of it.
///
/// # Errors
/// When ties were treated exactly, or there is not one value a covariate.
pub fn adjusted_curve(
    model: &CoxModel,
    fit: &CoxFit,
    stratum: usize,
    covariates: &[f64],
) -> Result<Vec<AdjustedPoint>, SurvivalError> {
    if model.ties == Ties::Exact {
        return Err(SurvivalError::NotForExact { what: "an adjusted curve" });
    }
    let p = model.columns();
    if covariates.len() != p {
        let found = covariates.len();
        return Err(SurvivalError::Lengths { what: "the list of covariates", found, expected: p });
    }
    let z: Vec<f64> = (0..p).map(|j| (covariates[j] - model.means[j]) / model.scales[j]).collect();
    let eta: f64 =
        fit.estimated().iter().zip(&z).zip(&model.scales).map(|((b, z), scale)| b * z * scale).sum();
    // (time, increment of the hazard, of its variance, of the distance from the means), latest first
    let mut steps: Vec<(f64, f64, f64, Vec<f64>)> = Vec::new();
    model.for_each_step(&fit.linear_predictors, false, |step| {
        if step.block.stratum == stratum {
            let hazard = step.weight / step.total;
            let away = (0..p).map(|j| hazard * (z[j] - step.mean[j]) * model.scales[j]).collect();
            steps.push((step.block.time, hazard, hazard / step.total, away));
        }
    });
    steps.reverse();
    let (mut hazard, mut variance, mut away) = (0.0, 0.0, vec![0.0; p]);
    let mut points = Vec::new();
    for same in steps.chunk_by(|a, b| a.0 == b.0) {
        for step in same {
            hazard += step.1;
            variance += step.2;
            away.iter_mut().zip(&step.3).for_each(|(sum, value)| *sum += value);
        }
        let spread =
            away.iter().enumerate().map(|(j, a)| a * fit.variance().row(j).dot(&ndarray::aview1(&away)));
        let standard_error = eta.exp() * (variance + spread.sum::<f64>()).sqrt();
        points.push(AdjustedPoint { time: same[0].0, survival: (-hazard * eta.exp()).exp(), standard_error });
    }
    Ok(points)
}
