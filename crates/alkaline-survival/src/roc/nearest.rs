//! Rates from survival smoothed over neighbours of the marker (survivalROC, `method = "NNE"`, its function in R).
//!
//! The window around a value reaches as far as the neighbour that lies half a span above it in rank, to either side: it is symmetric in
//! value, not in rank. The package's C function has windows of its own and differs.

use super::curve::{Roc, RocPoint, distinct, expect_contrast};
use crate::{Outcomes, SurvivalCurve, SurvivalError};

/// The span that the package's authors use: a quarter of `n` to the power of minus one fifth.
#[must_use]
pub fn usual_span(patients: usize) -> f64 {
    0.25 * (patients as f64).powf(-0.2)
}

/// The curve of `marker` at `time`, smoothed over `span` of the patients.
///
/// # Errors
/// When the lists differ in length, or nobody has the event by then, or everybody.
pub fn nearest_neighbours(
    outcomes: &Outcomes,
    marker: &[f64],
    time: f64,
    span: f64,
) -> Result<Roc, SurvivalError> {
    outcomes.expect_length("the marker", marker.len())?;
    let n = marker.len();
    let mut sorted = marker.to_vec();
    sorted.sort_by(f64::total_cmp);
    let values = distinct(marker);
    let reach = (n as f64 * span + 0.5).trunc() as usize;
    // of each distinct value: patients who have it, and survival around it
    let around = |&value: &f64| {
        let below = sorted.partition_point(|&other| other < value);
        let width = sorted[(below + reach).min(n - 1)] - value;
        let window: Vec<usize> =
            (0..n).filter(|&row| marker[row] >= value - width && marker[row] <= value + width).collect();
        let count = sorted.partition_point(|&other| other <= value) - below;
        (count as f64 / n as f64, SurvivalCurve::of(outcomes, &window).at(time).survival)
    };
    let smoothed: Vec<(f64, f64)> = values.iter().map(around).collect();
    let overall: f64 = smoothed.iter().map(|(share, survival)| share * survival).sum();
    expect_contrast(outcomes, time, overall)?;
    let point = |at: usize| {
        let above = &smoothed[at + 1..];
        RocPoint {
            threshold: values[at],
            true_positives: above.iter().map(|(share, s)| share * (1.0 - s)).sum::<f64>() / (1.0 - overall),
            false_positives: above.iter().map(|(share, s)| share * s).sum::<f64>() / overall,
        }
    };
    Ok(Roc::through(time, (0..values.len()).map(point).collect()))
}
