//! Regularised incomplete gamma functions with both tails on the log scale.
//!
//! Below the mean the power series of the lower tail (DLMF 8.7.1) is summed, above it Legendre's continued fraction of the
//! upper tail (DLMF 8.9.2). The common factor `x^a e^-x / Γ(a+1)` is evaluated in saddle-point form, so that a tail of
//! 1e-700 keeps its digits.

use super::gamma::{ln_gamma, stirling_error};
use super::log_minus::{ln_one_minus_exp, ln_one_plus_minus};
use super::wide::{WIDE, Wide};
use crate::order_statistics::smaller;
use crate::vectors::in_widest_vectors;

/// Relative size of a term, or change of a fraction, that ends a summation.
const NEGLIGIBLE: f64 = 3e-16;
/// More terms than any argument below 1e10 needs.
const MAX_TERMS: usize = 1_000_000;
/// From this shape on the saddle-point form beats the direct one.
const SADDLE_FROM: f64 = 5.0;
const LN_TWO_PI: f64 = 1.837_877_066_409_345_5;

/// Both tails of a gamma distribution, as logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaTails {
    /// `ln P(X <= x)`.
    pub ln_lower: f64,
    /// `ln P(X > x)`.
    pub ln_upper: f64,
}

/// Tails at `x >= 0` of the gamma distribution with the given shape and scale one.
#[must_use]
pub fn ln_gamma_tails(shape: f64, x: f64) -> GammaTails {
    if x <= 0.0 {
        return GammaTails { ln_lower: f64::NEG_INFINITY, ln_upper: 0.0 };
    }
    if x.is_infinite() {
        return GammaTails { ln_lower: 0.0, ln_upper: f64::NEG_INFINITY };
    }
    let kernel = ln_poisson_kernel(shape, x);
    if x < shape + 1.0 {
        let ln_lower = smaller(kernel + lower_series(shape, x).ln(), 0.0);
        GammaTails { ln_lower, ln_upper: ln_one_minus_exp(ln_lower) }
    } else {
        let ln_upper = smaller(kernel + (shape * upper_fraction(shape, x)).ln(), 0.0);
        GammaTails { ln_lower: ln_one_minus_exp(ln_upper), ln_upper }
    }
}

/// `ln(x^a e^-x / Γ(a + 1))`, the logarithm of the Poisson probability of a possibly fractional count `a` at mean `x`.
#[inline]
#[must_use]
pub fn ln_poisson_kernel(a: f64, x: f64) -> f64 {
    if a < SADDLE_FROM {
        return a * x.ln() - x - (ln_gamma(a) + a.ln());
    }
    let ratio_minus_one = (x - a) / a;
    a * ln_one_plus_minus(ratio_minus_one) - 0.5 * (LN_TWO_PI + a.ln()) - stirling_error(a)
}

/// `1 + x/(a+1) + x²/((a+1)(a+2)) + ...`: the lower tail divided by the Poisson kernel. Meant for `x < a + 1`.
#[inline]
#[must_use]
pub fn lower_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut denominator = a;
    // two terms by one division, which does not wait for the terms before
    for _ in 0..MAX_TERMS {
        let (first, second) = (denominator + 1.0, denominator + 2.0);
        denominator = second;
        let both = term * (x / (first * second));
        term = both * x;
        sum += both * second + term;
        if term < sum * NEGLIGIBLE {
            break;
        }
    }
    sum
}

in_widest_vectors! {
    /// [`lower_series`] of eight numbers, in the same bits; where `x` is zero it costs nothing.
    #[must_use]
    pub fn lower_series_wide(a: &Wide, x: &Wide) -> Wide = lower_series_of_eight;
}

#[inline(always)]
fn lower_series_of_eight(a: &Wide, x: &Wide) -> Wide {
    let (mut term, mut sum, mut denominator) = ([1.0; WIDE], [1.0; WIDE], *a);
    let mut growing = [true; WIDE];
    for _ in 0..MAX_TERMS {
        for i in 0..WIDE {
            let (first, second) = (denominator[i] + 1.0, denominator[i] + 2.0);
            denominator[i] = second;
            let both = term[i] * (x[i] / (first * second));
            term[i] = both * x[i];
            let next = sum[i] + (both * second + term[i]);
            // a sum that is there rests, while others grow
            sum[i] = if growing[i] { next } else { sum[i] };
            growing[i] &= term[i] >= sum[i] * NEGLIGIBLE;
        }
        if growing == [false; WIDE] {
            break;
        }
    }
    sum
}

/// `Γ(a, x) / (x^a e^-x)`: the upper incomplete gamma function divided by its kernel, for `x >= a + 1`.
///
/// Lentz's evaluation of `1/(x+1-a- 1(1-a)/(x+3-a- ...))`.
#[inline]
#[must_use]
pub fn upper_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::INFINITY;
    let mut d = 1.0 / b;
    let mut value = d;
    let mut i = 0.0;
    for _ in 0..MAX_TERMS {
        i += 1.0;
        let coefficient = i * (a - i);
        b += 2.0;
        d = 1.0 / (coefficient * d + b);
        c = b + coefficient / c;
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < NEGLIGIBLE {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_of_eight_are_those_of_one() {
        let a = [0.01, 0.5, 3.0, 3.0, 40.0, 7.5, 1e4, 2.0];
        let x = [0.3, 0.0, 3.9, 1e-9, 50.0, 8.0, 1.002e4, 2.0];
        let wide = lower_series_wide(&a, &x);
        for i in 0..WIDE {
            assert_eq!(wide[i], lower_series(a[i], x[i]), "{i}");
        }
    }

    /// Values by mpmath with 40 digits.
    #[test]
    fn tails_match_high_precision_values() {
        let far = ln_gamma_tails(1000.0, 6000.0);
        assert!((far.ln_upper / -3_214.223_108_094_482 - 1.0).abs() < 1e-14, "{}", far.ln_upper);
        let exponential = ln_gamma_tails(1.0, 3.0);
        assert!((exponential.ln_upper + 3.0).abs() < 1e-14);
        assert!((exponential.ln_lower - (1.0 - (-3.0f64).exp()).ln()).abs() < 1e-14);
        let tiny = ln_gamma_tails(1.0, 1e-12);
        assert!((tiny.ln_lower - 1e-12f64.ln()).abs() < 1e-11);
    }

    #[test]
    fn tails_add_to_one_on_both_sides_of_the_switch() {
        for shape in [0.05, 0.9, 7.0, 130.0, 4000.0] {
            for ratio in [0.8, 0.99, 1.01, 1.3] {
                let tails = ln_gamma_tails(shape, shape * ratio);
                assert!((tails.ln_lower.exp() + tails.ln_upper.exp() - 1.0).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn lower_tail_is_continuous_across_the_switch() {
        for shape in [2.0, 50.0, 900.0] {
            let (below, above) = (shape + 1.0 - 1e-9, shape + 1.0 + 1e-9);
            let slope = ln_gamma_tails(shape, above).ln_upper - ln_gamma_tails(shape, below).ln_upper;
            assert!(slope.abs() < 1e-8, "{slope}");
        }
    }
}
