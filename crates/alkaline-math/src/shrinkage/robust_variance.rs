//! Empirical-Bayes shrinkage of variances that is not misled by a few hypervariable entries.
//!
//! The steps are those of Phipson, Lee, Majewski, Alexander & Smyth (2016), doi:10.1214/16-AOAS920:
//!
//! 1. a trend of the log variances over the covariate, robust against outliers: lowess (limma's manual, `?fitFDistRobustly`);
//!    without a covariate a trimmed mean;
//! 2. log variances about it are winsorised: the lowest 5 and the highest 10 per cent are pulled in to their quantiles;
//! 3. mean and variance of a winsorised log F variable are integrals, found by Gauss-Legendre quadrature;
//! 4. the prior degrees of freedom are those at which that variance is the observed one; the prior variance follows from the
//!    difference of the means;
//! 5. entries that this prior does not explain get fewer degrees of freedom (the module `outlier_df`).
//!
//! Entries with fewer degrees of freedom than most enter with the variance of equal tail probability, since the integrals are those of
//! one F distribution. The paper leaves open how wide the lowess window is, what stands in for variances of zero, and that robust
//! degrees of freedom are not below the plain ones: constants and rules here are those with which the answers of limma 3.54 come
//! out, which the golden cases guard. Upstream: limma `fitFDistRobustly`.

use crate::order_statistics::{larger, median, quantile, smaller};
use crate::quadrature::gauss_legendre;
use crate::shrinkage::outlier_df::{Ratio, df_of_outliers};
use crate::shrinkage::variance::{VariancePrior, fit_variance_prior};
use crate::smoothing::{Lowess, lowess_fit};
use crate::special::{f_quantile, ln_f_density, ln_f_tails};
use crate::summation::{mean, sum};

/// Shares of the lower and upper tail that are pulled in.
const TAILS: (f64, f64) = (0.05, 0.1);
/// Variances are raised to this share of their median before logs are taken.
const RELATIVE_FLOOR: f64 = 1e-12;
/// Share of the entries that each local fit of the trend uses.
const TREND_SPAN: f64 = 0.4;
/// Where the search for the prior degrees of freedom `d` ends, on the scale `d / (1 + d)`: thousands are found to a few digits only, and
/// the same ones as in limma because the steps are the same.
const TOLERANCE: f64 = 1e-8;
/// Nodes of the quadrature.
const NODES: usize = 128;

/// Fits the prior robustly; `covariate` gives the prior variance a trend.
#[must_use]
pub fn fit_variance_prior_robustly(
    variances: &[f64],
    df: &[f64],
    covariate: Option<&[f64]>,
) -> VariancePrior {
    let plain = fit_variance_prior(variances, df, covariate);
    let usable: Vec<usize> = (0..variances.len())
        .filter(|&i| df[i] > 1e-6 && df[i].is_finite() && variances[i].is_finite())
        .collect();
    let tails_hold_something = usable.len() as f64 * TAILS.0.max(TAILS.1) >= 1.0;
    if !tails_hold_something {
        return plain;
    }
    let largest = usable.iter().map(|&i| df[i]).fold(0.0, larger);
    let observed = at_equal_df(variances, df, largest, &usable, &plain);
    if observed.iter().any(|x| !(x.is_finite() && *x > 0.0)) {
        return plain;
    }
    let chosen: Option<Vec<f64>> = covariate.map(|c| usable.iter().map(|&i| c[i]).collect());
    let logs: Vec<f64> = observed.iter().map(|x| x.ln()).collect();
    let trend = robust_trend(&logs, chosen.as_deref());
    let residuals: Vec<f64> = logs.iter().zip(&trend).map(|(z, t)| z - t).collect();
    let target = winsorised(&residuals);
    let lower_bound = plain.df.first().copied().unwrap_or(f64::INFINITY);
    if lower_bound.is_infinite() && target.1 > expected(largest, lower_bound).1 {
        // outliers cannot be why the variances seem not to vary: nothing to be robust against
        return plain;
    }
    let prior_df = matching_df(largest, target.1, lower_bound);
    let centre = target.0 - expected(largest, prior_df).0;
    let scale: Vec<f64> = trend.iter().map(|t| (t + centre).exp()).collect();
    let ratio = |(x, s): (&f64, &f64)| Ratio { value: x / s, df: largest };
    let ratios: Vec<Ratio> = observed.iter().zip(&scale).map(ratio).collect();
    // no entry can know more than all entries together
    let most = prior_df.min(ratios.len() as f64 * largest);
    let shrunk = df_of_outliers(&ratios, prior_df, most);
    spread(variances.len(), &usable, &scale, &shrunk, covariate)
}

/// Variances as they would be with the largest number of degrees of freedom, at the same tail probability.
fn at_equal_df(
    variances: &[f64],
    df: &[f64],
    largest: f64,
    usable: &[usize],
    plain: &VariancePrior,
) -> Vec<f64> {
    let mut positive: Vec<f64> = usable.iter().map(|&i| variances[i]).collect();
    let floor = RELATIVE_FLOOR * median(&mut positive);
    let raised = |i: usize| {
        let x = variances[i].max(floor);
        if df[i] >= largest - 1e-14 {
            return x;
        }
        let ratio = x / plain.scale[i];
        let (lower, upper) = ln_f_tails(ratio, df[i], plain.df[i]);
        plain.scale[i] * f_quantile(lower.min(upper), upper < lower, largest, plain.df[i])
    };
    usable.iter().map(|&i| raised(i)).collect()
}

/// Lowess over the covariate, or the mean of the middle eighty per cent.
fn robust_trend(logs: &[f64], covariate: Option<&[f64]>) -> Vec<f64> {
    match covariate {
        Some(covariate) => {
            let low = covariate.iter().copied().fold(f64::INFINITY, smaller);
            let high = covariate.iter().copied().fold(f64::NEG_INFINITY, larger);
            let settings = Lowess { span: TREND_SPAN, robust_rounds: 3, delta: 0.01 * (high - low) };
            lowess_fit(covariate, logs, &settings)
        }
        None => {
            let mut sorted = logs.to_vec();
            sorted.sort_by(f64::total_cmp);
            let cut = (sorted.len() as f64 * TAILS.1) as usize;
            vec![mean(&sorted[cut..sorted.len() - cut]); logs.len()]
        }
    }
}

/// Mean and variance after pulling both tails in to their quantiles.
fn winsorised(values: &[f64]) -> (f64, f64) {
    let mut sorted = values.to_vec();
    let (low, high) = (quantile(&mut sorted, TAILS.0), quantile(&mut sorted, 1.0 - TAILS.1));
    let pulled: Vec<f64> = values.iter().map(|v| v.clamp(low, high)).collect();
    let centre = mean(&pulled);
    (centre, sum(pulled.iter().map(|v| (v - centre).powi(2))) / (pulled.len() - 1) as f64)
}

/// Expected mean and variance of a winsorised log F variable.
fn expected(df1: f64, df2: f64) -> (f64, f64) {
    let quantiles = [f_quantile(TAILS.0.ln(), false, df1, df2), f_quantile(TAILS.1.ln(), true, df1, df2)];
    // the F variable is mapped to u = x / (1 + x), so that the range of integration is short
    let [low, high] = quantiles.map(|x| x / (1.0 + x));
    let ends = quantiles.map(f64::ln);
    let nodes = gauss_legendre(NODES);
    let points: Vec<(f64, f64)> = nodes
        .iter()
        .map(|(node, weight)| {
            let u = 0.5 * (low + high) + 0.5 * (high - low) * node;
            let x = u / (1.0 - u);
            let density = ln_f_density(x, df1, df2).exp() / ((1.0 - u) * (1.0 - u));
            (x.ln(), 0.5 * (high - low) * weight * density)
        })
        .collect();
    let centre = sum(points.iter().map(|(z, w)| z * w)) + ends[0] * TAILS.0 + ends[1] * TAILS.1;
    let spread = |z: f64| (z - centre).powi(2);
    let variance = sum(points.iter().map(|(z, w)| spread(*z) * w))
        + spread(ends[0]) * TAILS.0
        + spread(ends[1]) * TAILS.1;
    (centre, variance)
}

/// The prior degrees of freedom at which the winsorised variance is that observed, not below `lowest`.
fn matching_df(df1: f64, observed: f64, lowest: f64) -> f64 {
    let excess = |df2: f64| (expected(df1, df2).1 / observed).ln();
    if lowest.is_infinite() || excess(f64::INFINITY) >= 0.0 {
        return f64::INFINITY;
    }
    if excess(lowest) <= 0.0 {
        return lowest;
    }
    let link = |df2: f64| df2 / (1.0 + df2);
    let df2 = |u: f64| if u >= 1.0 { f64::INFINITY } else { u / (1.0 - u) };
    df2(crate::brent::root_within(|u| excess(df2(u)), (link(lowest), 1.0), TOLERANCE))
}

/// Values of the usable entries spread over all; the others take the scale of the trend at their covariate and the largest
/// degrees of freedom.
fn spread(n: usize, usable: &[usize], scale: &[f64], df: &[f64], covariate: Option<&[f64]>) -> VariancePrior {
    let most = df.iter().copied().fold(0.0, larger);
    let mut prior = VariancePrior { scale: vec![f64::NAN; n], df: vec![most; n] };
    for ((&i, &s), &d) in usable.iter().zip(scale).zip(df) {
        (prior.scale[i], prior.df[i]) = (s, d);
    }
    let mut known: Vec<(f64, f64)> =
        usable.iter().zip(scale).map(|(&i, s)| (covariate.map_or(0.0, |c| c[i]), s.ln())).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    for i in 0..n {
        if prior.scale[i].is_nan() {
            prior.scale[i] = interpolate(&known, covariate.map_or(0.0, |c| c[i])).exp();
        }
    }
    prior
}

/// Linear interpolation, constant beyond the ends.
fn interpolate(points: &[(f64, f64)], x: f64) -> f64 {
    let right = points.partition_point(|(at, _)| *at < x);
    match (right.checked_sub(1).map(|left| points[left]), points.get(right)) {
        (Some((x0, y0)), Some(&(x1, y1))) if x1 > x0 => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
        (_, Some(&(_, y))) | (Some((_, y)), None) => y,
        (None, None) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `limma::squeezeVar(s2, 4, robust = TRUE)` and with `covariate`, limma 3.54.
    #[test]
    fn outliers_get_fewer_degrees_of_freedom_as_in_limma() {
        let mut variances: Vec<f64> =
            (1..=80).map(|i| (0.3 + f64::from(i * 17 % 23) / 9.0) * f64::from(1 + (i - 1) % 5)).collect();
        variances[10] = 900.0;
        variances[40] = 400.0;
        let covariate: Vec<f64> = (1..=80).map(|i| f64::from(i * 13 % 61)).collect();
        let flat = fit_variance_prior_robustly(&variances, &[4.0; 80], None);
        let trended = fit_variance_prior_robustly(&variances, &[4.0; 80], Some(&covariate));
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-7, "{a:.16} {b:.16}");
        close(flat.df[10], FLAT[0]);
        close(flat.df[0], FLAT[1]);
        close(flat.scale[0], FLAT[2]);
        close(trended.df[10], TRENDED[0]);
        close(trended.df[0], TRENDED[1]);
        close(trended.scale[0], TRENDED[2]);
    }
    const FLAT: [f64; 3] = [0.20678898100545393, 16.50127347165295, 4.609712167003515];
    const TRENDED: [f64; 3] = [0.2092647003380183, 16.74486571144182, 4.171162762281544];
}
