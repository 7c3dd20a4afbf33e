//! Tail probabilities that many sets share: the draws for one size, one sign and one range of scores.
//!
//! The scores of a size fall into a few ranges: the ordinary ones and extreme ones, which fewer sets reach. Laws of a
//! range aim at a few scores spread over it; all draws, whichever aim they came from, count with their weight for every score of
//! the range that they reach (the balance heuristic). The draws depend on the list, the size and the seed only, so that a
//! set's p-value is the same in any company.

use super::importance::{Event, Tail, TailEstimate, sample};
use super::refine::{Laws, refined};
use super::score_ranges::ScoreRanges;
use crate::gsea::sampling::blocks::BlockedList;
use crate::gsea::sampling::mixture::Mixture;
use crate::gsea::sampling::proposal::Proposal;
use crate::gsea::sampling::random::Stream;

/// Name of the random stream.
const RANGE_STREAM: u64 = 5;

/// Laws with a smaller share of the draws than this are left out: each costs time for every draw.
const LEAST_SHARE: f64 = 0.005;

/// What identifies a range of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RangeKey {
    /// Whether it lies among the negative scores.
    pub negative: bool,
    /// Size of the sets.
    pub size: usize,
    number: usize,
}

impl RangeKey {
    /// The range of a score (its absolute value); `None` where it has none.
    pub fn of(ranges: &ScoreRanges, size: usize, score: f64, negative: bool) -> Option<Self> {
        Some(Self { negative, size, number: ranges.number(score)? })
    }
}

/// The draws of one range.
pub struct SharedTail(Tail);

impl SharedTail {
    /// Draws them: multiples of `draws`.
    pub fn draw(list: &BlockedList, ranges: &ScoreRanges, key: RangeKey, draws: usize, seed: u64) -> Self {
        let words = [seed, RANGE_STREAM, u64::from(key.negative), key.size as u64, key.number as u64];
        let mut stream = Stream::keyed(words);
        let factor = draws as f64 * small_set_factor(key.size) * short_list_factor(list.len());
        let range = ranges.range(key.number);
        let aimed: Vec<Laws> = range
            .aims
            .iter()
            .map(|&(aim, draws)| refined(list, key.size, aim, (factor * draws) as usize, &mut stream))
            .collect();
        let mixture = pooled(list, key.size, aimed);
        Self(sample(list, key.size, &mixture, &mut stream, Event::ScoreAtLeast(range.begin)).tail())
    }

    /// P(score >= `score`), which must lie in the range.
    pub fn at(&self, score: f64) -> TailEstimate {
        self.0.at(score)
    }
}

/// The laws of all aims in one mixture, each with as many draws as it would have for itself.
fn pooled(list: &BlockedList, size: usize, aimed: Vec<Laws>) -> Mixture {
    let draws: usize = aimed.iter().map(|laws| laws.draws).sum();
    let mut pooled: Vec<(f64, Proposal)> = Vec::new();
    for Laws { laws, draws: own } in aimed {
        let part = own as f64 / draws as f64;
        let all: f64 = laws.iter().map(|(share, _)| share).sum();
        let kept = || laws.iter().filter(|(share, _)| share * part >= LEAST_SHARE);
        let scale = part * all / kept().map(|(share, _)| share).sum::<f64>();
        pooled.extend(kept().map(|(share, law)| (share * scale, law.clone())));
    }
    Mixture::of_laws(list, size, pooled, draws)
}

/// How many times more sets are drawn where the list is short: single genes decide there, and laws that treat the genes of a block alike
/// fit less well.
pub fn short_list_factor(genes: usize) -> f64 {
    /// Length from which on lists are like those of a whole genome.
    const LONG: f64 = 6_000.0;
    /// At most.
    const MOST: f64 = 4.0;
    (LONG / genes as f64).clamp(1.0, MOST)
}

/// How many times more sets are drawn where they are small: each costs less, and the ways to a score differ more.
fn small_set_factor(size: usize) -> f64 {
    /// Size from which on a draw costs in proportion to its genes.
    const LARGE: f64 = 50.0;
    /// At most.
    const MOST: f64 = 2.5;
    (LARGE / size as f64).clamp(1.0, MOST)
}
