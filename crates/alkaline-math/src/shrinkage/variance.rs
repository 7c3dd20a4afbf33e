//! Empirical-Bayes shrinkage of variances: a scaled F distribution is fitted to the gene-wise variances.
//!
//! `s² ~ s₀² F(df, d₀)`: the prior value `s₀²` (a curve along a covariate, or one number) and the prior degrees of freedom
//! `d₀` are found from mean and variance of `ln s²`. Reference: Smyth (2004), doi:10.2202/1544-6115.1027; trend: Law et al.
//! (2014), doi:10.1186/gb-2014-15-2-r29. Upstream: limma `fitFDist` and `squeezeVar`.

use crate::order_statistics::median;
use crate::special::{digamma, ln_minus_digamma, trigamma, trigamma_inverse};
use crate::splines::natural::SplineRegression;
use crate::summation::mean;

/// Degrees of freedom at or below this carry no information.
const NO_DF: f64 = 1e-15;
/// Variances are raised to this share of their median before logs are taken.
const RELATIVE_FLOOR: f64 = 1e-5;

/// The prior of a set of variances.
#[derive(Clone, Debug, PartialEq)]
pub struct VariancePrior {
    /// Prior variance of each entry.
    pub scale: Vec<f64>,
    /// Prior degrees of freedom of each entry; infinite when the variances do not vary more than chance.
    pub df: Vec<f64>,
}

impl VariancePrior {
    /// A prior without weight: variances stay as they are.
    pub(crate) fn none(variances: &[f64]) -> Self {
        Self { scale: variances.to_vec(), df: vec![0.0; variances.len()] }
    }

    /// The posterior variance of each entry: the mean of prior and observed variance weighted by their degrees of freedom.
    #[must_use]
    pub fn posterior(&self, variances: &[f64], df: &[f64]) -> Vec<f64> {
        let pairs = self.scale.iter().zip(&self.df);
        variances
            .iter()
            .zip(df)
            .zip(pairs)
            .map(
                |((&s2, &df), (&scale, &prior))| {
                    if prior.is_infinite() { scale } else { (df * s2 + prior * scale) / (df + prior) }
                },
            )
            .collect()
    }
}

/// Fits the prior by moments. `covariate` gives the prior variance a trend.
#[must_use]
pub fn fit_variance_prior(variances: &[f64], df: &[f64], covariate: Option<&[f64]>) -> VariancePrior {
    let usable: Vec<usize> = (0..variances.len())
        .filter(|&i| variances[i].is_finite() && df[i].is_finite() && df[i] > NO_DF && variances[i] > -NO_DF)
        .collect();
    if variances.len() < 3 || usable.len() < 2 {
        return VariancePrior::none(variances);
    }
    let pick = |values: &[f64]| -> Vec<f64> { usable.iter().map(|&i| values[i]).collect() };
    let (observed, df1) = (floored(pick(variances)), pick(df));
    let logs: Vec<f64> =
        observed.iter().zip(of_each(&df1, ln_minus_digamma)).map(|(x, shift)| x.ln() + shift).collect();
    let trend = match covariate {
        Some(covariate) => Trend::fit(&pick(covariate), &logs),
        None => Trend::flat(&logs),
    };
    let expected = of_each(&df1, trigamma);
    let excess = trend.variance - mean(&expected);
    let df2 = if excess > 0.0 { 2.0 * trigamma_inverse(excess) } else { f64::INFINITY };
    let shift = if excess > 0.0 { digamma(0.5 * df2) - (0.5 * df2).ln() } else { 0.0 };
    let scale_at = |i: usize| match (covariate, excess > 0.0) {
        (None, false) => mean(&observed),
        _ => (trend.at(i, covariate) + shift).exp(),
    };
    let flat_scale = covariate.is_none().then(|| scale_at(0));
    let scale = (0..variances.len()).map(|i| flat_scale.unwrap_or_else(|| scale_at(i))).collect();
    VariancePrior { scale, df: vec![df2; variances.len()] }
}

/// A function of half of all degrees of freedom, worked out anew only where they change: they are mostly the same.
fn of_each(df: &[f64], function: fn(f64) -> f64) -> Vec<f64> {
    let mut last = (f64::NAN, f64::NAN);
    df.iter()
        .map(|&df| {
            if df != last.0 {
                last = (df, function(0.5 * df));
            }
            last.1
        })
        .collect()
}

/// Non-negative variances, raised to a small share of their median.
fn floored(mut variances: Vec<f64>) -> Vec<f64> {
    let typical = match median(&mut variances.clone()) {
        m if m > 0.0 => m,
        _ => 1.0,
    };
    variances.iter_mut().for_each(|x| *x = x.max(RELATIVE_FLOOR * typical));
    variances
}

/// Mean of the log variances along the covariate, and their variance about it.
struct Trend {
    curve: Option<SplineRegression>,
    mean: f64,
    variance: f64,
}

impl Trend {
    fn flat(logs: &[f64]) -> Self {
        let centre = mean(logs);
        let squares = crate::summation::sum(logs.iter().map(|x| (x - centre) * (x - centre)));
        Self { curve: None, mean: centre, variance: squares / (logs.len() - 1) as f64 }
    }

    /// A natural spline with one basis function per enough observations: up to four.
    fn fit(covariate: &[f64], logs: &[f64]) -> Self {
        let n = logs.len();
        let functions = 1 + usize::from(n >= 3) + usize::from(n >= 6) + usize::from(n >= 30);
        let functions = functions.min(distinct(covariate));
        if functions < 2 {
            return Self::flat(logs);
        }
        let curve = SplineRegression::fit(covariate, logs, functions);
        let variance = curve.residual_variance;
        Self { curve: Some(curve), mean: f64::NAN, variance }
    }

    fn at(&self, i: usize, covariate: Option<&[f64]>) -> f64 {
        match (&self.curve, covariate) {
            (Some(curve), Some(covariate)) => curve.at(covariate[i]),
            _ => self.mean,
        }
    }
}

fn distinct(values: &[f64]) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.dedup();
    sorted.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let variances = (1..=60).map(|i| 0.3 + f64::from(i * 17 % 23) / 9.0).collect();
        let df = (1..=60).map(|i| if i % 7 == 0 { 3.0 } else { 4.0 }).collect();
        let covariate = (1..=60).map(|i| f64::from(i * 13 % 61)).collect();
        (variances, df, covariate)
    }

    /// `limma::squeezeVar(s2 * c, df)` and with `covariate`, limma 3.54.
    #[test]
    fn prior_is_that_of_limma() {
        let (mut variances, df, covariate) = example();
        variances.iter_mut().enumerate().for_each(|(i, v)| *v *= 1.0 + (i % 5) as f64 * 2.0);
        let flat = fit_variance_prior(&variances, &df, None);
        let trended = fit_variance_prior(&variances, &df, Some(&covariate));
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-11, "{a:.16} {b:.16}");
        close(flat.df[0], FLAT[0]);
        close(flat.scale[0], FLAT[1]);
        close(trended.df[0], TRENDED[0]);
        close(trended.scale[0], TRENDED[1]);
        close(trended.posterior(&variances, &df)[6], TRENDED[2]);
    }
    const FLAT: [f64; 2] = [7.132_543_358_202_628, 6.105_598_287_699_303];
    const TRENDED: [f64; 3] = [6.493_112_712_892_216, 6.569_427_858_565_565, 5.066_488_173_352_953];

    #[test]
    fn equal_variances_have_infinite_prior_weight() {
        let prior = fit_variance_prior(&[2.0; 10], &[4.0; 10], None);
        assert!(prior.df[0].is_infinite());
        assert_eq!(prior.posterior(&[2.0; 10], &[4.0; 10])[3], 2.0);
    }
}
