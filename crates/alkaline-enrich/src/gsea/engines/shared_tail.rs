//! Tail probabilities that many sets share: the draws for one size, one sign and one range of scores.
//!
//! The scores of a size fall into a few ranges: the ordinary ones and extreme ones, which fewer sets reach. Laws of a
//! range aim at a few scores spread over it; all draws, whichever aim they came from, count with their weight for every score of
//! the range that they reach (the balance heuristic). The draws depend on the list, the size and the seed only, so that a
//! set's p-value is the same in any company.

use super::importance::{Event, Tail, TailEstimate, sample};
use super::null::COUNTING_LIMIT;
use super::refine::{Laws, refined};
use crate::gsea::sampling::blocks::BlockedList;
use crate::gsea::sampling::mixture::Mixture;
use crate::gsea::sampling::proposal::Proposal;
use crate::gsea::sampling::random::Stream;

/// Name of the random stream.
const RANGE_STREAM: u64 = 5;

/// -ln of the chances (given the sign) that a range aims at, each with its draws as a multiple of the option, and of the
/// chance at which it ends.
///
/// Aims lie about 1.1 normal deviates apart, beyond which the scores between two of them would be drawn too seldom. Most draws go
/// where verdicts fall: a P of 1e-5 to 1e-3 decides which sets are significant among thousands.
struct RangePlan {
    aims: [(f64, f64); 3],
    end: f64,
}
const PLANS: [RangePlan; 3] = [
    RangePlan { aims: [(3.2, 0.9), (6.0, 3.5), (9.5, 5.0)], end: 11.5 },
    RangePlan { aims: [(11.0, 0.8), (17.0, 0.6), (24.5, 0.6)], end: 28.0 },
    RangePlan { aims: [(27.0, 0.5), (36.0, 0.5), (46.0, 0.5)], end: 52.0 },
];

/// The smallest chances that uniform sets tell well; beyond, scores are extrapolated from these two.
const COUNTED: [f64; 2] = [0.008, 0.0013];

/// Scores nearer to one than this may have a single way to be reached, which shared laws could miss.
pub const HIGHEST_SCORE: f64 = 0.995;

/// Where in the last stretch before that score a law aims, in place of aims beyond: a high aim would miss ways to the lowest scores.
const AIM_WITHIN: f64 = 0.35;

/// Laws with a smaller share of the draws than this are left out: each costs time for every draw.
const LEAST_SHARE: f64 = 0.005;

/// Scores of one size and sign that share their draws.
#[derive(Clone, Debug)]
struct ScoreRange {
    begin: f64,
    aims: Vec<(f64, f64)>,
    end: f64,
}

/// The ranges of one size and sign, lowest first; none where the sign is rare.
#[derive(Clone, Debug, Default)]
pub struct ScoreRanges(Vec<ScoreRange>);

impl ScoreRanges {
    /// From the scores of uniform sets of one size and sign, rising; there are some.
    pub fn new(scores: &[f64]) -> Self {
        let quantiles = Quantiles::new(scores);
        let mut ranges = Vec::with_capacity(PLANS.len());
        // Ties may make a score count as more likely than it is.
        let mut begin = counted_quantile(scores, 1.5 * COUNTING_LIMIT);
        for plan in &PLANS {
            let end = quantiles.score(plan.end).min(HIGHEST_SCORE);
            if end <= begin {
                break;
            }
            let aim = |&(depth, draws): &(f64, f64)| (quantiles.score(depth), draws);
            let mut aims: Vec<(f64, f64)> =
                plan.aims.iter().map(aim).filter(|(aim, _)| *aim < HIGHEST_SCORE).collect();
            if let Some(&(_, draws)) = plan.aims.get(aims.len()) {
                let last = aims.last().map_or(begin, |(aim, _)| *aim);
                aims.push((last + AIM_WITHIN * (HIGHEST_SCORE - last), draws));
            }
            ranges.push(ScoreRange { begin, aims, end });
            begin = end;
        }
        Self(ranges)
    }

    /// The range of a score (its absolute value); `None` beyond the last, and where counting tells more.
    fn number(&self, score: f64) -> Option<usize> {
        self.0.iter().position(|range| range.begin <= score && score < range.end)
    }
}

/// Scores by -ln of the chance of reaching them.
struct Quantiles<'a> {
    scores: &'a [f64],
    /// The rarest score that uniform sets tell well: -ln of its distance from one, and the root of -ln of its chance.
    last: (f64, f64),
    /// What the first gains as the second grows by one.
    slope: f64,
}

impl<'a> Quantiles<'a> {
    fn new(scores: &'a [f64]) -> Self {
        let [from, to] =
            COUNTED.map(|chance| (nearness(counted_quantile(scores, chance)), (-chance.ln()).sqrt()));
        Self { scores, last: to, slope: (to.0 - from.0) / (to.1 - from.1) }
    }

    /// Beyond what uniform sets reach, the root of -ln P is taken to grow with -ln(1 - score) as it last did: a straight
    /// line where scores are small and nearly normal, and slowing down towards one where a few genes decide.
    fn score(&self, depth: f64) -> f64 {
        let (nearness, root_depth) = self.last;
        if depth.sqrt() <= root_depth {
            return counted_quantile(self.scores, (-depth).exp());
        }
        1.0 - (-nearness - self.slope * (depth.sqrt() - root_depth)).exp()
    }
}

/// The score that this share of `scores`, which rise, reaches.
fn counted_quantile(scores: &[f64], chance: f64) -> f64 {
    let below = (scores.len() as f64 * (1.0 - chance)) as usize;
    scores[below.min(scores.len() - 1)]
}

fn nearness(score: f64) -> f64 {
    -(1.0 - score.min(HIGHEST_SCORE)).ln()
}

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
        let range = &ranges.0[key.number];
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_has_one_range_up_to_the_last() {
        let null: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.0004).collect();
        let ranges = ScoreRanges::new(&null);
        let [near, far, farthest] = ranges.0.as_slice() else { panic!("{ranges:?}") };
        assert!(near.end < far.end && far.end < farthest.end, "{ranges:?}");
        for range in [near, far, farthest] {
            assert!(range.aims.is_sorted_by(|a, b| a.0 < b.0), "{range:?}");
            assert!(range.aims.last().unwrap().0 < range.end, "{range:?}");
        }
        assert_eq!(
            [0.0, near.begin, near.end, far.end, farthest.end].map(|score| ranges.number(score)),
            [None, Some(0), Some(1), Some(2), None]
        );
        assert_eq!(ScoreRanges::default().number(0.5), None);
    }

    #[test]
    fn scores_near_one_end_the_ranges() {
        let null: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.001).collect();
        let ranges = ScoreRanges::new(&null);
        let last = ranges.0.last().unwrap();
        assert_eq!(last.end, HIGHEST_SCORE);
        assert!(last.aims.iter().all(|(aim, _)| *aim < HIGHEST_SCORE), "{ranges:?}");
    }
}
