//! A cubic spline that never falls (or never rises) and never goes below zero, fitted by least squares.
//!
//! The basis are the running sums of cubic B-splines from the right (Ramsay's I-splines): each rises from 0 to 1, so a
//! combination with coefficients that are not negative rises, too. With few knots the constrained fit is the best among
//! all subsets of the basis whose free fit has no negative coefficient, and that is how it is found.
//! Reference: Ramsay (1988) doi:10.1214/ss/1177012761.

use ndarray::{Array2, ArrayView2};

use crate::linear::{Cholesky, selected};
use crate::order_statistics::quantile;

/// Degree of the pieces.
const DEGREE: usize = 3;

/// A fitted curve.
#[derive(Clone, Debug)]
pub struct MonotoneSpline {
    knots: Vec<f64>,
    coefficients: Vec<f64>,
    rising: bool,
}

impl MonotoneSpline {
    /// Fits `y` over `x` with `knots` knots (at least two, at most ten) at quantiles of `x`, rising or falling, whichever
    /// is closer to `y`. `x` and `y` must be finite, of the same length, and not empty.
    pub fn fit(x: &[f64], y: &[f64], knots: usize) -> Self {
        let breaks: Vec<f64> =
            (0..knots).map(|i| quantile(&mut x.to_vec(), i as f64 / (knots - 1) as f64)).collect();
        let (up, error_up) = Self::directed(x, y, &breaks, true);
        let (down, error_down) = Self::directed(x, y, &breaks, false);
        if error_up <= error_down { up } else { down }
    }

    /// Value of the curve; beyond the data that of the nearest end.
    pub fn at(&self, x: f64) -> f64 {
        let basis = basis(&self.knots, self.signed(x));
        basis.iter().zip(&self.coefficients).map(|(b, c)| b * c).sum()
    }

    /// Whether it rises (or is flat).
    pub const fn rises(&self) -> bool {
        self.rising
    }

    fn signed(&self, x: f64) -> f64 {
        if self.rising { x } else { -x }
    }

    /// The best curve in one direction, and its squared error up to a constant.
    fn directed(x: &[f64], y: &[f64], breaks: &[f64], rising: bool) -> (Self, f64) {
        let mut breaks: Vec<f64> = breaks.iter().map(|&b| if rising { b } else { -b }).collect();
        breaks.sort_by(f64::total_cmp);
        breaks.dedup();
        let mut spline = Self { knots: padded(&breaks), coefficients: Vec::new(), rising };
        let size = spline.knots.len() - DEGREE - 1;
        let mut normal = Array2::zeros((size, size));
        let mut moments = vec![0.0; size];
        for (&x, &y) in x.iter().zip(y) {
            let basis = basis(&spline.knots, spline.signed(x));
            for i in 0..size {
                moments[i] += basis[i] * y;
                for j in 0..size {
                    normal[[i, j]] += basis[i] * basis[j];
                }
            }
        }
        let (coefficients, error) = non_negative(normal.view(), &moments);
        spline.coefficients = coefficients;
        (spline, error)
    }
}

/// Knots with the ends repeated, as B-splines need them.
fn padded(breaks: &[f64]) -> Vec<f64> {
    let (first, last) = (breaks[0], breaks[breaks.len() - 1]);
    let mut knots = vec![first; DEGREE];
    knots.extend(breaks);
    // A single value has no width; any will do.
    knots.extend(vec![if first < last { last } else { first + 1.0 }; DEGREE + usize::from(first >= last)]);
    knots
}

/// The rising basis at `x`: the constant, then running sums of B-splines from the right.
fn basis(knots: &[f64], x: f64) -> Vec<f64> {
    let size = knots.len() - DEGREE - 1;
    let x = x.clamp(knots[0], knots[knots.len() - 1]);
    // The interval of x; the last one is closed.
    let interval = (DEGREE..size).rev().find(|&i| knots[i] <= x && knots[i] < knots[i + 1]).unwrap_or(DEGREE);
    let mut values = vec![0.0; size + DEGREE + 1];
    values[interval] = 1.0;
    for degree in 1..=DEGREE {
        for i in interval - degree..=interval {
            let share = |a: f64, b: f64, value: f64| if b > a { value / (b - a) } else { 0.0 };
            let left = share(knots[i], knots[i + degree], values[i]) * (x - knots[i]);
            let right = match knots.get(i + degree + 1) {
                Some(&end) => share(knots[i + 1], end, values[i + 1]) * (end - x),
                None => 0.0,
            };
            values[i] = left + right;
        }
    }
    values.truncate(size);
    for i in (0..size - 1).rev() {
        values[i] += values[i + 1];
    }
    values
}

/// Minimises c'Nc - 2m'c over c >= 0, by trying every subset of free coefficients.
fn non_negative(normal: ArrayView2<'_, f64>, moments: &[f64]) -> (Vec<f64>, f64) {
    let size = moments.len();
    let mut best = (vec![0.0; size], 0.0);
    for subset in 1_u32..1 << size {
        let free: Vec<usize> = (0..size).filter(|i| subset >> i & 1 == 1).collect();
        let Some(factor) = Cholesky::new(selected(normal, &free, &free).view()) else { continue };
        let mut solution: Vec<f64> = free.iter().map(|&i| moments[i]).collect();
        factor.solve(&mut solution);
        if solution.iter().any(|c| *c < 0.0) {
            continue;
        }
        let error = -free.iter().zip(&solution).map(|(&i, c)| moments[i] * c).sum::<f64>();
        if error < best.1 {
            best = (vec![0.0; size], error);
            for (&i, c) in free.iter().zip(solution) {
                best.0[i] = c;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monotone_cubic_is_found_again() {
        let x: Vec<f64> = (0..=200).map(|i| f64::from(i) / 20.0).collect();
        for sign in [1.0, -1.0] {
            let truth = |x: f64| 2.0 + 0.01 * (sign * (x - 5.0) + 6.0).powi(3);
            let y: Vec<f64> = x.iter().map(|&x| truth(x)).collect();
            let spline = MonotoneSpline::fit(&x, &y, 6);
            assert_eq!(spline.rises(), sign > 0.0);
            for &x in &x {
                assert!((spline.at(x) - truth(x)).abs() < 1e-8, "{x}: {} {}", spline.at(x), truth(x));
            }
        }
    }

    #[test]
    fn noise_never_bends_it_back() {
        let x: Vec<f64> = (0..300).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| f64::from(u8::from((x * 0.7).sin() * 40.0 + x > 150.0))).collect();
        let spline = MonotoneSpline::fit(&x, &y, 6);
        let values: Vec<f64> = (0..3000).map(|i| spline.at(f64::from(i) / 10.0)).collect();
        assert!(values.windows(2).all(|pair| pair[1] >= pair[0] - 1e-12));
        assert!(values[0] >= 0.0 && spline.at(-5.0) == values[0]);
        assert!(values[2999] > 0.8 && values[0] < 0.2);
    }

    #[test]
    fn equal_x_give_the_mean() {
        let spline = MonotoneSpline::fit(&[3.0; 4], &[0.0, 1.0, 1.0, 0.0], 6);
        assert!((spline.at(3.0) - 0.5).abs() < 1e-12);
    }
}
