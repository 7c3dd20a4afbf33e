//! Do hazard ratios stay the same over time? The score test of a coefficient that changes with a function of time.
//!
//! Reference: Grambsch & Therneau (1994), doi:10.1093/biomet/81.3.515, as survival 3.0 and later compute it: from the information of the
//! enlarged model, not from the correlation of residuals. Upstream: `cox.zph`.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::fit::{CoxFit, CoxTest};
use super::ldl::Ldl;
use super::model::{CoxModel, Ties};
use super::sums::dot;
use crate::{SurvivalCurve, SurvivalError};

/// The function of time that a coefficient may change with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum TimeScale {
    /// One minus the Kaplan-Meier estimate just before (R's default).
    #[default]
    KaplanMeier,
    /// The rank of the time.
    Rank,
    /// Time itself.
    Identity,
}

/// Tests of proportional hazards.
#[derive(Clone, Debug, PartialEq)]
pub struct ProportionalityTest {
    /// One for each term.
    pub terms: Vec<CoxTest>,
    /// Of all at once.
    pub global: CoxTest,
}

/// Tests proportional hazards; `terms` lists the columns that belong together (a factor's are tested as one).
///
/// # Errors
/// When ties were treated exactly.
pub fn proportionality(
    model: &CoxModel,
    fit: &CoxFit,
    terms: &[Vec<usize>],
    scale: TimeScale,
) -> Result<ProportionalityTest, SurvivalError> {
    if model.ties == Ties::Exact {
        return Err(SurvivalError::NotForExact { what: "the test of proportional hazards" });
    }
    let p = model.columns();
    let (score, information) = enlarged(model, fit, scale);
    let test = |columns: &[usize]| {
        let kept: Vec<usize> = (0..p).chain(columns.iter().map(|j| p + j)).collect();
        let matrix =
            Array2::from_shape_fn((kept.len(), kept.len()), |(i, j)| information[[kept[i], kept[j]]]);
        let ldl = Ldl::new(&matrix);
        let score: Vec<f64> = kept.iter().map(|&at| score[at]).collect();
        let df = (p..kept.len()).filter(|&at| !ldl.is_aliased(at)).count();
        CoxTest::new(dot(&ldl.solve(&score), &score), df)
    };
    let all: Vec<usize> = (0..p).collect();
    Ok(ProportionalityTest { terms: terms.iter().map(|columns| test(columns)).collect(), global: test(&all) })
}

/// Score and information of the model with every covariate and its product with time.
fn enlarged(model: &CoxModel, fit: &CoxFit, scale: TimeScale) -> (Vec<f64>, Array2<f64>) {
    let p = model.columns();
    let of_time = time_function(model, scale);
    let events = model.outcomes.events();
    let times = model.outcomes.times();
    let dead = || (0..model.patients()).filter(|&row| events[row]);
    let centre = dead().map(|row| of_time(times[row])).sum::<f64>() / dead().count() as f64;
    let mut score = vec![0.0; 2 * p];
    for row in dead() {
        let g = of_time(times[row]) - centre;
        (0..p).for_each(|j| score[p + j] += g * model.weights[row] * model.x[[row, j]]);
    }
    let mut information = Array2::zeros((2 * p, 2 * p));
    model.for_each_step(&fit.linear_predictors, false, |step| {
        let g = of_time(step.block.time) - centre;
        for j in 0..p {
            score[p + j] -= g * step.weight * step.mean[j];
            for k in 0..p {
                let v = step.weight * step.covariance[[j, k]];
                information[[j, k]] += v;
                information[[p + j, k]] += g * v;
                information[[j, p + k]] += g * v;
                information[[p + j, p + k]] += g * g * v;
            }
        }
    });
    (score, information)
}

/// The function of time, before it is centred.
fn time_function(model: &CoxModel, scale: TimeScale) -> Box<dyn Fn(f64) -> f64> {
    match scale {
        TimeScale::Identity => Box::new(|time| time),
        TimeScale::KaplanMeier => {
            let curve = SurvivalCurve::of_all(&model.outcomes);
            Box::new(move |time| 1.0 - curve.just_before(time))
        }
        TimeScale::Rank => {
            let mut times = model.outcomes.times().to_vec();
            times.sort_by(f64::total_cmp);
            Box::new(move |time| {
                let before = times.partition_point(|&other| other < time);
                let until = times.partition_point(|&other| other <= time);
                0.5 * (before + until + 1) as f64
            })
        }
    }
}
