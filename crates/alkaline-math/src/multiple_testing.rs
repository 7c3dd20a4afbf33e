//! Corrections for testing many hypotheses at once.
//!
//! All functions keep the order of their input; a NaN p-value is not a test: it stays NaN and does not count.
//! References: Benjamini & Hochberg (1995) J. R. Stat. Soc. B 57:289, doi:10.1111/j.2517-6161.1995.tb02031.x;
//! Storey (2002) J. R. Stat. Soc. B 64:479, doi:10.1111/1467-9868.00346.

use crate::smoothing::smoothing_spline;

/// Benjamini-Hochberg adjusted p-values (R's `p.adjust(p, "BH")`).
///
/// ```
/// let adjusted = alkaline_math::multiple_testing::benjamini_hochberg(&[0.01, 0.04, 0.03]);
/// assert_eq!(adjusted, [0.03, 0.04, 0.04]);
/// ```
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    benjamini_hochberg_in_order(p, &ascending_order(p))
}

/// [`benjamini_hochberg`] where the order is known: the positions of all p-values that are numbers, smallest first.
pub fn benjamini_hochberg_in_order(p: &[f64], ascending: &[usize]) -> Vec<f64> {
    step_up(p, ascending, |p, tests, rank| tests / rank * p)
}

/// Bonferroni adjusted p-values: p times the number of tests, at most 1.
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    let tests = p.iter().filter(|p| !p.is_nan()).count() as f64;
    p.iter().map(|&p| if p.is_nan() { p } else { (p * tests).min(1.0) }).collect()
}

/// Storey's estimate of the share of true null hypotheses from the p-values at or above `lambda`, at most 1.
///
/// `None` when no p-value reaches `lambda`: the share would be zero and q-values could not be computed.
pub fn null_proportion(p: &[f64], lambda: f64) -> Option<f64> {
    let tests = p.iter().filter(|p| !p.is_nan()).count() as f64;
    let above = p.iter().filter(|&&p| p >= lambda).count() as f64;
    (above > 0.0).then(|| (above / tests / (1.0 - lambda)).min(1.0))
}

/// Storey's q-values with one `lambda` (R's `qvalue(p, lambda = lambda)`); `None` as in [`null_proportion`].
pub fn storey_q_values(p: &[f64], lambda: f64) -> Option<Vec<f64>> {
    let null_share = null_proportion(p, lambda)?;
    let scaled = step_up(p, &ascending_order(p), |p, tests, rank| p * tests / rank);
    Some(scaled.into_iter().map(|q| null_share * q).collect())
}

/// Smallest lambda of [`smoothed_null_proportion`], the step between two, and their number.
const LAMBDAS: (f64, f64, usize) = (0.05, 0.05, 19);
/// Degrees of freedom of its curve (R's `qvalue(smooth.df = 3)`).
const SMOOTH_DF: f64 = 3.0;

/// Storey's estimate of the share of true null hypotheses from a smooth curve through the estimates at lambda 0.05, 0.10 to
/// 0.95, read at its end (R's `qvalue(p)` with `pi0.method = "smoother"`), at most 1.
///
/// `None` where it cannot be had: no p-value reaches the last lambda, or the curve ends at or below zero.
/// Reference: Storey & Tibshirani (2003) doi:10.1073/pnas.1530509100.
pub fn smoothed_null_proportion(p: &[f64]) -> Option<f64> {
    let (first, step, number) = LAMBDAS;
    let lambda: Vec<f64> = (0..number).map(|i| first + i as f64 * step).collect();
    let tests = p.iter().filter(|p| !p.is_nan()).count() as f64;
    let share = |lambda: &f64| p.iter().filter(|p| *p >= lambda).count() as f64 / tests / (1.0 - lambda);
    let shares: Vec<f64> = lambda.iter().map(share).collect();
    if shares.last().is_none_or(|&last| last.is_nan() || last == 0.0) {
        return None;
    }
    let end = *smoothing_spline(&lambda, &shares, SMOOTH_DF).last()?;
    (end > 0.0).then(|| end.min(1.0))
}

/// Storey's q-values by [`smoothed_null_proportion`], or by `lambda` alone where that has no answer; `None` where neither has.
pub fn storey_q_values_smoothed(p: &[f64], lambda: f64) -> Option<Vec<f64>> {
    let null_share = smoothed_null_proportion(p).or_else(|| null_proportion(p, lambda))?;
    let scaled = step_up(p, &ascending_order(p), |p, tests, rank| p * tests / rank);
    Some(scaled.into_iter().map(|q| null_share * q).collect())
}

/// DAVID's "Benjamini" column: `1 - (1 - p)^(m / r)` with `r` the dense rank of p (ties share a rank, none is skipped).
pub fn david_benjamini(p: &[f64]) -> Vec<f64> {
    let order = ascending_order(p);
    let tests = order.len() as f64;
    let mut adjusted = vec![f64::NAN; p.len()];
    let mut rank = 0.0;
    let mut previous = f64::NAN;
    for &test in &order {
        if p[test] != previous {
            rank += 1.0;
            previous = p[test];
        }
        adjusted[test] = -(tests / rank * (-p[test]).ln_1p()).exp_m1();
    }
    adjusted
}

/// Running minimum, from the largest p-value down, of `scale(p, tests, rank)`, at most 1.
fn step_up(p: &[f64], order: &[usize], scale: impl Fn(f64, f64, f64) -> f64) -> Vec<f64> {
    let tests = order.len() as f64;
    let mut adjusted = vec![f64::NAN; p.len()];
    let mut smallest = 1.0_f64;
    for (index, &test) in order.iter().enumerate().rev() {
        smallest = smallest.min(scale(p[test], tests, (index + 1) as f64));
        adjusted[test] = smallest;
    }
    adjusted
}

/// Positions of the numbers of `p`, smallest first, equal ones in input order; NaN left out.
fn ascending_order(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&i| !p[i].is_nan()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bh_is_monotone_in_p_and_never_below_it() {
        let p = [0.5, 0.001, 0.04, f64::NAN, 0.041, 1.0, 0.001];
        let adjusted = benjamini_hochberg(&p);
        assert!(adjusted[3].is_nan());
        let order = ascending_order(&p);
        assert_eq!(order.len(), 6);
        assert!(order.windows(2).all(|w| adjusted[w[0]] <= adjusted[w[1]]));
        assert!(order.iter().all(|&i| adjusted[i] >= p[i]));
        // R: p.adjust(c(.5,.001,.04,NA,.041,1,.001), "BH")
        let expected = [0.6, 0.003, 0.0615, 0.0, 0.0615, 1.0, 0.003];
        assert!(order.iter().all(|&i| (adjusted[i] - expected[i]).abs() < 1e-15));
    }

    #[test]
    fn storey_scales_bh_by_the_null_share() {
        let p = [0.001, 0.01, 0.02, 0.5];
        let share = null_proportion(&p, 0.05).unwrap();
        assert!((share - 0.25 / 0.95).abs() < 1e-15);
        let q = storey_q_values(&p, 0.05).unwrap();
        for (q, bh) in q.iter().zip(benjamini_hochberg(&p)) {
            assert!((q - share * bh).abs() < 1e-15);
        }
        assert_eq!(storey_q_values(&[0.01, 0.02], 0.05), None);
    }

    /// `qvalue(((1:200) / 200)^a)` of R's qvalue 2.30.0: `$pi0`, and `$qvalues` of three.
    #[test]
    fn smoothed_shares_are_those_of_qvalue() {
        let curved = |a: f64| -> Vec<f64> { (1..=200).map(|i| (f64::from(i) / 200.0).powf(a)).collect() };
        for (a, expected) in [(1.7, 0.611_177_808_960_377), (3.0, 0.360_041_689_661_209_2), (0.8, 1.0)] {
            let share = smoothed_null_proportion(&curved(a)).unwrap();
            assert!((share / expected - 1.0).abs() < 1e-10, "{a}: {share:.17}");
        }
        let q = storey_q_values_smoothed(&curved(1.7), 0.05).unwrap();
        for (test, expected) in
            [(0, 0.014_977_750_100_942_116), (19, 0.121_946_004_996_388_97), (149, 0.499_701_279_632_175)]
        {
            assert!((q[test] / expected - 1.0).abs() < 1e-10, "{test}: {:.17}", q[test]);
        }
    }

    #[test]
    fn without_a_smoothed_share_one_lambda_decides() {
        let p = [0.001, 0.01, 0.02, 0.5];
        assert_eq!(smoothed_null_proportion(&p), None);
        assert_eq!(storey_q_values_smoothed(&p, 0.05), storey_q_values(&p, 0.05));
    }

    #[test]
    fn ties_share_davids_rank() {
        let adjusted = david_benjamini(&[0.01, 0.01, 0.2]);
        assert!((adjusted[0] - (1.0 - 0.99_f64.powf(3.0))).abs() < 1e-15);
        assert_eq!(adjusted[0], adjusted[1]);
        assert!((adjusted[2] - (1.0 - 0.8_f64.powf(1.5))).abs() < 1e-15);
    }

    #[test]
    fn bonferroni_is_capped_at_one() {
        assert_eq!(bonferroni(&[0.25, 0.75]), [0.5, 1.0]);
    }
}
