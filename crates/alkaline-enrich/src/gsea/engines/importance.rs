//! Tail probabilities of enrichment scores by importance sampling: unbiased, with their own standard error, no floor.
//!
//! Sets are drawn from a mixture of a few laws under which the observed score is an ordinary event, each peaking at
//! another rank, and of uniform sets as a safeguard. Every drawn set that scores as high counts with its chance under
//! uniform sets over its chance under the mixture (the balance heuristic), which makes the mean an unbiased estimate
//! of the p-value however good or bad the laws are; their quality shows in the standard error.
//! References: Veach & Guibas (1995) doi:10.1145/218380.218498 (balance heuristic); Naiman & Wynn (1997) Ann. Stat.
//! 25:1954 (mixtures over the place of the maximum).

use crate::gsea::sampling::blocks::{BlockRun, BlockedList};
use crate::gsea::sampling::drawn_set::DrawnSet;
use crate::gsea::sampling::mixture::Mixture;
use crate::gsea::sampling::random::Stream;
use crate::gsea::score::Extremes;

/// Laws aim at this share of the score at their peak: elsewhere on its way the running score climbs a little higher.
const AIM: f64 = 0.97;

/// Near one it climbs less: laws aim at a score whose distance from one is larger by this factor, where that is nearer.
const AIM_BELOW_ONE: f64 = 1.05;

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
    let aim = (AIM * score).max(1.0 - AIM_BELOW_ONE * (1.0 - score));
    let mixture = Mixture::aimed(list, size, &[aim], draws);
    sample(list, size, &mixture, stream, Event::ScoreAtLeast(score)).tail().at(score)
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
    let mean = sample.mean_score();
    (sample.tail().at(0.0), mean)
}

/// Draws from a mixture and keeps those in which the event happened.
pub fn sample(
    list: &BlockedList,
    size: usize,
    mixture: &Mixture,
    stream: &mut Stream,
    event: Event,
) -> Sample {
    let draws = mixture.members.iter().map(|member| member.draws as f64).collect();
    let mut sample = Sample { hits: Vec::new(), draws };
    visit_hits(list, size, mixture, stream, event, |found| {
        let Found { member, score, ln_weight, .. } = found;
        sample.hits.push(Hit { member: member as u32, score, ln_weight });
    });
    sample
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
    let mut set = DrawnSet::new(list, size);
    for (number, member) in mixture.members.iter().enumerate() {
        for _ in 0..member.draws {
            match &member.law {
                Some(law) if !law.draw(&list.blocks, stream, &mut set) => continue,
                Some(_) => (),
                None => set.draw_uniform(list.len(), size, stream),
            }
            let extremes = list.weights.extremes(set.ranks());
            if event.happened(extremes) {
                set.find_runs(list);
                let ln_weight = -mixture.ln_ratio(set.runs());
                visit(Found { member: number, score: extremes.top, ln_weight, runs: set.runs() });
            }
        }
    }
}

/// A draw in which the event happened.
#[derive(Clone, Copy, Debug)]
struct Hit {
    member: u32,
    score: f64,
    /// Log of its chance under uniform sets over that under the mixture.
    ln_weight: f64,
}

/// The draws in which an event happened.
#[derive(Clone, Debug)]
pub struct Sample {
    hits: Vec<Hit>,
    /// Draws of each member of the mixture.
    draws: Vec<f64>,
}

impl Sample {
    /// Largest log weight. Weights may be as small as 1e-400, so that they are taken relative to the largest.
    fn ln_scale(&self) -> f64 {
        self.hits.iter().map(|hit| hit.ln_weight).fold(f64::NEG_INFINITY, f64::max)
    }

    /// Mean score where the event happened; NaN where it never did.
    fn mean_score(&self) -> f64 {
        let ln_scale = self.ln_scale();
        let (mut total, mut scores) = (0.0, 0.0);
        for hit in &self.hits {
            let weight = (hit.ln_weight - ln_scale).exp();
            total += weight;
            scores += weight * hit.score;
        }
        scores / total
    }

    /// The chances of all scores.
    pub fn tail(mut self) -> Tail {
        let ln_scale = self.ln_scale();
        self.hits
            .sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.ln_weight.total_cmp(&b.ln_weight)));
        let mut sums = vec![0.0; self.draws.len()];
        let (mut total, mut variance) = (0.0, 0.0);
        let step = |hit: &Hit| {
            let weight = (hit.ln_weight - ln_scale).exp();
            let (sum, draws) = (&mut sums[hit.member as usize], self.draws[hit.member as usize]);
            // What w more adds to (sum of squares - square of the sum / draws), over its degrees of freedom.
            let squares = weight * weight - weight * (2.0 * *sum + weight) / draws;
            variance += squares * draws / (draws - 1.0).max(1.0);
            *sum += weight;
            total += weight;
            Step { score: hit.score, total, variance }
        };
        Tail { steps: self.hits.iter().map(step).collect(), ln_scale, draws: self.draws.iter().sum() }
    }
}

/// The chance of every score, from one sample.
#[derive(Clone, Debug)]
pub struct Tail {
    /// Falling by score.
    steps: Vec<Step>,
    ln_scale: f64,
    draws: f64,
}

/// A draw, and what it and those that scored higher add up to.
#[derive(Clone, Copy, Debug)]
struct Step {
    score: f64,
    /// Sum of the weights over that of the likeliest draw.
    total: f64,
    /// Its variance; every member of the mixture has a number of draws of its own.
    variance: f64,
}

impl Tail {
    /// The chance of the event together with a score of at least `score`.
    pub fn at(&self, score: f64) -> TailEstimate {
        let lowest = score - SCORE_TOLERANCE;
        let as_high = self.steps.partition_point(|step| step.score >= lowest);
        let Some(&Step { total, variance, .. }) = as_high.checked_sub(1).map(|last| &self.steps[last]) else {
            return TailEstimate { ln_p: f64::NEG_INFINITY, relative_variance: 1.0 };
        };
        let ln_p = self.ln_scale + (total / self.draws).ln();
        TailEstimate { ln_p, relative_variance: variance.max(0.0) / (total * total) }
    }
}
