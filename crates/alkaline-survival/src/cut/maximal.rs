//! The split that separates survival best, with a P that knows that it was chosen: maximally selected rank statistics.
//!
//! References: Lausen & Schumacher (1992), doi:10.2307/2532740; Lausen, Sauerbrei & Schumacher (1994). Upstream: maxstat
//! (`smethod = "LogRank"`, `pmethod = "Lau92"`, `"Lau94"`, `"condMC"`).

use alkaline_math::order_statistics::{ascending_order, smaller};
use alkaline_math::special::{ln_normal_upper, normal_density};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::{Outcomes, SurvivalError};

/// Which splits are candidates, and how often patients are shuffled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaximalOptions {
    /// The smallest share of patients in the lower group (maxstat's `minprop`).
    pub smallest_share: f64,
    /// The largest (maxstat's `maxprop`).
    pub largest_share: f64,
    /// Shuffles for the permutation P; none leaves it out.
    pub permutations: usize,
    /// Where the shuffles begin.
    pub seed: u64,
}

impl Default for MaximalOptions {
    fn default() -> Self {
        Self { smallest_share: 0.1, largest_share: 0.9, permutations: 9999, seed: 1 }
    }
}

/// A split chosen by the outcome, and what the choice costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaximalCut {
    /// The largest value of the low group.
    pub cut: f64,
    /// The largest standardised statistic.
    pub statistic: f64,
    /// An upper bound of P (Lausen and Schumacher).
    pub p_lau92: f64,
    /// A sharper one for few candidates.
    pub p_lau94: f64,
    /// The share of shuffles that do as well; NaN without shuffles.
    pub p_permutation: f64,
    /// Splits that were tried.
    pub candidates: usize,
}

impl MaximalCut {
    /// The P to be reported: of the shuffles where there are any, else the sharper of the bounds.
    #[must_use]
    pub fn p(&self) -> f64 {
        if self.p_permutation.is_nan() { self.p_lau92.min(self.p_lau94) } else { self.p_permutation }
    }
}

/// Shuffles that do as well but for rounding count.
const ROUNDING: f64 = 1e-9;

/// Finds the split of `marker`.
///
/// # Errors
/// When the lists differ in length, nobody had an event, or no split is a candidate.
pub fn maximal(
    outcomes: &Outcomes,
    marker: &[f64],
    options: &MaximalOptions,
) -> Result<MaximalCut, SurvivalError> {
    outcomes.expect_length("the marker", marker.len())?;
    if outcomes.event_count() == 0 {
        return Err(SurvivalError::NoEvents);
    }
    let n = marker.len();
    let order = ascending_order(marker);
    let fewest = ((n as f64 * options.smallest_share).floor() as usize).max(1);
    let most = (n as f64 * options.largest_share).floor() as usize;
    let candidates: Vec<usize> =
        (fewest..=most.min(n - 1)).filter(|&m| marker[order[m - 1]] < marker[order[m]]).collect();
    let scores = log_rank_scores(outcomes);
    let mut sorted: Vec<f64> = order.iter().map(|&row| scores[row]).collect();
    let Some((statistic, size)) = largest(&sorted, &candidates) else {
        return Err(SurvivalError::Constant {
            what: "the marker, within the shares that a group must have,",
        });
    };
    let mut as_good = 0;
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    for _ in 0..options.permutations {
        sorted.shuffle(&mut random);
        as_good += usize::from(
            largest(&sorted, &candidates).is_some_and(|(other, _)| other >= statistic - ROUNDING),
        );
    }
    let p_permutation = (1 + as_good) as f64 / (1 + options.permutations) as f64;
    Ok(MaximalCut {
        cut: marker[order[size - 1]],
        statistic,
        p_lau92: lau92(statistic, options),
        p_lau94: lau94(statistic, n, &candidates),
        p_permutation: if options.permutations == 0 { f64::NAN } else { p_permutation },
        candidates: candidates.len(),
    })
}

/// Log-rank scores with the largest rank at ties, as maxstat has them: not Nelson and Aalen's where times are tied.
fn log_rank_scores(outcomes: &Outcomes) -> Vec<f64> {
    let times = outcomes.times_as_given();
    let rank = |row: usize| times.iter().filter(|&&other| other <= times[row]).count();
    let n = times.len();
    let ranks: Vec<usize> = (0..n).map(rank).collect();
    let score = |row: usize| {
        let earlier = (0..n).filter(|&other| ranks[other] <= ranks[row] && outcomes.events()[other]);
        let hazard: f64 = earlier.map(|other| 1.0 / (n - ranks[other] + 1) as f64).sum();
        f64::from(u8::from(outcomes.events()[row])) - hazard
    };
    (0..n).map(score).collect()
}

/// The largest standardised statistic over sizes of the lower group, and the first size that has it.
fn largest(sorted: &[f64], candidates: &[usize]) -> Option<(f64, usize)> {
    let n = sorted.len() as f64;
    let total: f64 = sorted.iter().sum();
    let spread = n * sorted.iter().map(|a| a * a).sum::<f64>() - total * total;
    let mut best: Option<(f64, usize)> = None;
    let (mut sum, mut summed) = (0.0, 0);
    for &size in candidates {
        sum += sorted[summed..size].iter().sum::<f64>();
        summed = size;
        let m = size as f64;
        let variance = m * (n - m) / (n * n * (n - 1.0)) * spread;
        let statistic = (sum - m * total / n).abs() / variance.sqrt();
        if statistic.is_finite() && best.is_none_or(|(largest, _)| statistic > largest) {
            best = Some((statistic, size));
        }
    }
    best
}

fn lau92(statistic: f64, options: &MaximalOptions) -> f64 {
    if statistic < 1.0 {
        return 1.0;
    }
    let (low, high) = (options.smallest_share, options.largest_share);
    let odds = (high * (1.0 - low) / ((1.0 - high) * low)).ln();
    let density = normal_density(statistic);
    (4.0 * density / statistic + density * (statistic - 1.0 / statistic) * odds).clamp(0.0, 1.0)
}

fn lau94(statistic: f64, n: usize, candidates: &[usize]) -> f64 {
    let square = statistic * statistic;
    let pair = |pair: &[usize]| {
        let (m, next, n) = (pair[0] as f64, pair[1] as f64, n as f64);
        let q = (1.0 - m * (n - next) / ((n - m) * next)).sqrt();
        (-square / 2.0).exp() / std::f64::consts::PI * (q - (square / 4.0 - 1.0) * q.powi(3) / 6.0)
    };
    let sum: f64 = candidates.windows(2).map(pair).sum();
    smaller(2.0 * ln_normal_upper(statistic).exp() + sum, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcomes::tests_support::{example, example_marker};

    #[test]
    fn the_chosen_cut_has_the_p_of_the_choice() {
        let options = MaximalOptions { permutations: 20_000, ..MaximalOptions::default() };
        let found = maximal(&example(), &example_marker(), &options).unwrap();
        let close =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-11, "{found} {expected}");
        close(found.statistic, 2.945_372_260_79);
        close(found.cut, 1.5);
        close(found.p_lau92, 0.066_778_726_674_1);
        close(found.p_lau94, 0.026_010_565_065_6);
        // 4e5 shuffles gave .00803
        assert!((found.p_permutation - 0.008_03).abs() < 0.002, "{}", found.p_permutation);
        assert_eq!(found, maximal(&example(), &example_marker(), &options).unwrap());
    }

    #[test]
    fn a_marker_that_cannot_be_split_is_refused() {
        assert!(maximal(&example(), &[1.0; 16], &MaximalOptions::default()).is_err());
    }
}
