//! Empirical-Bayes shrinkage of variances whose degrees of freedom differ, by maximum likelihood.
//!
//! `s² ~ s₀² F(df, d₀)` as in [`variance`](super::variance), but with an entry counted by what its degrees
//! of freedom let it tell: the trend of `ln s²` is a lowess curve with weights `1/ψ'(df/2)`, the reciprocal variances of
//! `ln s²` (Smyth 2004, doi:10.2202/1544-6115.1027), and `d₀` maximises the likelihood of all variances about it. Upstream:
//! limma 3.61 and later, `squeezeVar(legacy = FALSE)`. Spans, bounds and limits below reproduce its answers.

use crate::brent;
use crate::multiple_testing::benjamini_hochberg;
use crate::order_statistics::{median, quantile};
use crate::shrinkage::outlier_df::{Ratio, df_of_outliers};
use crate::shrinkage::variance::VariancePrior;
use crate::smoothing::{WeightedLowess, weighted_line, weighted_lowess_fit};
use crate::special::{ln_f_density, ln_f_tails, ln_minus_digamma, trigamma};

/// Degrees of freedom below which an entry says nothing.
const NO_DF: f64 = 0.01;
/// Variances are raised to this share of their median before logs are taken.
const RELATIVE_FLOOR: f64 = 1e-12;
/// Weights of the trend, in units of their upper quartile, are kept within these bounds.
const WEIGHT_BOUNDS: (f64, f64) = (1e-8, 100.0);
/// Up to this many entries the trend is one line; with more, its span falls with the cube root of their number.
const SMALL_NUMBER: f64 = 500.0;
/// The span of infinitely many entries.
const LEAST_SPAN: f64 = 0.3;
/// With fewer entries the trend is one straight line (limma's manual, `?loessFit`).
const FEWEST_FOR_CURVE: usize = 5;
/// Anchors of the trend.
const ANCHORS: usize = 200;
/// Range of `(d₀/2) / (1 + d₀/2)` in which the likelihood is searched.
const SEARCH: (f64, f64) = (0.5, 0.9998);
/// An entry whose variance is too far from the trend for chance, at this false discovery rate, is an outlier. Upstream's
/// limit was observed to lie between 0.058 and 0.315.
const OUTLIER_FDR: f64 = 0.3;

/// Fits the prior by maximum likelihood; `covariate` gives the prior variance a trend, `robust` makes it immune to outliers.
#[must_use]
pub fn fit_variance_prior_unequal_df(
    variances: &[f64],
    df: &[f64],
    covariate: Option<&[f64]>,
    robust: bool,
) -> VariancePrior {
    let n = variances.len();
    if n < 3 || df.iter().filter(|df| **df >= NO_DF).count() < 2 {
        return VariancePrior::none(variances);
    }
    let entries = Entries::new(variances, df, covariate);
    let plain = entries.fit(&vec![1.0; n]);
    let outliers = if robust { entries.outlier_weights(&plain) } else { None };
    let Some(weights) = outliers else {
        return VariancePrior { df: vec![plain.df; n], scale: plain.scale };
    };
    // who is an outlier is judged by the first fit, what the others share by the second
    let bulk = entries.fit(&weights);
    let told = |df: f64| if df < NO_DF { 0.0 } else { df };
    let ratio = |i: usize| Ratio { value: entries.variances[i] / plain.scale[i], df: told(df[i]) };
    let ratios: Vec<Ratio> = (0..n).map(ratio).collect();
    VariancePrior { df: df_of_outliers(&ratios, plain.df, bulk.df), scale: bulk.scale }
}

/// Variances with what is known of them.
struct Entries<'a> {
    variances: Vec<f64>,
    df: &'a [f64],
    covariate: Option<&'a [f64]>,
    /// Estimates of `ln s₀²` but for a term that `d₀` adds.
    logs: Vec<f64>,
    /// Reciprocal variances of these; zero without degrees of freedom.
    weights: Vec<f64>,
}

/// A prior with the same degrees of freedom for all.
struct Fit {
    scale: Vec<f64>,
    df: f64,
}

impl<'a> Entries<'a> {
    fn new(variances: &[f64], df: &'a [f64], covariate: Option<&'a [f64]>) -> Self {
        let floor = RELATIVE_FLOOR * median(&mut variances.to_vec());
        let variances: Vec<f64> = variances.iter().map(|x| x.max(floor).max(f64::MIN_POSITIVE)).collect();
        let tells = |df: f64| df >= NO_DF;
        let log = |(x, df): (&f64, &f64)| x.ln() + if tells(*df) { ln_minus_digamma(0.5 * df) } else { 0.0 };
        let weight = |df: &f64| if tells(*df) { 1.0 / trigamma(0.5 * df) } else { 0.0 };
        let logs = variances.iter().zip(df).map(log).collect();
        Self { logs, weights: df.iter().map(weight).collect(), variances, df, covariate }
    }

    /// Trend and degrees of freedom, each entry counted `weights` times.
    fn fit(&self, weights: &[f64]) -> Fit {
        let trend = self.trend(weights);
        let scale = |df: f64| {
            let shift = ln_minus_digamma(0.5 * df);
            trend.iter().map(move |t| (t - shift).exp())
        };
        let df = |u: f64| 2.0 * u / (1.0 - u);
        let minus_twice_ln_likelihood = |u: f64| {
            let entries = self.variances.iter().zip(self.df).zip(weights).zip(scale(df(u)));
            let terms =
                entries.filter(|(((_, df), _), _)| **df >= NO_DF).map(|(((x, df1), weight), scale)| {
                    weight * (ln_f_density(x / scale, *df1, df(u)) - scale.ln())
                });
            -2.0 * crate::summation::sum(terms)
        };
        let best = df(brent::minimise(minus_twice_ln_likelihood, SEARCH, brent::R_DEFAULT_TOLERANCE));
        Fit { scale: scale(best).collect(), df: best }
    }

    /// Expected log variance of each entry.
    fn trend(&self, weights: &[f64]) -> Vec<f64> {
        let weights: Vec<f64> = self.weights.iter().zip(weights).map(|(own, given)| own * given).collect();
        let n = weights.len();
        let Some(covariate) = self.covariate else {
            let total = crate::summation::sum(weights.iter().copied());
            let mean = crate::summation::sum(self.logs.iter().zip(&weights).map(|(z, w)| z * w)) / total;
            return vec![mean; n];
        };
        let unit = quantile(&mut weights.clone(), 0.75).max(f64::MIN_POSITIVE);
        let bounded: Vec<f64> =
            weights.iter().map(|w| (w / unit).clamp(WEIGHT_BOUNDS.0, WEIGHT_BOUNDS.1)).collect();
        let span = (LEAST_SPAN + (1.0 - LEAST_SPAN) * (SMALL_NUMBER / n as f64).cbrt()).min(1.0);
        if n < FEWEST_FOR_CURVE {
            return weighted_line(covariate, &self.logs, &bounded);
        }
        weighted_lowess_fit(covariate, &self.logs, &bounded, &WeightedLowess { span, anchors: ANCHORS })
    }

    /// How much each entry shall count in a second fit: outliers by their false discovery rate, all others fully; `None`
    /// without outliers.
    ///
    /// Entries without degrees of freedom are at the lower end of all, as their variance of zero is.
    fn outlier_weights(&self, fit: &Fit) -> Option<Vec<f64>> {
        let p: Vec<f64> = (0..self.df.len())
            .map(|i| {
                if self.df[i] < NO_DF {
                    return 0.0;
                }
                let (lower, upper) = ln_f_tails(self.variances[i] / fit.scale[i], self.df[i], fit.df);
                2.0 * lower.min(upper).exp()
            })
            .collect();
        let fdr = benjamini_hochberg(&p);
        if fdr.iter().all(|fdr| *fdr >= OUTLIER_FDR) {
            return None;
        }
        Some(fdr.into_iter().map(|fdr| if fdr < OUTLIER_FDR { fdr } else { 1.0 }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let variances =
            (1..=600).map(|i| (0.3 + f64::from(i * 17 % 23) / 9.0) * f64::from(1 + i % 5)).collect();
        let df = (1..=600).map(|i| if i % 7 == 0 { 1.5 } else { 4.0 }).collect();
        let covariate = (1..=600).map(|i| f64::from(i * 13 % 61) + f64::from(i) / 1e3).collect();
        (variances, df, covariate)
    }

    #[test]
    fn outliers_lose_their_prior_and_change_no_one_elses() {
        let (mut variances, df, covariate) = example();
        let before = fit_variance_prior_unequal_df(&variances, &df, Some(&covariate), true);
        variances[100] = 1e5;
        let after = fit_variance_prior_unequal_df(&variances, &df, Some(&covariate), true);
        assert!(after.df[100] < 1.0 && after.df[0] > 0.9 * before.df[0]);
        assert!((after.scale[101] / before.scale[101] - 1.0).abs() < 0.02);
    }

    #[test]
    fn entries_without_degrees_of_freedom_change_nothing() {
        let (mut variances, mut df, mut covariate) = example();
        let before = fit_variance_prior_unequal_df(&variances, &df, Some(&covariate), false);
        variances.push(0.0);
        df.push(0.0);
        covariate.push(30.05);
        let after = fit_variance_prior_unequal_df(&variances, &df, Some(&covariate), false);
        assert!((after.df[0] / before.df[0] - 1.0).abs() < 0.01);
    }
}
