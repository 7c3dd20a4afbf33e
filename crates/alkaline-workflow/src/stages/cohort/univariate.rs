//! One marker at a time: curves, hazard ratio, and whether either can be believed.

use alkaline_core::cohort::{Endpoint, Marker};
use alkaline_math::multiple_testing::benjamini_hochberg;
use alkaline_survival::cox::{self, CoxModel, Scan, Ties, TimeScale};
use alkaline_survival::cut::{MaximalOptions, Split, maximal, split};
use alkaline_survival::{IntervalKind, Outcomes, RankWeight, SurvivalCurve, concordance, rank_test};
use ndarray::Array2;
use rayon::prelude::*;

use super::input::Cohort;
use super::options::{CohortOptions, Cut};
use super::rows::UnivariateRow;

/// With more markers than this, concordance and the test of proportional hazards are left out.
const MOST_IN_DETAIL: usize = 2000;
/// A group with fewer events tells little.
const FEWEST_EVENTS: usize = 2;

/// All markers for one endpoint, in the order of the markers.
pub fn univariate(cohort: &Cohort, endpoint: &Endpoint, options: &CohortOptions) -> Vec<UnivariateRow> {
    let in_detail = cohort.markers.len() <= MOST_IN_DETAIL;
    let one = |marker: &Marker| row(endpoint, marker, options, in_detail);
    let mut rows: Vec<UnivariateRow> = cohort.markers.par_iter().map(one).collect();
    let tested: Vec<usize> = (0..rows.len()).filter(|&at| !rows[at].p.is_nan()).collect();
    let adjusted = benjamini_hochberg(&tested.iter().map(|&at| rows[at].p).collect::<Vec<_>>());
    tested.into_iter().zip(adjusted).for_each(|(at, fdr)| rows[at].fdr = fdr);
    rows
}

/// Patients with time, status and marker: their rows.
pub fn usable(endpoint: &Endpoint, values: &[f64]) -> Vec<usize> {
    let known = |&row: &usize| {
        endpoint.times[row].is_finite() && endpoint.events[row].is_some() && values[row].is_finite()
    };
    (0..values.len()).filter(known).collect()
}

/// The outcomes of some patients.
pub fn outcomes(endpoint: &Endpoint, rows: &[usize]) -> Option<Outcomes> {
    let times = rows.iter().map(|&row| endpoint.times[row]).collect();
    Outcomes::new(times, rows.iter().map(|&row| endpoint.events[row] == Some(true)).collect()).ok()
}

fn row(endpoint: &Endpoint, marker: &Marker, options: &CohortOptions, in_detail: bool) -> UnivariateRow {
    let rows = usable(endpoint, &marker.values);
    let values: Vec<f64> = rows.iter().map(|&row| marker.values[row]).collect();
    let mut row = UnivariateRow {
        endpoint: endpoint.name.clone(),
        marker: marker.name.clone(),
        patients: rows.len(),
        events: 0,
        cuts: Vec::new(),
        groups: Vec::new(),
        p: f64::NAN,
        fdr: f64::NAN,
        hazard_ratio: f64::NAN,
        interval: (f64::NAN, f64::NAN),
        cox_p: f64::NAN,
        concordance: (f64::NAN, f64::NAN),
        proportionality_p: f64::NAN,
        note: String::new(),
    };
    let Some(outcomes) = outcomes(endpoint, &rows) else {
        return with_note(row, "no patient has time, status and this marker");
    };
    row.events = outcomes.event_count();
    if row.events == 0 {
        return with_note(row, "no event among those with this marker");
    }
    if values.iter().all(|value| *value == values[0]) {
        let why = if marker.below_detection > 0 {
            "below detection in all samples"
        } else {
            "the same in all samples"
        };
        return with_note(row, why);
    }
    let x = match enter(&mut row, &outcomes, &values, options) {
        Ok(x) => x,
        Err(note) => return with_note(row, &note),
    };
    hazard(&mut row, &outcomes, &x, options);
    if in_detail {
        detail(&mut row, &outcomes, &x, options.ties);
    }
    row
}

fn with_note(mut row: UnivariateRow, note: &str) -> UnivariateRow {
    if !row.note.is_empty() {
        row.note.push_str("; ");
    }
    row.note.push_str(note);
    row
}

/// The marker as it enters the model; groups and the P of their curves on the way.
fn enter(
    row: &mut UnivariateRow,
    outcomes: &Outcomes,
    values: &[f64],
    options: &CohortOptions,
) -> Result<Vec<f64>, String> {
    let cuts = match options.cut {
        Cut::Continuous => {
            let sd = standard_deviation(values);
            return Ok(values.iter().map(|value| value / sd).collect());
        }
        Cut::Median => Split::Median.cuts(values),
        Cut::Tertiles => Split::Tertiles.cuts(values),
        Cut::Quartiles => Split::Quartiles.cuts(values),
        Cut::At(value) => vec![value],
        Cut::Optimal => {
            let settings = MaximalOptions { seed: options.seed, ..MaximalOptions::default() };
            let found = maximal(outcomes, values, &settings).map_err(|error| error.to_string())?;
            row.p = found.p();
            row.note =
                "the cut was chosen by the outcome: P is that of the choice, the hazard ratio too far from 1"
                    .to_owned();
            vec![found.cut]
        }
    };
    let groups: Vec<usize> = split(values, &cuts).into_iter().map(Option::unwrap_or_default).collect();
    row.cuts = cuts;
    describe(row, outcomes, &groups, options.interval);
    if row.groups.iter().any(|group| group.0 == 0) {
        return Err("a group is empty: too many patients have the same value".to_owned());
    }
    if row.groups.iter().any(|group| group.1 < FEWEST_EVENTS) {
        row.note = "fewer than two events in a group".to_owned();
    }
    if options.cut != Cut::Optimal
        && let Ok(test) = rank_test(outcomes, &groups, None, RankWeight::LogRank)
    {
        let scores: Vec<f64> = (0..row.groups.len()).map(|group| group as f64).collect();
        row.p = if scores.len() > 2 { test.trend(&scores).1 } else { test.p };
    }
    Ok(groups.into_iter().map(|group| group as f64).collect())
}

fn describe(row: &mut UnivariateRow, outcomes: &Outcomes, groups: &[usize], interval: IntervalKind) {
    for group in 0..=row.cuts.len() {
        let members: Vec<usize> = (0..groups.len()).filter(|&at| groups[at] == group).collect();
        let curve = SurvivalCurve::of(outcomes, &members);
        let median = curve.median(interval, 0.95).time.unwrap_or(f64::NAN);
        row.groups.push((members.len(), curve.event_count(), median));
    }
}

/// The hazard ratio, by Firth's method where the likelihood has no maximum.
fn hazard(row: &mut UnivariateRow, outcomes: &Outcomes, x: &[f64], options: &CohortOptions) {
    let ties = if options.ties == Ties::Exact { Ties::Efron } else { options.ties };
    let z = alkaline_survival::two_sided_z(0.95);
    if let Ok(scan) = Scan::new(outcomes, None, ties) {
        let found = scan.marker(x);
        row.hazard_ratio = found.coefficient.exp();
        let width = z * found.standard_error;
        row.interval = ((found.coefficient - width).exp(), (found.coefficient + width).exp());
        row.cox_p = found.p;
        if found.infinite
            && let Some(model) = model(outcomes, x, ties)
            && let Ok(held) = cox::firth(&model, 0.95)
        {
            row.hazard_ratio = held.coefficients[0].exp();
            row.interval = (held.intervals[0].0.exp(), held.intervals[0].1.exp());
            row.cox_p = held.tests[0].p;
            let note = "separation: hazard ratio, interval and P by Firth's method";
            *row = with_note(row.clone(), note);
        }
    }
    match options.cut {
        Cut::Continuous => row.p = row.cox_p,
        // the model does not know that its cut was chosen
        Cut::Optimal => row.cox_p = f64::NAN,
        _ => {}
    }
}

fn model(outcomes: &Outcomes, x: &[f64], ties: Ties) -> Option<CoxModel> {
    let column = Array2::from_shape_fn((x.len(), 1), |(row, _)| x[row]);
    CoxModel::new(outcomes.clone(), column, ties).ok()
}

/// Concordance and the test of proportional hazards.
fn detail(row: &mut UnivariateRow, outcomes: &Outcomes, x: &[f64], ties: Ties) {
    // as of a fitted model: the side with the higher hazard is expected to go first
    let with_marker = if row.hazard_ratio < 1.0 { 1.0 } else { -1.0 };
    let longer: Vec<f64> = x.iter().map(|value| with_marker * value).collect();
    if let Ok(found) = concordance::concordance(outcomes, &longer, None) {
        row.concordance = (found.estimate, found.standard_error);
    }
    let ties = if ties == Ties::Exact { Ties::Efron } else { ties };
    if let Some(model) = model(outcomes, x, ties)
        && let Ok(fit) = cox::fit(&model)
        && let Ok(test) = cox::proportionality(&model, &fit, &[vec![0]], TimeScale::KaplanMeier)
    {
        row.proportionality_p = test.global.p;
    }
}

/// The sample standard deviation.
pub fn standard_deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
}
