//! The trend of dispersion over the mean.
//!
//! Upstream: DESeq2 `parametricDispersionFit`, `localDispersionFit` and `fitType = "mean"`. The Gamma model is fitted as R's `glm` does,
//! whose stopping rule is part of the numbers; the local curve is locfit's, with its tree of vertices.

use std::sync::Arc;

use alkaline_math::smoothing::{Degree, LocalRegression, SmoothCurves};
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use crate::DgeError;

/// Dispersions above this make the trend.
const INFORMATIVE: f64 = 1e-6;

/// How dispersion follows the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DispersionTrend {
    /// `a0 + a1 / mean`; where no such curve fits, the local one, and the table's record says so.
    #[default]
    Parametric,
    /// A local regression of ln dispersion on ln mean (locfit).
    Local,
    /// The same for all genes.
    Mean,
}

/// A fitted trend.
#[derive(Clone, Debug)]
pub(super) enum Trend {
    Parametric {
        asymptote: f64,
        extra: f64,
    },
    /// The logarithm of the dispersion over that of the mean.
    Local {
        curve: Arc<SmoothCurves>,
        /// Whether it stands in for a parametric curve that did not fit.
        is_makeshift: bool,
    },
    Mean(f64),
}

impl Trend {
    /// The trend of gene-wise dispersions over base means.
    ///
    /// # Errors
    /// [`DgeError::FlatDispersions`] when all dispersions are at their floor, [`DgeError::NoTrend`] when no curve fits.
    pub(super) fn fit(genes: &[(f64, f64)], kind: DispersionTrend) -> Result<Self, DgeError> {
        if !genes.iter().any(|(_, dispersion)| *dispersion > INFORMATIVE) {
            return Err(DgeError::FlatDispersions);
        }
        match kind {
            DispersionTrend::Mean => Ok(Self::Mean(trimmed_mean_of(genes))),
            DispersionTrend::Local => local(genes, false).ok_or(DgeError::NoTrend),
            DispersionTrend::Parametric => {
                parametric(genes).or_else(|| local(genes, true)).ok_or(DgeError::NoTrend)
            }
        }
    }

    /// The dispersion at a base mean.
    pub(super) fn at(&self, mean: f64) -> f64 {
        match self {
            Self::Parametric { asymptote, extra } => asymptote + extra / mean,
            Self::Local { curve, .. } => {
                let mut ln_dispersion = [0.0];
                curve.at(mean.ln(), &mut ln_dispersion);
                ln_dispersion[0].exp()
            }
            Self::Mean(value) => *value,
        }
    }

    /// What is said where another trend was asked for.
    pub(super) fn makeshift_in_words(&self) -> Option<&'static str> {
        match self {
            Self::Local { is_makeshift: true, .. } => self.in_words(),
            _ => None,
        }
    }

    /// What is said of it beside the table, where it is not the default.
    pub(super) fn in_words(&self) -> Option<&'static str> {
        match self {
            Self::Parametric { .. } => None,
            Self::Local { is_makeshift: true, .. } => Some("trend local, since no parametric curve fits"),
            Self::Local { is_makeshift: false, .. } => Some("trend local"),
            Self::Mean(_) => Some("trend mean"),
        }
    }
}

/// Local regression weighted by the mean: abundant genes know their dispersion best.
fn local(genes: &[(f64, f64)], is_makeshift: bool) -> Option<Trend> {
    /// Share of the genes in the neighbourhood of a point (locfit's default).
    const SPAN: f64 = 0.7;
    let genes: Vec<(f64, f64)> = genes.iter().copied().filter(|gene| gene.1 > INFORMATIVE).collect();
    let means: Vec<f64> = genes.iter().map(|gene| gene.0).collect();
    let ln_means: Vec<f64> = means.iter().map(|mean| mean.ln()).collect();
    let ln_dispersions: Vec<f64> = genes.iter().map(|gene| gene.1.ln()).collect();
    let smoother = LocalRegression::new(&ln_means, SPAN, Degree::Quadratic)?;
    let column = ArrayView2::from_shape((ln_dispersions.len(), 1), &ln_dispersions).ok()?;
    let curve = Arc::new(smoother.fit_weighted(column, Some(&means)));
    Some(Trend::Local { curve, is_makeshift })
}

fn trimmed_mean_of(genes: &[(f64, f64)]) -> f64 {
    let mut values: Vec<f64> = genes.iter().map(|gene| gene.1).filter(|value| *value > 1e-7).collect();
    values.sort_unstable_by(f64::total_cmp);
    trimmed_mean(&values, 0.001)
}

/// The mean of sorted values without a share of them at each end.
pub(super) fn trimmed_mean(sorted: &[f64], share: f64) -> f64 {
    let drop = (sorted.len() as f64 * share).floor() as usize;
    let kept = &sorted[drop..sorted.len() - drop];
    kept.iter().sum::<f64>() / kept.len() as f64
}

fn parametric(genes: &[(f64, f64)]) -> Option<Trend> {
    const MOST_ROUNDS: usize = 11;
    let genes: Vec<(f64, f64)> =
        genes.iter().copied().filter(|(_, dispersion)| *dispersion > INFORMATIVE).collect();
    let mut coefficients = [0.1, 1.0];
    for _ in 0..MOST_ROUNDS {
        let [a, b] = coefficients;
        let fits = |(mean, dispersion): &(f64, f64)| {
            let ratio = dispersion / (a + b / mean);
            ratio > 1e-4 && ratio < 15.0
        };
        let good: Vec<(f64, f64)> = genes.iter().copied().filter(fits).collect();
        let (next, converged) = gamma_model(&good, coefficients)?;
        if next.iter().any(|value| *value <= 0.0 || value.is_nan()) {
            return None;
        }
        let change: f64 = next.iter().zip(coefficients).map(|(new, old)| (new / old).ln().powi(2)).sum();
        coefficients = next;
        if change < 1e-6 && converged {
            return Some(Trend::Parametric { asymptote: next[0], extra: next[1] });
        }
    }
    None
}

/// A Gamma model with identity link, from `start`: coefficients and whether the deviance settled.
fn gamma_model(genes: &[(f64, f64)], start: [f64; 2]) -> Option<([f64; 2], bool)> {
    const MOST_ROUNDS: usize = 25;
    let deviance = |[a, b]: [f64; 2]| -> Option<f64> {
        let term = |(mean, y): &(f64, f64)| {
            let mu = a + b / mean;
            (mu > 0.0).then(|| -2.0 * ((y / mu).ln() - (y - mu) / mu))
        };
        genes.iter().map(term).sum()
    };
    let mut coefficients = start;
    let mut before = deviance(start)?;
    for _ in 0..MOST_ROUNDS {
        let mut next = weighted_line(genes, coefficients)?;
        let mut now = deviance(next);
        for _ in 0..MOST_ROUNDS {
            if now.is_some() {
                break;
            }
            next = [0, 1].map(|i| 0.5 * (next[i] + coefficients[i]));
            now = deviance(next);
        }
        let now = now?;
        coefficients = next;
        if (now - before).abs() / (now.abs() + 0.1) < 1e-8 {
            return Some((coefficients, true));
        }
        before = now;
    }
    Some((coefficients, false))
}

/// Least squares of the dispersions on one and 1/mean, weighted by the squared inverse of the fit at `coefficients`.
fn weighted_line(genes: &[(f64, f64)], [a, b]: [f64; 2]) -> Option<[f64; 2]> {
    // centred sums: the intercept and 1/mean are nearly collinear where most genes are abundant
    let weight = |mean: f64| (a + b / mean).powi(-2);
    let total: f64 = genes.iter().map(|(mean, _)| weight(*mean)).sum();
    let centre_x = genes.iter().map(|(mean, _)| weight(*mean) / mean).sum::<f64>() / total;
    let centre_y = genes.iter().map(|(mean, y)| weight(*mean) * y).sum::<f64>() / total;
    let (mut squares, mut products) = (0.0, 0.0);
    for (mean, y) in genes {
        let (w, x) = (weight(*mean), 1.0 / mean - centre_x);
        squares += w * x * x;
        products += w * x * (y - centre_y);
    }
    let slope = products / squares;
    (squares > 0.0).then_some([centre_y - slope * centre_x, slope])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispersions_that_no_parametric_curve_fits_are_smoothed_and_that_is_told() {
        // they grow with the mean, so that the part that falls with it is negative
        let genes: Vec<(f64, f64)> = (1..200).map(|i| (f64::from(i), 0.01 * f64::from(i))).collect();
        let trend = Trend::fit(&genes, DispersionTrend::Parametric).unwrap();
        assert_eq!(trend.in_words(), Some("trend local, since no parametric curve fits"));
        assert!((trend.at(100.0) - 1.0).abs() < 1e-6, "{}", trend.at(100.0));
        assert!(matches!(Trend::fit(&genes, DispersionTrend::Mean), Ok(Trend::Mean(value)) if value > 0.9));
    }

    #[test]
    fn two_genes_have_no_curve() {
        let genes = [(10.0, 0.1)];
        assert!(matches!(Trend::fit(&genes, DispersionTrend::Local), Err(DgeError::NoTrend)));
    }

    #[test]
    fn dispersions_at_their_floor_have_no_trend() {
        let genes = [(10.0, 1e-8), (100.0, 1e-8), (1000.0, 1e-7)];
        assert!(matches!(Trend::fit(&genes, DispersionTrend::Mean), Err(DgeError::FlatDispersions)));
    }
}
