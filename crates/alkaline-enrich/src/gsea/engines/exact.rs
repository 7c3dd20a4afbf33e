//! Exact p-values of small problems: every gene set there is.

use super::importance::SCORE_TOLERANCE;
use crate::gsea::sampling::blocks::BlockedList;

/// Enumerate when there are no more sets than this.
const MOST_SETS: f64 = 50_000.0;

/// Whether all sets of `size` of `genes` genes can be looked at.
pub fn is_feasible(genes: usize, size: usize) -> bool {
    number_of_sets(genes, size) <= MOST_SETS
}

fn number_of_sets(genes: usize, size: usize) -> f64 {
    (0..size.min(genes - size)).fold(1.0, |product, i| product * (genes - i) as f64 / (i + 1) as f64)
}

/// What all sets of one size say about a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExactNull {
    /// Share of the sets of the sign of the score that are at least as extreme.
    pub p: f64,
    /// Mean |score| of the sets of that sign.
    pub mean: f64,
}

/// Looks at every set of `size` genes; `score` is positive or zero (turn the list over for negative scores).
pub fn enumerate(list: &BlockedList, size: usize, score: f64) -> ExactNull {
    let genes = list.len() as u32;
    let mut ranks: Vec<u32> = (0..size as u32).collect();
    let (mut same_sign, mut as_extreme, mut sum) = (0_u64, 0_u64, 0.0);
    loop {
        let found = list.weights.extremes(&ranks).score();
        if found >= 0.0 {
            same_sign += 1;
            sum += found;
            as_extreme += u64::from(found >= score - SCORE_TOLERANCE);
        }
        if !advance(&mut ranks, genes) {
            break;
        }
    }
    ExactNull { p: as_extreme as f64 / same_sign as f64, mean: sum / same_sign as f64 }
}

/// The next set in lexical order; `false` after the last.
fn advance(ranks: &mut [u32], genes: u32) -> bool {
    let size = ranks.len() as u32;
    let Some(place) = (0..ranks.len()).rev().find(|&i| ranks[i] < genes - size + i as u32) else {
        return false;
    };
    ranks[place] += 1;
    for i in place + 1..ranks.len() {
        ranks[i] = ranks[i - 1] + 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::importance::tail_probability;
    use super::*;
    use crate::gsea::sampling::random::Stream;
    use crate::gsea::score::Weights;

    #[test]
    fn every_set_is_seen_once() {
        let mut ranks = vec![0, 1, 2];
        let mut seen = 1;
        while advance(&mut ranks, 7) {
            seen += 1;
        }
        assert_eq!((seen, number_of_sets(7, 3)), (35, 35.0));
        assert!(is_feasible(20, 4) && !is_feasible(15_000, 10));
    }

    /// The estimate times the chance of a positive score, against all C(20, 6) = 38,760 sets.
    #[test]
    fn importance_sampling_agrees_with_enumeration_within_its_own_error() {
        let scores: Vec<f64> =
            (0..20).map(|i| 3.0 - f64::from(i) * 0.31 + f64::from(i * i) * 0.001).collect();
        let list = BlockedList::new(Weights::new(&scores, 1.0));
        let (mut squares, mut compared) = (0.0, 0.0);
        for target in
            [&[0, 1, 2, 3, 4, 5][..], &[0, 1, 2, 3, 5, 9], &[0, 1, 3, 4, 8, 15], &[0, 2, 3, 6, 7, 11]]
        {
            let score = list.weights.extremes(target).score();
            let all = enumerate(&list, 6, score);
            let positive = share_of_positive(&list, 6);
            for seed in 0..20 {
                let estimate = tail_probability(&list, 6, score, 20_000, &mut Stream::keyed([seed]));
                let ratio = estimate.ln_p.exp() / (all.p * positive);
                if estimate.relative_variance > 1e-12 {
                    squares += (ratio - 1.0).powi(2) / estimate.relative_variance;
                    compared += 1.0;
                } else {
                    assert!((ratio - 1.0).abs() < 1e-9, "{ratio}");
                }
            }
        }
        // A chi-square with some 70 degrees of freedom.
        assert!(compared > 50.0);
        assert!((0.6..1.5).contains(&(squares / compared)), "{}", squares / compared);
    }

    fn share_of_positive(list: &BlockedList, size: usize) -> f64 {
        let mut ranks: Vec<u32> = (0..size as u32).collect();
        let (mut positive, mut all) = (0.0, 0.0);
        loop {
            all += 1.0;
            positive += f64::from(u8::from(list.weights.extremes(&ranks).score() >= 0.0));
            if !advance(&mut ranks, list.len() as u32) {
                return positive / all;
            }
        }
    }
}
