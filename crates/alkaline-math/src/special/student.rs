//! Upper tail of Student's t distribution, and its quantile.

use super::beta::ln_beta_tails;
use super::gamma::ln_rising;
use super::log_minus::ln_one_minus_exp;
use super::normal::{ln_normal_upper, normal_from_ln_upper};

/// `ln P(T > t)` with `df` degrees of freedom, which may be infinite.
#[must_use]
pub fn ln_student_upper(t: f64, df: f64) -> f64 {
    if df.is_infinite() || t.is_nan() {
        return ln_normal_upper(t);
    }
    let square = t * t;
    let total = df + square;
    let two_sided = ln_beta_tails(df / total, square / total, 0.5 * df, 0.5).ln_lower;
    let one_sided = two_sided - std::f64::consts::LN_2;
    if t >= 0.0 { one_sided } else { ln_one_minus_exp(one_sided) }
}

/// The positive `t` with `P(T > t) = upper`, for a tail below one half: Newton's method for the logarithm of the tail over `ln t`,
/// where it is concave.
#[must_use]
pub fn student_upper_quantile(upper: f64, df: f64) -> f64 {
    student_from_ln_upper(upper.ln(), df)
}

/// [`student_upper_quantile`] of a tail that is told by its logarithm; zero for a tail of one half.
#[must_use]
pub fn student_from_ln_upper(ln_upper: f64, df: f64) -> f64 {
    const MAX_ROUNDS: usize = 60;
    if df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if ln_upper >= -std::f64::consts::LN_2 {
        return 0.0;
    }
    // tails of t are heavier than normal ones
    let mut t = normal_from_ln_upper(ln_upper);
    if df.is_infinite() {
        return t;
    }
    for _ in 0..MAX_ROUNDS {
        let tail = ln_student_upper(t, df);
        let slope = -t * (ln_student_density(t, df) - tail).exp();
        let step = (ln_upper - tail) / slope;
        t *= step.exp();
        if step.abs() <= 1e-15 {
            break;
        }
    }
    t
}

/// The logarithm of the density.
fn ln_student_density(t: f64, df: f64) -> f64 {
    ln_rising(0.5 * df, 0.5)
        - 0.5 * (df * std::f64::consts::PI).ln()
        - 0.5 * (df + 1.0) * (t * t / df).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_freedom_is_cauchy() {
        let expected = (0.5 - 1f64.atan() / std::f64::consts::PI).ln();
        assert!((ln_student_upper(1.0, 1.0) - expected).abs() < 1e-14);
        assert!((ln_student_upper(-1.0, 1.0) - (1.0 - 0.25f64).ln()).abs() < 1e-14);
    }

    /// mpmath, 40 digits.
    #[test]
    fn quantiles_match_high_precision_values() {
        for (upper, df, expected) in QUANTILES {
            let found = student_upper_quantile(upper, df);
            assert!((found / expected - 1.0).abs() < 1e-13, "{upper} {df}: {found}");
        }
        assert!((student_upper_quantile(0.025, f64::INFINITY) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!(student_upper_quantile(0.025, 0.0).is_nan());
    }

    const QUANTILES: [(f64, f64, f64); 8] = [
        (0.025, 0.3, 6_582.035_699_400_776),
        (0.025, 1.0, 12.706_204_736_174_704),
        (0.025, 4.0, 2.776_445_105_197_794_3),
        (0.05, 7.25, 1.884_795_718_084_104),
        (0.005, 13.5, 2.993_812_890_723_579_7),
        (0.25, 2.0, 0.816_496_580_927_726),
        (0.025, 1000.0, 1.962_339_080_826_408_5),
        (0.0001, 30_000.0, 3.719_476_178_323_417),
    ];
}
