//! Residuals: what a fitted model leaves unexplained, by patient and by event.

use ndarray::Array2;

use super::fit::CoxFit;
use super::model::{CoxModel, Ties};
use super::robust::contributions;
use super::sums::unscaled;
use crate::SurvivalError;

/// Residuals of a fitted model.
#[derive(Clone, Debug)]
pub struct Residuals {
    /// Events less what was expected, by patient.
    pub martingale: Vec<f64>,
    /// The same, made symmetric.
    pub deviance: Vec<f64>,
    /// By patient, how a coefficient would change without it.
    pub dfbeta: Array2<f64>,
    /// Rows of the patients with the event, by stratum and time: what the rows of the next two are about.
    pub event_rows: Vec<usize>,
    /// By event, covariates less their mean among those at risk.
    pub schoenfeld: Array2<f64>,
    /// The same, scaled by the variance and centred at the coefficients: how a coefficient moves with time.
    pub scaled_schoenfeld: Array2<f64>,
}

/// The residuals of `fit`, which `model` led to.
///
/// # Errors
/// When ties were treated exactly.
pub fn residuals(model: &CoxModel, fit: &CoxFit) -> Result<Residuals, SurvivalError> {
    if model.ties == Ties::Exact {
        return Err(SurvivalError::NotForExact { what: "a residual" });
    }
    let p = model.columns();
    let found = contributions(model, &fit.linear_predictors);
    let scaled_inverse = Array2::from_shape_fn((p, p), |(j, k)| {
        fit.model_variance[[j, k]] * model.scales[j] * model.scales[k]
    });
    let mut dfbeta = found.score.dot(&scaled_inverse);
    for (j, mut column) in dfbeta.columns_mut().into_iter().enumerate() {
        column.mapv_inplace(|value| value / model.scales[j]);
    }
    let (event_rows, schoenfeld) = schoenfeld(model, fit);
    let events = fit.events as f64;
    let variance = unscaled(&scaled_inverse, &model.scales);
    let mut scaled_schoenfeld = schoenfeld.dot(&variance) * events;
    for (j, beta) in fit.estimated().into_iter().enumerate() {
        scaled_schoenfeld.column_mut(j).mapv_inplace(|value| value + beta);
    }
    let events = model.outcomes.events();
    let deviance = found.martingale.iter().zip(events).map(|(&m, &event)| deviance(m, event)).collect();
    Ok(Residuals {
        deviance,
        martingale: found.martingale,
        dfbeta,
        event_rows,
        schoenfeld,
        scaled_schoenfeld,
    })
}

fn deviance(martingale: f64, event: bool) -> f64 {
    let log = if event { (1.0 - martingale).ln() } else { 0.0 };
    (-2.0 * (martingale + log)).max(0.0).sqrt().copysign(martingale)
}

/// Events by stratum and time, and their covariates less the mean among those at risk, on the scale of the covariates.
fn schoenfeld(model: &CoxModel, fit: &CoxFit) -> (Vec<usize>, Array2<f64>) {
    let p = model.columns();
    let mut means: Vec<(usize, Vec<f64>, f64)> = Vec::new();
    model.for_each_step(&fit.linear_predictors, false, |step| {
        let start = step.block.rows.start;
        match means.last_mut().filter(|(last, ..)| *last == start) {
            Some((_, sum, steps)) => {
                sum.iter_mut().zip(&step.mean).for_each(|(sum, mean)| *sum += mean);
                *steps += 1.0;
            }
            None => means.push((start, step.mean.clone(), 1.0)),
        }
    });
    let mut blocks: Vec<_> = model.sets.blocks.iter().filter(|block| block.deaths > 0).zip(means).collect();
    // latest first within a stratum: turned round
    blocks.sort_by(|(a, _), (b, _)| a.stratum.cmp(&b.stratum).then(a.time.total_cmp(&b.time)));
    let mut rows = Vec::new();
    let mut values = Vec::new();
    for (block, (_, sum, steps)) in blocks {
        let mut dead: Vec<usize> = block.dead().map(|place| model.sets.order[place]).collect();
        dead.sort_unstable();
        for row in dead {
            rows.push(row);
            values.extend((0..p).map(|j| (model.x[[row, j]] - sum[j] / steps) * model.scales[j]));
        }
    }
    let table = Array2::from_shape_vec((rows.len(), p), values).unwrap_or_else(|_| Array2::zeros((0, p)));
    (rows, table)
}
