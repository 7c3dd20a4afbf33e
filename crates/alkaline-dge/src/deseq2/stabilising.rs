//! The curve on which counts of a trend of dispersions have one variance: the integral of one over the standard deviation.

use std::f64::consts::{LN_2, LOG2_E};

use alkaline_core::CountMatrix;
use alkaline_math::order_statistics::quantile;
use alkaline_math::splines::InterpolatingSpline;

use super::analysis::each_gene;
use super::depth::Depth;
use super::equal_depth::{base_mean, normalised};
use super::trend::Trend;

/// The curve; its scale is that of log2 for abundant genes.
pub(super) enum Stabilising {
    /// In closed form, where the variance is `μ + (a0 + a1/μ) μ²`.
    Parametric { asymptote: f64, extra: f64 },
    /// In closed form, where the dispersion is the same for all genes.
    OneDispersion(f64),
    /// By summation, over the inverse hyperbolic sine of counts, shifted and scaled to log2 at two quantiles of the means.
    Summed { curve: InterpolatingSpline, scale: f64, shift: f64 },
}

impl Stabilising {
    pub(super) fn new(trend: &Trend, matrix: &CountMatrix, depth: &Depth) -> Self {
        match trend {
            Trend::Parametric { asymptote, extra } => {
                Self::Parametric { asymptote: *asymptote, extra: *extra }
            }
            Trend::Mean(dispersion) => Self::OneDispersion(*dispersion),
            Trend::Local { .. } => summed(trend, matrix, depth),
        }
    }

    /// The value of a count at equal depth.
    pub(super) fn at(&self, q: f64) -> f64 {
        match self {
            Self::Parametric { asymptote, extra } => {
                let product = asymptote * q;
                let root = (product * (1.0 + extra + product)).sqrt();
                ((1.0 + extra + 2.0 * product + 2.0 * root) / (4.0 * asymptote)).log2()
            }
            Self::OneDispersion(dispersion) => {
                (2.0 * (dispersion * q).sqrt().asinh() - dispersion.ln() - 4.0_f64.ln()) / LN_2
            }
            Self::Summed { curve, scale, shift } => scale * curve.at(q.asinh()) + shift,
        }
    }
}

/// Sums one over the standard deviation along a grid, finer for small counts.
fn summed(trend: &Trend, matrix: &CountMatrix, depth: &Depth) -> Stabilising {
    const STEPS: usize = 999;
    let largest = each_gene(matrix, |gene, counts| normalised(counts, depth.of(gene)).fold(0.0, f64::max));
    let end = largest.into_iter().fold(0.0, f64::max).asinh();
    let grid: Vec<f64> = (1..=STEPS).map(|i| (end * i as f64 / STEPS as f64).sinh()).collect();
    let inverse_deviation = |x: &f64| 1.0 / (trend.at(*x) * x * x + depth.inverse * x).sqrt();
    let heights: Vec<f64> = grid.iter().map(inverse_deviation).collect();
    let mut sum = 0.0;
    let areas = grid.windows(2).zip(heights.windows(2)).map(|(x, height)| {
        sum += (x[1] - x[0]) * 0.5 * (height[0] + height[1]);
        sum
    });
    let areas: Vec<f64> = areas.collect();
    let middles = grid.windows(2).map(|x| (0.5 * (x[0] + x[1])).asinh()).collect();
    let curve = InterpolatingSpline::new(middles, areas);
    let mut means = each_gene(matrix, |gene, counts| base_mean(counts, depth.of(gene)));
    let (low, high) = (quantile(&mut means, 0.95), quantile(&mut means, 0.999));
    let at = |mean: f64| curve.at(mean.asinh());
    let scale = LOG2_E * (high.ln() - low.ln()) / (at(high) - at(low));
    Stabilising::Summed { scale, shift: low.log2() - scale * at(low), curve }
}
