//! Interpolation by Chebyshev polynomials.
//!
//! Through the values at the zeros of `T_n`, stretched to an interval, goes one polynomial of degree `n - 1`; its coefficients are
//! cosine sums of the values, and Clenshaw's recurrence evaluates it. Reference: Mason & Handscomb (2003), Chebyshev Polynomials,
//! chapters 2 and 6.

use std::f64::consts::PI;

/// An interval that is stretched to `-1..1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// The interval between two numbers.
    #[must_use]
    pub const fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// The zeros of the Chebyshev polynomial of degree `n`, from high to low.
    pub fn nodes(self, n: usize) -> impl Iterator<Item = f64> {
        (0..n).map(move |k| {
            let zero = (PI * (k as f64 + 0.5) / n as f64).cos();
            0.5 * (self.low + self.high) + 0.5 * (self.high - self.low) * zero
        })
    }

    fn stretched(self, x: f64) -> f64 {
        (2.0 * x - self.low - self.high) / (self.high - self.low)
    }
}

/// A polynomial as a sum of Chebyshev polynomials of an interval.
#[derive(Clone, Debug, PartialEq)]
pub struct ChebyshevSeries {
    interval: Interval,
    coefficients: Vec<f64>,
}

impl ChebyshevSeries {
    /// The polynomial through `values` at the nodes of `interval`, in their order.
    #[must_use]
    pub fn through(values: &[f64], interval: Interval) -> Self {
        let n = values.len() as f64;
        let coefficient = |degree: usize| {
            let cosine = |k: usize| (PI * degree as f64 * (k as f64 + 0.5) / n).cos();
            let sum: f64 = values.iter().enumerate().map(|(k, value)| value * cosine(k)).sum();
            sum * if degree == 0 { 1.0 } else { 2.0 } / n
        };
        Self { interval, coefficients: (0..values.len()).map(coefficient).collect() }
    }

    /// The polynomial through a function at `n` nodes of `interval`.
    #[must_use]
    pub fn of(f: impl Fn(f64) -> f64, n: usize, interval: Interval) -> Self {
        Self::through(&interval.nodes(n).map(f).collect::<Vec<f64>>(), interval)
    }

    /// Its value at `x`, which may lie outside the interval.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        let t = self.interval.stretched(x);
        let (mut next, mut after) = (0.0, 0.0);
        for coefficient in self.coefficients.iter().skip(1).rev() {
            (next, after) = (coefficient + 2.0 * t * next - after, next);
        }
        self.coefficients.first().unwrap_or(&0.0) + t * next - after
    }

    /// The polynomial times `factor`, plus `constant`.
    #[must_use]
    pub fn scaled(mut self, factor: f64, constant: f64) -> Self {
        self.coefficients.iter_mut().for_each(|coefficient| *coefficient *= factor);
        if let Some(first) = self.coefficients.first_mut() {
            *first += constant;
        }
        self
    }

    /// The same coefficients over another interval.
    #[must_use]
    pub fn stretched_to(self, interval: Interval) -> Self {
        Self { interval, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_are_reproduced_inside_and_outside() {
        let cubic = |x: f64| 2.0 - x + 0.5 * x * x - 0.25 * x * x * x;
        let series = ChebyshevSeries::of(cubic, 6, Interval::new(-1.0, 5.0));
        for x in [-3.0, -1.0, 0.3, 2.0, 5.0, 7.5] {
            assert!((series.at(x) - cubic(x)).abs() < 1e-12, "{x}");
            assert!((series.clone().scaled(3.0, 1.0).at(x) - 3.0 * cubic(x) - 1.0).abs() < 1e-11, "{x}");
        }
        let moved = series.stretched_to(Interval::new(-1.0, 11.0));
        assert!((moved.at(3.0) - cubic(1.0)).abs() < 1e-12);
    }

    #[test]
    fn the_error_of_the_exponential_falls_as_theory_says() {
        for n in [4, 8, 12] {
            let series = ChebyshevSeries::of(f64::exp, n, Interval::new(-1.0, 1.0));
            let bound = 1.0f64.exp() / 2f64.powi(n as i32 - 1) / (1..=n).map(|k| k as f64).product::<f64>();
            for k in 0..=40 {
                let x = -1.0 + 0.05 * f64::from(k);
                assert!((series.at(x) - x.exp()).abs() <= bound + 4e-16, "{n} {x}");
            }
        }
    }
}
