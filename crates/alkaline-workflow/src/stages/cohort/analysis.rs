//! The analysis of a cohort, from matched input to rows.

use alkaline_core::words::count;
use alkaline_survival::SurvivalCurve;

use super::cells::cells;
use super::comparisons::{correlations, pairs, responders, table_one};
use super::input::Cohort;
use super::multivariate::multivariate;
use super::options::CohortOptions;
use super::roc::roc;
use super::rows::{
    CellsRow, ComparisonRow, CorrelationRow, MultivariateRow, RocRow, TableOneRow, UnivariateRow,
};
use super::univariate::{outcomes, univariate, usable};
use crate::error::WorkflowError;

/// Everything that was found.
#[derive(Clone, Debug, Default)]
pub struct CohortResults {
    pub(super) endpoints: Vec<EndpointFacts>,
    pub(super) univariate: Vec<UnivariateRow>,
    pub(super) multivariate: Vec<MultivariateRow>,
    pub(super) roc: Vec<RocRow>,
    pub(super) comparisons: Vec<ComparisonRow>,
    pub(super) table_one: Vec<TableOneRow>,
    /// The marker whose groups the table of patients describes.
    pub(super) described: String,
    pub(super) correlations: Vec<CorrelationRow>,
    pub(super) cells: Vec<CellsRow>,
    /// What was decided.
    pub notices: Vec<String>,
    /// What is doubtful.
    pub warnings: Vec<String>,
}

/// The size of an endpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointFacts {
    pub name: String,
    pub unit: &'static str,
    pub patients: usize,
    pub events: usize,
    pub median: (f64, f64, f64),
    /// Median follow-up by the reverse Kaplan-Meier method.
    pub follow_up: (f64, f64, f64),
    pub markers_tested: usize,
}

/// Analyses a cohort.
///
/// # Errors
/// [`WorkflowError`] when no endpoint has an event, or names of markers, columns or a run are wrong.
pub fn analyse(cohort: &Cohort, options: &CohortOptions) -> Result<CohortResults, WorkflowError> {
    let mut results = CohortResults {
        notices: cohort.notices.clone(),
        warnings: cohort.warnings.clone(),
        ..CohortResults::default()
    };
    for endpoint in &cohort.endpoints {
        let rows = usable(endpoint, &vec![0.0; cohort.clinical.ids.len()]);
        let Some(outcomes) = outcomes(endpoint, &rows) else {
            results.warnings.push(format!("{}: no patient has both a time and a status", endpoint.name));
            continue;
        };
        if outcomes.event_count() == 0 {
            results.warnings.push(format!(
                "{}: none of {} had the event; there is nothing to compare",
                endpoint.name,
                count(outcomes.len(), "patient")
            ));
            continue;
        }
        let single = univariate(cohort, endpoint, options);
        results.multivariate.extend(multivariate(cohort, endpoint, &single, options, &mut results.warnings)?);
        results.roc.extend(roc(cohort, endpoint, &single, options));
        results.comparisons.extend(responders(cohort, endpoint, options, &mut results.notices));
        let three = |curve: &SurvivalCurve| {
            let median = curve.median(options.interval, 0.95);
            let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
            (or_nan(median.time), or_nan(median.lower), or_nan(median.upper))
        };
        results.endpoints.push(EndpointFacts {
            name: endpoint.name.clone(),
            unit: endpoint.unit.map_or("", |unit| unit.word()),
            patients: outcomes.len(),
            events: outcomes.event_count(),
            median: three(&SurvivalCurve::of_all(&outcomes)),
            follow_up: three(&SurvivalCurve::of_all(&outcomes.reversed())),
            markers_tested: single.iter().filter(|row| !row.p.is_nan()).count(),
        });
        results.univariate.extend(single);
    }
    if results.endpoints.is_empty() {
        let why = results.warnings.join("\n");
        return Err(WorkflowError::design_with_hint(
            format!("no endpoint can be analysed\n{why}"),
            "look at the columns of times and events",
        ));
    }
    if results.endpoints.iter().all(|facts| facts.markers_tested == 0) {
        let notes: Vec<String> =
            results.univariate.iter().take(5).map(|row| format!("{}: {}", row.marker, row.note)).collect();
        return Err(WorkflowError::design(format!("no marker can be analysed\n{}", notes.join("\n"))));
    }
    results.comparisons.extend(pairs(cohort, options));
    results.correlations = correlations(cohort, options)?;
    results.described = described(&results.univariate, options);
    results.table_one = table_one(cohort, &results.described);
    results.cells = cells(&results.univariate, options)?;
    Ok(results)
}

/// The marker whose groups are described: the one asked for, else that with the smallest P.
fn described(rows: &[UnivariateRow], options: &CohortOptions) -> String {
    let best = rows.iter().filter(|row| !row.p.is_nan()).min_by(|a, b| a.p.total_cmp(&b.p));
    options.table_one.clone().or_else(|| best.map(|row| row.marker.clone())).unwrap_or_default()
}

impl CohortResults {
    /// What was found, a line an endpoint.
    #[must_use]
    pub fn in_words(&self, alpha: f64) -> Vec<String> {
        let line = |facts: &EndpointFacts| {
            let rows = || self.univariate.iter().filter(|row| row.endpoint == facts.name);
            let found = rows().filter(|row| row.p < alpha).count();
            let kept = rows().filter(|row| row.fdr < alpha).count();
            format!(
                "{}: {}, {}; of {} {found} with P < {alpha}, {kept} with a false discovery rate below it",
                facts.name,
                count(facts.patients, "patient"),
                count(facts.events, "event"),
                count(facts.markers_tested, "marker")
            )
        };
        self.endpoints.iter().map(line).collect()
    }
}
