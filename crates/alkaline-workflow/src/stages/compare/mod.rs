//! Experiments held against each other: runs, contrasts of runs, or test tables of whatever origin, two by two.

mod experiments;
mod keys;
mod tables;

use std::path::Path;

use alkaline_compare::association::{Association, association};
use alkaline_compare::overlap::{Overlap, overlaps};
use alkaline_compare::rank_overlap::{RankOverlap, rank_overlap};
use alkaline_compare::{Pairing, Verdict, pair, verdict};
use alkaline_core::identifiers::IdentifierMap;
use serde::Serialize;

pub use self::experiments::{Called, Experiment, experiments};
pub use self::keys::KeyKind;
use crate::error::WorkflowError;

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

/// Compares every two of `experiments`, in their order.
///
/// # Errors
/// [`WorkflowError::Design`] when two experiments have no gene in common.
pub fn compare(
    experiments: &[Experiment],
    identifiers: &IdentifierMap,
    step: Option<usize>,
) -> Result<Vec<Comparison>, WorkflowError> {
    let mut comparisons = Vec::new();
    for (place, first) in experiments.iter().enumerate() {
        for second in &experiments[place + 1..] {
            comparisons.push(of_two(first, second, identifiers, step)?);
        }
    }
    Ok(comparisons)
}

fn of_two(
    first: &Experiment,
    second: &Experiment,
    identifiers: &IdentifierMap,
    step: Option<usize>,
) -> Result<Comparison, WorkflowError> {
    let by = keys::common(first, second, identifiers);
    let keyed = |experiment: &'_ Experiment| keys::keyed(&experiment.rows, by, identifiers);
    let pairing = pair(
        keyed(first).into_iter().zip(&first.rows).filter_map(|(key, row)| Some((key?, row))),
        keyed(second).into_iter().zip(&second.rows).filter_map(|(key, row)| Some((key?, row))),
    );
    if pairing.genes.is_empty() {
        return Err(WorkflowError::design_with_hint(
            format!("{} and {} have no gene in common", first.name, second.name),
            "are they of one species, and are the identifiers in the first column or called gene_id?",
        ));
    }
    let weights = match (first.samples, second.samples) {
        (Some(first), Some(second)) => [first, second].map(|samples| (samples as f64).sqrt()),
        _ => [1.0, 1.0],
    };
    let association = association(&pairing);
    Ok(Comparison {
        names: (first.name.clone(), second.name.clone()),
        by,
        weights,
        verdict: verdict(&association),
        association,
        overlaps: overlaps(&pairing),
        ranks: rank_overlap(&pairing, step),
        share_samples: first.run.is_some() && first.run == second.run,
        pairing,
    })
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

/// Writes the tables of `comparisons` into the directory `out`.
///
/// # Errors
/// [`WorkflowError::Write`].
pub fn write(out: &Path, comparisons: &[Comparison]) -> Result<(), WorkflowError> {
    Ok(tables::write(out, comparisons)?)
}
