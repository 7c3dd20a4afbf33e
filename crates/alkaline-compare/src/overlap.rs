//! Whether two lists of called genes share more than chance gives them.

use alkaline_core::results::Direction;
use alkaline_math::fisher::fisher;
use alkaline_math::hypergeometric::ln_upper_tail;

use crate::pairing::Pairing;

/// How two lists overlap among the genes that both experiments tested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// The call in the first experiment, and that in the second.
    pub calls: (Direction, Direction),
    /// Genes in both lists.
    pub both: u64,
    /// Genes in the first list alone.
    pub first_only: u64,
    /// Genes in the second list alone.
    pub second_only: u64,
    /// Genes in neither.
    pub neither: u64,
    /// Natural logarithm of the hypergeometric P of as many or more in both.
    pub ln_p: f64,
    /// Conditional maximum likelihood estimate of the odds ratio (R's `fisher.test`).
    pub odds_ratio: f64,
    /// Its exact interval of 95 %.
    pub interval: (f64, f64),
    /// Genes in both over genes in either.
    pub jaccard: f64,
}

impl Overlap {
    /// Genes that chance would give both lists.
    pub fn expected(&self) -> f64 {
        let first = (self.both + self.first_only) as f64;
        let second = (self.both + self.second_only) as f64;
        first * second / (self.both + self.first_only + self.second_only + self.neither) as f64
    }
}

/// The four combinations: the two of one direction first.
pub const COMBINATIONS: [(Direction, Direction); 4] = [
    (Direction::Up, Direction::Up),
    (Direction::Down, Direction::Down),
    (Direction::Up, Direction::Down),
    (Direction::Down, Direction::Up),
];

/// Overlaps of the called genes, one for each of [`COMBINATIONS`].
pub fn overlaps(pairing: &Pairing) -> [Overlap; 4] {
    COMBINATIONS.map(|calls| overlap(pairing, calls))
}

fn overlap(pairing: &Pairing, calls: (Direction, Direction)) -> Overlap {
    let (mut both, mut first_only, mut second_only, mut neither) = (0, 0, 0, 0);
    for gene in &pairing.genes {
        let cell = match (gene.first.direction == calls.0, gene.second.direction == calls.1) {
            (true, true) => &mut both,
            (true, false) => &mut first_only,
            (false, true) => &mut second_only,
            (false, false) => &mut neither,
        };
        *cell += 1;
    }
    let exact = fisher([[both, first_only], [second_only, neither]]);
    let in_either = both + first_only + second_only;
    Overlap {
        calls,
        both,
        first_only,
        second_only,
        neither,
        ln_p: ln_upper_tail(both, both + first_only, in_either + neither, both + second_only),
        odds_ratio: exact.odds_ratio,
        interval: exact.interval,
        jaccard: if in_either == 0 { f64::NAN } else { both as f64 / in_either as f64 },
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::pairing::{Gene, Side};

    /// Genes with these calls.
    pub(crate) fn called(calls: &[(usize, Direction, Direction)]) -> Pairing {
        let side = |direction| Side {
            log2_fold_change: match direction {
                Direction::Up => 2.0,
                Direction::Down => -2.0,
                Direction::NotSignificant => 0.1,
            },
            standard_error: None,
            ln_p: -1.0,
            fdr: 0.5,
            direction,
        };
        let genes = calls.iter().flat_map(|(number, first, second)| {
            let gene = Gene { key: String::new(), first: side(*first), second: side(*second) };
            std::iter::repeat_n(gene, *number)
        });
        let genes: Vec<Gene> = genes.collect();
        Pairing { tested: (genes.len(), genes.len()), genes, repeated: (0, 0) }
    }

    #[test]
    fn the_table_of_two_lists_is_that_of_r() {
        use Direction::{NotSignificant, Up};
        // Encorafenib against vemurafenib, up in both: phyper and fisher.test of R 4.2 on 1995, 1995, 1210, 6596.
        let pairing = called(&[
            (1995, Up, Up),
            (1995, Up, NotSignificant),
            (1210, NotSignificant, Up),
            (6596, NotSignificant, NotSignificant),
        ]);
        let overlap = overlaps(&pairing)[0];
        assert!((overlap.ln_p / std::f64::consts::LN_10 + 335.004_8).abs() < 1e-4, "{}", overlap.ln_p);
        assert!((overlap.odds_ratio - 5.450_308_7).abs() < 1e-3, "{}", overlap.odds_ratio);
        assert!(
            (overlap.interval.0 - 4.990_973_7).abs() < 1e-3
                && (overlap.interval.1 - 5.953_882_8).abs() < 1e-3
        );
        assert!((overlap.jaccard - 0.383_653_85).abs() < 1e-8);
        assert!((overlap.expected() - 3990.0 * 3205.0 / 11_796.0).abs() < 1e-9);
    }

    #[test]
    fn empty_lists_have_no_overlap_and_no_surprise() {
        let pairing = called(&[(10, Direction::NotSignificant, Direction::NotSignificant)]);
        for overlap in overlaps(&pairing) {
            assert_eq!((overlap.both, overlap.neither), (0, 10));
            assert_eq!(overlap.ln_p, 0.0);
            assert!(overlap.odds_ratio.is_nan() && overlap.jaccard.is_nan());
        }
    }
}
