//! The engine `fgsea`: a round of random sets, then multilevel splitting for the sets that it cannot tell apart.
//!
//! Repeats what fgsea does, with random numbers of its own: p-values agree in distribution, not to the digit.
//! Reference: Korotkevich et al. (2021) doi:10.1101/060012. Upstream: fgsea `fgseaMultilevel`.

use std::collections::BTreeMap;

use alkaline_math::special::{ln_beta_tails, trigamma};
use rayon::prelude::*;

use super::importance::SCORE_TOLERANCE;
use super::multilevel::{Climb, ClimbPlan, multilevel_error};
use super::null::uniform_scores;
use super::p_values::{Answer, Question};
use crate::gsea::GseaOptions;
use crate::gsea::sampling::blocks::BlockedList;
use crate::gsea::sampling::random::Stream;

/// Names of the random streams.
const SIMPLE_STREAM: u64 = 6;
const CLIMB_STREAM: u64 = 7;

/// With fewer random sets of the sign of a score fgsea gives no p.
const FEWEST_OF_SIGN: usize = 10;

/// Answers every question; the order is that of the questions. P is NaN where the sign is too rare.
pub fn p_values(lists: &[BlockedList; 2], questions: &[Question], options: &GseaOptions) -> Vec<Answer> {
    let mut by_size: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, question) in questions.iter().enumerate() {
        by_size.entry(question.ranks.len()).or_default().push(number);
    }
    let of_size = |(size, numbers): (usize, Vec<usize>)| -> Vec<(usize, Answer)> {
        let asked: Vec<&Question> = numbers.iter().map(|&number| &questions[number]).collect();
        numbers.into_iter().zip(answers_of_size(lists, size, &asked, options)).collect()
    };
    let mut answers: Vec<(usize, Answer)> = by_size.into_par_iter().flat_map_iter(of_size).collect();
    answers.sort_unstable_by_key(|answer| answer.0);
    answers.into_iter().map(|answer| answer.1).collect()
}

/// What the first round says of one score.
struct Simple {
    answer: Answer,
    /// Chance of the sign, for the second round; `None` where the first suffices.
    sign_share: Option<f64>,
}

fn answers_of_size(
    lists: &[BlockedList; 2],
    size: usize,
    questions: &[&Question],
    options: &GseaOptions,
) -> Vec<Answer> {
    let mut stream = Stream::keyed([options.seed, SIMPLE_STREAM, size as u64]);
    let null = uniform_scores(&lists[0], size, options.simple_draws, &mut stream);
    let simple: Vec<Simple> =
        questions.iter().map(|question| first_round(question.score, &null, options)).collect();
    let climbs = [false, true].map(|negative| {
        let asked = questions.iter().zip(&simple);
        let of_sign = asked
            .filter(|(question, simple)| simple.sign_share.is_some() && (question.score < 0.0) == negative);
        let highest = of_sign.map(|(question, _)| question.score.abs()).reduce(f64::max)?;
        let mut stream = Stream::keyed([options.seed, CLIMB_STREAM, size as u64, u64::from(negative)]);
        let shares = simple.iter().filter_map(|simple| simple.sign_share);
        let eps = options.eps * shares.fold(1.0, f64::min);
        let plan = ClimbPlan { size, sample_size: options.sample_size, highest, eps };
        Some(Climb::new(&lists[usize::from(negative)].weights, plan, &mut stream))
    });
    let finish = |(question, simple): (&&Question, Simple)| {
        let climb = climbs[usize::from(question.score < 0.0)].as_ref();
        match (simple.sign_share, climb) {
            (Some(share), Some(climb)) => {
                second_round(simple.answer, climb.ln_tail(question.score.abs()), share, options)
            }
            _ => simple.answer,
        }
    };
    questions.iter().zip(simple).map(finish).collect()
}

/// P and normalised score from random sets, and whether that is exact enough.
fn first_round(score: f64, null: &[f64], options: &GseaOptions) -> Simple {
    let turned = |value: f64| if score < 0.0 { -value } else { value };
    let same_sign: Vec<f64> = null.iter().map(|&value| turned(value)).filter(|&value| value >= 0.0).collect();
    let mean = same_sign.iter().sum::<f64>() / same_sign.len() as f64;
    let normalized_score = if score == 0.0 { 0.0 } else { score / mean };
    if same_sign.len() < FEWEST_OF_SIGN {
        let nothing = Answer { p: f64::NAN, log2_error: f64::NAN, normalized_score: f64::NAN };
        return Simple { answer: nothing, sign_share: None };
    }
    let more = same_sign.iter().filter(|&&value| value >= score.abs() - SCORE_TOLERANCE).count() as f64;
    let (of_sign, draws) = (same_sign.len() as f64, null.len() as f64);
    let p = ((1.0 + more) / (1.0 + of_sign)).min(1.0);
    let log2_error = (trigamma(more + 1.0) - trigamma(draws + 1.0)).sqrt() / std::f64::consts::LN_2;
    let unconditional = (more + 1.0) / (draws + 1.0);
    let is_enough = multilevel_error(unconditional, options.sample_size) >= counting_error(more, draws);
    let sign_share = (!is_enough).then_some((of_sign + 1.0) / (draws + 1.0));
    Simple { answer: Answer { p, log2_error, normalized_score }, sign_share }
}

fn second_round(simple: Answer, ln_tail: f64, sign_share: f64, options: &GseaOptions) -> Answer {
    let p = (ln_tail.exp() / sign_share).min(1.0);
    if p < options.eps || p == 0.0 {
        return Answer { p: options.eps.max(f64::MIN_POSITIVE), log2_error: f64::NAN, ..simple };
    }
    Answer { p, log2_error: multilevel_error(p, options.sample_size), ..simple }
}

/// Half the larger distance, in bits, from a counted share to its 95 % Clopper-Pearson limits.
fn counting_error(count: f64, draws: f64) -> f64 {
    let centre = ((count + 1.0) / (draws + 1.0)).log2();
    let low =
        if count > 0.0 { beta_quantile(0.025, count, draws - count + 1.0).log2() } else { f64::NEG_INFINITY };
    let high = if count < draws { beta_quantile(0.975, count + 1.0, draws - count).log2() } else { 0.0 };
    0.5 * (centre - low).max(high - centre)
}

/// Quantile of a beta distribution, by bisection.
fn beta_quantile(chance: f64, a: f64, b: f64) -> f64 {
    /// Halvings of the interval from 0 to 1.
    const HALVINGS: usize = 60;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if ln_beta_tails(middle, 1.0 - middle, a, b).ln_lower < f64::ln(chance) {
            low = middle
        } else {
            high = middle
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_equal_those_of_r() {
        // qbeta(0.025, 5, 996), qbeta(0.975, 6, 995)
        assert!((beta_quantile(0.025, 5.0, 996.0) - 0.001_625_419_517_562_76).abs() < 1e-12);
        assert!((beta_quantile(0.975, 6.0, 995.0) - 0.011_629_470_559_812_1).abs() < 1e-12);
    }
}
