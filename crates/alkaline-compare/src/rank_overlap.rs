//! Rank-rank hypergeometric overlap: for every pair of cut-offs in two ranked lists, whether their tops share more genes, or fewer, than chance
//! gives them.
//!
//! Reference: Plaisier et al. (2010) doi:10.1093/nar/gkq636. Its P by shuffling genes is not given: genes are correlated, and two
//! experiments without anything in common exceed it as a rule.

use std::f64::consts::LN_10;

use alkaline_math::hypergeometric::{ln_lower_tail, ln_upper_tail};
use ndarray::Array2;
use rayon::prelude::*;

use crate::pairing::{Pairing, Side};

/// Ranks by P stop telling genes apart here: a table on disk has no smaller P (base 10).
const SMALLEST_LOG10_P: f64 = -300.0;

/// A map of overlaps. Both lists run from most up to most down.
#[derive(Clone, Debug, PartialEq)]
pub struct RankOverlap {
    /// The cut-offs: numbers of genes from the top, in both lists.
    pub cuts: Vec<usize>,
    /// One value a pair of cut-offs (first list in rows): `-log10 P` of as large an overlap, or, where it is smaller than expected,
    /// `log10 P` of as small a one.
    pub map: Array2<f64>,
    /// The largest value.
    pub largest: Peak,
    /// The smallest.
    pub smallest: Peak,
}

/// A cell of the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Genes from the top of the first list.
    pub first: usize,
    /// Genes from the top of the second.
    pub second: usize,
    /// Genes in both.
    pub overlap: usize,
    /// The value of the map.
    pub value: f64,
}

/// The map of `pairing` at every `step` genes (the square root of their number when `None`); `None` for fewer genes than two steps.
pub fn rank_overlap(pairing: &Pairing, step: Option<usize>) -> Option<RankOverlap> {
    let number = pairing.genes.len();
    let step = step.unwrap_or((number as f64).sqrt() as usize).max(1);
    let cells = number.saturating_sub(1) / step;
    if cells < 2 {
        return None;
    }
    let cuts: Vec<usize> = (1..=cells).map(|cell| cell * step).collect();
    let shared = shared_tops(pairing, step, cells);
    let values: Vec<f64> = (0..cells * cells)
        .into_par_iter()
        .map(|at| value(shared[[at / cells, at % cells]], cuts[at / cells], cuts[at % cells], number))
        .collect();
    let peak = |at: usize| {
        let (row, column) = (at / cells, at % cells);
        Peak { first: cuts[row], second: cuts[column], overlap: shared[[row, column]], value: values[at] }
    };
    // The first of equal ones.
    let is_better = |better: &dyn Fn(f64, f64) -> bool| {
        (1..values.len()).fold(0, |best, at| if better(values[at], values[best]) { at } else { best })
    };
    let (largest, smallest) = (peak(is_better(&|a, b| a > b)), peak(is_better(&|a, b| a < b)));
    let map = Array2::from_shape_vec((cells, cells), values).ok()?;
    Some(RankOverlap { cuts, map, largest, smallest })
}

/// How many genes the tops of both lists share, for every pair of cut-offs.
fn shared_tops(pairing: &Pairing, step: usize, cells: usize) -> Array2<usize> {
    let (first, second) = (ranks(pairing, |gene| gene.first), ranks(pairing, |gene| gene.second));
    let mut shared = Array2::<usize>::zeros((cells, cells));
    for (a, b) in first.into_iter().zip(second) {
        let (row, column) = (a / step, b / step);
        if row < cells && column < cells {
            shared[[row, column]] += 1;
        }
    }
    for axis in 0..2 {
        for mut lane in shared.lanes_mut(ndarray::Axis(axis)) {
            let mut sum = 0;
            lane.iter_mut().for_each(|cell| {
                sum += *cell;
                *cell = sum;
            });
        }
    }
    shared
}

/// The place of each gene (from 0) from most up to most down, by P with the sign of the fold change; ties in the order of keys.
fn ranks(pairing: &Pairing, side: impl Fn(&crate::Gene) -> Side) -> Vec<usize> {
    let score = |gene: &crate::Gene| {
        let Side { log2_fold_change, ln_p, .. } = side(gene);
        -(ln_p / LN_10).max(SMALLEST_LOG10_P) * log2_fold_change.signum()
    };
    let scores: Vec<f64> = pairing.genes.iter().map(score).collect();
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let mut ranks = vec![0; order.len()];
    order.into_iter().enumerate().for_each(|(rank, gene)| ranks[gene] = rank);
    ranks
}

fn value(overlap: usize, first: usize, second: usize, number: usize) -> f64 {
    let [k, white, all, drawn] = [overlap, first, number, second].map(|count| count as u64);
    if (overlap * number) as f64 >= (first * second) as f64 {
        -ln_upper_tail(k, white, all, drawn) / LN_10
    } else {
        ln_lower_tail(k, white, all, drawn) / LN_10
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::results::Direction;

    use super::*;
    use crate::pairing::Gene;

    fn ranked(scores: &[(f64, f64)]) -> Pairing {
        let side = |score: f64| Side {
            log2_fold_change: score.signum(),
            standard_error: None,
            ln_p: -score.abs() * LN_10,
            fdr: 1.0,
            direction: Direction::NotSignificant,
        };
        let genes =
            scores.iter().map(|(a, b)| Gene { key: String::new(), first: side(*a), second: side(*b) });
        Pairing { genes: genes.collect(), tested: (scores.len(), scores.len()), repeated: (0, 0) }
    }

    #[test]
    fn like_lists_peak_in_the_middle_and_opposite_ones_fall_there() {
        let scores: Vec<f64> = (0..100).map(|gene| f64::from(gene) - 49.5).collect();
        let like = rank_overlap(&ranked(&scores.iter().map(|s| (*s, *s)).collect::<Vec<_>>()), None).unwrap();
        assert_eq!(like.cuts, [10, 20, 30, 40, 50, 60, 70, 80, 90]);
        let Peak { first, second, overlap, value } = like.largest;
        assert_eq!((first, second, overlap), (50, 50, 50));
        // One over choose(100, 50).
        let ln_choose: f64 = (1..=50).map(|i| (f64::from(50 + i) / f64::from(i)).ln()).sum();
        assert!((value - ln_choose / LN_10).abs() < 1e-9, "{value}");
        let opposite =
            rank_overlap(&ranked(&scores.iter().map(|s| (*s, -s)).collect::<Vec<_>>()), None).unwrap();
        assert_eq!(
            (opposite.smallest.first, opposite.smallest.second, opposite.smallest.overlap),
            (50, 50, 0)
        );
        assert!((opposite.smallest.value + ln_choose / LN_10).abs() < 1e-9);
    }

    #[test]
    fn every_cell_is_the_count_of_genes_in_both_tops() {
        let scores: Vec<(f64, f64)> = (0..60)
            .map(|gene| (f64::from(gene * 37 % 61) - 30.2, f64::from(gene * 23 % 59) - 29.1))
            .collect();
        let pairing = ranked(&scores);
        let (first, second) = (ranks(&pairing, |gene| gene.first), ranks(&pairing, |gene| gene.second));
        let shared = shared_tops(&pairing, 7, 8);
        for row in 0..8 {
            for column in 0..8 {
                let in_both = |gene: &usize| first[*gene] < 7 * (row + 1) && second[*gene] < 7 * (column + 1);
                assert_eq!(shared[[row, column]], (0..60).filter(in_both).count());
            }
        }
    }

    #[test]
    fn a_handful_of_genes_has_no_map() {
        assert_eq!(rank_overlap(&ranked(&[(1.0, 1.0), (2.0, 2.0)]), None), None);
    }
}
