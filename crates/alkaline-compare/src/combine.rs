//! One P out of several, on the scale of logarithms.

use std::f64::consts::LN_2;

use alkaline_math::special::{
    ln_chi_square_upper, ln_normal_upper, ln_one_minus_exp, ln_sum_of_exps, normal_from_ln_upper,
};

use crate::pairing::Side;

/// Stouffer's Z, and the logarithm of its two-sided P: every P as a normal quantile with the sign of its fold change, weighted.
///
/// Reference: Stouffer et al. (1949); weights: Zaykin (2011) doi:10.1111/j.1420-9101.2011.02297.x.
pub fn stouffer(sides: &[Side], weights: &[f64]) -> (f64, f64) {
    let (mut sum, mut squares) = (0.0, 0.0);
    for (side, weight) in sides.iter().zip(weights) {
        sum += weight * normal_from_ln_upper(side.ln_p - LN_2) * side.log2_fold_change.signum();
        squares += weight * weight;
    }
    let z = sum / squares.sqrt();
    (z, (ln_normal_upper(z.abs()) + LN_2).min(0.0))
}

/// Logarithm of Fisher's P: that any of the experiments has an effect, whatever its direction.
pub fn fisher(sides: &[Side]) -> f64 {
    chi_square(sides.iter().map(|side| side.ln_p), sides.len())
}

/// Logarithm of Fisher's P with direction: of one-sided P values, the better of both ways, doubled.
pub fn fisher_with_direction(sides: &[Side]) -> f64 {
    let one_sided = |up: bool| {
        let toward = move |side: &Side| {
            let half = side.ln_p - LN_2;
            if (side.log2_fold_change > 0.0) == up { half } else { ln_one_minus_exp(half) }
        };
        chi_square(sides.iter().map(toward), sides.len())
    };
    (one_sided(true).min(one_sided(false)) + LN_2).min(0.0)
}

fn chi_square(ln_p: impl Iterator<Item = f64>, number: usize) -> f64 {
    ln_chi_square_upper(-2.0 * ln_p.sum::<f64>(), 2.0 * number as f64)
}

/// Logarithm of Wilkinson's P: that at least `least` of the experiments have an effect. With all of them it is the largest P to the
/// power of their number: "in every one".
///
/// Reference: Wilkinson (1951) doi:10.1037/h0059111.
pub fn wilkinson(sides: &[Side], least: usize) -> f64 {
    let mut ln_p: Vec<f64> = sides.iter().map(|side| side.ln_p).collect();
    ln_p.sort_by(f64::total_cmp);
    let (number, ln_p) = (ln_p.len(), ln_p[least - 1]);
    // All orders in which at least so many fall below it.
    let ln_rest = ln_one_minus_exp(ln_p);
    let mut ln_choose = 0.0;
    let mut total = f64::NEG_INFINITY;
    for below in (least..=number).rev() {
        let above = (number - below) as f64;
        let rest = if above == 0.0 { 0.0 } else { above * ln_rest };
        total = ln_sum_of_exps(total, ln_choose + below as f64 * ln_p + rest);
        ln_choose += (below as f64 / (above + 1.0)).ln();
    }
    total.min(0.0)
}

#[cfg(test)]
mod tests {
    use alkaline_core::results::Direction;

    use super::*;

    fn sides(values: &[(f64, f64)]) -> Vec<Side> {
        let side = |(log2_fold_change, p): &(f64, f64)| Side {
            log2_fold_change: *log2_fold_change,
            standard_error: None,
            ln_p: p.ln(),
            fdr: *p,
            direction: Direction::NotSignificant,
        };
        values.iter().map(side).collect()
    }

    #[test]
    fn combined_p_values_are_those_of_r() {
        let two = sides(&[(1.0, 0.01), (2.0, 0.04)]);
        let close = |ln: f64, p: f64| assert!((ln.exp() / p - 1.0).abs() < 1e-9, "{} {p}", ln.exp());
        // qnorm, pnorm, pchisq and pbeta of R 4.2
        let (z, ln_p) = stouffer(&two, &[1.0, 1.0]);
        assert!((z - 3.273_606_149_280_7).abs() < 1e-9, "{z}");
        close(ln_p, 0.001_061_844_996_570_12);
        close(fisher(&two), 0.003_529_618_404_342_52);
        close(fisher_with_direction(&two), 0.002_042_068_074_395_24);
        close(wilkinson(&two, 2), 0.04 * 0.04);
        close(wilkinson(&two, 1), 1.0 - 0.99 * 0.99);
        let three = sides(&[(1.0, 0.2), (-1.0, 0.03), (1.0, 0.5)]);
        close(wilkinson(&three, 2), 0.104);
    }

    #[test]
    fn opposite_directions_cancel_but_for_fisher_s() {
        let opposite = sides(&[(1.0, 1e-5), (-1.0, 1e-5)]);
        assert_eq!(stouffer(&opposite, &[1.0, 1.0]).0, 0.0);
        assert!(fisher(&opposite).exp() < 1e-7);
        assert!(fisher_with_direction(&opposite).exp() > 1e-5);
    }

    #[test]
    fn a_p_that_is_no_number_any_more_is_combined() {
        let mut strong = sides(&[(1.0, 0.5), (1.0, 0.5)]);
        strong.iter_mut().for_each(|side| side.ln_p = -2000.0);
        for ln_p in [
            stouffer(&strong, &[1.0, 1.0]).1,
            fisher(&strong),
            fisher_with_direction(&strong),
            wilkinson(&strong, 2),
        ] {
            assert!(ln_p < -3900.0 && ln_p.is_finite(), "{ln_p}");
        }
    }
}
