//! The mean survival time up to a horizon: the area under the curve.

use super::SurvivalCurve;

/// An area under a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestrictedMean {
    /// Up to this time.
    pub horizon: f64,
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl SurvivalCurve {
    /// The restricted mean survival time up to `horizon`.
    #[must_use]
    pub fn restricted_mean(&self, horizon: f64) -> RestrictedMean {
        let steps: Vec<_> =
            self.points().iter().filter(|point| point.events > 0.0 && point.time < horizon).collect();
        let ends = steps.iter().skip(1).map(|point| point.time).chain([horizon]);
        let areas: Vec<f64> =
            steps.iter().zip(ends).map(|(point, end)| point.survival * (end - point.time)).collect();
        let (mut rest, mut variance) = (0.0, 0.0);
        for (point, area) in steps.iter().zip(&areas).rev() {
            rest += area;
            if point.at_risk > point.events {
                variance += rest * rest * point.events / (point.at_risk * (point.at_risk - point.events));
            }
        }
        let first = steps.first().map_or(horizon, |point| point.time);
        RestrictedMean { horizon, mean: first + rest, standard_error: variance.sqrt() }
    }
}
