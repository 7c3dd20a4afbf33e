//! The standard normal distribution: density, tails as logarithms, and the quantile of a tail given as a logarithm.

use statrs::distribution::{Continuous, ContinuousCDF, Normal};

use super::incomplete_gamma::ln_gamma_tails;
use super::log_minus::ln_one_minus_exp;

/// `ln(2π) / 2`.
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// Tails down to this are inverted as they are: `statrs` is exact to the last digit there, and the tail is a normal number.
const LN_SMALLEST_TAIL: f64 = -700.0;

/// The density at `z`.
#[must_use]
pub fn normal_density(z: f64) -> f64 {
    Normal::standard().pdf(z)
}

/// The logarithm of the density at `z`.
#[must_use]
pub fn ln_normal_density(z: f64) -> f64 {
    Normal::standard().ln_pdf(z)
}

/// `P(Z <= z)`.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    ln_normal_upper(-z).exp()
}

/// `ln P(Z > z)`, with full relative accuracy in either tail: half the upper tail of a chi-square variable.
#[must_use]
pub fn ln_normal_upper(z: f64) -> f64 {
    if z < 0.0 {
        return ln_one_minus_exp(ln_normal_upper(-z));
    }
    ln_gamma_tails(0.5, 0.5 * z * z).ln_upper - std::f64::consts::LN_2
}

/// The `z` with `ln P(Z > z) = ln_upper`; tails of 1e-1000 are inverted too, by Newton's method on the log tail.
#[must_use]
pub fn normal_from_ln_upper(ln_upper: f64) -> f64 {
    const MAX_ROUNDS: usize = 30;
    if ln_upper >= 0.0 {
        return f64::NEG_INFINITY;
    }
    if ln_upper == f64::NEG_INFINITY {
        return f64::INFINITY;
    }
    if ln_upper > -std::f64::consts::LN_2 {
        let lower = -ln_upper.exp_m1();
        return if lower == 0.0 { f64::NEG_INFINITY } else { -normal_from_ln_upper(lower.ln()) };
    }
    if ln_upper > LN_SMALLEST_TAIL {
        return -Normal::standard().inverse_cdf(ln_upper.exp());
    }
    let twice = -2.0 * ln_upper;
    let mut z = (twice - (2.0 * HALF_LN_TWO_PI + twice.ln())).sqrt();
    for _ in 0..MAX_ROUNDS {
        let tail = ln_normal_upper(z);
        let step = (tail - ln_upper) * (tail - ln_normal_density(z)).exp();
        z += step;
        if step.abs() <= 1e-15 * z.abs() {
            break;
        }
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    /// mpmath, 40 digits.
    #[test]
    fn tails_match_high_precision_values() {
        for (z, expected) in [
            (0.0, -std::f64::consts::LN_2),
            (5.0, -15.064_998_393_988_725),
            (7.999, -35.005_316_284_639_32),
            (10.0, -53.231_285_150_512_47),
            (40.0, -804.608_442_013_753_9),
        ] {
            assert!((ln_normal_upper(z) - expected).abs() < 1e-14 * expected.abs(), "{z}");
        }
    }

    #[test]
    fn quantile_inverts_the_log_tail() {
        for ln_p in [-1e-3, -0.5, -0.7, -3.0, -50.0, -700.0, -50_000.0] {
            assert!((ln_normal_upper(normal_from_ln_upper(ln_p)) / ln_p - 1.0).abs() < 1e-12, "{ln_p}");
        }
    }
}
