//! P-values and normalised scores of many sets on one list.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::blocks::BlockedList;
use super::exact::{self, enumerate};
use super::importance::{TailEstimate, tail_probability};
use super::null::{SignGrid, SizeNull};
use super::random::Stream;

/// Name of the random stream of importance sampling.
const TAIL_STREAM: u64 = 4;

/// Uniform sets drawn per size: as many as have this many genes together, within limits. Sets of one size share them.
const UNIFORM_GENES: usize = 300_000;
const FEWEST_UNIFORM: usize = 1_000;
const MOST_UNIFORM: usize = 10_000;

/// Below this p, counting uniform sets is less exact than importance sampling.
const COUNTING_LIMIT: f64 = 0.1;

/// What is asked about one set.
#[derive(Clone, Debug)]
pub struct Question {
    /// Ranks of the genes, rising.
    pub ranks: Vec<u32>,
    /// Enrichment score.
    pub score: f64,
}

/// What is found out about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// P given the sign of the score.
    pub p: f64,
    /// Standard error of log2 p; 0 where p is exact.
    pub log2_error: f64,
    /// Score over the mean of random scores of its sign.
    pub normalized_score: f64,
}

/// Answers every question; the order is that of the questions.
pub fn p_values(lists: &[BlockedList; 2], questions: &[Question], draws: usize, seed: u64) -> Vec<Answer> {
    let genes = lists[0].len();
    let (feasible, sampled): (Vec<usize>, Vec<usize>) =
        (0..questions.len()).partition(|&i| exact::is_feasible(genes, questions[i].ranks.len()));
    let mut sizes: Vec<usize> = sampled.iter().map(|&i| questions[i].ranks.len()).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let grid = SignGrid::estimate(lists, &sizes, seed);
    let counted = count_uniform(lists, questions, &sampled, seed);
    let estimated: Vec<(usize, Answer)> = counted
        .into_par_iter()
        .map(|(i, count)| (i, estimate(lists, &questions[i], count, &grid, draws, seed)))
        .collect();
    let exact: Vec<(usize, Answer)> =
        feasible.into_par_iter().map(|i| (i, enumerate_all(lists, &questions[i]))).collect();
    let mut answers: Vec<(usize, Answer)> = estimated.into_iter().chain(exact).collect();
    answers.sort_unstable_by_key(|answer| answer.0);
    answers.into_iter().map(|answer| answer.1).collect()
}

/// Random sets at least as extreme, and random sets of the same sign.
type Count = (usize, usize);

/// Compares each score with uniform sets of its size.
fn count_uniform(
    lists: &[BlockedList; 2],
    questions: &[Question],
    chosen: &[usize],
    seed: u64,
) -> Vec<(usize, Count)> {
    let mut by_size: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &i in chosen {
        by_size.entry(questions[i].ranks.len()).or_default().push(i);
    }
    by_size
        .into_par_iter()
        .flat_map_iter(|(size, members)| {
            let draws = (UNIFORM_GENES / size).clamp(FEWEST_UNIFORM, MOST_UNIFORM);
            let null = SizeNull::draw(&lists[0], size, draws, seed);
            members.into_iter().map(|i| (i, null.count(questions[i].score))).collect::<Vec<_>>()
        })
        .collect()
}

fn estimate(
    lists: &[BlockedList; 2],
    question: &Question,
    (as_extreme, same_sign): Count,
    grid: &SignGrid,
    draws: usize,
    seed: u64,
) -> Answer {
    let size = question.ranks.len();
    let negative = question.score < 0.0;
    let sign = grid.at(size, negative);
    let normalized_score = if question.score == 0.0 { 0.0 } else { question.score / sign.mean };
    if question.score == 0.0 {
        return Answer { p: 1.0, log2_error: 0.0, normalized_score };
    }
    let counted = as_extreme as f64 / same_sign as f64;
    if same_sign >= FEWEST_UNIFORM / 4 && counted >= COUNTING_LIMIT {
        let relative_variance = (1.0 - counted) / as_extreme as f64;
        return Answer { p: counted, log2_error: log2_error(relative_variance), normalized_score };
    }
    let key = [seed, TAIL_STREAM].into_iter().chain(question.ranks.iter().map(|&rank| u64::from(rank)));
    let list = &lists[usize::from(negative)];
    let tail = tail_until_seen(list, size, question.score.abs(), draws, &mut Stream::keyed(key));
    let p = (tail.ln_p - sign.share.ln()).exp().clamp(f64::MIN_POSITIVE, 1.0);
    let relative_variance = tail.relative_variance + sign.relative_variance;
    Answer { p, log2_error: log2_error(relative_variance), normalized_score }
}

/// Draws ten times as many sets, and again, while none reaches the score.
fn tail_until_seen(
    list: &BlockedList,
    size: usize,
    score: f64,
    draws: usize,
    stream: &mut Stream,
) -> TailEstimate {
    /// Draws are cheap in a short list, and its laws are less exact.
    const SHORT_LIST: usize = 500;
    let draws = if list.len() < SHORT_LIST { 20 * draws } else { draws };
    let mut tail = tail_probability(list, size, score, draws, stream);
    for factor in [10, 100] {
        if tail.ln_p.is_finite() {
            break;
        }
        tail = tail_probability(list, size, score, factor * draws, stream);
    }
    tail
}

fn log2_error(relative_variance: f64) -> f64 {
    relative_variance.sqrt() / std::f64::consts::LN_2
}

fn enumerate_all(lists: &[BlockedList; 2], question: &Question) -> Answer {
    let list = &lists[usize::from(question.score < 0.0)];
    let null = enumerate(list, question.ranks.len(), question.score.abs());
    let normalized_score = if question.score == 0.0 { 0.0 } else { question.score / null.mean };
    Answer { p: null.p, log2_error: 0.0, normalized_score }
}
