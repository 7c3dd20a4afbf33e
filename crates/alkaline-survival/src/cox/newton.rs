//! Newton's method with R's stopping rule and R's way of taking back steps that went too far.
//!
//! The estimate is the point that was *just evaluated* when the log-likelihood stopped changing; no further step is taken. A step that
//! lowers the likelihood is taken back by halves, then thirds, and so on.

use super::evaluation::Evaluation;
use super::ldl::Ldl;

/// The relative change of the log-likelihood that ends the search (R's `eps`).
const ENOUGH: f64 = 1e-9;
/// Evaluations at most (R's `iter.max`).
const MOST_ROUNDS: usize = 20;

/// Where the search ended.
#[derive(Clone, Debug)]
pub struct Optimum {
    pub beta: Vec<f64>,
    pub at: Evaluation,
    /// At the start, where all coefficients are zero.
    pub start: Evaluation,
    pub rounds: usize,
    pub converged: bool,
}

/// Climbs from zero to the maximum of the likelihood that `evaluate` computes.
pub fn climb(p: usize, evaluate: impl Fn(&[f64]) -> Evaluation) -> Optimum {
    let mut old = vec![0.0; p];
    let start = evaluate(&old);
    let mut beta = Ldl::new(&start.information).solve(&start.score);
    let mut optimum = Optimum { beta: old.clone(), at: start.clone(), start, rounds: 0, converged: false };
    let mut halvings = 0.0;
    for round in 1..=MOST_ROUNDS {
        let at = evaluate(&beta);
        optimum.rounds = round;
        let finite = at.log_likelihood.is_finite() && at.information.iter().all(|value| value.is_finite());
        let best = optimum.at.log_likelihood;
        let unchanged = best == at.log_likelihood || (1.0 - best / at.log_likelihood).abs() <= ENOUGH;
        if finite && unchanged {
            return Optimum { beta, at, converged: true, ..optimum };
        }
        if !finite || at.log_likelihood < best {
            halvings += 1.0;
            for (new, old) in beta.iter_mut().zip(&old) {
                *new = (*new + halvings * old) / (halvings + 1.0);
            }
            continue;
        }
        halvings = 0.0;
        let step = Ldl::new(&at.information).solve(&at.score);
        old.clone_from(&beta);
        optimum.beta.clone_from(&beta);
        optimum.at = at;
        for (value, step) in beta.iter_mut().zip(step) {
            *value += step;
        }
    }
    optimum
}
