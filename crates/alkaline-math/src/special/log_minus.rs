//! Differences and sums of logarithms that must not be computed as such.

use crate::order_statistics::{larger, smaller};

use super::wide::{Wide, ln_wide};

/// Below this `|u|` the power series is both faster and more accurate than `ln(1 + u) - u`.
const SERIES_LIMIT: f64 = 0.3;

/// `ln(1 + u) - u` for `u > -1`, accurate to a few units in the last place near zero.
///
/// Near zero uses `ln(1 + u) = 2 atanh(r)` with `r = u / (2 + u)`.
#[inline]
#[must_use]
pub fn ln_one_plus_minus(u: f64) -> f64 {
    if u.abs() > SERIES_LIMIT {
        return u.ln_1p() - u;
    }
    let r = u / (2.0 + u);
    let y = r * r;
    r * (2.0 * y * odd_reciprocals(y) - u)
}

/// [`ln_one_plus_minus`] of eight numbers.
#[inline(always)]
pub(super) fn ln_one_plus_minus_wide(u: &Wide) -> Wide {
    let logs = ln_wide(&u.map(|u| 1.0 + u));
    std::array::from_fn(|i| {
        let r = u[i] / (2.0 + u[i]);
        let y = r * r;
        let near = r * (2.0 * y * odd_reciprocals(y) - u[i]);
        if u[i].abs() > SERIES_LIMIT { logs[i] - u[i] } else { near }
    })
}

/// `1/3 + y/5 + y^2/7 + ...`, enough terms for `y <= 0.0312`.
#[inline(always)]
fn odd_reciprocals(y: f64) -> f64 {
    let high = 1.0 / 15.0 + y * (1.0 / 17.0 + y * (1.0 / 19.0 + y * (1.0 / 21.0 + y * (1.0 / 23.0))));
    let mid = 1.0 / 9.0 + y * (1.0 / 11.0 + y * (1.0 / 13.0 + y * high));
    1.0 / 3.0 + y * (1.0 / 5.0 + y * (1.0 / 7.0 + y * mid))
}

/// `ln(1 - exp(ln_p))` for `ln_p <= 0` (Maechler's switch at `-ln 2`).
#[must_use]
pub fn ln_one_minus_exp(ln_p: f64) -> f64 {
    if ln_p > -std::f64::consts::LN_2 { (-ln_p.exp_m1()).ln() } else { (-ln_p.exp()).ln_1p() }
}

/// `ln(e^a + e^b)`; NaN where either is.
#[must_use]
pub fn ln_sum_of_exps(a: f64, b: f64) -> f64 {
    let (low, high) = (smaller(a, b), larger(a, b));
    if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_probabilities_stay_in_log_space() {
        assert!((ln_sum_of_exps(-1000.0, -1000.0) - (-1000.0 + std::f64::consts::LN_2)).abs() < 1e-12);
        assert_eq!(ln_sum_of_exps(f64::NEG_INFINITY, -3.0), -3.0);
        assert_eq!(ln_sum_of_exps(f64::NEG_INFINITY, f64::NEG_INFINITY), f64::NEG_INFINITY);
        assert!(ln_sum_of_exps(f64::NAN, -3.0).is_nan());
    }

    #[test]
    fn small_arguments_keep_their_digits() {
        let by_mpmath = -4.996_669_164_668_332e-7;
        assert!((ln_one_plus_minus(1e-3) / by_mpmath - 1.0).abs() < 1e-14);
    }

    #[test]
    fn eight_numbers_are_as_one() {
        for u in [-0.99, -0.4, -0.3, -1e-9, 0.0, 0.2, 0.31, 7.0_f64] {
            let (wide, one) = (ln_one_plus_minus_wide(&[u; 8])[3], ln_one_plus_minus(u));
            assert!((wide - one).abs() <= 4e-15 * one.abs(), "{u}: {wide} {one}");
        }
    }

    #[test]
    fn series_and_logarithm_meet() {
        for u in [-0.299_999_f64, 0.299_999] {
            assert!((ln_one_plus_minus(u) / (u.ln_1p() - u) - 1.0).abs() < 1e-14);
        }
    }
}
