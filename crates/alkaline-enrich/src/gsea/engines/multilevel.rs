//! P-values by adaptive multilevel splitting, as fgsea estimates them: the engine to check against.
//!
//! A population of random sets climbs level by level: the lower half is replaced by copies of the upper half, and all move
//! by swaps of genes that keep them above the level. Each level halves the chance, about. All sets of one size and sign
//! share a climb, so that their p-values err together, and the noise grows with every level.
//! Reference: Korotkevich et al. (2021) doi:10.1101/060012. Upstream: fgsea `fgseaMultilevel`.

use alkaline_math::special::{digamma, trigamma};

use super::importance::SCORE_TOLERANCE;
use crate::gsea::sampling::random::Stream;
use crate::gsea::sampling::subset::{DRAIN_SLACK, RankBitmap};
use crate::gsea::score::Weights;

/// Share of a set's genes that one sweep tries to swap.
const SWAPPED_SHARE: f64 = 0.1;

/// A random set on its way up. Equal scores are put in order by a random number that belongs to the set.
#[derive(Clone, Debug)]
struct Climber {
    ranks: Vec<u32>,
    weight: f64,
    top: f64,
    order: u64,
}

/// Where the climbers stood at one level.
#[derive(Clone, Debug)]
struct Level {
    /// Log of the chance of reaching the level.
    ln_chance: f64,
    /// Highest points, rising, and whether the score is that point (and not the lowest).
    tops: Vec<(f64, bool)>,
    /// What has to be exceeded on the next level.
    bound: f64,
}

/// The climb of the sets of one size.
#[derive(Clone, Debug)]
pub struct Climb {
    levels: Vec<Level>,
}

/// How a climb is made.
#[derive(Clone, Copy, Debug)]
pub struct ClimbPlan {
    /// Size of the sets.
    pub size: usize,
    /// Climbers; made odd, at least three.
    pub sample_size: usize,
    /// The climb ends here.
    pub highest: f64,
    /// Or at this chance.
    pub eps: f64,
}

impl Climb {
    /// Climbs towards high scores; turn the list over for negative ones.
    pub fn new(weights: &Weights, plan: ClimbPlan, stream: &mut Stream) -> Self {
        let climbers = plan.sample_size.max(3) | 1;
        let mut walk = Walk::new(weights, plan.size, stream);
        let mut sample: Vec<Climber> = (0..climbers).map(|_| walk.random_set()).collect();
        let mut levels: Vec<Level> = Vec::new();
        let mut ln_chance = 0.0;
        loop {
            sample.sort_unstable_by(|a, b| {
                a.position().partial_cmp(&b.position()).unwrap_or(std::cmp::Ordering::Equal)
            });
            let first_high = climbers / 2;
            let bound = sample[first_high - 1].position();
            let tops = sample.iter().map(|climber| (climber.top, walk.is_positive(climber))).collect();
            levels.push(Level { ln_chance, tops, bound: bound.0 });
            ln_chance += ln_exceeding(climbers - first_high + 1, climbers);
            if bound.0 >= plan.highest || ln_chance < plan.eps.ln() {
                return Self { levels };
            }
            for low in 0..first_high {
                let copied = first_high + walk.stream.below((climbers - first_high) as u32) as usize;
                sample[low] = sample[copied].clone();
            }
            walk.mix(&mut sample, bound);
        }
    }

    /// Log of the chance that the score is positive and at least `score`; negative infinity beyond the last level.
    pub fn ln_tail(&self, score: f64) -> f64 {
        let lowest = score - SCORE_TOLERANCE;
        let level = self
            .levels
            .iter()
            .find(|level| level.bound >= lowest)
            .unwrap_or(&self.levels[self.levels.len() - 1]);
        let reaching = level.tops.iter().filter(|(top, positive)| *positive && *top >= lowest).count();
        level.ln_chance + ln_exceeding(reaching, level.tops.len())
    }
}

/// Standard error of log2 p after as many halvings as p takes.
pub fn multilevel_error(p: f64, sample_size: usize) -> f64 {
    let climbers = sample_size as f64;
    let levels = (1.0 - p.log2()).floor();
    (levels * (trigamma((climbers + 1.0) / 2.0) - trigamma(climbers + 1.0))).sqrt() / std::f64::consts::LN_2
}

/// Expected log of the chance of exceeding the `place`-th highest of `all` draws; negative infinity for place 0.
fn ln_exceeding(place: usize, all: usize) -> f64 {
    if place == 0 { f64::NEG_INFINITY } else { digamma(place as f64) - digamma(all as f64 + 1.0) }
}

impl Climber {
    fn position(&self) -> (f64, u64) {
        (self.top, self.order)
    }
}

/// Moves climbers.
struct Walk<'a> {
    weights: &'a Weights,
    size: usize,
    stream: &'a mut Stream,
    /// A random number for every gene; that of a set combines those of its genes.
    orders: Vec<u64>,
    bitmap: RankBitmap,
    moved: Vec<u32>,
}

impl<'a> Walk<'a> {
    fn new(weights: &'a Weights, size: usize, stream: &'a mut Stream) -> Self {
        let orders = (0..weights.len()).map(|_| stream.bits()).collect();
        let bitmap = RankBitmap::new(weights.len());
        Self { weights, size, stream, orders, bitmap, moved: Vec::with_capacity(size) }
    }

    fn random_set(&mut self) -> Climber {
        let mut ranks = vec![0; self.size + DRAIN_SLACK];
        self.bitmap.add_random(0, self.weights.len() as u32, self.size as u32, self.stream);
        self.bitmap.drain_into(&mut ranks);
        ranks.truncate(self.size);
        let weight = self.weights.total(&ranks);
        let order = ranks.iter().fold(0, |order, &rank| order ^ self.orders[rank as usize]);
        let top = self.weights.extremes(&ranks).top;
        Climber { ranks, weight, top, order }
    }

    fn is_positive(&self, climber: &Climber) -> bool {
        self.weights.extremes(&climber.ranks).score() >= 0.0
    }

    /// Sweeps over the sample until half of all genes (counting each set's) were swapped, and as many sweeps again.
    fn mix(&mut self, sample: &mut [Climber], bound: (f64, u64)) {
        let wanted = sample.len() * self.size / 2;
        /// Sweeps at most, where hardly any swap is possible.
        const MOST_SWEEPS: usize = 10_000;
        let (mut swapped, mut sweeps) = (0, 0);
        while swapped < wanted && sweeps < MOST_SWEEPS {
            swapped += self.sweep(sample, bound);
            sweeps += 1;
        }
        for _ in 0..sweeps {
            self.sweep(sample, bound);
        }
    }

    fn sweep(&mut self, sample: &mut [Climber], bound: (f64, u64)) -> usize {
        let tries = ((self.size as f64 * SWAPPED_SHARE) as usize).max(1);
        let mut swapped = 0;
        for climber in sample {
            for _ in 0..tries {
                swapped += usize::from(self.try_swap(climber, bound));
            }
        }
        swapped
    }

    /// Swaps a random gene of the set for a random gene of the list if the set stays above the bound.
    fn try_swap(&mut self, climber: &mut Climber, bound: (f64, u64)) -> bool {
        let out = self.stream.below(self.size as u32) as usize;
        let new = self.stream.below(self.weights.len() as u32);
        let Err(place) = climber.ranks.binary_search(&new) else { return false };
        let old = climber.ranks[out];
        let weight =
            climber.weight + self.weights.values()[new as usize] - self.weights.values()[old as usize];
        self.moved.clear();
        if out < place {
            self.moved.extend_from_slice(&climber.ranks[..out]);
            self.moved.extend_from_slice(&climber.ranks[out + 1..place]);
            self.moved.push(new);
            self.moved.extend_from_slice(&climber.ranks[place..]);
        } else {
            self.moved.extend_from_slice(&climber.ranks[..place]);
            self.moved.push(new);
            self.moved.extend_from_slice(&climber.ranks[place..out]);
            self.moved.extend_from_slice(&climber.ranks[out + 1..]);
        }
        let order = climber.order ^ self.orders[old as usize] ^ self.orders[new as usize];
        let top = self.weights.top(&self.moved, weight);
        if (top, order) <= bound {
            return false;
        }
        std::mem::swap(&mut climber.ranks, &mut self.moved);
        (climber.weight, climber.top, climber.order) = (weight, top, order);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::importance::tail_probability;
    use super::*;
    use crate::gsea::sampling::blocks::BlockedList;

    #[test]
    fn climbs_agree_with_importance_sampling() {
        let scores: Vec<f64> = (0..2000).map(|i| 4.0 - f64::from(i) * 0.004).collect();
        let list = BlockedList::new(Weights::new(&scores, 1.0));
        for score in [0.45, 0.6] {
            let exact = tail_probability(&list, 25, score, 50_000, &mut Stream::keyed([1])).ln_p;
            let plan = ClimbPlan { size: 25, sample_size: 301, highest: score, eps: 0.0 };
            let runs: Vec<f64> = (0..12)
                .map(|seed| Climb::new(&list.weights, plan, &mut Stream::keyed([seed])).ln_tail(score))
                .collect();
            let mean = runs.iter().sum::<f64>() / 12.0;
            let error = multilevel_error(exact.exp(), 301) * std::f64::consts::LN_2 / 12.0_f64.sqrt();
            assert!((mean - exact).abs() < 4.0 * error, "{score}: {mean} against {exact}, error {error}");
        }
    }

    #[test]
    fn the_climb_ends_at_eps() {
        let scores: Vec<f64> = (0..500).map(|i| 4.0 - f64::from(i) * 0.016).collect();
        let plan = ClimbPlan { size: 10, sample_size: 51, highest: 0.99, eps: 1e-3 };
        let climb = Climb::new(&Weights::new(&scores, 1.0), plan, &mut Stream::keyed([4]));
        assert!(climb.ln_tail(0.99) < 1e-3_f64.ln());
        assert!(climb.levels.len() < 14, "{}", climb.levels.len());
    }
}
