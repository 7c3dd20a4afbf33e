//! What scores random gene sets of one size have.
//!
//! Everything here depends on the list, the size and the seed only, so that a set's result is the same in whatever
//! collection it stands.

use rayon::prelude::*;
use std::collections::BTreeMap;

use super::blocks::BlockedList;
use super::importance::{SCORE_TOLERANCE, positive_scores};
use super::random::Stream;
use super::subset::{DRAIN_SLACK, RankBitmap};

/// Names of the random streams, so that no two uses share one.
const SIGN_STREAM: u64 = 1;
const SCORE_STREAM: u64 = 2;
const RARE_SIGN_STREAM: u64 = 3;

/// Random sets per size of the grid on which sign shares and mean scores are estimated.
const GRID_DRAWS: usize = 10_000;

/// Every size up to this is on the grid; beyond, sizes grow by [`GRID_GROWTH`].
const GRID_DENSE: usize = 20;

/// Ratio of neighbouring sizes of the grid. Shares and (scaled) means are so smooth in the logarithm of the size that
/// straight lines between the points are off by less than their Monte-Carlo error.
const GRID_GROWTH: f64 = 1.15;

/// With fewer draws of a sign than this its share comes from importance sampling.
const RARE: usize = 200;

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

/// The scores of random sets of one size, split by sign and sorted.
pub struct SizeNull {
    positive: Vec<f64>,
    negative: Vec<f64>,
}

impl SizeNull {
    /// Draws the scores of sets of `size` genes.
    pub fn draw(list: &BlockedList, size: usize, draws: usize, seed: u64) -> Self {
        let mut stream = Stream::keyed([seed, SCORE_STREAM, size as u64]);
        let scores = uniform_scores(list, size, draws, &mut stream);
        let mut positive: Vec<f64> = scores.iter().copied().filter(|&score| score >= 0.0).collect();
        let mut negative: Vec<f64> =
            scores.iter().filter(|&&score| score <= 0.0).map(|score| -score).collect();
        positive.sort_unstable_by(f64::total_cmp);
        negative.sort_unstable_by(f64::total_cmp);
        Self { positive, negative }
    }

    /// How many random sets of the sign of `score` are at least as extreme, and how many there are.
    pub fn count(&self, score: f64) -> (usize, usize) {
        let same_sign = if score >= 0.0 { &self.positive } else { &self.negative };
        let less = same_sign.partition_point(|&null| null < score.abs() - SCORE_TOLERANCE);
        (same_sign.len() - less, same_sign.len())
    }
}

/// Share and mean size of the scores of one sign.
#[derive(Clone, Copy, Debug)]
pub struct SignNull {
    /// Chance that a random set's score has the sign.
    pub share: f64,
    /// Mean of |score| where it has.
    pub mean: f64,
    /// Variance of `share` over its square.
    pub relative_variance: f64,
}

/// [`SignNull`] of both signs, at the sizes of a grid.
pub struct SignGrid {
    points: BTreeMap<usize, [SignNull; 2]>,
}

impl SignGrid {
    /// Estimates the points of the grid around `sizes`. `lists` are the list and the list upside down.
    pub fn estimate(lists: &[BlockedList; 2], sizes: &[usize], seed: u64) -> Self {
        let mut wanted: Vec<usize> = sizes.iter().flat_map(|&size| bracket(size, lists[0].len())).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let points = wanted.par_iter().map(|&size| (size, estimate_point(lists, size, seed))).collect();
        Self { points }
    }

    /// The estimate for a size, between its neighbours on the grid: straight in the logarithm of the size.
    pub fn at(&self, size: usize, negative: bool) -> SignNull {
        let sign = usize::from(negative);
        let below = self.points.range(..=size).next_back();
        let above = self.points.range(size..).next();
        match (below, above) {
            (Some((&low, low_point)), Some((&high, high_point))) if low < high => {
                let part = (size as f64 / low as f64).ln() / (high as f64 / low as f64).ln();
                between((low, low_point[sign]), (high, high_point[sign]), size, part)
            }
            (Some((_, point)), _) | (None, Some((_, point))) => point[sign],
            (None, None) => SignNull { share: f64::NAN, mean: f64::NAN, relative_variance: f64::NAN },
        }
    }
}

fn between(low: (usize, SignNull), high: (usize, SignNull), size: usize, part: f64) -> SignNull {
    let mix = |a: f64, b: f64| a + part * (b - a);
    // Scores shrink as one over the root of the size: that factor is taken out before drawing the line.
    let scaled = |(size, null): (usize, SignNull)| null.mean * (size as f64).sqrt();
    SignNull {
        share: mix(low.1.share, high.1.share),
        mean: mix(scaled(low), scaled(high)) / (size as f64).sqrt(),
        relative_variance: (1.0 - part).powi(2) * low.1.relative_variance
            + part.powi(2) * high.1.relative_variance,
    }
}

fn estimate_point(lists: &[BlockedList; 2], size: usize, seed: u64) -> [SignNull; 2] {
    let mut stream = Stream::keyed([seed, SIGN_STREAM, size as u64]);
    let scores = uniform_scores(&lists[0], size, GRID_DRAWS, &mut stream);
    [false, true].map(|negative| {
        let same_sign: Vec<f64> =
            scores.iter().map(|&score| if negative { -score } else { score }).filter(|&s| s >= 0.0).collect();
        if same_sign.len() < RARE {
            return rare_sign(&lists[usize::from(negative)], size, negative, seed);
        }
        let (draws, count) = (GRID_DRAWS as f64, same_sign.len() as f64);
        let share = count / draws;
        let mean = same_sign.iter().sum::<f64>() / count;
        SignNull { share, mean, relative_variance: (1.0 - share) / count }
    })
}

fn rare_sign(list: &BlockedList, size: usize, negative: bool, seed: u64) -> SignNull {
    let mut stream = Stream::keyed([seed, RARE_SIGN_STREAM, size as u64, u64::from(negative)]);
    let (estimate, mean) = positive_scores(list, size, GRID_DRAWS, &mut stream);
    SignNull { share: estimate.ln_p.exp(), mean, relative_variance: estimate.relative_variance }
}

/// The sizes of the grid on either side of `size`, for a list of `genes`.
fn bracket(size: usize, genes: usize) -> Vec<usize> {
    if size <= GRID_DENSE {
        return vec![size];
    }
    let mut low = GRID_DENSE;
    loop {
        let high = ((low as f64 * GRID_GROWTH).ceil() as usize).min(genes - 1);
        if high >= size {
            return vec![low, high];
        }
        low = high;
    }
}
