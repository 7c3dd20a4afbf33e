//! The gamma function's logarithm and the derivatives of it (digamma, trigamma), by recurrence and Stirling's series.
//!
//! For `x >= 10` the asymptotic series of Abramowitz & Stegun 6.1.41, 6.3.18, 6.4.12 with Bernoulli-number coefficients is
//! exact to double precision; smaller arguments are first raised by the recurrence `Γ(x + 1) = x Γ(x)`.

/// From here on Stirling's series with seven terms is exact to rounding.
const STIRLING_FROM: f64 = 10.0;
/// `ln(2π) / 2`.
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// `ln Γ(x)` for `x > 0`; infinite at zero.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x <= 0.0 || !x.is_finite() {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    if x >= STIRLING_FROM {
        return stirling(x);
    }
    let (raised, product) = raise(x);
    stirling(raised) - product.ln()
}

/// `ln Γ(x)` by the series alone, `x >= 10`.
#[inline]
fn stirling(x: f64) -> f64 {
    (x - 0.5) * x.ln() - x + (HALF_LN_TWO_PI + stirling_tail(x))
}

/// The part of Stirling's series that vanishes for large `x`.
#[inline]
fn stirling_tail(x: f64) -> f64 {
    let inverse = 1.0 / x;
    let y = inverse * inverse;
    let high = -1.0 / 1680.0 + y * (1.0 / 1188.0 + y * (-691.0 / 360_360.0 + y * (1.0 / 156.0)));
    inverse * (1.0 / 12.0 + y * (-1.0 / 360.0 + y * (1.0 / 1260.0 + y * high)))
}

/// `x` raised by whole steps to at least 10, and the product of the steps taken.
#[inline]
fn raise(mut x: f64) -> (f64, f64) {
    let mut product = 1.0;
    while x < STIRLING_FROM {
        product *= x;
        x += 1.0;
    }
    (x, product)
}

/// Stirling's error `ln Γ(x + 1) - (x ln x - x + ln(2πx)/2)`, the correction of saddle-point densities, for `x > 0`.
#[must_use]
pub fn stirling_error(x: f64) -> f64 {
    if x >= STIRLING_FROM {
        stirling_tail(x)
    } else {
        let ln_x = x.ln();
        ln_gamma(x) - ((x - 0.5) * ln_x - x + HALF_LN_TWO_PI)
    }
}

/// `ln(Γ(a + x) / Γ(a))` for `x >= 0`, without the cancellation of the difference at large `a`.
#[must_use]
pub fn ln_rising(a: f64, x: f64) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    if a < STIRLING_FROM {
        return ln_gamma(a + x) - ln_gamma(a);
    }
    let u = x / a;
    let correction = stirling_tail(a + x) - stirling_tail(a);
    x * a.ln() + a * super::ln_one_plus_minus(u) + (x - 0.5) * u.ln_1p() + correction
}

/// A sum of `ln Γ` over many arguments with one logarithm each: the recurrence products are gathered and logged together.
#[derive(Clone, Copy, Debug)]
pub struct LnGammaSum {
    sum: f64,
    product: f64,
}

impl Default for LnGammaSum {
    fn default() -> Self {
        Self { sum: 0.0, product: 1.0 }
    }
}

impl LnGammaSum {
    /// Products beyond this are logged before they could overflow (ten more factors below 10 fit easily).
    const PRODUCT_LIMIT: f64 = 1e250;
    /// Products below this are logged before they could lose bits (an argument may be as small as 1e-20).
    const PRODUCT_FLOOR: f64 = 1e-250;

    /// Adds `ln Γ(x)`, `x > 0`.
    #[inline]
    pub fn add(&mut self, x: f64) {
        if x >= STIRLING_FROM {
            self.sum += stirling(x);
            return;
        }
        let (raised, product) = raise(x);
        self.sum += stirling(raised);
        self.product *= product;
        if !(Self::PRODUCT_FLOOR..Self::PRODUCT_LIMIT).contains(&self.product) {
            self.sum -= self.product.ln();
            self.product = 1.0;
        }
    }

    /// The sum of everything added.
    #[inline]
    #[must_use]
    pub fn total(&self) -> f64 {
        if self.product == 1.0 { self.sum } else { self.sum - self.product.ln() }
    }
}

/// Digamma `ψ(x) = d ln Γ(x) / dx` for `x > 0`.
#[must_use]
pub fn digamma(x: f64) -> f64 {
    let mut shifted = x;
    let mut reciprocals = 0.0;
    while shifted < STIRLING_FROM {
        reciprocals += 1.0 / shifted;
        shifted += 1.0;
    }
    shifted.ln() - digamma_tail(shifted) - reciprocals
}

/// `ln(x) - ψ(x)` for `x > 0`, without the cancellation of the difference at large `x`.
#[must_use]
pub fn ln_minus_digamma(x: f64) -> f64 {
    if x >= STIRLING_FROM { digamma_tail(x) } else { x.ln() - digamma(x) }
}

/// `ln(x) - ψ(x)` by its asymptotic series, `x >= 10`.
fn digamma_tail(x: f64) -> f64 {
    let y = 1.0 / (x * x);
    let high = 1.0 / 240.0 - y * (1.0 / 132.0 - y * (691.0 / 32_760.0 - y / 12.0));
    0.5 / x + y * (1.0 / 12.0 - y * (1.0 / 120.0 - y * (1.0 / 252.0 - y * high)))
}

/// Trigamma `ψ'(x)` for `x > 0`.
#[must_use]
pub fn trigamma(x: f64) -> f64 {
    let mut shifted = x;
    let mut squares = 0.0;
    while shifted < STIRLING_FROM {
        squares += 1.0 / (shifted * shifted);
        shifted += 1.0;
    }
    let y = 1.0 / (shifted * shifted);
    let high = 1.0 / 30.0 - y * (5.0 / 66.0 - y * (691.0 / 2730.0 - y * (7.0 / 6.0)));
    let series = 1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y * high));
    squares + (1.0 + (0.5 + series / shifted) / shifted) / shifted
}

/// Tetragamma `ψ''(x)` for `x > 0`.
fn tetragamma(x: f64) -> f64 {
    let mut shifted = x;
    let mut cubes = 0.0;
    while shifted < STIRLING_FROM {
        cubes += 2.0 / (shifted * shifted * shifted);
        shifted += 1.0;
    }
    let y = 1.0 / (shifted * shifted);
    let high = 3.0 / 10.0 - y * (5.0 / 6.0 - y * (691.0 / 210.0));
    let series = 0.5 - y * (1.0 / 6.0 - y * (1.0 / 6.0 - y * high));
    -cubes - y * (1.0 + 1.0 / shifted + y * series)
}

/// The `x` with `trigamma(x) = value`: Newton's method on the convex `1/ψ'`, monotone from the left.
///
/// Reference: Smyth (2004), Stat Appl Genet Mol Biol 3:3, appendix. Upstream: limma `trigammaInverse`.
#[must_use]
pub fn trigamma_inverse(value: f64) -> f64 {
    const ASYMPTOTIC_ABOVE: f64 = 1e7;
    const ASYMPTOTIC_BELOW: f64 = 1e-6;
    const MAX_ROUNDS: usize = 50;
    if value > ASYMPTOTIC_ABOVE {
        return 1.0 / value.sqrt();
    }
    if value < ASYMPTOTIC_BELOW {
        return 1.0 / value;
    }
    let mut x = 0.5 + 1.0 / value;
    for _ in 0..MAX_ROUNDS {
        let tri = trigamma(x);
        let step = tri * (1.0 - tri / value) / tetragamma(x);
        x += step;
        if -step / x < 1e-8 {
            break;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty-digit values by mpmath.
    #[test]
    fn ln_gamma_matches_high_precision_values() {
        for (x, expected) in [
            (0.001, 6.907_178_885_383_853),
            (0.5, 0.572_364_942_924_700_1),
            (3.7, 1.428_072_326_665_388_6),
            (9.99, 12.779_315_214_350_193),
            (10.0, 12.801_827_480_081_469),
            (1234.5, 7_550.550_901_077_895),
        ] {
            assert!((ln_gamma(x) / expected - 1.0).abs() < 3e-14, "{x}: {}", ln_gamma(x));
        }
    }

    #[test]
    fn a_sum_of_logs_equals_the_sum_of_parts() {
        let values: Vec<f64> = (1..400).map(|i| f64::from(i) * 0.137 % 31.0 + 1e-3).collect();
        let mut sum = LnGammaSum::default();
        values.iter().for_each(|&x| sum.add(x));
        let parts: f64 = values.iter().map(|&x| ln_gamma(x)).sum();
        assert!((sum.total() / parts - 1.0).abs() < 1e-13);
    }

    #[test]
    fn derivatives_match_high_precision_values() {
        assert!((digamma(0.7) + 1.220_023_553_697_934_7).abs() < 1e-14);
        assert!((trigamma(0.7) - 2.834_049_156_694_611).abs() < 1e-13);
        assert!((ln_minus_digamma(1e6) / 5.000_000_833_333_334e-7 - 1.0).abs() < 1e-13);
    }

    #[test]
    fn rising_factorials_of_large_arguments_keep_their_digits() {
        // Γ(a + 2) / Γ(a) = a (a + 1)
        let a: f64 = 3e10;
        assert!((ln_rising(a, 2.0) / (a.ln() + (a + 1.0).ln()) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn trigamma_inverse_inverts() {
        for x in [0.01, 0.3, 2.0, 40.0, 1e4] {
            assert!((trigamma_inverse(trigamma(x)) / x - 1.0).abs() < 1e-9);
        }
    }
}
