//! Areas under time-dependent curves, each estimator under its name.

use alkaline_core::cohort::{Endpoint, TimeUnit};
use alkaline_math::order_statistics::quantile;
use alkaline_survival::Outcomes;
use alkaline_survival::roc::{Estimator, Roc, kaplan_meier, nearest_neighbours, usual_span, weighted};

use super::input::Cohort;
use super::options::CohortOptions;
use super::rows::{RocRow, UnivariateRow};
use super::univariate::{outcomes, usable};

/// Markers, by P, whose curves are made.
const MARKERS: usize = 10;

/// The curves of the markers with the smallest P, at the times asked for.
pub fn roc(
    cohort: &Cohort,
    endpoint: &Endpoint,
    single: &[UnivariateRow],
    options: &CohortOptions,
) -> Vec<RocRow> {
    let mut best: Vec<&UnivariateRow> = single.iter().filter(|row| !row.p.is_nan()).collect();
    best.sort_by(|a, b| a.p.total_cmp(&b.p));
    let mut rows = Vec::new();
    for chosen in best.into_iter().take(MARKERS) {
        let Some(marker) = cohort.markers.iter().find(|marker| marker.name == chosen.marker) else {
            continue;
        };
        let known = usable(endpoint, &marker.values);
        let values: Vec<f64> = known.iter().map(|&row| marker.values[row]).collect();
        let Some(outcomes) = outcomes(endpoint, &known) else { continue };
        for time in times(&outcomes, endpoint.unit, &options.roc_times) {
            let of = At { endpoint, marker: &marker.name, outcomes: &outcomes, values: &values, time };
            rows.extend(of.every_estimator(options.estimator));
        }
    }
    rows
}

/// The times asked for; else one, three and five years as far as there are controls; else quartiles of the event times.
fn times(outcomes: &Outcomes, unit: Option<TimeUnit>, asked: &[f64]) -> Vec<f64> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let longest = outcomes.times().iter().copied().fold(0.0, f64::max);
    let years: Vec<f64> =
        unit.into_iter().flat_map(|unit| [1.0, 3.0, 5.0].map(|years| years * unit.in_a_year())).collect();
    let within: Vec<f64> = years.into_iter().filter(|time| *time < longest).collect();
    if !within.is_empty() {
        return within;
    }
    let events = outcomes.times().iter().zip(outcomes.events()).filter(|(_, event)| **event);
    let mut events: Vec<f64> = events.map(|(time, _)| *time).collect();
    [0.25, 0.5, 0.75].map(|share| quantile(&mut events, share)).to_vec()
}

struct At<'a> {
    endpoint: &'a Endpoint,
    marker: &'a str,
    outcomes: &'a Outcomes,
    values: &'a [f64],
    time: f64,
}

impl At<'_> {
    fn every_estimator(&self, estimator: Estimator) -> Vec<RocRow> {
        let mut rows = Vec::new();
        let name = match estimator {
            Estimator::TimeRoc => "IPCW (timeROC)",
            Estimator::Score => "IPCW (Score)",
        };
        if let Ok(found) = weighted(self.outcomes, self.values, self.time, estimator) {
            rows.push(self.row(name, &found.roc, found.interval(0.95)));
        }
        let none = (f64::NAN, f64::NAN);
        if let Ok(found) = kaplan_meier(self.outcomes, self.values, self.time) {
            rows.push(self.row("Kaplan-Meier (survivalROC)", &found, none));
        }
        let span = usual_span(self.values.len());
        if let Ok(found) = nearest_neighbours(self.outcomes, self.values, self.time, span) {
            rows.push(self.row("nearest neighbours (survivalROC)", &found, none));
        }
        rows
    }

    fn row(&self, estimator: &'static str, roc: &Roc, interval: (f64, f64)) -> RocRow {
        let outcomes = || self.outcomes.times().iter().zip(self.outcomes.events());
        RocRow {
            endpoint: self.endpoint.name.clone(),
            marker: self.marker.to_owned(),
            time: self.time,
            estimator,
            cases: outcomes().filter(|(time, event)| **event && **time <= self.time).count(),
            controls: outcomes().filter(|(time, _)| **time > self.time).count(),
            area: roc.area,
            interval,
            curve: roc.points.iter().map(|point| (point.false_positives, point.true_positives)).collect(),
        }
    }
}
