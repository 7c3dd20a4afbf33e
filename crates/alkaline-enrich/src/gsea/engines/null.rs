//! What scores random gene sets of one size have.
//!
//! Everything here depends on the list, the size and the seed only, so that a set's result is the same in whatever
//! collection it stands.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::importance::{SCORE_TOLERANCE, TailEstimate, positive_scores};
use super::score_ranges::{COUNTING_LIMIT, ScoreRanges};
use super::size_grid::Bracket;
use crate::gsea::sampling::blocks::BlockedList;
use crate::gsea::sampling::drawn_set::DrawnSet;
use crate::gsea::sampling::random::Stream;

/// Names of the random streams, so that no two uses share one.
const SCORE_STREAM: u64 = 2;
const RARE_SIGN_STREAM: u64 = 3;

/// Uniform sets drawn per size of the grid: as many as have this many genes together, within limits.
const UNIFORM_GENES: usize = 1_200_000;
const FEWEST_UNIFORM: usize = 14_000;
const MOST_UNIFORM: usize = 24_000;

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
        let pairs = (UNIFORM_GENES / size).clamp(FEWEST_UNIFORM, MOST_UNIFORM) / 2;
        let mut stream = Stream::keyed([seed, SCORE_STREAM, size as u64]);
        let scores = mirrored_scores(lists, size, pairs, &mut stream);
        let signs = [false, true].map(|negative| {
            let drawn = SignNull::of_pairs(&scores, negative);
            drawn.unwrap_or_else(|| rare_sign(&lists[usize::from(negative)], size, negative, seed))
        });
        Self { signs }
    }
}

impl SignNull {
    /// From the scores of sets and of their mirror images; `None` where the sign is rare.
    fn of_pairs(pairs: &[[f64; 2]], negative: bool) -> Option<Self> {
        let turned = |score: f64| if negative { -score } else { score };
        let has_sign = |score: f64| turned(score) >= 0.0;
        let mut scores: Vec<f64> =
            pairs.iter().flatten().filter(|score| has_sign(**score)).map(|score| turned(*score)).collect();
        if scores.len() < RARE {
            return None;
        }
        scores.sort_unstable_by(f64::total_cmp);
        let number = pairs.len() as f64;
        let share = scores.len() as f64 / (2.0 * number);
        let off =
            |pair: &[f64; 2]| pair.iter().filter(|score| has_sign(**score)).count() as f64 / 2.0 - share;
        let variance = pairs.iter().map(|pair| off(pair).powi(2)).sum::<f64>() / (number * number);
        Some(Self {
            share,
            mean: scores.iter().sum::<f64>() / scores.len() as f64,
            relative_variance: variance / (share * share),
            ranges: ScoreRanges::new(&scores),
            scores,
        })
    }

    /// P of a score this extreme given its sign, where counting uniform sets is more exact than importance sampling.
    pub fn counted(&self, score: f64) -> Option<TailEstimate> {
        let below = self.scores.partition_point(|&null| null < score - SCORE_TOLERANCE);
        let as_extreme = (self.scores.len() - below) as f64;
        let p = as_extreme / self.scores.len() as f64;
        (p >= COUNTING_LIMIT)
            .then(|| TailEstimate { ln_p: p.ln(), relative_variance: (1.0 - p) / as_extreme })
    }
}

/// Scores of uniform random sets and of their mirror images, which lie as far from the other end of the list. Both are uniform, and where
/// one scores high the other mostly scores low, so that the shares of the signs come out more exact than from twice as many sets.
/// Reference: Hammersley & Morton (1956) doi:10.1017/S0305004100031455 (antithetic variates).
fn mirrored_scores(
    lists: &[BlockedList; 2],
    size: usize,
    pairs: usize,
    stream: &mut Stream,
) -> Vec<[f64; 2]> {
    let mut set = DrawnSet::new(&lists[0], size);
    (0..pairs)
        .map(|_| {
            set.draw_uniform(lists[0].len(), size, stream);
            // A set in the list upside down scores as its mirror image does in the list, but for the sign.
            let [upright, mirrored] = [0, 1].map(|list| lists[list].weights.extremes(set.ranks()).score());
            [upright, -mirrored]
        })
        .collect()
}

/// Scores of uniform random sets.
pub fn uniform_scores(list: &BlockedList, size: usize, draws: usize, stream: &mut Stream) -> Vec<f64> {
    let mut set = DrawnSet::new(list, size);
    (0..draws)
        .map(|_| {
            set.draw_uniform(list.len(), size, stream);
            list.weights.extremes(set.ranks()).score()
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
