//! Several markers, and clinical columns, in one model.

use alkaline_core::cohort::Endpoint;
use alkaline_core::words::{count, listed};
use alkaline_survival::cox::{self, CoxModel, Ties, TimeScale};
use alkaline_survival::cut::split;
use ndarray::Array2;

use super::covariates::{Covariate, covariates};
use super::input::Cohort;
use super::options::{CohortOptions, Cut, Multivariate};
use super::rows::{MultivariateRow, UnivariateRow};
use super::univariate::{outcomes, standard_deviation};
use crate::error::WorkflowError;

/// Events for each covariate below which a model is fitted by Firth's method.
const TOO_FEW: f64 = 5.0;
/// Below this a warning.
const FEW: f64 = 10.0;

/// The model of one endpoint; what is doubtful is added to `warnings`.
pub fn multivariate(
    cohort: &Cohort,
    endpoint: &Endpoint,
    single: &[UnivariateRow],
    options: &CohortOptions,
    warnings: &mut Vec<String>,
) -> Result<Vec<MultivariateRow>, WorkflowError> {
    let names = chosen(single, options)?;
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut terms: Vec<Covariate> = names.iter().map(|row| as_covariate(cohort, row, options.cut)).collect();
    terms.extend(covariates(&cohort.clinical, &options.adjust)?);
    let known = |&row: &usize| {
        let outcome = endpoint.times[row].is_finite() && endpoint.events[row].is_some();
        outcome && terms.iter().all(|term| term.values[row].is_finite())
    };
    let rows: Vec<usize> = (0..cohort.clinical.ids.len()).filter(known).collect();
    let Some(outcomes) = outcomes(endpoint, &rows) else {
        warnings.push(format!(
            "{}: no patient has all that the model of {} asks for",
            endpoint.name,
            listed(terms.iter().map(|t| &t.name))
        ));
        return Ok(Vec::new());
    };
    let events = outcomes.event_count();
    if terms.len() * 2 > events {
        warnings.push(format!(
            "{}: {} for {} are no model; name a few markers by --multivariate",
            endpoint.name,
            count(terms.len(), "covariate"),
            count(events, "event")
        ));
        return Ok(Vec::new());
    }
    let per_variable = events as f64 / terms.len() as f64;
    if per_variable < FEW {
        let about = if per_variable < TOO_FEW { "; estimates are Firth's" } else { "" };
        warnings.push(format!(
            "{}: {per_variable:.1} events for each of {} in the model of all; ten are advised{about}",
            endpoint.name,
            count(terms.len(), "covariate")
        ));
    }
    let table = Array2::from_shape_fn((rows.len(), terms.len()), |(at, term)| terms[term].values[rows[at]]);
    let ties = if options.ties == Ties::Exact { Ties::Efron } else { options.ties };
    let failed = |error: alkaline_survival::SurvivalError| WorkflowError::design(error.to_string());
    let model = CoxModel::new(outcomes, table, ties).map_err(failed)?;
    fitted(&model, &terms, per_variable, &endpoint.name).map_err(failed)
}

/// The markers that go into the model.
fn chosen<'a>(
    single: &'a [UnivariateRow],
    options: &CohortOptions,
) -> Result<Vec<&'a UnivariateRow>, WorkflowError> {
    match &options.multivariate {
        Multivariate::None => Ok(Vec::new()),
        Multivariate::Significant => Ok(single.iter().filter(|row| row.p < options.alpha).collect()),
        Multivariate::Named(names) => names
            .iter()
            .map(|name| {
                let found = single.iter().find(|row| &row.marker == name);
                found.ok_or_else(|| {
                    WorkflowError::design(format!("--multivariate: there is no marker `{name}`"))
                })
            })
            .collect(),
    }
}

/// The marker as it entered its own model.
pub fn as_covariate(cohort: &Cohort, row: &UnivariateRow, cut: Cut) -> Covariate {
    let found = cohort.markers.iter().find(|marker| marker.name == row.marker);
    let values: &[f64] = found.map_or(&[], |marker| &marker.values);
    let entered = if cut == Cut::Continuous {
        let known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        let sd = standard_deviation(&known);
        values.iter().map(|value| value / sd).collect()
    } else {
        split(values, &row.cuts)
            .into_iter()
            .map(|group| group.map_or(f64::NAN, |group| group as f64))
            .collect()
    };
    Covariate { name: row.marker.clone(), values: entered }
}

fn fitted(
    model: &CoxModel,
    terms: &[Covariate],
    per_variable: f64,
    endpoint: &str,
) -> Result<Vec<MultivariateRow>, alkaline_survival::SurvivalError> {
    let fit = cox::fit(model)?;
    let columns: Vec<Vec<usize>> = (0..terms.len()).map(|term| vec![term]).collect();
    let proportional = cox::proportionality(model, &fit, &columns, TimeScale::KaplanMeier)?;
    let held = per_variable < TOO_FEW || fit.infinite.iter().any(|infinite| *infinite);
    let firth = if held { cox::firth(model, 0.95).ok() } else { None };
    let row = |term: usize| {
        let (beta, interval, p) = match &firth {
            Some(firth) => (firth.coefficients[term], firth.intervals[term], firth.tests[term].p),
            None => (fit.coefficients[term], fit.interval(term, 0.95), fit.p(term)),
        };
        MultivariateRow {
            endpoint: endpoint.to_owned(),
            term: terms[term].name.clone(),
            patients: fit.patients,
            events: fit.events,
            hazard_ratio: beta.exp(),
            interval: (interval.0.exp(), interval.1.exp()),
            p,
            proportionality_p: proportional.terms[term].p,
            method: if firth.is_some() { "Firth" } else { "Cox" },
        }
    };
    Ok((0..terms.len()).map(row).collect())
}
