//! Regularised incomplete beta function with both tails on the log scale, and the median of a beta distribution.
//!
//! Lentz's evaluation of the continued fraction DLMF 8.17.22, on the side of the mean where it converges quickly; the
//! kernel `x^a (1-x)^b / B(a,b)` in saddle-point form (Loader 2000), so that large shapes lose no digits.

use super::gamma::{ln_gamma, ln_rising, stirling_error};
use super::log_minus::{ln_one_minus_exp, ln_one_plus_minus};
use crate::order_statistics::smaller;

const NEGLIGIBLE: f64 = 3e-16;
const MAX_TERMS: usize = 1_000_000;
/// From this smaller shape on the kernel is evaluated in saddle-point form.
const SADDLE_FROM: f64 = 2.0;
const LN_TWO_PI: f64 = 1.837_877_066_409_345_5;

/// Both tails of a beta distribution, as logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaTails {
    /// `ln P(X <= x)`.
    pub ln_lower: f64,
    /// `ln P(X > x)`.
    pub ln_upper: f64,
}

/// Tails at `x` of the beta distribution with shapes `a` and `b`; `y` is `1 - x`, given apart so that none is lost.
#[must_use]
pub fn ln_beta_tails(x: f64, y: f64, a: f64, b: f64) -> BetaTails {
    if x <= 0.0 {
        return BetaTails { ln_lower: f64::NEG_INFINITY, ln_upper: 0.0 };
    }
    if y <= 0.0 {
        return BetaTails { ln_lower: 0.0, ln_upper: f64::NEG_INFINITY };
    }
    let kernel = ln_beta_kernel(x, y, a, b);
    if x * (a + b + 2.0) < a + 1.0 {
        let ln_lower = smaller(kernel + (lower_fraction(x, a, b) / a).ln(), 0.0);
        BetaTails { ln_lower, ln_upper: ln_one_minus_exp(ln_lower) }
    } else {
        let ln_upper = smaller(kernel + (lower_fraction(y, b, a) / b).ln(), 0.0);
        BetaTails { ln_lower: ln_one_minus_exp(ln_upper), ln_upper }
    }
}

/// `ln(x^a y^b / B(a, b))`.
fn ln_beta_kernel(x: f64, y: f64, a: f64, b: f64) -> f64 {
    if a.min(b) < SADDLE_FROM {
        let (small, large) = (a.min(b), a.max(b));
        return a * ln_of(x, y) + b * ln_of(y, x) + ln_rising(large, small) - ln_gamma(small);
    }
    let n = a + b;
    let (p, q) = (a / n, b / n);
    let exponent = a * ln_one_plus_minus((x - p) / p) + b * ln_one_plus_minus((y - q) / q);
    let correction = stirling_error(n) - stirling_error(a) - stirling_error(b);
    exponent + correction + 0.5 * ((a * q).ln() - LN_TWO_PI)
}

/// `ln y` where `y = 1 - x`, from whichever of the two holds more digits.
fn ln_of(y: f64, x: f64) -> f64 {
    if x < 0.5 { (-x).ln_1p() } else { y.ln() }
}

/// The continued fraction that multiplies the kernel, divided by nothing: `a I_x(a,b) / kernel`.
fn lower_fraction(x: f64, a: f64, b: f64) -> f64 {
    let total = a + b;
    let mut c = 1.0;
    let mut d = 1.0 / (1.0 - total * x / (a + 1.0));
    let mut value = d;
    let mut m = 0.0;
    for _ in 0..MAX_TERMS {
        m += 1.0;
        let twice = a + 2.0 * m;
        let even = m * (b - m) * x / ((twice - 1.0) * twice);
        d = 1.0 / (1.0 + even * d);
        c = 1.0 + even / c;
        value *= d * c;
        let odd = -(a + m) * (total + m) * x / (twice * (twice + 1.0));
        d = 1.0 / (1.0 + odd * d);
        c = 1.0 + odd / c;
        value *= d * c;
        if (d * c - 1.0).abs() < NEGLIGIBLE {
            break;
        }
    }
    value
}

/// The median of the beta distribution with shapes `a` and `b`.
///
/// Newton's method on the log of the lower tail from the approximation of Kerman (2011), arXiv:1111.0433; a half where the shapes are
/// the same.
#[must_use]
pub fn beta_median(a: f64, b: f64) -> f64 {
    const MAX_ROUNDS: usize = 60;
    if a == b {
        return 0.5;
    }
    let mut x = if a > 1.0 && b > 1.0 { (a - 1.0 / 3.0) / (a + b - 2.0 / 3.0) } else { a / (a + b) };
    for _ in 0..MAX_ROUNDS {
        let y = 1.0 - x;
        let ln_lower = ln_beta_tails(x, y, a, b).ln_lower;
        let ln_density = ln_beta_kernel(x, y, a, b) - (x * y).ln();
        let step = (0.5f64.ln() - ln_lower) * (ln_lower - ln_density).exp();
        x = (x + step).clamp(0.1 * x, 1.0 - 0.1 * y);
        if step.abs() <= 1e-15 * x {
            break;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integer_shapes_are_binomial_sums() {
        // I_x(2, 3) = x^2 (6 - 8x + 3x^2)
        let x: f64 = 0.3;
        let expected = x * x * (6.0 - 8.0 * x + 3.0 * x * x);
        assert!((ln_beta_tails(x, 0.7, 2.0, 3.0).ln_lower - expected.ln()).abs() < 1e-14);
    }

    #[test]
    fn far_tails_keep_their_digits() {
        // one shape of one: I_x(a, 1) = x^a
        assert!(
            (ln_beta_tails(1e-3, 0.999, 200.0, 1.0).ln_lower / (200.0 * 1e-3f64.ln()) - 1.0).abs() < 1e-14
        );
        // symmetric
        let (low, high) = (ln_beta_tails(0.2, 0.8, 3000.0, 5000.0), ln_beta_tails(0.8, 0.2, 5000.0, 3000.0));
        assert!((low.ln_lower / high.ln_upper - 1.0).abs() < 1e-13);
    }

    #[test]
    fn median_halves_the_distribution() {
        for (a, b) in [(0.4, 3.0), (5.0, 5.0), (0.7, 0.7), (4e4, 4e4), (300.0, 1200.0), (2.0, 90.0)] {
            let m = beta_median(a, b);
            assert!((ln_beta_tails(m, 1.0 - m, a, b).ln_lower.exp() - 0.5).abs() < 1e-13);
        }
    }
}
