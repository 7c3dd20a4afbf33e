//! Regression on a natural cubic spline with knots at quantiles of the covariate.
//!
//! Basis of Hastie, Tibshirani & Friedman (2009), Elements of Statistical Learning, eq. 5.4-5.5; any basis of the same
//! space gives the same fit. Upstream: `splines::ns(covariate, df, intercept = TRUE)` inside limma `fitFDist`.

use ndarray::Array2;

use crate::linear::PivotedQr;
use crate::order_statistics::quantile;

/// A fitted regression.
#[derive(Clone, Debug)]
pub struct SplineRegression {
    basis: Basis,
    coefficients: Vec<f64>,
    /// Residual mean square: residual sum of squares over `n - rank`.
    pub residual_variance: f64,
}

impl SplineRegression {
    /// Fits `y` on the natural spline of `x` with `df` (at least 2) basis functions including the intercept.
    #[must_use]
    pub fn fit(x: &[f64], y: &[f64], df: usize) -> Self {
        let basis = Basis::new(&knots(x, df));
        let mut design = Array2::zeros((x.len(), df));
        for (mut row, &x) in design.outer_iter_mut().zip(x) {
            row.iter_mut().zip(basis.at(x)).for_each(|(value, function)| *value = function);
        }
        let qr = PivotedQr::new(design.view());
        let effects = qr.transposed_q_times(y);
        let residual: f64 = crate::summation::sum(effects[qr.rank()..].iter().map(|e| e * e));
        let residual_variance = residual / (x.len() - qr.rank()) as f64;
        Self { basis, coefficients: qr.solve(y), residual_variance }
    }

    /// The fitted curve at `x`; straight beyond the range of the data.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        self.basis.at(x).zip(&self.coefficients).map(|(b, c)| b * c).sum()
    }
}

/// Boundary knots at the range, `df - 2` interior knots at equally spaced quantiles.
fn knots(x: &[f64], df: usize) -> Vec<f64> {
    let mut values = x.to_vec();
    (0..df).map(|k| quantile(&mut values, k as f64 / (df - 1) as f64)).collect()
}

/// Intercept, line, and one truncated cubic for each further knot, on the covariate scaled to the boundary knots.
#[derive(Clone, Debug)]
struct Basis {
    first: f64,
    range: f64,
    /// The knots, scaled so that the first is zero and the last is one.
    scaled: Vec<f64>,
}

impl Basis {
    fn new(knots: &[f64]) -> Self {
        let (first, range) = (knots[0], knots[knots.len() - 1] - knots[0]);
        Self { first, range, scaled: knots.iter().map(|knot| (knot - first) / range).collect() }
    }

    /// The values of all functions at `x`.
    fn at(&self, x: f64) -> impl Iterator<Item = f64> {
        let last = self.scaled.len() - 1;
        let x = (x - self.first) / self.range;
        let cube = move |k: usize| (x - self.scaled[k]).max(0.0).powi(3);
        let divided = move |k: usize| (cube(k) - cube(last)) / (1.0 - self.scaled[k]);
        let steepest = if last > 0 { divided(last - 1) } else { 0.0 };
        [1.0, x].into_iter().chain((0..last.saturating_sub(1)).map(move |k| divided(k) - steepest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `lm.fit(splines::ns(x, df = 4, intercept = TRUE), y)` in R 4.2.
    #[test]
    fn fit_is_that_of_r() {
        let x: Vec<f64> = (1..=50).map(|i| (f64::from(i)).sqrt()).collect();
        let y: Vec<f64> = (1..=50).map(|i| f64::from(i * 7 % 11) + f64::from(i) * 0.1).collect();
        let fit = SplineRegression::fit(&x, &y, 4);
        for (i, expected) in
            [(0, 6.212_100_508_796_175), (20, 6.896_866_449_811_826), (49, 10.488_359_943_540_523)]
        {
            assert!((fit.at(x[i]) - expected).abs() < 1e-11, "{i}: {:.16}", fit.at(x[i]));
        }
        assert!(
            (fit.residual_variance / 10.729_481_518_586_695 - 1.0).abs() < 1e-12,
            "{:.16}",
            fit.residual_variance
        );
    }

    #[test]
    fn two_functions_are_a_straight_line() {
        let fit = SplineRegression::fit(&[0.0, 1.0, 2.0], &[1.0, 3.0, 5.0], 2);
        assert!((fit.at(10.0) - 21.0).abs() < 1e-12);
    }
}
