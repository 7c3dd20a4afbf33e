//! Cumulative cases against dynamic controls, patients weighted by the inverse probability of still being followed.
//!
//! The censoring distribution is Kaplan-Meier's, with events that tie with a censoring out of the risk set. The area has a variance from
//! its influence function, the estimation of the weights included.

use serde::{Deserialize, Serialize};

use super::curve::{Roc, RocPoint, distinct};
use super::influence::{Martingale, influence};
use crate::probability::{normal_p, two_sided_z};
use crate::{Outcomes, SurvivalError};

/// Whose rule of two packages is followed where they differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Estimator {
    /// timeROC: cases have the event before the time; the variance follows the rows of the table.
    #[default]
    TimeRoc,
    /// riskRegression's Score: cases have the event up to the time; the variance follows the times.
    Score,
}

/// A weighted curve with what its interval and comparisons need.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedRoc {
    /// The curve.
    pub roc: Roc,
    /// Patients with the event by the time.
    pub cases: usize,
    /// Patients followed beyond it.
    pub controls: usize,
    /// Patients who left before it, and weigh nothing.
    pub left: usize,
    /// The standard error of the area.
    pub standard_error: f64,
    influence: Vec<f64>,
}

/// The difference of two areas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The first less the second.
    pub difference: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its two-sided P.
    pub p: f64,
}

impl WeightedRoc {
    /// The interval of the area, within 0 to 1.
    #[must_use]
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let width = two_sided_z(level) * self.standard_error;
        ((self.roc.area - width).max(0.0), (self.roc.area + width).min(1.0))
    }
}

/// Compares the areas of two markers of the same patients at the same time.
#[must_use]
pub fn compare(first: &WeightedRoc, second: &WeightedRoc) -> Comparison {
    let differences: Vec<f64> =
        first.influence.iter().zip(&second.influence).map(|(first, second)| first - second).collect();
    let (difference, standard_error) = (first.roc.area - second.roc.area, standard_error(&differences));
    Comparison { difference, standard_error, p: normal_p(difference / standard_error) }
}

/// The curve of `marker` at `time`.
///
/// # Errors
/// When the lists differ in length, or there are no cases or no controls.
pub fn weighted(
    outcomes: &Outcomes,
    marker: &[f64],
    time: f64,
    estimator: Estimator,
) -> Result<WeightedRoc, SurvivalError> {
    outcomes.expect_length("the marker", marker.len())?;
    let (times, events) = (outcomes.times_as_given(), outcomes.events());
    let by_then = |t: f64| if estimator == Estimator::TimeRoc { t < time } else { t <= time };
    let is_case: Vec<bool> = times.iter().zip(events).map(|(&t, &event)| event && by_then(t)).collect();
    let is_control: Vec<bool> = times.iter().map(|&t| t > time).collect();
    let count = |list: &[bool]| list.iter().filter(|&&is| is).count();
    let (cases, controls) = (count(&is_case), count(&is_control));
    if cases == 0 || controls == 0 {
        return Err(SurvivalError::NoContrastAt { time, cases, controls });
    }
    let followed = Followed::new(times, events);
    let weigh = |at: usize| if is_case[at] { 1.0 / followed.just_before(times[at]) } else { 0.0 };
    let case_weights: Vec<f64> = (0..times.len()).map(weigh).collect();
    let own = 1.0 / followed.at(time);
    let control_weights: Vec<f64> = is_control.iter().map(|&is| if is { own } else { 0.0 }).collect();
    let martingale = Martingale { times, events, by_row: estimator == Estimator::TimeRoc };
    let influence = influence(marker, &case_weights, &control_weights, &martingale);
    Ok(WeightedRoc {
        roc: curve(time, marker, &case_weights, &control_weights),
        cases,
        controls,
        left: times.len() - cases - controls,
        standard_error: standard_error(&influence),
        influence,
    })
}

fn curve(time: f64, marker: &[f64], cases: &[f64], controls: &[f64]) -> Roc {
    let rate = |weights: &[f64], threshold: f64| {
        let above = weights.iter().zip(marker).filter(|(_, value)| **value > threshold);
        above.map(|(weight, _)| weight).sum::<f64>() / weights.iter().sum::<f64>()
    };
    let point = |threshold| RocPoint {
        threshold,
        true_positives: rate(cases, threshold),
        false_positives: rate(controls, threshold),
    };
    Roc::through(time, distinct(marker).into_iter().map(point).collect())
}

fn standard_error(influence: &[f64]) -> f64 {
    let n = influence.len() as f64;
    let mean = influence.iter().sum::<f64>() / n;
    (influence.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt()
}

/// The probability of still being followed.
struct Followed {
    /// Times of censorings with the probability just after each.
    steps: Vec<(f64, f64)>,
}

impl Followed {
    fn new(times: &[f64], events: &[bool]) -> Self {
        let mut censored: Vec<f64> =
            times.iter().zip(events).filter(|(_, event)| !**event).map(|(&time, _)| time).collect();
        censored.sort_by(f64::total_cmp);
        let mut probability = 1.0;
        let step = |block: &[f64]| {
            let time = block[0];
            let later = times.iter().filter(|&&other| other > time).count();
            let at_risk = (later + block.len()) as f64;
            probability *= 1.0 - block.len() as f64 / at_risk;
            (time, probability)
        };
        Self { steps: censored.chunk_by(|a, b| a == b).map(step).collect() }
    }

    fn at(&self, time: f64) -> f64 {
        self.after(self.steps.partition_point(|step| step.0 <= time))
    }

    fn just_before(&self, time: f64) -> f64 {
        self.after(self.steps.partition_point(|step| step.0 < time))
    }

    fn after(&self, steps: usize) -> f64 {
        steps.checked_sub(1).map_or(1.0, |last| self.steps[last].1)
    }
}

#[cfg(test)]
mod tests;
