//! Kaplan-Meier estimates: survival, its intervals and quantiles, numbers at risk, restricted means.
//!
//! `S(t) = Π (1 - d/n)`, variance of `ln S` by Greenwood, `Σ d/(n(n-d))`. At a tied time events come before censorings.
//! Reference: Kaplan & Meier (1958), doi:10.1080/01621459.1958.10501452. Upstream: survival `survfit`.

mod interval;
mod quantile;
mod restricted_mean;

pub(crate) use interval::of as interval_of;
pub use interval::{Interval, IntervalKind};
pub use quantile::Quantile;
pub use restricted_mean::RestrictedMean;

use crate::Outcomes;

/// A time at which somebody's follow-up ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The time.
    pub time: f64,
    /// Patients followed up to it.
    pub at_risk: f64,
    /// Events at it.
    pub events: f64,
    /// Follow-ups that end at it without the event.
    pub censored: f64,
    /// The share that survives beyond it.
    pub survival: f64,
    /// Greenwood's sum: the variance of the logarithm of `survival`.
    pub variance: f64,
}

impl CurvePoint {
    /// Before anything happened.
    const fn start(at_risk: f64) -> Self {
        Self { time: 0.0, at_risk, events: 0.0, censored: 0.0, survival: 1.0, variance: 0.0 }
    }

    /// The interval of the survival at this point.
    #[must_use]
    pub fn interval(&self, kind: IntervalKind, level: f64) -> Interval {
        interval::of(self.survival, self.variance.sqrt(), kind, level)
    }

    /// The standard error of the survival.
    #[must_use]
    pub fn standard_error(&self) -> f64 {
        self.survival * self.variance.sqrt()
    }
}

/// What stands under a curve at one time of a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RiskRow {
    /// The time.
    pub time: f64,
    /// Patients whose follow-up reaches it.
    pub at_risk: usize,
    /// Events since the time before, that excluded, this included.
    pub events: usize,
    /// Censorings in the same span.
    pub censored: usize,
}

/// A Kaplan-Meier estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct SurvivalCurve {
    patients: usize,
    points: Vec<CurvePoint>,
}

impl SurvivalCurve {
    /// The curve of all patients.
    #[must_use]
    pub fn of_all(outcomes: &Outcomes) -> Self {
        Self::of(outcomes, &(0..outcomes.len()).collect::<Vec<_>>())
    }

    /// The curve of the named rows.
    #[must_use]
    pub fn of(outcomes: &Outcomes, rows: &[usize]) -> Self {
        let mut rows = rows.to_vec();
        rows.sort_by(|&a, &b| outcomes.times()[a].total_cmp(&outcomes.times()[b]));
        let mut last = CurvePoint::start(rows.len() as f64);
        let mut points = Vec::new();
        for block in rows.chunk_by(|&a, &b| outcomes.times()[a] == outcomes.times()[b]) {
            let events = block.iter().filter(|&&row| outcomes.events()[row]).count() as f64;
            let at_risk = last.at_risk - last.events - last.censored;
            last = CurvePoint {
                time: outcomes.times()[block[0]],
                at_risk,
                events,
                censored: block.len() as f64 - events,
                survival: last.survival * (1.0 - events / at_risk),
                variance: last.variance + events / (at_risk * (at_risk - events)),
            };
            if events == 0.0 {
                last.variance = points.last().map_or(0.0, |before: &CurvePoint| before.variance);
            }
            points.push(last);
        }
        Self { patients: rows.len(), points }
    }

    /// The number of patients.
    #[must_use]
    pub fn patients(&self) -> usize {
        self.patients
    }

    /// Every time at which a follow-up ended.
    #[must_use]
    pub fn points(&self) -> &[CurvePoint] {
        &self.points
    }

    /// The curve just at `time`: the last point not after it.
    #[must_use]
    pub fn at(&self, time: f64) -> CurvePoint {
        let after = self.points.partition_point(|point| point.time <= time);
        after.checked_sub(1).map_or(CurvePoint::start(self.patients as f64), |at| self.points[at])
    }

    /// The survival just before `time`.
    #[must_use]
    pub fn just_before(&self, time: f64) -> f64 {
        let from = self.points.partition_point(|point| point.time < time);
        from.checked_sub(1).map_or(1.0, |at| self.points[at].survival)
    }

    /// The longest follow-up.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.points.last().map_or(0.0, |point| point.time)
    }

    /// Events in the whole curve.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.points.iter().map(|point| point.events as usize).sum()
    }

    /// Numbers at risk at the times of a grid, which ascends.
    #[must_use]
    pub fn numbers_at_risk(&self, grid: &[f64]) -> Vec<RiskRow> {
        let mut from = 0;
        let row = |&time: &f64| {
            let until = self.points.partition_point(|point| point.time <= time);
            let span = &self.points[from..until.max(from)];
            from = until;
            let reached = self.points.partition_point(|point| point.time < time);
            RiskRow {
                time,
                at_risk: self.points.get(reached).map_or(0, |point| point.at_risk as usize),
                events: span.iter().map(|point| point.events as usize).sum(),
                censored: span.iter().map(|point| point.censored as usize).sum(),
            }
        };
        grid.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests;
