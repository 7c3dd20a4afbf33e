//! What is asked of the fits: contrasts of coefficients, against zero or a threshold, or by the likelihood they add.
//!
//! Upstream: DESeq2 `results`.

use std::f64::consts::LN_2;

use alkaline_core::CountMatrix;
use alkaline_math::special::{ln_chi_square_upper, ln_normal_upper, ln_student_upper};

use super::analysis::{Analysis, Fitted, Replacement};
use super::options::{Alternative, Deseq2Options};
use crate::DesignMatrix;
use crate::design::Contrast;

/// The answer for one gene.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Answer {
    pub log2_fold_change: f64,
    pub standard_error: f64,
    pub statistic: f64,
    pub ln_p: f64,
}

impl Answer {
    /// Of a gene without counts.
    const UNKNOWN: Self =
        Self { log2_fold_change: f64::NAN, standard_error: f64::NAN, statistic: f64::NAN, ln_p: f64::NAN };
    /// Of a gene that had no counts but outliers.
    const SILENT: Self = Self { log2_fold_change: 0.0, standard_error: 0.0, statistic: 0.0, ln_p: 0.0 };
}

/// Wald tests of a contrast.
pub(super) fn wald(
    analysis: &Analysis,
    matrix: &CountMatrix,
    design: &DesignMatrix,
    contrast: &Contrast,
    options: &Deseq2Options,
) -> Vec<Answer> {
    let looked_at = samples_of(design, contrast);
    let df = analysis.model.residual_df() as f64;
    let of_gene = |(gene, fitted): (usize, &Option<Fitted>)| {
        let Some(fitted) = fitted else { return Answer::UNKNOWN };
        if fitted.replacement == Replacement::Silent {
            return Answer::SILENT;
        }
        let (change, error) = estimate(fitted, &contrast.weights);
        let counts = fitted.counts(matrix.row(gene));
        let is_silent = looked_at.as_ref().is_some_and(|samples| samples.iter().all(|&i| counts[i] == 0.0));
        if is_silent {
            return Answer { log2_fold_change: 0.0, standard_error: error, statistic: 0.0, ln_p: 0.0 };
        }
        // upstream forgets the t distribution where it fits again
        let is_t = options.use_t && fitted.replacement == Replacement::None;
        let ln_upper = |z: f64| if is_t { ln_student(z, df) } else { ln_normal_upper(z) };
        let (statistic, ln_p) = tested(change, error, options, &ln_upper);
        Answer { log2_fold_change: change, standard_error: error, statistic, ln_p }
    };
    analysis.genes.iter().enumerate().map(of_gene).collect()
}

/// Likelihood-ratio tests against a model whose log likelihoods are given, with the fold change of the full one.
pub(super) fn likelihood_ratio(
    analysis: &Analysis,
    reduced: &[f64],
    lost_coefficients: usize,
    contrast: &Contrast,
) -> Vec<Answer> {
    let of_gene = |(fitted, reduced): (&Option<Fitted>, &f64)| {
        let Some(fitted) = fitted else { return Answer::UNKNOWN };
        if fitted.replacement == Replacement::Silent {
            return Answer::SILENT;
        }
        let (log2_fold_change, standard_error) = estimate(fitted, &contrast.weights);
        let statistic = 2.0 * (fitted.fit.log_likelihood - reduced);
        let ln_p = ln_chi_square_upper(statistic.max(0.0), lost_coefficients as f64);
        Answer { log2_fold_change, standard_error, statistic, ln_p }
    };
    analysis.genes.iter().zip(reduced).map(of_gene).collect()
}

/// A contrast of the coefficients and its standard error, in log2.
fn estimate(fitted: &Fitted, weights: &[f64]) -> (f64, f64) {
    let change: f64 = fitted.fit.beta.iter().zip(weights).map(|(b, w)| b * w).sum();
    let spread = fitted.fit.covariance.dot(&ndarray::aview1(weights));
    let variance: f64 = spread.iter().zip(weights).map(|(s, w)| s * w).sum();
    (change / LN_2, variance.max(0.0).sqrt() / LN_2)
}

/// The samples without whose counts a contrast says nothing: those of its levels, or of its coefficients where these are weighed
/// against each other.
fn samples_of(design: &DesignMatrix, contrast: &Contrast) -> Option<Vec<usize>> {
    if contrast.spec.expression.is_none()
        && let Some((variable, levels)) = &contrast.compared
    {
        let groups = design.groups(variable)?;
        return Some(
            levels.iter().filter_map(|level| groups.level(level)).flat_map(|l| groups.members(l)).collect(),
        );
    }
    let has = |sign: f64| contrast.weights.iter().any(|weight| weight * sign > 0.0);
    if !(has(1.0) && has(-1.0)) {
        return None;
    }
    let rows = design.matrix();
    let touched = |row: usize| {
        let terms = rows.row(row).into_iter().zip(&contrast.weights);
        terms.filter(|(_, weight)| **weight != 0.0).map(|(x, _)| x).sum::<f64>() != 0.0
    };
    Some((0..rows.nrows()).filter(|&row| touched(row)).collect())
}

fn ln_student(t: f64, df: f64) -> f64 {
    if t >= 0.0 { ln_student_upper(t, df) } else { (-ln_student_upper(-t, df).exp()).ln_1p() }
}

/// Statistic and ln P of a fold change against the alternative.
fn tested(change: f64, error: f64, options: &Deseq2Options, ln_upper: &dyn Fn(f64) -> f64) -> (f64, f64) {
    let null = options.lfc;
    let beyond = |z: f64| (z.max(0.0), ln_upper(z));
    match options.alternative {
        Alternative::GreaterAbs => {
            let z = (change.abs() - null) / error;
            let statistic = if null == 0.0 { change / error } else { z.max(0.0) * change.signum() };
            (statistic, (LN_2 + ln_upper(z)).min(0.0))
        }
        Alternative::LessAbs => {
            let (above, p_above) = beyond((null - change) / error);
            let (below, p_below) = beyond((null + change) / error);
            (above.min(below), p_above.max(p_below))
        }
        Alternative::Greater => beyond((change - null) / error),
        Alternative::Less => {
            let (statistic, ln_p) = beyond((-null - change) / error);
            (-statistic, ln_p)
        }
    }
}
