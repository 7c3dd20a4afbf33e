//! Two experiments with what they have in common.

use alkaline_compare::association::Association;
use alkaline_compare::overlap::Overlap;
use alkaline_compare::rank_overlap::RankOverlap;
use alkaline_compare::{Pairing, Verdict};
use serde::Serialize;

use super::keys::KeyKind;

/// Two experiments, and what they have in common.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Names of the two.
    pub names: (String, String),
    /// By which names their genes were found to be the same.
    pub by: KeyKind,
    /// The common genes.
    pub pairing: Pairing,
    /// Weights of the two in a combined P: roots of their numbers of samples, or ones where a table does not tell them.
    pub weights: [f64; 2],
    /// Correlations, lines and signs.
    pub association: Association,
    /// Lists against lists.
    pub overlaps: [Overlap; 4],
    /// Ranks against ranks.
    pub ranks: Option<RankOverlap>,
    /// In one word.
    pub verdict: Verdict,
    /// Whether both are contrasts of one run, and share samples.
    pub share_samples: bool,
}

/// What is told of two experiments in a line.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// The first experiment.
    pub first: String,
    /// The second.
    pub second: String,
    /// Genes that both tested.
    pub genes: usize,
    /// Pearson's correlation of log fold changes; null where it cannot be told.
    pub pearson: f64,
    /// The verdict.
    pub verdict: Verdict,
    /// In words.
    pub words: String,
}

impl Comparison {
    /// In a few sentences with numbers.
    pub fn told(&self) -> Told {
        let (first, second) = self.names.clone();
        let Association { genes, pearson, spearman, agreement, .. } = self.association;
        let signs = if agreement.called == 0 {
            "no gene is called by both".to_owned()
        } else {
            format!(
                "of {} genes that both call, {} have one sign ({:.1} %; chance {:.1} %)",
                agreement.called,
                agreement.same,
                100.0 * agreement.share(),
                100.0 * agreement.by_chance
            )
        };
        let [up, down, ..] = &self.overlaps;
        let shared = if self.share_samples {
            "; both are contrasts of one run: common samples alone make fold changes alike"
        } else {
            ""
        };
        let words = format!(
            "{first} and {second}: {}; {genes} genes in common (by {}), r {pearson:.3}, rho {spearman:.3}; {signs}; up in both {} \
             ({:.0} expected), down in both {} ({:.0} expected){shared}",
            self.verdict.in_words(),
            self.by.in_words(),
            up.both,
            up.expected(),
            down.both,
            down.expected()
        );
        Told { first, second, genes, pearson, verdict: self.verdict, words }
    }
}
