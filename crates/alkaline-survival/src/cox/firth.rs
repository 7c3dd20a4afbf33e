//! Firth's penalised likelihood: finite estimates where a group has no events, and less bias where events are few.
//!
//! The log-likelihood gains half the logarithm of the determinant of the information. Tests and intervals come from the profile of the
//! penalised likelihood, never from Wald's statistic. References: Firth (1993), doi:10.1093/biomet/80.1.27; Heinze & Schemper (2001),
//! doi:10.1111/j.0006-341X.2001.00114.x. Upstream: coxphf (which knows Breslow's ties alone).

use ndarray::Array2;

use alkaline_math::brent;

use super::fit::CoxTest;
use super::ldl::Ldl;
use super::model::{CoxModel, Ties};
use super::sums::unscaled;
use crate::SurvivalError;
use crate::probability::two_sided_z;

/// A model fitted by Firth's method.
#[derive(Clone, Debug)]
pub struct FirthFit {
    /// Log hazard ratios.
    pub coefficients: Vec<f64>,
    /// The inverse information at them.
    pub variance: Array2<f64>,
    /// The penalised log-likelihood without covariates, and at the estimate.
    pub log_likelihoods: (f64, f64),
    /// The penalised likelihood ratio test of each coefficient.
    pub tests: Vec<CoxTest>,
    /// Profile intervals of the coefficients; infinite where the profile stays high.
    pub intervals: Vec<(f64, f64)>,
}

/// Steps at most.
const MOST_STEPS: usize = 500;
/// The largest step, in units of scaled covariates.
const LONGEST_STEP: f64 = 2.0;
/// Steps this small end the search.
const ENOUGH: f64 = 1e-11;
/// Profiles are followed this far, in standard errors.
const FARTHEST: f64 = 1e4;

/// Fits by Firth's method, with intervals of the given level.
///
/// # Errors
/// When ties are treated exactly, or covariates explain each other.
pub fn firth(model: &CoxModel, level: f64) -> Result<FirthFit, SurvivalError> {
    if model.ties == Ties::Exact {
        return Err(SurvivalError::NotForExact { what: "Firth's penalty" });
    }
    let p = model.columns();
    let zeros = vec![0.0; p];
    let null = height(model, &zeros);
    let best = climb(model, zeros, None);
    if !null.is_finite() || !best.height.is_finite() {
        return Err(SurvivalError::NotFinite);
    }
    let inverse = Ldl::new(&model.evaluate(&best.beta).information).inverse();
    let drop = two_sided_z(level).powi(2) / 2.0;
    let side = |j: usize, sign: f64| {
        let width = inverse[[j, j]].sqrt();
        let profile = |distance: f64| {
            let mut beta = best.beta.clone();
            beta[j] += sign * distance;
            climb(model, beta, Some(j)).height - (best.height - drop)
        };
        let mut far = 2.0 * width;
        while profile(far) > 0.0 {
            far *= 2.0;
            if far > FARTHEST * width {
                return sign * f64::INFINITY;
            }
        }
        (best.beta[j] + sign * brent::root_within(profile, (0.0, far), 1e-10)) / model.scales[j]
    };
    let tests = (0..p)
        .map(|j| {
            let mut beta = best.beta.clone();
            beta[j] = 0.0;
            CoxTest::new(2.0 * (best.height - climb(model, beta, Some(j)).height).max(0.0), 1)
        })
        .collect();
    Ok(FirthFit {
        coefficients: best.beta.iter().zip(&model.scales).map(|(b, scale)| b / scale).collect(),
        intervals: (0..p).map(|j| (side(j, -1.0), side(j, 1.0))).collect(),
        log_likelihoods: (null - unscaling(model), best.height - unscaling(model)),
        variance: unscaled(&inverse, &model.scales),
        tests,
    })
}

/// What the scaling of covariates adds to the penalty: the information is that of the covariates as given.
fn unscaling(model: &CoxModel) -> f64 {
    -model.scales.iter().map(|scale| scale.ln()).sum::<f64>()
}

/// The penalised log-likelihood.
fn height(model: &CoxModel, beta: &[f64]) -> f64 {
    let at = model.evaluate(beta);
    at.log_likelihood + 0.5 * Ldl::new(&at.information).ln_determinant()
}

struct Summit {
    beta: Vec<f64>,
    height: f64,
}

/// Climbs from `beta`, one coefficient held where it is.
fn climb(model: &CoxModel, mut beta: Vec<f64>, held: Option<usize>) -> Summit {
    let free: Vec<usize> = (0..beta.len()).filter(|&j| Some(j) != held).collect();
    let mut now = height(model, &beta);
    for _ in 0..MOST_STEPS {
        let (score, information) = modified_score(model, &beta);
        let part = Array2::from_shape_fn((free.len(), free.len()), |(i, j)| information[[free[i], free[j]]]);
        let mut step = Ldl::new(&part).solve(&free.iter().map(|&j| score[j]).collect::<Vec<_>>());
        let longest = step.iter().fold(0.0_f64, |longest, s| longest.max(s.abs()));
        if longest <= ENOUGH {
            break;
        }
        if longest > LONGEST_STEP {
            step.iter_mut().for_each(|s| *s *= LONGEST_STEP / longest);
        }
        let moved = |step: &[f64]| {
            let mut beta = beta.clone();
            free.iter().zip(step).for_each(|(&j, s)| beta[j] += s);
            beta
        };
        let mut next = height(model, &moved(&step));
        let lower = |next: f64| next.is_nan() || next < now - 1e-13 * now.abs();
        while lower(next) && step.iter().any(|s| s.abs() > ENOUGH) {
            step.iter_mut().for_each(|s| *s *= 0.5);
            next = height(model, &moved(&step));
        }
        beta = moved(&step);
        now = next;
    }
    Summit { beta, height: now }
}

/// Score with the derivative of the penalty, and the information.
fn modified_score(model: &CoxModel, beta: &[f64]) -> (Vec<f64>, Array2<f64>) {
    let p = beta.len();
    let at = model.evaluate(beta);
    let inverse = Ldl::new(&at.information).inverse();
    let mut score = at.score;
    model.for_each_step(&model.predictors(beta), true, |step| {
        for (at, third) in step.third.iter().enumerate() {
            let (j, k, l) = (at / (p * p), at / p % p, at % p);
            score[j] += 0.5 * step.weight * inverse[[k, l]] * third;
        }
    });
    (score, at.information)
}
