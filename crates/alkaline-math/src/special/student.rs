//! Upper tail of Student's t distribution.

use super::beta::ln_beta_tails;
use super::log_minus::ln_one_minus_exp;
use super::normal::ln_normal_upper;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_freedom_is_cauchy() {
        let expected = (0.5 - 1f64.atan() / std::f64::consts::PI).ln();
        assert!((ln_student_upper(1.0, 1.0) - expected).abs() < 1e-14);
        assert!((ln_student_upper(-1.0, 1.0) - (1.0 - 0.25f64).ln()).abs() < 1e-14);
    }
}
