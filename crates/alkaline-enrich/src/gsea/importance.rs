//! Tail probabilities of enrichment scores by importance sampling: unbiased, with their own standard error, no floor.
//!
//! Sets are drawn from a mixture of a few laws under which the observed score is an ordinary event, each peaking at
//! another rank, and of uniform sets as a safeguard. Every drawn set that scores as high counts with its chance under
//! uniform sets over its chance under the mixture (the balance heuristic), which makes the mean an unbiased estimate
//! of the p-value however good or bad the laws are; their quality shows in the standard error.
//! References: Veach & Guibas (1995) doi:10.1145/218380.218498 (balance heuristic); Naiman & Wynn (1997) Ann. Stat.
//! 25:1954 (mixtures over the place of the maximum).

use super::blocks::BlockedList;
use super::mixture::Mixture;
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

/// P(score >= `score` and the extreme is positive) for uniform random sets of `size` genes; `score` is positive.
pub fn tail_probability(
    list: &BlockedList,
    size: usize,
    score: f64,
    draws: usize,
    stream: &mut Stream,
) -> TailEstimate {
    let mixture = Mixture::aimed(list, size, &[AIM * score], draws);
    let reaches =
        |extremes: Extremes| extremes.top >= score - SCORE_TOLERANCE && extremes.top > -extremes.bottom;
    sample(list, size, &mixture, stream, reaches).0
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
    sample(list, size, &mixture, stream, |extremes| extremes.top > -extremes.bottom)
}

/// Chance of an event, and the mean score where it happens, from draws of a mixture.
fn sample(
    list: &BlockedList,
    size: usize,
    mixture: &Mixture,
    stream: &mut Stream,
    event: impl Fn(Extremes) -> bool,
) -> (TailEstimate, f64) {
    let mut bitmap = RankBitmap::new(list.len());
    let mut ranks = vec![0; size + DRAIN_SLACK];
    let mut counts = vec![0; list.blocks.len()];
    let mut sums = WeightSums::default();
    for member in &mixture.members {
        let mut hits = Vec::with_capacity(member.draws);
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
            if event(extremes) {
                if member.law.is_none() {
                    count_blocks(list, &ranks[..size], &mut counts);
                }
                hits.push(Hit { ln_weight: -mixture.ln_ratio(&counts), score: extremes.top });
            }
        }
        sums.add_member(&hits, member.draws);
    }
    sums.estimate()
}

/// A draw in which the event happened.
struct Hit {
    ln_weight: f64,
    score: f64,
}

fn count_blocks(list: &BlockedList, ranks: &[u32], counts: &mut [u32]) {
    counts.fill(0);
    for &rank in ranks {
        counts[list.block_of[rank as usize] as usize] += 1;
    }
}

/// Sum and variance of weights that may be as small as 1e-400, member by member.
#[derive(Default)]
struct WeightSums {
    members: Vec<MemberSum>,
    draws: usize,
}

struct MemberSum {
    ln_scale: f64,
    sum: f64,
    squares: f64,
    scores: f64,
    draws: usize,
}

impl WeightSums {
    fn add_member(&mut self, hits: &[Hit], draws: usize) {
        self.draws += draws;
        let ln_scale = hits.iter().map(|hit| hit.ln_weight).fold(f64::NEG_INFINITY, f64::max);
        if ln_scale == f64::NEG_INFINITY {
            return;
        }
        let (mut sum, mut squares, mut scores) = (0.0, 0.0, 0.0);
        for hit in hits {
            let weight = (hit.ln_weight - ln_scale).exp();
            sum += weight;
            squares += weight * weight;
            scores += weight * hit.score;
        }
        self.members.push(MemberSum { ln_scale, sum, squares, scores, draws });
    }

    /// The chance of the event, and the mean score where it happened (NaN where it never did).
    fn estimate(&self) -> (TailEstimate, f64) {
        let ln_scale = self.members.iter().map(|member| member.ln_scale).fold(f64::NEG_INFINITY, f64::max);
        if ln_scale == f64::NEG_INFINITY {
            return (TailEstimate { ln_p: f64::NEG_INFINITY, relative_variance: 1.0 }, f64::NAN);
        }
        let (mut sum, mut variance, mut scores) = (0.0, 0.0, 0.0);
        for member in &self.members {
            let scale = (member.ln_scale - ln_scale).exp();
            let draws = member.draws as f64;
            sum += member.sum * scale;
            scores += member.scores * scale;
            let centred = member.squares - member.sum * member.sum / draws;
            variance += centred.max(0.0) * scale * scale * draws / (draws - 1.0).max(1.0);
        }
        let ln_p = ln_scale + (sum / self.draws as f64).ln();
        (TailEstimate { ln_p, relative_variance: variance / (sum * sum) }, scores / sum)
    }
}
