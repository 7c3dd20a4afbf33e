//! Cubic smoothing spline with a given number of degrees of freedom, step for step as R's `smooth.spline(df = )`.
//!
//! Among all smooth curves the one that minimises the squared residuals plus λ times the integral of the squared second
//! derivative; λ is searched until the trace of the smoother matrix is the degrees of freedom asked for. Three habits of
//! R's program show in the numbers that it prints (`ratio`, `lambda`, `spar`, `df`) and are repeated here, because the
//! search is loose (its answer for 3 degrees of freedom has 3.0003): the integral of a product of two lines takes 0.333
//! for a third; the scale between λ and the search variable is a ratio of traces over the inner columns; and the curve is
//! that of the last λ tried, not of the best.
//! References: Green & Silverman (1994) Nonparametric Regression and Generalized Linear Models, ch. 2; de Boor (1978) A
//! Practical Guide to Splines; R's manual page of `smooth.spline`.

use ndarray::Array2;

use crate::brent;
use crate::linear::{Cholesky, RowSlices, times};

/// Degree of the pieces.
const CUBIC: usize = 3;
/// The third of the penalty's integrals, as R has it.
const THIRD: f64 = 0.333;
/// Columns at either end that the ratio of traces leaves out.
const OUTER: (usize, usize) = (2, 3);
/// Range of the search variable (R's `control.spar$low`, `$high`).
const RANGE: (f64, f64) = (-1.5, 1.5);
/// Tolerance of the search (R's `control.spar$tol`).
const TOLERANCE: f64 = 1e-4;
/// Relative tolerance of the search (R's `control.spar$eps`).
const RELATIVE_TOLERANCE: f64 = 2e-8;
/// λ is the ratio of traces times this to the power of three times the search variable less one.
const BASE: f64 = 256.0;

/// The curve through `y` at the points `x` with about `df` degrees of freedom, at the same points.
///
/// `x` rises strictly and holds at most 49 points (R takes fewer knots than points from there on).
///
/// # Panics
/// When `x` and `y` differ in length, or `x` holds fewer than four points.
pub fn smoothing_spline(x: &[f64], y: &[f64], df: f64) -> Vec<f64> {
    assert!(
        x.len() == y.len() && x.len() >= 4,
        "a smoothing spline takes a value for each of at least four points"
    );
    let smoother = Smoother::new(x);
    let mut last = 0.0;
    brent::minimise_within(
        |spar| {
            last = smoother.ratio * BASE.powf(3.0 * spar - 1.0);
            (smoother.degrees_of_freedom(last) - df).powi(2) + 3.0
        },
        RANGE,
        TOLERANCE,
        RELATIVE_TOLERANCE,
    );
    smoother.fit(last, y)
}

/// The points, as rows of B-splines, and the penalty.
struct Smoother {
    basis: Array2<f64>,
    squares: Array2<f64>,
    penalty: Array2<f64>,
    ratio: f64,
}

impl Smoother {
    fn new(x: &[f64]) -> Self {
        let (first, span) = (x[0], x[x.len() - 1] - x[0]);
        let unit: Vec<f64> = x.iter().map(|x| (x - first) / span).collect();
        let knots = Knots::new(&unit);
        let columns = unit.len() + 2;
        let basis =
            Array2::from_shape_fn((unit.len(), columns), |(row, column)| knots.value(column, unit[row]));
        let squares = Array2::from_shape_fn((columns, columns), |(i, j)| {
            (0..unit.len()).map(|row| basis[[row, i]] * basis[[row, j]]).sum()
        });
        let penalty = knots.penalty(&unit);
        let inner =
            |matrix: &Array2<f64>| -> f64 { (OUTER.0..columns - OUTER.1).map(|i| matrix[[i, i]]).sum() };
        let ratio = inner(&squares) / inner(&penalty);
        Self { basis, squares, penalty, ratio }
    }

    /// Factor of the normal equations at `lambda`.
    fn factor(&self, lambda: f64) -> Cholesky {
        let normal = &self.squares + lambda * &self.penalty;
        Cholesky::new(normal.view()).expect("B-splines at their own knots are independent")
    }

    /// Trace of the matrix that turns `y` into the curve.
    fn degrees_of_freedom(&self, lambda: f64) -> f64 {
        let factor = self.factor(lambda);
        let leverage = |row: usize| {
            let mut solved = self.basis.row_slice(row).to_vec();
            factor.solve(&mut solved);
            dot(&solved, self.basis.row_slice(row))
        };
        (0..self.basis.nrows()).map(leverage).sum()
    }

    fn fit(&self, lambda: f64, y: &[f64]) -> Vec<f64> {
        let mut coefficients: Vec<f64> =
            self.basis.columns().into_iter().map(|column| dot(&column.to_vec(), y)).collect();
        self.factor(lambda).solve(&mut coefficients);
        times(self.basis.view(), &coefficients)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Knots at the points, the outer ones four times.
struct Knots(Vec<f64>);

impl Knots {
    fn new(points: &[f64]) -> Self {
        let (first, last) = (points[0], points[points.len() - 1]);
        let padding = |point: f64| std::iter::repeat_n(point, CUBIC);
        Self(padding(first).chain(points.iter().copied()).chain(padding(last)).collect())
    }

    /// Cubic B-spline number `spline` at `x`.
    fn value(&self, spline: usize, x: f64) -> f64 {
        self.piecewise(spline, CUBIC, x)
    }

    /// B-spline of any degree, by Cox and de Boor's recursion; the last one is 1 at the right end.
    fn piecewise(&self, spline: usize, degree: usize, x: f64) -> f64 {
        let knots = &self.0;
        if degree == 0 {
            let end = knots[knots.len() - 1];
            let closes = x == end && knots[spline + 1] == end && knots[spline] < end;
            return f64::from(u8::from((knots[spline] <= x && x < knots[spline + 1]) || closes));
        }
        let rising = self.share(spline, degree, |from, width| (x - from) / width);
        let falling = self.share(spline + 1, degree, |from, width| 1.0 - (x - from) / width);
        rising * self.piecewise(spline, degree - 1, x) + falling * self.piecewise(spline + 1, degree - 1, x)
    }

    /// `of(left end, width)` of the stretch of `degree` knots from `knot`; 0 where the stretch is empty.
    fn share(&self, knot: usize, degree: usize, of: impl Fn(f64, f64) -> f64) -> f64 {
        let width = self.0[knot + degree] - self.0[knot];
        if width > 0.0 { of(self.0[knot], width) } else { 0.0 }
    }

    /// Second derivative of cubic B-spline number `spline`: a broken line, whose corners stand at the points.
    fn second_derivative(&self, spline: usize, x: f64) -> f64 {
        let slope =
            |spline: usize, degree: usize| self.share(spline, degree, |_, width| degree as f64 / width);
        let line = |spline: usize| {
            slope(spline, 2) * self.piecewise(spline, 1, x)
                - slope(spline + 1, 2) * self.piecewise(spline + 1, 1, x)
        };
        slope(spline, 3) * line(spline) - slope(spline + 1, 3) * line(spline + 1)
    }

    /// Integrals of the products of second derivatives.
    fn penalty(&self, points: &[f64]) -> Array2<f64> {
        let splines = points.len() + 2;
        let corners = Array2::from_shape_fn((points.len(), splines), |(row, spline)| {
            self.second_derivative(spline, points[row])
        });
        let mut penalty = Array2::zeros((splines, splines));
        for piece in 0..points.len() - 1 {
            let width = points[piece + 1] - points[piece];
            let start = corners.row_slice(piece);
            let rise: Vec<f64> =
                corners.row_slice(piece + 1).iter().zip(start).map(|(end, start)| end - start).collect();
            for i in 0..splines {
                for j in 0..splines {
                    let product = start[i] * start[j]
                        + (start[i] * rise[j] + start[j] * rise[i]) / 2.0
                        + rise[i] * rise[j] * THIRD;
                    penalty[[i, j]] += width * product;
                }
            }
        }
        penalty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_those_of_r() {
        let x: Vec<f64> = (0..19).map(|i| 0.05 + f64::from(i) * 0.05).collect();
        let y: Vec<f64> = x.iter().map(|x| (1.0 - x).powi(2) + 0.1 * (40.0 * x).sin()).collect();
        let found = smoothing_spline(&x, &y, 3.0);
        assert_eq!(found.len(), R_FITTED.len());
        for (found, expected) in found.iter().zip(R_FITTED) {
            assert!((found - expected).abs() < 1e-11, "{found:.17} {expected:.17}");
        }
        let uneven: Vec<f64> = (0..12).map(|i| f64::from(i * i) + 1.0).collect();
        let y: Vec<f64> = (0..12).map(|i| f64::from(i * 7 % 5)).collect();
        let found = smoothing_spline(&uneven, &y, 5.0);
        for (found, expected) in found.iter().zip(R_UNEVEN) {
            assert!((found - expected).abs() < 1e-9, "{found:.17} {expected:.17}");
        }
    }

    #[test]
    fn a_straight_line_stays_straight() {
        let x: Vec<f64> = (0..10).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| 2.0 * x - 1.0).collect();
        for (fitted, y) in smoothing_spline(&x, &y, 3.0).iter().zip(&y) {
            assert!((fitted - y).abs() < 1e-9);
        }
    }

    /// R 4.2: `x <- seq(0.05, 0.95, 0.05); smooth.spline(x, (1 - x)^2 + 0.1 * sin(40 * x), df = 3)`, fitted values.
    const R_FITTED: [f64; 19] = [
        0.868_025_602_868_187_6,
        0.792_414_307_121_836_4,
        0.717_723_882_706_276_3,
        0.644_536_089_170_478_3,
        0.573_357_735_556_468_7,
        0.505_079_825_966_650_9,
        0.440_280_828_295_660_2,
        0.379_195_450_663_570_4,
        0.322_335_487_646_000_7,
        0.269_939_882_686_729,
        0.221_774_451_003_632_52,
        0.177_831_551_890_787_25,
        0.137_947_495_568_300_77,
        0.101_436_891_710_884_71,
        0.067_814_486_942_117_78,
        0.036_620_826_115_308_05,
        0.006_941_803_518_867_113,
        -0.021_873_144_754_654_603,
        -0.050_122_681_671_331_29,
    ];
    /// R 4.2: `x <- (0:11)^2 + 1; smooth.spline(x, (0:11 * 7) %% 5, df = 5)`, fitted values.
    const R_UNEVEN: [f64; 12] = [
        1.698_388_357_319_358_6,
        1.725_776_377_790_448_2,
        1.795_589_849_462_611_2,
        1.839_330_670_737_395_8,
        1.811_887_649_378_781,
        1.747_130_600_172_021_7,
        2.092_059_630_199_046,
        2.530_547_528_924_468,
        2.229_403_381_356_618_3,
        1.855_591_068_306_866_6,
        1.048_377_571_411_203,
        1.625_917_314_942_909_8,
    ];
}
