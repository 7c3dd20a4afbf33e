//! What scores random gene sets of one size have.
//!
//! Everything here depends on the list, the size and the seed only, so that a set's result is the same in whatever
//! collection it stands.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::blocks::BlockedList;
use super::importance::{SCORE_TOLERANCE, TailEstimate, positive_scores};
use super::random::Stream;
use super::shared_tail::ScoreRanges;
use super::size_grid::Bracket;
use super::subset::{DRAIN_SLACK, RankBitmap};

/// Names of the random streams, so that no two uses share one.
const SCORE_STREAM: u64 = 2;
const RARE_SIGN_STREAM: u64 = 3;

/// Uniform sets drawn per size of the grid: as many as have this many genes together, within limits.
const UNIFORM_GENES: usize = 1_200_000;
const FEWEST_UNIFORM: usize = 14_000;
const MOST_UNIFORM: usize = 24_000;

/// Below this P, counting uniform sets is less exact than importance sampling.
pub const COUNTING_LIMIT: f64 = 0.1;

/// With fewer draws of a sign than this its share comes from importance sampling, and nothing is counted.
const RARE: usize = 200;

/// Draws of importance sampling for a rare sign.
const RARE_DRAWS: usize = 10_000;

/// The scores of random sets of one size, by sign.
pub struct SizeNull {
    signs: [SignNull; 2],
}

/// The scores of one sign.
pub struct SignNull {
    /// Chance that a random set's score has the sign.
    pub share: f64,
    /// Mean of |score| where it has.
    pub mean: f64,
    /// Variance of `share` over its square.
    pub relative_variance: f64,
    /// |score| of the uniform sets of this sign, rising.
    scores: Vec<f64>,
    /// The ranges of its tail.
    pub ranges: ScoreRanges,
}

impl SizeNull {
    /// Draws sets of `size` genes. `lists` are the list and the list upside down.
    fn draw(lists: &[BlockedList; 2], size: usize, seed: u64) -> Self {
        let draws = (UNIFORM_GENES / size).clamp(FEWEST_UNIFORM, MOST_UNIFORM);
        let mut stream = Stream::keyed([seed, SCORE_STREAM, size as u64]);
        let scores = uniform_scores(&lists[0], size, draws, &mut stream);
        let signs = [false, true].map(|negative| {
            let turned = scores.iter().map(|&score| if negative { -score } else { score });
            let mut same_sign: Vec<f64> = turned.filter(|&score| score >= 0.0).collect();
            let list = &lists[usize::from(negative)];
            if same_sign.len() < RARE {
                return rare_sign(list, size, negative, seed);
            }
            same_sign.sort_unstable_by(f64::total_cmp);
            let count = same_sign.len() as f64;
            let share = count / draws as f64;
            let mean = same_sign.iter().sum::<f64>() / count;
            let ranges = ScoreRanges::new(&same_sign);
            SignNull { share, mean, relative_variance: (1.0 - share) / count, scores: same_sign, ranges }
        });
        Self { signs }
    }
}

impl SignNull {
    /// P of a score this extreme given its sign, where counting uniform sets is more exact than importance sampling.
    pub fn counted(&self, score: f64) -> Option<TailEstimate> {
        let below = self.scores.partition_point(|&null| null < score - SCORE_TOLERANCE);
        let as_extreme = (self.scores.len() - below) as f64;
        let p = as_extreme / self.scores.len() as f64;
        (p >= COUNTING_LIMIT)
            .then(|| TailEstimate { ln_p: p.ln(), relative_variance: (1.0 - p) / as_extreme })
    }
}

/// Scores of uniform random sets.
pub fn uniform_scores(list: &BlockedList, size: usize, draws: usize, stream: &mut Stream) -> Vec<f64> {
    let mut bitmap = RankBitmap::new(list.len());
    let mut ranks = vec![0; size + DRAIN_SLACK];
    (0..draws)
        .map(|_| {
            bitmap.add_random(0, list.len() as u32, size as u32, stream);
            bitmap.drain_into(&mut ranks);
            list.weights.extremes(&ranks[..size]).score()
        })
        .collect()
}

fn rare_sign(list: &BlockedList, size: usize, negative: bool, seed: u64) -> SignNull {
    let mut stream = Stream::keyed([seed, RARE_SIGN_STREAM, size as u64, u64::from(negative)]);
    let (estimate, mean) = positive_scores(list, size, RARE_DRAWS, &mut stream);
    SignNull {
        share: estimate.ln_p.exp(),
        mean,
        relative_variance: estimate.relative_variance,
        scores: Vec::new(),
        ranges: ScoreRanges::default(),
    }
}

/// [`SizeNull`] at the sizes of the grid that some sets need.
pub struct NullGrid {
    sizes: BTreeMap<usize, SizeNull>,
}

/// What is known of one sign at one size.
#[derive(Clone, Copy, Debug)]
pub struct SignAtSize {
    /// Log of the chance that a random set's score has the sign.
    pub ln_share: f64,
    /// Mean of |score| where it has.
    pub mean: f64,
    /// Variance of the chance over its square.
    pub relative_variance: f64,
}

impl NullGrid {
    /// Draws sets of every size that the brackets name.
    pub fn draw(lists: &[BlockedList; 2], brackets: &[Bracket], seed: u64) -> Self {
        let mut wanted: Vec<usize> = brackets.iter().flat_map(|b| [b.low, b.high]).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let sizes = wanted.into_par_iter().map(|size| (size, SizeNull::draw(lists, size, seed))).collect();
        Self { sizes }
    }

    /// A sign at a size of the grid.
    pub fn at(&self, size: usize, negative: bool) -> &SignNull {
        &self.sizes[&size].signs[usize::from(negative)]
    }

    /// Share and mean score of a sign.
    pub fn sign(&self, bracket: Bracket, negative: bool) -> SignAtSize {
        let mut at = SignAtSize { ln_share: 0.0, mean: 0.0, relative_variance: 0.0 };
        for (size, weight) in bracket.weighted() {
            let null = self.at(size, negative);
            at.ln_share += weight * null.share.ln();
            // Scores shrink as one over the root of the size: that factor is taken out before drawing the line.
            at.mean += weight * null.mean * (size as f64 / bracket.size as f64).sqrt();
            at.relative_variance += weight * weight * null.relative_variance;
        }
        at
    }
}
