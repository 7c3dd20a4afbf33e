//! Upper tail of the chi-square distribution.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::incomplete_gamma::ln_gamma_tails;

/// Down to this tail, a normal number by a wide margin, `statrs` is as exact as the continued fraction here, and faster.
const SMALLEST_TAIL: f64 = 1e-290;
/// Beyond these degrees of freedom it loses digits.
const MOST_DF: f64 = 60.0;

/// `ln P(χ²_df > x)`; zero (a probability of one) where `x` is not positive, as for a likelihood ratio lost to rounding.
#[must_use]
pub fn ln_chi_square_upper(x: f64, df: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if df <= MOST_DF
        && let Ok(law) = ChiSquared::new(df)
    {
        let tail = law.sf(x);
        if tail >= SMALLEST_TAIL {
            return tail.ln();
        }
    }
    ln_gamma_tails(0.5 * df, 0.5 * x).ln_upper
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_degrees_of_freedom_are_exponential() {
        assert!((ln_chi_square_upper(1500.0, 2.0) + 750.0).abs() < 1e-10);
        assert_eq!(ln_chi_square_upper(-1e-9, 1.0), 0.0);
    }
}
