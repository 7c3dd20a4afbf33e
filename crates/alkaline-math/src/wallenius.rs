//! Wallenius' noncentral hypergeometric distribution: draws without replacement, where white balls weigh more.
//!
//! `population` balls of which `successes` are white; `draws` are taken one by one, a white ball being `odds` times as
//! likely as a black one each time; X counts the white ones. With odds of 1 it is the hypergeometric distribution.
//! The mass is an integral (Wallenius 1963). On a logarithmic scale its integrand is a bell, and the trapezoidal rule
//! converges geometrically. Reference: Fog (2008) doi:10.1080/03610910701790269.

use crate::special::ln_gamma;

/// Steps of the trapezoidal rule per standard deviation of the bell.
const STEPS: f64 = 4.0;

/// The bell is followed down to this natural logarithm below its peak.
const DEPTH: f64 = 42.0;

/// A term this much smaller than the sum so far no longer changes it.
const NEGLIGIBLE: f64 = 1e-17;

/// P(X >= k).
///
/// `odds` must be positive and finite.
///
/// ```
/// // one white ball, twice as heavy, among three: it is drawn first with odds 2 : 2
/// let p = alkaline_math::wallenius::upper_tail(1, 1, 3, 1, 2.0);
/// assert!((p - 0.5).abs() < 1e-13);
/// ```
pub fn upper_tail(k: u64, successes: u64, population: u64, draws: u64, odds: f64) -> f64 {
    let lowest = (draws + successes).saturating_sub(population);
    let highest = draws.min(successes);
    if k <= lowest {
        return 1.0;
    }
    if k > highest {
        return 0.0;
    }
    let mass = |x| mass(x, successes, population, draws, odds);
    if k as f64 > mean(successes, population, draws, odds) {
        falling(k..=highest, mass).min(1.0)
    } else {
        (1.0 - falling((lowest..k).rev(), mass)).max(0.0)
    }
}

/// Sum of masses that fall from the first on.
fn falling(points: impl Iterator<Item = u64>, mass: impl Fn(u64) -> f64) -> f64 {
    let mut sum = 0.0;
    for point in points {
        let term = mass(point);
        sum += term;
        if term <= NEGLIGIBLE * sum {
            break;
        }
    }
    sum
}

/// P(X = x).
pub fn mass(x: u64, successes: u64, population: u64, draws: u64, odds: f64) -> f64 {
    let black = population - successes;
    if x > successes || x > draws || draws - x > black {
        return 0.0;
    }
    if draws == 0 || draws == population {
        return 1.0;
    }
    let left = odds * (successes - x) as f64 + (black - (draws - x)) as f64;
    let bell = Bell { left, white: x as f64, black: (draws - x) as f64, odds };
    (ln_choose(successes, x) + ln_choose(black, draws - x) + bell.log_integral()).exp()
}

/// Approximate mean: the share of white balls left is the share of black balls left, to the power of the odds.
fn mean(successes: u64, population: u64, draws: u64, odds: f64) -> f64 {
    let [white, black, draws] = [successes, population - successes, draws].map(|count| count as f64);
    let (mut low, mut high) = ((draws - black).max(0.0), draws.min(white));
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let surplus = 1.0 - middle / white - (1.0 - (draws - middle) / black).powf(odds);
        if surplus > 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

fn ln_choose(n: u64, k: u64) -> f64 {
    let of = |x: u64| ln_gamma(x as f64 + 1.0);
    of(n) - of(k) - of(n - k)
}

/// The integrand, D exp(-Ds) (1 - exp(-ws))^x (1 - exp(-s))^y ds, over v = ln s: `left` is D, `odds` w, `white` x and
/// `black` y.
struct Bell {
    left: f64,
    white: f64,
    black: f64,
    odds: f64,
}

impl Bell {
    /// Logarithm of the integrand.
    fn log(&self, v: f64) -> f64 {
        let s = v.exp();
        let taken = |count: f64, weight: f64| match count > 0.0 {
            true => count * (-(-weight * s).exp_m1()).ln(),
            false => 0.0,
        };
        v + self.left.ln() - self.left * s + taken(self.white, self.odds) + taken(self.black, 1.0)
    }

    /// Its first two derivatives.
    fn slopes(&self, v: f64) -> (f64, f64) {
        let s = v.exp();
        let term = |count: f64, u: f64| {
            let grown = u.exp_m1();
            let ratio = if u < 700.0 { u / grown } else { 0.0 };
            let bend = if u < 300.0 { ratio * (1.0 - u * u.exp() / grown) } else { 0.0 };
            (count * ratio, count * bend)
        };
        let (white, black) = (term(self.white, self.odds * s), term(self.black, s));
        (1.0 - self.left * s + white.0 + black.0, -self.left * s + white.1 + black.1)
    }

    fn log_integral(&self) -> f64 {
        let (mut low, mut high) = (-60.0, 60.0);
        for _ in 0..70 {
            let middle = 0.5 * (low + high);
            if self.slopes(middle).0 > 0.0 { low = middle } else { high = middle }
        }
        let peak = 0.5 * (low + high);
        let top = self.log(peak);
        let step = 1.0 / (STEPS * (-self.slopes(peak).1).sqrt());
        let side = |direction: f64| {
            let heights = (1..).map(|i| self.log(peak + direction * step * f64::from(i)) - top);
            heights.take_while(|height| *height > -DEPTH).map(f64::exp).sum::<f64>()
        };
        top + (step * (1.0 + side(-1.0) + side(1.0))).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hypergeometric;

    /// BiasedUrn 2.0.9, `pWNCHypergeo(k - 1, m1, m2, n, odds, precision = 1e-14, lower.tail = FALSE)`.
    const EXPECTED: [(u64, u64, u64, u64, f64, f64); 5] = [
        (5, 20, 100, 10, 2.0, 0.179479876437763),
        (3, 5, 1005, 50, 0.5, 0.000146106601113464),
        (40, 300, 12_300, 660, 1.7, 0.00495846110818425),
        (10, 10, 60, 20, 3.0, 0.00470355096448999),
        (12, 30, 60, 20, 1.0, 0.205878298524053),
    ];

    #[test]
    fn tails_equal_biased_urn_s() {
        for (k, white, all, draws, odds, expected) in EXPECTED {
            let p = upper_tail(k, white, all, draws, odds);
            assert!(
                (p / expected - 1.0).abs() < 1e-9,
                "{k} {white} {all} {draws} {odds}: {p:e} {expected:e}"
            );
        }
    }

    #[test]
    fn with_equal_weights_it_is_the_hypergeometric_distribution_far_into_the_tail() {
        for (k, white, all, draws) in [(1, 5, 40, 7), (30, 200, 12_000, 660), (90, 300, 12_000, 660)] {
            let (p, expected) =
                (upper_tail(k, white, all, draws, 1.0), hypergeometric::upper_tail(k, white, all, draws));
            assert!((p / expected - 1.0).abs() < 1e-9, "{k}: {p:e} {expected:e}");
        }
    }

    #[test]
    fn masses_sum_to_one_and_obey_the_exchange_of_colours() {
        for odds in [0.01, 0.3, 1.0, 4.0, 250.0] {
            let total: f64 = (0..=12).map(|x| mass(x, 12, 40, 15, odds)).sum();
            assert!((total - 1.0).abs() < 1e-11, "{odds}: {total}");
            let exchanged = mass(15 - 6, 28, 40, 15, 1.0 / odds);
            assert!((mass(6, 12, 40, 15, odds) / exchanged - 1.0).abs() < 1e-10, "{odds}");
        }
        assert_eq!(upper_tail(0, 12, 40, 15, 2.0), 1.0);
        assert_eq!(upper_tail(13, 12, 40, 15, 2.0), 0.0);
    }
}
