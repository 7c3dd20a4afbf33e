//! Ranges of scores whose tails share their draws: the ordinary scores of a size, and extreme ones, which fewer sets reach.
//!
//! Where a range begins, and what its laws aim at, is read from the scores of uniform sets.

/// Below this P, counting uniform sets is less exact than importance sampling.
pub const COUNTING_LIMIT: f64 = 0.1;

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

/// Scores of one size and sign that share their draws.
#[derive(Clone, Debug)]
pub struct ScoreRange {
    /// Lowest score.
    pub begin: f64,
    /// Scores that laws aim at, each with its draws as a multiple of the option.
    pub aims: Vec<(f64, f64)>,
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

    /// A range by its number.
    pub fn range(&self, number: usize) -> &ScoreRange {
        &self.0[number]
    }

    /// The range of a score (its absolute value); `None` beyond the last, and where counting tells more.
    pub fn number(&self, score: f64) -> Option<usize> {
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
