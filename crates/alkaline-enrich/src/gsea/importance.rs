//! Tail probabilities of enrichment scores by importance sampling: unbiased, with their own standard error, no floor.
//!
//! Sets are drawn from a mixture of a few laws under which the observed score is an ordinary event, each peaking at
//! another rank, and of uniform sets as a safeguard. Every drawn set that scores as high counts with its chance under
//! uniform sets over its chance under the mixture (the balance heuristic), which makes the mean an unbiased estimate
//! of the p-value however good or bad the laws are; their quality shows in the standard error.
//! References: Veach & Guibas (1995) doi:10.1145/218380.218498 (balance heuristic); Naiman & Wynn (1997) Ann. Stat.
//! 25:1954 (mixtures over the place of the maximum).

use super::blocks::BlockedList;
use super::proposal::{Proposal, SharedRatio};
use super::random::Stream;
use super::score::Extremes;
use super::subset::{DRAIN_SLACK, RankBitmap};
use super::tilt::{Multipliers, Target, Tilt};

/// Share of the draws that are uniform sets.
const UNIFORM_SHARE: f64 = 0.06;

/// Laws in the mixture at most.
const LAWS: usize = 5;

/// Ranks for which a tilt is solved at most.
const CANDIDATES: usize = 8;

/// A law whose entropy exceeds the smallest by more than this (in nats) adds nothing.
const AIM: f64 = 0.97;
const WORST_ENTROPY: f64 = 3.0;

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

/// One member of the mixture.
struct Member {
    draws: usize,
    ln_share: f64,
    law: Option<Proposal>,
}

/// P(score >= `score` and the extreme is positive) for uniform random sets of `size` genes; `score` is positive.
pub fn tail_probability(
    list: &BlockedList,
    size: usize,
    score: f64,
    draws: usize,
    stream: &mut Stream,
) -> TailEstimate {
    let members = mixture(list, size, &[score], draws);
    let reaches =
        |extremes: Extremes| extremes.top >= score - SCORE_TOLERANCE && extremes.top > -extremes.bottom;
    sample(list, size, &members, stream, reaches).0
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
    let members = mixture(list, size, &AIMS, draws);
    sample(list, size, &members, stream, |extremes| extremes.top > -extremes.bottom)
}

/// Chance of an event, and the mean score where it happens, from draws of a mixture.
fn sample(
    list: &BlockedList,
    size: usize,
    members: &[Member],
    stream: &mut Stream,
    event: impl Fn(Extremes) -> bool,
) -> (TailEstimate, f64) {
    let mut bitmap = RankBitmap::new(list.len());
    let mut ranks = vec![0; size + DRAIN_SLACK];
    let mut counts = vec![0; list.blocks.len()];
    let shared = SharedRatio::new(list, size);
    let mut sums = WeightSums::default();
    for member in members {
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
                hits.push(Hit {
                    ln_weight: -ln_mixture_ratio(members, &shared, &counts),
                    score: extremes.top,
                });
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

/// Log of the chance of a set under the mixture over its chance under uniform sets.
fn ln_mixture_ratio(members: &[Member], shared: &SharedRatio, counts: &[u32]) -> f64 {
    let common = shared.ln(counts);
    let ln_terms: Vec<f64> = members
        .iter()
        .map(|member| member.ln_share + member.law.as_ref().map_or(0.0, |law| common + law.ln_picks(counts)))
        .collect();
    let largest = ln_terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + ln_terms.iter().map(|term| (term - largest).exp()).sum::<f64>().ln()
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

/// The laws for some scores, with their shares of the draws: equal for each score, more for likelier peaks.
fn mixture(list: &BlockedList, size: usize, scores: &[f64], draws: usize) -> Vec<Member> {
    let laws: Vec<(f64, Proposal)> = scores
        .iter()
        .flat_map(|&score| {
            let tilts = choose_tilts(list, size, score);
            let best = tilts.iter().map(|tilt| tilt.entropy).fold(f64::INFINITY, f64::min);
            let weights: Vec<f64> = tilts.iter().map(|tilt| (best - tilt.entropy).exp()).collect();
            let total: f64 = weights.iter().sum();
            let laws = tilts.iter().map(|tilt| Proposal::new(list, size, &tilt.inclusion()));
            weights.iter().map(|weight| weight / total).zip(laws).collect::<Vec<_>>()
        })
        .collect();
    let total: f64 = laws.iter().map(|law| law.0).sum();
    let mut members = Vec::with_capacity(laws.len() + 1);
    for (weight, law) in laws {
        let wanted = (1.0 - UNIFORM_SHARE) * weight / total * draws as f64;
        members.push(Member { draws: (wanted as usize).max(2), ln_share: 0.0, law: Some(law) });
    }
    let taken: usize = members.iter().map(|member| member.draws).sum();
    members.push(Member { draws: draws.saturating_sub(taken).max(2), ln_share: 0.0, law: None });
    let total: usize = members.iter().map(|member| member.draws).sum();
    members.iter_mut().for_each(|member| member.ln_share = (member.draws as f64 / total as f64).ln());
    members
}

/// Tilts towards the ranks where the score is most likely reached.
fn choose_tilts(list: &BlockedList, size: usize, score: f64) -> Vec<Tilt> {
    let rates = gaussian_rates(list, size, score);
    let lowest = rates.iter().copied().fold(f64::INFINITY, f64::min);
    let near: Vec<usize> =
        (0..rates.len()).filter(|&i| rates[i] <= lowest * 1.3 + WORST_ENTROPY).map(|i| i + 1).collect();
    let mut tilts: Vec<Tilt> = Vec::with_capacity(CANDIDATES);
    for peak in spread(&near, CANDIDATES) {
        let start = tilts.last().map_or(Multipliers::default(), |tilt| tilt.multipliers);
        tilts.push(Tilt::solve(list, Target { size, peak, score: score * AIM }, start));
    }
    tilts.retain(|tilt| tilt.entropy.is_finite());
    let best = tilts.iter().map(|tilt| tilt.entropy).fold(f64::INFINITY, f64::min);
    tilts.retain(|tilt| tilt.entropy <= best + WORST_ENTROPY);
    let chosen = spread(&(0..tilts.len()).collect::<Vec<_>>(), LAWS);
    chosen.into_iter().map(|i| tilts[i].clone()).collect()
}

/// At most `most` of the items, evenly spaced, first and last among them.
fn spread(items: &[usize], most: usize) -> Vec<usize> {
    if items.len() <= most {
        return items.to_vec();
    }
    (0..most).map(|i| items[i * (items.len() - 1) / (most - 1)]).collect()
}

/// For every block boundary how unlikely the score is there, as half the square of a normal deviate.
fn gaussian_rates(list: &BlockedList, size: usize, score: f64) -> Vec<f64> {
    let genes = list.len() as f64;
    let share = size as f64 / genes;
    let (mut all, mut all_squares) = (0.0, 0.0);
    for block in &list.blocks {
        all += f64::from(block.length) * block.weight;
        all_squares += f64::from(block.length) * block.weight * block.weight;
    }
    let per_hit = share * all / (genes - size as f64);
    let (mut leading, mut leading_squares) = (0.0, 0.0);
    list.blocks[..list.blocks.len() - 1]
        .iter()
        .map(|block| {
            leading += f64::from(block.length) * block.weight;
            leading_squares += f64::from(block.length) * block.weight * block.weight;
            let rank = f64::from(block.start + block.length);
            let needed = score + rank / genes;
            let mean = share * (leading - needed * all);
            let kept = 1.0 - needed;
            let sum = leading - needed * all + per_hit * rank;
            let squares = kept * kept * leading_squares
                + 2.0 * kept * per_hit * leading
                + per_hit * per_hit * rank
                + needed * needed * (all_squares - leading_squares);
            let variance = share * (1.0 - share) * (squares - sum * sum / genes);
            let deviate = (-mean).max(0.0) / variance.max(f64::MIN_POSITIVE).sqrt();
            0.5 * deviate * deviate
        })
        .collect()
}
