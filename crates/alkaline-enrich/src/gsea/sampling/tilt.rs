//! The most likely way for a random gene set to reach a given score at a given rank.
//!
//! Among all inclusion probabilities (one per block) that on average give a set of k genes whose running score at the
//! rank is the score asked for, the one nearest to the uniform (smallest relative entropy) is an exponential tilt:
//! logit = nu + theta * gain, where a block's gain is what one of its genes adds to the score. Large-deviation theory
//! makes it the best single proposal for importance sampling.
//! Reference: Sadowsky & Bucklew (1990) doi:10.1109/18.54903; Dupuis & Wang (2004).

use super::blocks::BlockedList;

/// Newton steps at most; a dozen suffices where the target can be reached.
const STEPS: usize = 30;

/// The search ends when set size and score are met to this relative precision: the law need not be exact, its chances are.
const PRECISION: f64 = 1e-3;

/// The linear constraint is drawn anew once size and score are met to this precision; before that it could lead astray.
const NEAR: f64 = 0.05;

/// Log odds beyond this are as good as certain.
const LARGEST_LOG_ODDS: f64 = 30.0;

/// Inclusion probabilities, one per block.
#[derive(Clone, Debug)]
pub struct Tilt {
    /// Log odds of inclusion of a gene of each block.
    pub log_odds: Vec<f64>,
    /// Whether the target was reached; where it cannot be, the search ends somewhere on the way to it.
    pub is_met: bool,
    /// Where the search ended.
    pub multipliers: Multipliers,
    /// Relative entropy against uniform inclusion, in nats: about -ln of the chance of reaching the score this way.
    pub entropy: f64,
}

/// What is asked of a tilt.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Genes in the set.
    pub size: usize,
    /// Number of leading blocks that end at the peak.
    pub peak: usize,
    /// Score there.
    pub score: f64,
}

/// Multipliers of the two constraints, size and score.
#[derive(Clone, Copy, Debug, Default)]
pub struct Multipliers {
    nu: f64,
    theta: f64,
}

/// State of the search: the two multipliers, and the current slope that makes the constraint linear.
struct Search<'a> {
    list: &'a BlockedList,
    target: Target,
    base: f64,
    at: Multipliers,
    gains: Vec<f64>,
    goal: f64,
}

/// Sums over blocks at the current multipliers.
#[derive(Default)]
struct Moments {
    size: f64,
    gain: f64,
    size_size: f64,
    size_gain: f64,
    gain_gain: f64,
    total_weight: f64,
    leading_hits: f64,
    leading_weight: f64,
}

impl Tilt {
    /// The law with these chances of inclusion of a gene of each block, none of them 0 or 1.
    pub fn of_inclusion(list: &BlockedList, size: usize, inclusion: impl Iterator<Item = f64>) -> Self {
        let log_odds: Vec<f64> = inclusion.map(|share| (share / (1.0 - share)).ln()).collect();
        let entropy = entropy(list, &log_odds, size as f64 / list.len() as f64);
        Self { log_odds, multipliers: Multipliers::default(), is_met: true, entropy }
    }

    /// The same tilt, so many of its genes on average being set free to lie anywhere.
    pub fn straying(&self, list: &BlockedList, size: usize, genes: f64) -> Self {
        let free = genes / size as f64;
        let uniform = size as f64 / list.len() as f64;
        let log_odds = self.log_odds.iter().map(|odds| {
            let share = (1.0 - free) / (1.0 + (-odds).exp()) + free * uniform;
            (share / (1.0 - share)).ln()
        });
        Self { log_odds: log_odds.collect(), ..self.clone() }
    }

    /// The same tilt at half its strength: half way back to uniform odds.
    pub fn tempered(&self, size: usize, genes: usize) -> Self {
        let base = (size as f64 / (genes - size) as f64).ln();
        let log_odds = self.log_odds.iter().map(|odds| base + 0.5 * (odds - base)).collect();
        Self { log_odds, ..self.clone() }
    }

    /// Searches the tilt for `target` from the multipliers of a similar one.
    pub fn solve(list: &BlockedList, target: Target, start: Multipliers) -> Self {
        let genes = list.len() as f64;
        let share = target.size as f64 / genes;
        let base = (share / (1.0 - share)).ln();
        let gains = vec![0.0; list.blocks.len()];
        let mut search = Search { list, target, base, at: start, gains, goal: 0.0 };
        search.linearise(&search.first_guess(share));
        let mut met = false;
        for _ in 0..STEPS {
            let moments = search.moments();
            met = search.is_met(&moments, PRECISION);
            if met {
                break;
            }
            if search.is_near(&moments) {
                search.linearise(&moments);
            }
            if !search.step(&moments) {
                break;
            }
        }
        let log_odds: Vec<f64> = (0..search.gains.len()).map(|block| search.log_odds(block)).collect();
        let entropy = entropy(list, &log_odds, share);
        Self { log_odds, multipliers: search.at, is_met: met, entropy }
    }
}

impl Search<'_> {
    fn log_odds(&self, block: usize) -> f64 {
        (self.base + self.at.nu + self.at.theta * self.gains[block])
            .clamp(-LARGEST_LOG_ODDS, LARGEST_LOG_ODDS)
    }

    fn misses(&self) -> f64 {
        (self.list.len() - self.target.size) as f64
    }

    /// Rank just after the leading blocks.
    fn peak_rank(&self) -> f64 {
        let last = self.list.blocks[self.target.peak - 1];
        f64::from(last.start + last.length)
    }

    /// The constraint `leading weight = score at the peak * total weight`, where the score lost to misses depends
    /// on the leading hits, as a linear function around the current moments.
    fn linearise(&mut self, moments: &Moments) {
        let needed = self.target.score + (self.peak_rank() - moments.leading_hits) / self.misses();
        let per_hit = moments.total_weight / self.misses();
        for (number, (gain, block)) in self.gains.iter_mut().zip(&self.list.blocks).enumerate() {
            *gain = -needed * block.weight;
            if number < self.target.peak {
                *gain += block.weight + per_hit;
            }
        }
        self.goal = per_hit * moments.leading_hits;
    }

    /// A guess at what the constraint needs to know of the tilted sets: hits ahead of the peak in proportion to the score
    /// there. Those of uniform sets would often make the constraint one that cannot be met.
    fn first_guess(&self, share: f64) -> Moments {
        let total: f64 = self.list.blocks.iter().map(|block| f64::from(block.length) * block.weight).sum();
        let (size, score, rank) = (self.target.size as f64, self.target.score, self.peak_rank());
        let leading_share = score + (1.0 - score) * rank / self.list.len() as f64;
        Moments {
            total_weight: share * total,
            leading_hits: (size * leading_share).min(rank),
            ..Moments::default()
        }
    }

    fn moments(&self) -> Moments {
        let mut sums = Moments::default();
        for (number, block) in self.list.blocks.iter().enumerate() {
            let share = 1.0 / (1.0 + (-self.log_odds(number)).exp());
            let expected = f64::from(block.length) * share;
            let spread = expected * (1.0 - share);
            let gain = self.gains[number];
            sums.size += expected;
            sums.gain += expected * gain;
            sums.size_size += spread;
            sums.size_gain += spread * gain;
            sums.gain_gain += spread * gain * gain;
            sums.total_weight += expected * block.weight;
            if number < self.target.peak {
                sums.leading_hits += expected;
                sums.leading_weight += expected * block.weight;
            }
        }
        sums
    }

    /// One damped Newton step on both multipliers; `false` when there is no way on.
    fn step(&mut self, moments: &Moments) -> bool {
        let off_size = self.target.size as f64 - moments.size;
        let off_gain = self.goal - moments.gain;
        let determinant = moments.size_size * moments.gain_gain - moments.size_gain * moments.size_gain;
        if determinant <= 1e-12 * moments.size_size * moments.gain_gain {
            return false;
        }
        let nu = (moments.gain_gain * off_size - moments.size_gain * off_gain) / determinant;
        let theta = (moments.size_size * off_gain - moments.size_gain * off_size) / determinant;
        let gain_range = self.gains.iter().fold(0.0_f64, |largest, gain| largest.max(gain.abs()));
        // No log odds may move by more than this at once: the dual is convex, but far from quadratic.
        let largest_move = nu.abs() + theta.abs() * gain_range;
        let damping = (4.0 / largest_move).min(1.0);
        self.at.nu += damping * nu;
        self.at.theta += damping * theta;
        true
    }

    /// Whether set size and score at the peak are what was asked for.
    fn is_met(&self, moments: &Moments, precision: f64) -> bool {
        let needed = self.target.score + (self.peak_rank() - moments.leading_hits) / self.misses();
        let off_size = moments.size / self.target.size as f64 - 1.0;
        let off_score = moments.leading_weight / moments.total_weight - needed;
        off_size.abs() < precision && off_score.abs() < precision
    }

    /// Whether the linear constraint is nearly met, so that it is worth drawing it anew from where the search is.
    fn is_near(&self, moments: &Moments) -> bool {
        let off_size = moments.size / self.target.size as f64 - 1.0;
        let off_gain = (moments.gain - self.goal) / moments.total_weight;
        off_size.abs() < NEAR && off_gain.abs() < NEAR
    }
}

/// Relative entropy of independent inclusions against the uniform share.
fn entropy(list: &BlockedList, log_odds: &[f64], share: f64) -> f64 {
    list.blocks
        .iter()
        .zip(log_odds)
        .map(|(block, &log_odds)| {
            let p = 1.0 / (1.0 + (-log_odds).exp());
            let term = |p: f64, base: f64| if p > 0.0 { p * (p / base).ln() } else { 0.0 };
            f64::from(block.length) * (term(p, share) + term(1.0 - p, 1.0 - share))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsea::score::Weights;

    #[test]
    fn the_tilted_set_has_the_size_and_the_score_asked_for() {
        let scores: Vec<f64> = (0..5000).map(|i| 6.0 - f64::from(i) * 0.0025).collect();
        let list = BlockedList::new(Weights::new(&scores, 1.0));
        for (size, rank, score) in [(30, 800, 0.5), (200, 1000, 0.35), (10, 100, 0.9)] {
            let peak = 1 + list.block_of[rank] as usize;
            let target = Target { size, peak, score };
            let tilt = Tilt::solve(&list, target, Multipliers::default());
            let (mut expected, mut leading, mut weight, mut hits) = (0.0, 0.0, 0.0, 0.0);
            for (number, block) in list.blocks.iter().enumerate() {
                let n = f64::from(block.length) / (1.0 + (-tilt.log_odds[number]).exp());
                expected += n;
                weight += n * block.weight;
                if number < peak {
                    leading += n * block.weight;
                    hits += n;
                }
            }
            let rank = f64::from(list.blocks[peak].start);
            let reached = leading / weight - (rank - hits) / (5000.0 - size as f64);
            assert!((expected / size as f64 - 1.0).abs() < 2e-3, "{expected}");
            assert!((reached - score).abs() < 2e-3, "{reached}");
            assert!(tilt.entropy > 0.0);
        }
    }
}
