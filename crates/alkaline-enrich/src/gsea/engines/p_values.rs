//! P-values and normalised scores of many sets on one list.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::exact::{self, enumerate};
use super::importance::{SCORE_TOLERANCE, TailEstimate, tail_probability};
use super::multilevel::{Climb, ClimbPlan, multilevel_error};
use super::null::{NullGrid, SignNull};
use super::shared_tail::{RangeKey, SharedTail, short_list_factor};
use super::size_grid::Bracket;
use crate::gsea::sampling::blocks::BlockedList;
use crate::gsea::sampling::conditional::ln_choose;
use crate::gsea::sampling::packed::{NEAR_ONE, blocks_near_one};
use crate::gsea::sampling::random::Stream;

/// Name of the random stream of sets that have draws of their own.
const TAIL_STREAM: u64 = 4;

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
    let sampling = Sampling::prepare(lists, questions, draws, seed);
    questions.par_iter().map(|question| sampling.answer(question)).collect()
}

/// Draws that sets share.
struct Sampling<'a> {
    lists: &'a [BlockedList; 2],
    /// The lists in smaller blocks, for sets with draws of their own.
    finer: [BlockedList; 2],
    draws: usize,
    seed: u64,
    nulls: NullGrid,
    tails: BTreeMap<RangeKey, SharedTail>,
}

impl<'a> Sampling<'a> {
    fn prepare(lists: &'a [BlockedList; 2], questions: &[Question], draws: usize, seed: u64) -> Self {
        let genes = lists[0].len();
        let sampled: Vec<&Question> =
            questions.iter().filter(|question| !exact::is_feasible(genes, question.ranks.len())).collect();
        let brackets: Vec<Bracket> =
            sampled.iter().map(|question| Bracket::of(question.ranks.len(), genes)).collect();
        let nulls = NullGrid::draw(lists, &brackets, seed);
        let finer = [lists[0].finer(), lists[1].finer()];
        let sampling = Self { lists, finer, draws, seed, nulls, tails: BTreeMap::new() };
        let mut keys: Vec<RangeKey> =
            sampled.iter().flat_map(|question| sampling.ranges_of(question)).collect();
        keys.sort_unstable();
        keys.dedup();
        let draw = |key: RangeKey| {
            let list = &lists[usize::from(key.negative)];
            let ranges = &sampling.nulls.at(key.size, key.negative).ranges;
            (key, SharedTail::draw(list, ranges, key, draws, seed))
        };
        let tails = keys.into_par_iter().map(draw).collect();
        Self { tails, ..sampling }
    }

    fn answer(&self, question: &Question) -> Answer {
        if exact::is_feasible(self.lists[0].len(), question.ranks.len()) {
            return enumerate_all(self.lists, question);
        }
        let bracket = self.bracket(question);
        let sign = self.nulls.sign(bracket, question.score < 0.0);
        if question.score == 0.0 {
            return Answer { p: 1.0, log2_error: 0.0, normalized_score: 0.0 };
        }
        let given_sign = self.shared_tail(question).unwrap_or_else(|| {
            let mut tail = self.own_tail(question);
            tail.ln_p -= sign.ln_share;
            tail.relative_variance += sign.relative_variance;
            tail
        });
        let normalized_score = question.score / sign.mean;
        if given_sign.ln_p < f64::MIN_POSITIVE.ln() {
            // All that is known is that P is smaller than any number.
            return Answer { p: f64::MIN_POSITIVE, log2_error: f64::NAN, normalized_score };
        }
        let log2_error = given_sign.relative_variance.sqrt() / std::f64::consts::LN_2;
        Answer { p: given_sign.ln_p.exp().min(1.0), log2_error, normalized_score }
    }

    fn bracket(&self, question: &Question) -> Bracket {
        Bracket::of(question.ranks.len(), self.lists[0].len())
    }

    /// The shared draws that a set's P is read from.
    fn ranges_of(&self, question: &Question) -> impl Iterator<Item = RangeKey> {
        let (negative, score) = (question.score < 0.0, question.score.abs());
        let is_long = !self.lists[0].is_short();
        self.bracket(question).weighted().filter(move |_| is_long).filter_map(move |(size, _)| {
            let null = self.nulls.at(size, negative);
            if null.counted(score).is_some() {
                None
            } else {
                RangeKey::of(&null.ranges, size, score, negative)
            }
        })
    }

    /// P given the sign from draws that sets share, where those are good enough.
    fn shared_tail(&self, question: &Question) -> Option<TailEstimate> {
        /// With a larger relative variance a set gets draws of its own.
        const LARGEST_VARIANCE: f64 = 0.1;
        let (negative, score) = (question.score < 0.0, question.score.abs());
        let mut total = TailEstimate { ln_p: 0.0, relative_variance: 0.0 };
        for (size, weight) in self.bracket(question).weighted() {
            let null = self.nulls.at(size, negative);
            let counted = null.counted(score);
            total.add(weight, counted.or_else(|| self.tail_given_sign(null, size, score, negative))?);
        }
        (total.ln_p.is_finite() && total.relative_variance <= LARGEST_VARIANCE).then_some(total)
    }

    fn tail_given_sign(
        &self,
        null: &SignNull,
        size: usize,
        score: f64,
        negative: bool,
    ) -> Option<TailEstimate> {
        let tail = self.tails.get(&RangeKey::of(&null.ranges, size, score, negative)?)?.at(score);
        let relative_variance = tail.relative_variance + null.relative_variance;
        Some(TailEstimate { ln_p: tail.ln_p - null.share.ln(), relative_variance })
    }

    /// Chance of the score from draws that aim at it, more of them where few reach it, and from a climb from level to level where hardly one
    /// does.
    fn own_tail(&self, question: &Question) -> TailEstimate {
        /// More draws where laws fit less well: in a short list, where draws are cheap, and for a score near one.
        const FACTOR: usize = 5;
        /// A relative variance below which no more is drawn; and one at which hardly more than one draw reached the score, whose own is one.
        const GOOD: f64 = 0.5;
        const HOPELESS: f64 = 0.95;
        let (size, score) = (question.ranks.len(), question.score.abs());
        let mut list = Cow::Borrowed(&self.finer[usize::from(question.score < 0.0)]);
        if let Some(only) = only_set_of_its_score(&list, size, score) {
            return only;
        }
        let is_near_one = score > NEAR_ONE;
        if is_near_one {
            list = Cow::Owned(blocks_near_one(&list, size, score));
        }
        let ranks = question.ranks.iter().map(|&rank| u64::from(rank));
        let mut stream = Stream::keyed([self.seed, TAIL_STREAM].into_iter().chain(ranks));
        let factor = if list.is_short() || is_near_one { FACTOR } else { 1 };
        let draws = (factor as f64 * short_list_factor(list.len()) * self.draws as f64) as usize;
        let mut draw = |times: usize| tail_probability(&list, size, score, times * draws, &mut stream);
        let mut tail = draw(1);
        if tail.relative_variance >= GOOD {
            tail = draw(10);
        }
        if (GOOD..HOPELESS).contains(&tail.relative_variance) {
            tail = draw(100);
        }
        if tail.relative_variance < HOPELESS { tail } else { climbed_tail(&list, size, score, &mut stream) }
    }
}

/// A score of one, which only the first genes of the list have: one set among all.
fn only_set_of_its_score(list: &BlockedList, size: usize, score: f64) -> Option<TailEstimate> {
    let (genes, weights) = (list.len(), list.weights.values());
    // Any other set leaves out one of the first genes, or begins with a miss.
    let last_share = weights[size - 1] / weights[..size].iter().sum::<f64>();
    let nearest = 1.0 - last_share.min(1.0 / (genes - size) as f64);
    let is_only = score > 1.0 - SCORE_TOLERANCE && nearest < 1.0 - 2.0 * SCORE_TOLERANCE;
    is_only.then(|| TailEstimate { ln_p: -ln_choose(genes, size), relative_variance: 0.0 })
}

/// Chance of the score by multilevel splitting: noisier, but it needs no law that fits.
fn climbed_tail(list: &BlockedList, size: usize, score: f64, stream: &mut Stream) -> TailEstimate {
    const CLIMBERS: usize = 401;
    let plan = ClimbPlan { size, sample_size: CLIMBERS, highest: score, eps: f64::MIN_POSITIVE };
    let ln_p = Climb::new(&list.weights, plan, stream).ln_tail(score);
    let error = multilevel_error(ln_p.exp().max(f64::MIN_POSITIVE), CLIMBERS) * std::f64::consts::LN_2;
    TailEstimate { ln_p, relative_variance: error * error }
}

fn enumerate_all(lists: &[BlockedList; 2], question: &Question) -> Answer {
    let list = &lists[usize::from(question.score < 0.0)];
    let null = enumerate(list, question.ranks.len(), question.score.abs());
    let normalized_score = if question.score == 0.0 { 0.0 } else { question.score / null.mean };
    Answer { p: null.p, log2_error: 0.0, normalized_score }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsea::tests::three_weights;

    #[test]
    fn near_one_most_sets_owe_their_score_to_genes_that_weigh_nothing() {
        // Who scores 1 - misses / 2,975 has no gene among the last 2,700, and may pass over as many genes on the way to the last
        // of those among the first 200: such sets can be counted.
        let (size, misses) = (25, 10);
        let weights = three_weights();
        let lists = [BlockedList::new(weights.clone()), BlockedList::new(weights.reversed())];
        let ln_counts =
            (1..=size).map(|ahead| ln_choose(ahead + misses, misses) + ln_choose(100, size - ahead));
        let exact = ln_counts.map(|ln| (ln - ln_choose(3_000, size)).exp()).sum::<f64>();
        let ranks = (0..24).chain([34]).collect();
        let question = Question { ranks, score: 1.0 - f64::from(misses as u32) / 2_975.0 };
        for seed in 0..4 {
            let sampling = Sampling::prepare(&lists, std::slice::from_ref(&question), 1_000, seed);
            let tail = sampling.own_tail(&question);
            let off = tail.ln_p - exact.ln();
            assert!(off.abs() < 0.1, "seed {seed}: {off} nats off {exact:e}");
        }
    }
}
