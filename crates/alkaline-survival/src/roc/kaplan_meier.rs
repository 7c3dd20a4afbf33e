//! Rates from the curves of those above and below each threshold (survivalROC, `method = "KM"`).
//!
//! The rates are not monotone and may exceed one: what the estimator does, not an error of this program.

use super::curve::{Roc, RocPoint, distinct, expect_contrast};
use crate::{Outcomes, SurvivalCurve, SurvivalError};

/// The curve of `marker` at `time`.
///
/// # Errors
/// When the lists differ in length, or nobody has the event by then, or everybody.
pub fn kaplan_meier(outcomes: &Outcomes, marker: &[f64], time: f64) -> Result<Roc, SurvivalError> {
    outcomes.expect_length("the marker", marker.len())?;
    let n = marker.len() as f64;
    let overall = SurvivalCurve::of_all(outcomes).at(time).survival;
    expect_contrast(outcomes, time, overall)?;
    let point = |threshold: f64| {
        let above: Vec<usize> = (0..marker.len()).filter(|&row| marker[row] > threshold).collect();
        let share = above.len() as f64 / n;
        let survival =
            if above.is_empty() { 1.0 } else { SurvivalCurve::of(outcomes, &above).at(time).survival };
        RocPoint {
            threshold,
            true_positives: (1.0 - survival) * share / (1.0 - overall),
            false_positives: survival * share / overall,
        }
    };
    Ok(Roc::through(time, distinct(marker).into_iter().map(point).collect()))
}
