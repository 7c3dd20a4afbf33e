//! Tail probabilities of enrichment scores by importance sampling: unbiased, with their own standard error, no floor.
//!
//! Sets are drawn from a mixture of a few laws under which the observed score is an ordinary event, each peaking at
//! another rank, and of uniform sets as a safeguard. Every drawn set that scores as high counts with its chance under
//! uniform sets over its chance under the mixture (the balance heuristic), which makes the mean an unbiased estimate
//! of the p-value however good or bad the laws are; their quality shows in the standard error.
//! References: Veach & Guibas (1995) doi:10.1145/218380.218498 (balance heuristic); Naiman & Wynn (1997) Ann. Stat.
//! 25:1954 (mixtures over the place of the maximum).

use super::blocks::{BlockRun, BlockedList};
use super::mixture::{Member, Mixture};
use super::random::Stream;
use super::score::Extremes;
use super::subset::{DRAIN_SLACK, RankBitmap};

/// Laws aim at this share of the score at their peak: elsewhere on its way the running score climbs a little higher.
const AIM: f64 = 0.97;

/// Scores this close to the observed one count as equal: rounding must not decide about ties.
pub const SCORE_TOLERANCE: f64 = 1e-12;

/// An estimated probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TailEstimate {
    /// Natural logarithm of the probability; negative infinity when no draw scored as high.
    pub ln_p: f64,
    /// Variance of the estimate over its square.
    pub relative_variance: f64,
}

impl TailEstimate {
    /// Adds another estimate with a weight, on the scale of logarithms.
    pub fn add(&mut self, weight: f64, other: Self) {
        self.ln_p += weight * other.ln_p;
        self.relative_variance += weight * weight * other.relative_variance;
    }
}

/// Which draws count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// The extreme furthest from zero is positive and at least this.
    ScoreAtLeast(f64),
    /// It is positive.
    Positive,
}

impl Event {
    #[inline]
    fn happened(self, extremes: Extremes) -> bool {
        let is_positive = extremes.top > -extremes.bottom;
        match self {
            Self::ScoreAtLeast(score) => is_positive && extremes.top >= score - SCORE_TOLERANCE,
            Self::Positive => is_positive,
        }
    }
}

/// P(score >= `score` and the extreme is positive) for uniform random sets of `size` genes; `score` is positive.
pub fn tail_probability(
    list: &BlockedList,
    size: usize,
    score: f64,
    draws: usize,
    stream: &mut Stream,
) -> TailEstimate {
    let mixture = Mixture::aimed(list, size, &[AIM * score], draws);
    sample(list, size, &mixture, stream, Event::ScoreAtLeast(score)).tail(score)
}

/// P(score > 0) where positive scores are rare, and the mean of those that are.
pub fn positive_scores(
    list: &BlockedList,
    size: usize,
    draws: usize,
    stream: &mut Stream,
) -> (TailEstimate, f64) {
    /// Scores that the laws aim at: positive ones, however rare, are mostly small.
    const AIMS: [f64; 4] = [0.1, 0.2, 0.35, 0.6];
    let mixture = Mixture::aimed(list, size, &AIMS, draws);
    let sample = sample(list, size, &mixture, stream, Event::Positive);
    (sample.tail(0.0), sample.mean_score())
}

/// Draws from a mixture and keeps those in which the event happened.
pub fn sample(
    list: &BlockedList,
    size: usize,
    mixture: &Mixture,
    stream: &mut Stream,
    event: Event,
) -> Sample {
    let draws = |member: &Member| MemberHits { hits: Vec::new(), draws: member.draws as f64 };
    let mut members: Vec<MemberHits> = mixture.members.iter().map(draws).collect();
    visit_hits(list, size, mixture, stream, event, |found| {
        members[found.member].hits.push(Hit { weight: found.ln_weight, score: found.score });
    });
    Sample::new(members)
}

/// A draw in which the event happened, while it is at hand.
pub struct Found<'a> {
    /// Number of the member of the mixture that drew it.
    pub member: usize,
    /// Its score.
    pub score: f64,
    /// Log of its chance under uniform sets over that under the mixture.
    pub ln_weight: f64,
    /// Its blocks.
    pub runs: &'a [BlockRun],
}

/// Draws from a mixture and shows those in which the event happened.
pub fn visit_hits(
    list: &BlockedList,
    size: usize,
    mixture: &Mixture,
    stream: &mut Stream,
    event: Event,
    mut visit: impl FnMut(Found<'_>),
) {
    let mut bitmap = RankBitmap::new(list.len());
    let mut ranks = vec![0; size + DRAIN_SLACK];
    let mut counts = vec![0; list.blocks.len()];
    let mut runs = Vec::with_capacity(size);
    for (number, member) in mixture.members.iter().enumerate() {
        for _ in 0..member.draws {
            let drawn = match &member.law {
                Some(law) => law.draw(&list.blocks, stream, &mut bitmap, &mut counts),
                None => {
                    bitmap.add_random(0, list.len() as u32, size as u32, stream);
                    true
                }
            };
            if !drawn {
                continue;
            }
            bitmap.drain_into(&mut ranks);
            let extremes = list.weights.extremes(&ranks[..size]);
            if event.happened(extremes) {
                list.block_runs(&ranks[..size], &mut runs);
                let ln_weight = -mixture.ln_ratio(&runs);
                visit(Found { member: number, score: extremes.top, ln_weight, runs: &runs });
            }
        }
    }
}

/// A draw in which the event happened.
#[derive(Clone, Copy, Debug)]
struct Hit {
    /// Its chance under uniform sets over that under the mixture: the logarithm while drawing, scaled afterwards.
    weight: f64,
    score: f64,
}

/// Draws of one member of a mixture.
#[derive(Clone, Debug)]
struct MemberHits {
    hits: Vec<Hit>,
    draws: f64,
}

/// The draws in which an event happened. Weights may be as small as 1e-400, so that they are kept relative to the largest.
#[derive(Clone, Debug)]
pub struct Sample {
    members: Vec<MemberHits>,
    ln_scale: f64,
    draws: f64,
}

impl Sample {
    fn new(mut members: Vec<MemberHits>) -> Self {
        let weights = members.iter().flat_map(|member| &member.hits).map(|hit| hit.weight);
        let ln_scale = weights.fold(f64::NEG_INFINITY, f64::max);
        for hit in members.iter_mut().flat_map(|member| &mut member.hits) {
            hit.weight = (hit.weight - ln_scale).exp();
        }
        let draws = members.iter().map(|member| member.draws).sum();
        Self { members, ln_scale, draws }
    }

    /// The chance of the event together with a score of at least `score`.
    pub fn tail(&self, score: f64) -> TailEstimate {
        let lowest = score - SCORE_TOLERANCE;
        let (mut total, mut variance) = (0.0, 0.0);
        for MemberHits { hits, draws } in &self.members {
            let (mut sum, mut squares) = (0.0, 0.0);
            for hit in hits {
                let weight = if hit.score >= lowest { hit.weight } else { 0.0 };
                sum += weight;
                squares += weight * weight;
            }
            total += sum;
            variance += (squares - sum * sum / draws).max(0.0) * draws / (draws - 1.0).max(1.0);
        }
        if total == 0.0 {
            return TailEstimate { ln_p: f64::NEG_INFINITY, relative_variance: 1.0 };
        }
        let ln_p = self.ln_scale + (total / self.draws).ln();
        TailEstimate { ln_p, relative_variance: variance / (total * total) }
    }

    /// Mean score where the event happened; NaN where it never did.
    fn mean_score(&self) -> f64 {
        let hits = || self.members.iter().flat_map(|member| &member.hits);
        let total: f64 = hits().map(|hit| hit.weight).sum();
        hits().map(|hit| hit.weight * hit.score).sum::<f64>() / total
    }
}
