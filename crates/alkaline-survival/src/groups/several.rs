//! Several groups at once, and GEPIA's definition of a difference between tumour and normal.

use alkaline_math::order_statistics::median;
use alkaline_math::summation::mean;

use super::checks::enough;
use crate::SurvivalError;
use crate::probability::f_p;

/// One-way analysis of variance: the statistic F and its P.
///
/// # Errors
/// With fewer than two groups, an empty group, or no variation within groups.
pub fn analysis_of_variance(groups: &[&[f64]]) -> Result<(f64, f64), SurvivalError> {
    enough("an analysis of variance (groups)", 2, groups.len())?;
    enough(
        "a group of an analysis of variance",
        1,
        groups.iter().map(|group| group.len()).min().unwrap_or(0),
    )?;
    let all: Vec<f64> = groups.concat();
    enough("an analysis of variance", groups.len() + 1, all.len())?;
    let centre = mean(&all);
    let squares =
        |values: &[f64], centre: f64| values.iter().map(|value| (value - centre).powi(2)).sum::<f64>();
    let within: f64 = groups.iter().map(|group| squares(group, mean(group))).sum();
    let between: f64 = groups.iter().map(|group| group.len() as f64 * (mean(group) - centre).powi(2)).sum();
    if within <= 0.0 {
        return Err(SurvivalError::Constant { what: "the value within groups" });
    }
    let (df1, df2) = ((groups.len() - 1) as f64, (all.len() - groups.len()) as f64);
    let f = between / df1 / (within / df2);
    Ok((f, f_p(f, df1, df2)))
}

/// A difference as GEPIA defines it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TumourNormal {
    /// The median of `log2(TPM + 1)` of the tumours less that of the normals.
    pub log2_fold_change: f64,
    /// The P of a one-way analysis of variance of the same values.
    pub p: f64,
}

/// Compares TPM of tumours and normals.
///
/// # Errors
/// As [`analysis_of_variance`].
pub fn tumour_against_normal(tumour: &[f64], normal: &[f64]) -> Result<TumourNormal, SurvivalError> {
    let log = |tpm: &[f64]| tpm.iter().map(|value| (value + 1.0).log2()).collect::<Vec<_>>();
    let (mut tumour, mut normal) = (log(tumour), log(normal));
    let (_, p) = analysis_of_variance(&[&tumour, &normal])?;
    Ok(TumourNormal { log2_fold_change: median(&mut tumour) - median(&mut normal), p })
}

#[cfg(test)]
mod tests;
