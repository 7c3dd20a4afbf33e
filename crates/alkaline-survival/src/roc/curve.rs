//! A curve of true against false positives, and the area under it.

use crate::{Outcomes, SurvivalError};

/// A threshold of the marker with its rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RocPoint {
    /// Patients above it are called positive.
    pub threshold: f64,
    /// The share of the cases that is.
    pub true_positives: f64,
    /// The share of the controls that is.
    pub false_positives: f64,
}

/// A curve at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Roc {
    /// The time.
    pub time: f64,
    /// The area under the curve.
    pub area: f64,
    /// From (1, 1) down to (0, 0).
    pub points: Vec<RocPoint>,
}

impl Roc {
    /// The curve through `points`, which run from the lowest threshold to the highest, closed at either end.
    pub(super) fn through(time: f64, mut points: Vec<RocPoint>) -> Self {
        let corner = |threshold, rate| RocPoint { threshold, true_positives: rate, false_positives: rate };
        points.insert(0, corner(f64::NEG_INFINITY, 1.0));
        points.push(corner(f64::INFINITY, 0.0));
        let trapezoid = |pair: &[RocPoint]| {
            (pair[0].false_positives - pair[1].false_positives)
                * 0.5
                * (pair[0].true_positives + pair[1].true_positives)
        };
        Self { time, area: points.windows(2).map(trapezoid).sum(), points }
    }
}

/// The distinct values of a marker, ascending.
pub fn distinct(marker: &[f64]) -> Vec<f64> {
    let mut values = marker.to_vec();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// Complains when nobody, or everybody, is expected to have the event by `time`.
pub fn expect_contrast(outcomes: &Outcomes, time: f64, survival: f64) -> Result<(), SurvivalError> {
    if survival > 0.0 && survival < 1.0 {
        return Ok(());
    }
    let by_then = |row: &usize| outcomes.events()[*row] && outcomes.times()[*row] <= time;
    let cases = (0..outcomes.len()).filter(by_then).count();
    let controls = outcomes.times().iter().filter(|&&other| other > time).count();
    Err(SurvivalError::NoContrastAt { time, cases, controls })
}
