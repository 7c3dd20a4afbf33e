//! Tails and quantile of the F distribution, on the log scale, including an infinite second number of degrees of freedom.

use super::beta::ln_beta_tails;
use super::gamma::{ln_gamma, ln_rising};
use super::incomplete_gamma::ln_gamma_tails;

/// `(ln P(F <= x), ln P(F > x))` with `df1` and `df2` degrees of freedom; `df2` may be infinite.
#[must_use]
pub fn ln_f_tails(x: f64, df1: f64, df2: f64) -> (f64, f64) {
    if x.is_nan() {
        return (x, x);
    }
    if x <= 0.0 {
        return (f64::NEG_INFINITY, 0.0);
    }
    if df2.is_infinite() {
        let tails = ln_gamma_tails(0.5 * df1, 0.5 * df1 * x);
        return (tails.ln_lower, tails.ln_upper);
    }
    let total = df2 + df1 * x;
    let tails = ln_beta_tails(df2 / total, df1 * x / total, 0.5 * df2, 0.5 * df1);
    (tails.ln_upper, tails.ln_lower)
}

/// The `x` with `ln P(F <= x) = ln_p` (or `ln P(F > x)` when `upper`), by bisection and secant on `ln x`.
#[must_use]
pub fn f_quantile(ln_p: f64, upper: bool, df1: f64, df2: f64) -> f64 {
    const MAX_ROUNDS: usize = 200;
    let excess = |ln_x: f64| {
        let (lower, above) = ln_f_tails(ln_x.exp(), df1, df2);
        if upper { ln_p - above } else { lower - ln_p }
    };
    let (mut low, mut high) = (-1.0, 1.0);
    while excess(low) > 0.0 && low > -700.0 {
        low *= 2.0;
    }
    while excess(high) < 0.0 && high < 700.0 {
        high *= 2.0;
    }
    for _ in 0..MAX_ROUNDS {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if excess(middle) < 0.0 { low = middle } else { high = middle }
    }
    (0.5 * (low + high)).exp()
}

/// Logarithm of the density of the F distribution; `df2` may be infinite.
#[must_use]
pub fn ln_f_density(x: f64, df1: f64, df2: f64) -> f64 {
    let half = 0.5 * df1;
    if df2.is_infinite() {
        return half * (half * x).ln() - half * x - ln_gamma(half) - x.ln();
    }
    let ratio = df1 * x / df2;
    half * ratio.ln() - (half + 0.5 * df2) * ratio.ln_1p() - x.ln() + ln_rising(0.5 * df2, half)
        - ln_gamma(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_and_two_degrees_have_a_closed_form() {
        // P(F_{2,2} > x) = 1 / (1 + x)
        assert!((ln_f_tails(3.0, 2.0, 2.0).1 + 4f64.ln()).abs() < 1e-14);
        assert!((f_quantile(0.25f64.ln(), true, 2.0, 2.0) - 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_density_is_the_slope_of_the_tail() {
        for df2 in [3.5, f64::INFINITY] {
            let tail = |x: f64| ln_f_tails(x, 4.0, df2).0.exp();
            let slope = (tail(1.3 + 1e-5) - tail(1.3 - 1e-5)) / 2e-5;
            assert!((ln_f_density(1.3, 4.0, df2).exp() / slope - 1.0).abs() < 1e-8);
        }
    }

    #[test]
    fn many_degrees_approach_chi_square() {
        let near = ln_f_tails(2.5, 3.0, 1e9).1;
        assert!((near - ln_f_tails(2.5, 3.0, f64::INFINITY).1).abs() < 1e-7);
    }
}
