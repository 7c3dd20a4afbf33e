//! Exact test for a difference between two groups, given the total count of both.
//!
//! With equal library sizes the sum of `n` negative binomial counts is negative binomial, and given the total `s` the first
//! group's sum follows a beta-binomial law with shapes `n1/φ` and `n2/φ`. Tails are summed outward from the observed value by
//! the ratio of neighbouring probabilities, relative to the observed one, so that no P value is lost to underflow.
//! Reference: Robinson & Smyth (2008), doi:10.1093/biostatistics/kxm030. Upstream: edgeR `exactTest`.

use std::array::from_fn;

use super::unit_deviance;
use crate::order_statistics::smaller;
use crate::special::{Wide, beta_median, ln_beta_tails, ln_gamma, ln_rising, ln_sum_of_exps};
use crate::vectors::in_widest_vectors;

/// A term this small against the sum ends a tail whose terms fall.
const NEGLIGIBLE: f64 = 1e-17;

/// A P value held as its natural logarithm.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct PValue {
    ln: f64,
}

impl PValue {
    /// Certainty: P = 1.
    pub const ONE: Self = Self { ln: 0.0 };

    /// From `ln P`; values above one are one, a missing one (NaN) stays missing.
    #[must_use]
    pub fn from_ln(ln: f64) -> Self {
        Self { ln: smaller(ln, 0.0) }
    }

    /// `P`; underflows to zero where `f64` does.
    #[must_use]
    pub fn value(self) -> f64 {
        self.ln.exp()
    }

    /// `ln P`.
    #[must_use]
    pub fn ln(self) -> f64 {
        self.ln
    }

    /// `log10 P`, finite where [`value`](Self::value) is zero.
    #[must_use]
    pub fn log10(self) -> f64 {
        self.ln * std::f64::consts::LOG10_E
    }
}

/// How a total is split between two groups of libraries of equal size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplitTest {
    /// Number of libraries in each group.
    pub libraries: (usize, usize),
    /// Dispersion; zero for Poisson counts.
    pub dispersion: f64,
}

impl SplitTest {
    /// Shapes of the beta-binomial law, or `None` for the binomial limit.
    fn shapes(&self) -> Option<(f64, f64)> {
        let (n1, n2) = (self.libraries.0 as f64, self.libraries.1 as f64);
        (self.dispersion > 0.0).then(|| (n1 / self.dispersion, n2 / self.dispersion))
    }

    /// The expected share of the first group.
    fn share(&self) -> f64 {
        self.libraries.0 as f64 / (self.libraries.0 + self.libraries.1) as f64
    }

    /// `ln P(X = x)` for the first group's sum, given total `s`.
    fn ln_probability(&self, x: f64, s: f64) -> f64 {
        match self.shapes() {
            Some((a, b)) => {
                ln_rising_over_factorial(a, x) + ln_rising_over_factorial(b, s - x)
                    - ln_rising_over_factorial(a + b, s)
            }
            None => {
                let p = self.share();
                ln_gamma(s + 1.0) - ln_gamma(x + 1.0) - ln_gamma(s - x + 1.0)
                    + x * p.ln()
                    + (s - x) * (-p).ln_1p()
            }
        }
    }

    /// `P(x + 1) / P(x)`.
    #[inline(always)]
    fn ratio_up(&self, x: f64, s: f64) -> f64 {
        match self.shapes() {
            Some((a, b)) => (x + a) * (s - x) / ((x + 1.0) * (s - x - 1.0 + b)),
            None => (s - x) / (x + 1.0) * (self.libraries.0 as f64 / self.libraries.1 as f64),
        }
    }

    /// `P(x - 1) / P(x)`.
    #[inline(always)]
    fn ratio_down(&self, x: f64, s: f64) -> f64 {
        match self.shapes() {
            Some((a, b)) => x * (s - x + b) / ((x - 1.0 + a) * (s - x + 1.0)),
            None => 1.0 / self.ratio_up(x - 1.0, s),
        }
    }

    /// `ln` of the sum of probabilities from `x` down to zero.
    fn ln_lower(&self, x: f64, s: f64) -> f64 {
        self.ln_probability(x, s) + f64::ln(sum_down(self, x, s))
    }

    /// `ln` of the sum of probabilities from `x` up to the total.
    fn ln_upper(&self, x: f64, s: f64) -> f64 {
        self.ln_probability(x, s) + f64::ln(sum_up(self, x, s))
    }

    #[inline(always)]
    fn sum_down(&self, x: f64, s: f64) -> f64 {
        relative_sum(x, |step| self.ratio_down(x - step, s))
    }

    #[inline(always)]
    fn sum_up(&self, x: f64, s: f64) -> f64 {
        relative_sum(s - x, |step| self.ratio_up(x + step, s))
    }
}

in_widest_vectors! {
    /// The sum of probabilities from `x` down to zero, relative to that of `x`.
    fn sum_down(test: &SplitTest, x: f64, s: f64) -> f64 = SplitTest::sum_down;
}

in_widest_vectors! {
    /// The sum of probabilities from `x` up to the total, relative to that of `x`.
    fn sum_up(test: &SplitTest, x: f64, s: f64) -> f64 = SplitTest::sum_up;
}

/// One, and the terms that come by up to so many steps, of which each is the one before times the ratio of its step.
///
/// Ratios are worked out eight abreast, since none needs another.
#[inline(always)]
fn relative_sum(steps: f64, ratio: impl Fn(f64) -> f64) -> f64 {
    let (mut term, mut sum, mut step) = (1.0, 1.0, 0.0);
    while step < steps {
        let ratios: Wide = from_fn(|i| ratio(step + i as f64));
        for ratio in ratios {
            if step >= steps {
                break;
            }
            term *= ratio;
            sum += term;
            step += 1.0;
            if term < sum * NEGLIGIBLE && ratio < 1.0 {
                return sum;
            }
        }
    }
    sum
}

/// The total probability of the splits that are no likelier than the observed one.
///
/// Upstream: edgeR `exactTest(rejection.region = "smallp")`, and its binomial test for unequal groups.
#[must_use]
pub fn small_probability_test(test: &SplitTest, sums: (f64, f64)) -> PValue {
    /// Probabilities equal but for rounding count as equal.
    const TIE: f64 = 1.0 + 1e-9;
    let Some((observed, s)) = observed_split(sums) else { return PValue::ONE };
    let mut sum = 1.0;
    let mut walk = |up: bool| {
        let (mut term, mut at) = (1.0_f64, observed);
        while (up && at < s) || (!up && at > 0.0) {
            term *= if up { test.ratio_up(at, s) } else { test.ratio_down(at, s) };
            at += if up { 1.0 } else { -1.0 };
            if term <= TIE {
                sum += term;
            }
        }
    };
    walk(true);
    walk(false);
    PValue::from_ln(test.ln_probability(observed, s) + f64::ln(sum))
}

/// The total probability of the splits whose deviance is at least the observed one.
///
/// Upstream: edgeR `exactTest(rejection.region = "deviance")`.
#[must_use]
pub fn deviance_test(test: &SplitTest, sums: (f64, f64)) -> PValue {
    let Some((observed, s)) = observed_split(sums) else { return PValue::ONE };
    let (n1, n2) = (test.libraries.0 as f64, test.libraries.1 as f64);
    let expected = n1 * s / (n1 + n2);
    let deviance = |x: f64| {
        unit_deviance(x, expected, test.dispersion / n1)
            + unit_deviance(s - x, s - expected, test.dispersion / n2)
    };
    let threshold = deviance(observed);
    // the deviance falls to its minimum at the expectation and rises from there
    let lower = last_where(0.0, expected.floor(), |x| deviance(x) >= threshold);
    let upper = last_where(0.0, s - expected.ceil(), |x| deviance(s - x) >= threshold).map(|x| s - x);
    match (lower, upper) {
        (Some(low), Some(high)) if low >= high => PValue::ONE,
        (Some(low), Some(high)) => {
            PValue::from_ln(ln_sum_of_exps(test.ln_lower(low, s), test.ln_upper(high, s)))
        }
        (Some(low), None) => PValue::from_ln(test.ln_lower(low, s)),
        (None, Some(high)) => PValue::from_ln(test.ln_upper(high, s)),
        (None, None) => PValue::ONE,
    }
}

/// The largest whole number in `low..=high` for which a condition holds that holds up to some point only.
fn last_where(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> Option<f64> {
    if high < low || !holds(low) {
        return None;
    }
    let (mut yes, mut no) = (low, high + 1.0);
    while no - yes > 1.0 {
        let middle = ((yes + no) / 2.0).floor();
        if holds(middle) { yes = middle } else { no = middle }
    }
    Some(yes)
}

/// The first group's rounded sum, within the range of possible ones, and the total; `None` without any count.
fn observed_split(sums: (f64, f64)) -> Option<(f64, f64)> {
    let (first, second) = (sums.0.round_ties_even(), sums.1.round_ties_even());
    let s = first + second;
    (s > 0.0).then(|| (first.clamp(0.0, s), s))
}

/// Twice the smaller tail, of the sums of both groups.
///
/// Sums are rounded half to even. A rounded sum may be negative, since library-size adjusted counts can be: the observed
/// value is then the end of the range while total and expectation keep the sign, as upstream's loops have it.
#[must_use]
pub fn double_tail_test(test: &SplitTest, sums: (f64, f64)) -> PValue {
    let (first, second) = (sums.0.round_ties_even(), sums.1.round_ties_even());
    let s = first + second;
    if s <= 0.0 {
        return PValue::ONE;
    }
    let (n1, n2) = (test.libraries.0 as f64, test.libraries.1 as f64);
    let expected = n1 * s / (n1 + n2);
    let observed = first.clamp(0.0, s);
    let ln_tail = if first < expected {
        test.ln_lower(observed, s)
    } else if first > expected {
        test.ln_upper(observed, s)
    } else {
        return PValue::ONE;
    };
    PValue::from_ln(std::f64::consts::LN_2 + ln_tail)
}

/// The beta approximation to [`double_tail_test`] for large sums, which are not rounded.
#[must_use]
pub fn beta_split_test(test: &SplitTest, sums: (f64, f64)) -> PValue {
    let (n1, n2) = (test.libraries.0 as f64, test.libraries.1 as f64);
    let total = sums.0 + sums.1;
    let mean = total / (n1 + n2);
    let alpha = n1 * mean / (1.0 + test.dispersion * mean);
    let beta = n2 / n1 * alpha;
    let median = beta_median(alpha, beta);
    let below = (sums.0 + 0.5) / total;
    let above = (sums.0 - 0.5) / total;
    let ln_tail = if below < median {
        ln_beta_tails(below, (sums.1 - 0.5) / total, alpha, beta).ln_lower
    } else if above > median {
        ln_beta_tails(above, (sums.1 + 0.5) / total, alpha, beta).ln_upper
    } else {
        return PValue::ONE;
    };
    PValue::from_ln(std::f64::consts::LN_2 + ln_tail)
}

/// `ln(Γ(a + x) / (Γ(a) x!))`.
fn ln_rising_over_factorial(a: f64, x: f64) -> f64 {
    ln_rising(a, x) - ln_gamma(x + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: SplitTest = SplitTest { libraries: (2, 3), dispersion: 0.3 };

    #[test]
    fn probabilities_of_all_splits_add_to_one() {
        for test in [TEST, SplitTest { dispersion: 0.0, ..TEST }, SplitTest { dispersion: 20.0, ..TEST }] {
            let total: f64 = (0..=60).map(|x| test.ln_probability(f64::from(x), 60.0).exp()).sum();
            assert!((total - 1.0).abs() < 1e-12, "{total}");
        }
    }

    #[test]
    fn tails_are_sums_of_probabilities() {
        let direct: f64 = (0..=7).map(|x| TEST.ln_probability(f64::from(x), 60.0).exp()).sum();
        assert!((TEST.ln_lower(7.0, 60.0).exp() / direct - 1.0).abs() < 1e-13);
        let direct: f64 = (33..=60).map(|x| TEST.ln_probability(f64::from(x), 60.0).exp()).sum();
        assert!((TEST.ln_upper(33.0, 60.0).exp() / direct - 1.0).abs() < 1e-13);
    }

    fn brute_force(test: &SplitTest, s: i32, counts: impl Fn(f64) -> bool) -> f64 {
        (0..=s)
            .map(f64::from)
            .filter(|&x| counts(x))
            .map(|x| test.ln_probability(x, f64::from(s)).exp())
            .sum()
    }

    #[test]
    fn other_rejection_regions_are_sums_over_all_splits() {
        for (first, second) in [(5.0, 40.0), (30.0, 15.0), (18.0, 27.0), (0.0, 45.0)] {
            for phi in [0.0, 0.05, 0.7, 4.0] {
                let test = SplitTest { libraries: (2, 3), dispersion: phi };
                let likelihood = |x: f64| test.ln_probability(x, 45.0);
                let small = brute_force(&test, 45, |x| likelihood(x) <= likelihood(first) + 1e-9);
                assert!((small_probability_test(&test, (first, second)).value() / small - 1.0).abs() < 1e-11);
                let deviance =
                    |x: f64| unit_deviance(x, 18.0, phi / 2.0) + unit_deviance(45.0 - x, 27.0, phi / 3.0);
                let far = brute_force(&test, 45, |x| deviance(x) >= deviance(first));
                assert!((deviance_test(&test, (first, second)).value() / far - 1.0).abs() < 1e-11);
            }
        }
    }

    #[test]
    fn silent_groups_have_a_finite_logarithm() {
        let p = double_tail_test(&SplitTest { libraries: (2, 2), dispersion: 1e-3 }, (-1.2, 6e5));
        assert!(p.ln().is_finite() && p.ln() < -5000.0);
        assert!(p.log10() < -2000.0);
    }

    #[test]
    fn small_dispersion_meets_the_binomial_limit() {
        let near = double_tail_test(&SplitTest { libraries: (2, 3), dispersion: 1e-12 }, (5.0, 40.0));
        let limit = double_tail_test(&SplitTest { libraries: (2, 3), dispersion: 0.0 }, (5.0, 40.0));
        assert!((near.ln() / limit.ln() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_beta_approximation_is_close_for_large_sums() {
        let test = SplitTest { libraries: (3, 3), dispersion: 0.05 };
        let (exact, approximate) =
            (double_tail_test(&test, (2000.0, 3500.0)), beta_split_test(&test, (2000.0, 3500.0)));
        assert!((exact.ln() - approximate.ln()).abs() < 2e-2);
    }
}
