//! The hypergeometric distribution: exact to a few units in the last place, tails included.
//!
//! `population` balls of which `successes` are white; `draws` are taken without replacement; X counts the white ones.
//! The mass at one point comes from Loader's saddle-point form of the binomial, which has no cancelling
//! log-factorials; a tail is that mass times a sum of ratios.
//! Reference: Loader (2000) "Fast and accurate computation of binomial probabilities".

use std::f64::consts::TAU;

/// A term this much smaller than the sum so far no longer changes it.
const NEGLIGIBLE: f64 = 1e-17;

/// P(X = k); zero outside the support.
pub fn mass(k: u64, successes: u64, population: u64, draws: u64) -> f64 {
    if !in_support(k, successes, population, draws) {
        return 0.0;
    }
    if draws == 0 || draws == population {
        return 1.0;
    }
    let (both, all) = binomials(k, successes, population, draws);
    both.divided_by(all)
}

/// Natural logarithm of P(X = k): told where the probability itself is too small for a number, too.
pub fn ln_mass(k: u64, successes: u64, population: u64, draws: u64) -> f64 {
    if !in_support(k, successes, population, draws) {
        return f64::NEG_INFINITY;
    }
    if draws == 0 || draws == population {
        return 0.0;
    }
    let (both, all) = binomials(k, successes, population, draws);
    both.ln_over(all)
}

/// Natural logarithm of P(X >= k).
///
/// ```
/// // far beyond the smallest number that there is
/// let ln_p = alkaline_math::hypergeometric::ln_upper_tail(2000, 3000, 12000, 3000);
/// assert!(ln_p < -1000.0 && ln_p.is_finite());
/// ```
pub fn ln_upper_tail(k: u64, successes: u64, population: u64, draws: u64) -> f64 {
    let (lowest, highest) = support(successes, population, draws);
    if k <= lowest || k > highest || !is_beyond_the_mean(k, successes, population, draws) {
        return upper_tail(k, successes, population, draws).ln();
    }
    let ln_p =
        ln_mass(k, successes, population, draws) + ratios_upwards(k, successes, population, draws).ln();
    ln_p.min(0.0)
}

/// Natural logarithm of P(X <= k).
pub fn ln_lower_tail(k: u64, successes: u64, population: u64, draws: u64) -> f64 {
    let (lowest, highest) = support(successes, population, draws);
    if k < lowest || k >= highest || is_beyond_the_mean(k, successes, population, draws) {
        return lower_tail(k, successes, population, draws).ln();
    }
    let ln_p =
        ln_mass(k, successes, population, draws) + ratios_downwards(k, successes, population, draws).ln();
    ln_p.min(0.0)
}

/// P(X >= k), the p-value of over-representation (R's `phyper(k - 1, m, N - m, n, lower.tail = FALSE)`).
///
/// ```
/// // one white ball of two, one draw
/// let p = alkaline_math::hypergeometric::upper_tail(1, 1, 2, 1);
/// assert!((p - 0.5).abs() < 1e-15);
/// ```
pub fn upper_tail(k: u64, successes: u64, population: u64, draws: u64) -> f64 {
    let (lowest, highest) = support(successes, population, draws);
    if k <= lowest {
        return 1.0;
    }
    if k > highest {
        return 0.0;
    }
    if is_beyond_the_mean(k, successes, population, draws) {
        sum_upwards(k, successes, population, draws)
    } else {
        1.0 - sum_downwards(k - 1, successes, population, draws)
    }
}

/// P(X <= k).
pub fn lower_tail(k: u64, successes: u64, population: u64, draws: u64) -> f64 {
    let (lowest, highest) = support(successes, population, draws);
    if k >= highest {
        return 1.0;
    }
    if k < lowest {
        return 0.0;
    }
    if is_beyond_the_mean(k, successes, population, draws) {
        1.0 - sum_upwards(k + 1, successes, population, draws)
    } else {
        sum_downwards(k, successes, population, draws)
    }
}

/// The mass as a ratio of binomial ones: of `k` white balls and as many others as are drawn, over that of all that are drawn.
fn binomials(k: u64, successes: u64, population: u64, draws: u64) -> (Scaled, Scaled) {
    let share = draws as f64 / population as f64;
    let rest = (population - draws) as f64 / population as f64;
    let others = log_binomial(draws - k, population - successes, share, rest);
    (log_binomial(k, successes, share, rest).exp_with(others), log_binomial(draws, population, share, rest))
}

fn support(successes: u64, population: u64, draws: u64) -> (u64, u64) {
    ((successes + draws).saturating_sub(population), successes.min(draws))
}

fn in_support(k: u64, successes: u64, population: u64, draws: u64) -> bool {
    let (lowest, highest) = support(successes, population, draws);
    (lowest..=highest).contains(&k)
}

fn is_beyond_the_mean(k: u64, successes: u64, population: u64, draws: u64) -> bool {
    (k as f64) * (population as f64) > (successes as f64) * (draws as f64)
}

/// Mass at `start` and everything above it.
fn sum_upwards(start: u64, successes: u64, population: u64, draws: u64) -> f64 {
    let sum = ratios_upwards(start, successes, population, draws);
    (mass(start, successes, population, draws) * sum).min(1.0)
}

/// Mass at `start` and everything below it.
fn sum_downwards(start: u64, successes: u64, population: u64, draws: u64) -> f64 {
    let sum = ratios_downwards(start, successes, population, draws);
    (mass(start, successes, population, draws) * sum).min(1.0)
}

/// Everything from `start` upwards, over the mass at `start`.
fn ratios_upwards(start: u64, successes: u64, population: u64, draws: u64) -> f64 {
    let highest = successes.min(draws);
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in start..highest {
        let up = (successes - k) as f64 * (draws - k) as f64;
        let down = (k + 1) as f64 * ((population + k + 1) - successes - draws) as f64;
        term *= up / down;
        sum += term;
        if term < NEGLIGIBLE * sum {
            break;
        }
    }
    sum
}

/// Everything from `start` downwards, over the mass at `start`.
fn ratios_downwards(start: u64, successes: u64, population: u64, draws: u64) -> f64 {
    let lowest = (successes + draws).saturating_sub(population);
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in (lowest + 1..=start).rev() {
        let down = k as f64 * ((population + k) - successes - draws) as f64;
        let up = (successes - k + 1) as f64 * (draws - k + 1) as f64;
        term *= down / up;
        sum += term;
        if term < NEGLIGIBLE * sum {
            break;
        }
    }
    sum
}

/// A positive number as `exp(exponent) * sqrt(scale)`, so that ratios cancel before anything is rounded.
#[derive(Clone, Copy)]
struct Scaled {
    exponent: f64,
    scale: f64,
}

impl Scaled {
    fn exp_with(self, other: Self) -> Self {
        Self { exponent: self.exponent + other.exponent, scale: self.scale * other.scale }
    }

    fn ln_over(self, other: Self) -> f64 {
        self.exponent - other.exponent + 0.5 * (self.scale / other.scale).ln()
    }

    fn divided_by(self, other: Self) -> f64 {
        (self.exponent - other.exponent).exp() * (self.scale / other.scale).sqrt()
    }
}

/// Binomial mass at `x` of `n` trials with success probability `p` (and `q = 1 - p`), by Loader's expansion.
fn log_binomial(x: u64, n: u64, p: f64, q: f64) -> Scaled {
    let trials = n as f64;
    if x == 0 {
        let exponent = if p < 0.1 { -deviance(trials, trials * q) - trials * p } else { trials * q.ln() };
        return Scaled { exponent: if n == 0 { 0.0 } else { exponent }, scale: 1.0 };
    }
    if x == n {
        let exponent = if q < 0.1 { -deviance(trials, trials * p) - trials * q } else { trials * p.ln() };
        return Scaled { exponent, scale: 1.0 };
    }
    let (hits, misses) = (x as f64, (n - x) as f64);
    let correction = stirling_error(n) - stirling_error(x) - stirling_error(n - x);
    let exponent = correction - deviance(hits, trials * p) - deviance(misses, trials * q);
    Scaled { exponent, scale: trials / (TAU * hits * misses) }
}

/// `ln(n!)` minus Stirling's approximation `ln(sqrt(2 pi n) (n/e)^n)`.
fn stirling_error(n: u64) -> f64 {
    /// Below this the asymptotic series is not exact to double precision; the direct difference is.
    const SERIES_FROM: u64 = 16;
    let x = n as f64;
    if n == 0 {
        return 0.0;
    }
    if n < SERIES_FROM {
        let factorial: f64 = (1..=n).map(|i| i as f64).product();
        return factorial.ln() - (0.5 * (TAU * x).ln() + x * x.ln() - x);
    }
    // Stirling's series: Bernoulli numbers over 2j (2j - 1) n^(2j - 1).
    let square = x * x;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0) / square) / square) / square)
            / square)
        / x
}

/// Loader's deviance `x ln(x / mean) + mean - x`, without cancellation where x is near the mean.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    if difference.abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let ratio = difference / (x + mean);
    let mut sum = difference * ratio;
    let mut power = 2.0 * x * ratio;
    let square = ratio * ratio;
    for j in 1..1000 {
        power *= square;
        let next = sum + power / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(n: u64, k: u64) -> f64 {
        (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64)
    }

    #[test]
    fn logarithms_are_those_of_the_probabilities() {
        for (successes, population, draws) in [(5, 20, 7), (10, 40, 35), (30, 60, 17), (300, 2000, 400)] {
            for k in 0..=draws.min(successes) {
                let at = |f: fn(u64, u64, u64, u64) -> f64| f(k, successes, population, draws);
                for (ln, plain) in [
                    (at(ln_mass), at(mass)),
                    (at(ln_upper_tail), at(upper_tail)),
                    (at(ln_lower_tail), at(lower_tail)),
                ] {
                    assert!(
                        (ln - plain.ln()).abs() < 1e-12 * ln.abs().max(1.0) || ln == plain.ln(),
                        "{k}: {ln} {plain}"
                    );
                }
            }
        }
    }

    #[test]
    fn mass_equals_the_binomial_coefficients() {
        let mut compared = 0;
        for (successes, population, draws) in
            [(5, 20, 7), (1, 2, 1), (10, 40, 35), (12, 30, 30), (30, 60, 17)]
        {
            for k in 0..=draws {
                let expected = if k > successes || draws - k > population - successes {
                    0.0
                } else {
                    choose(successes, k) * choose(population - successes, draws - k)
                        / choose(population, draws)
                };
                let got = mass(k, successes, population, draws);
                assert!(
                    (got - expected).abs() <= 2e-14 * expected,
                    "{k} {successes} {population} {draws}: {got}"
                );
                compared += 1;
            }
        }
        assert_eq!(compared, 95);
    }

    #[test]
    fn tails_are_complementary_and_sum_to_one() {
        let (successes, population, draws) = (300, 18_000, 650);
        for k in [1, 5, 10, 11, 12, 40, 200] {
            let both =
                upper_tail(k, successes, population, draws) + lower_tail(k - 1, successes, population, draws);
            assert!((both - 1.0).abs() < 1e-14);
        }
        assert_eq!(upper_tail(0, successes, population, draws), 1.0);
        assert_eq!(upper_tail(301, successes, population, draws), 0.0);
    }

    #[test]
    fn far_tails_equal_exact_rational_arithmetic() {
        // Python: float(Fraction(sum(comb(m, i) * comb(N - m, n - i) for i in range(k, min(m, n) + 1)), comb(N, n)))
        let cases = [
            (27, 37, 13_546, 589, 2.223_281_862_631_926_3e-29),
            (60, 500, 18_000, 650, 2.241_136_205_208_049e-16),
            (2, 10, 18_903, 663, 0.045_861_310_614_552_91),
            (190, 200, 20_000, 5_000, 3.718_967_936_456_340_7e-101),
            (15, 500, 18_000, 650, 0.804_034_293_149_217_8),
        ];
        for (k, m, population, n, expected) in cases {
            let got = upper_tail(k, m, population, n);
            assert!((got / expected - 1.0).abs() < 1e-13, "{k} {m} {population} {n}: {got} {expected}");
        }
    }
}
