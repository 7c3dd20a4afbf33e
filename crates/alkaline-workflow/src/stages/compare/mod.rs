//! Experiments held against each other: runs, contrasts of runs, or test tables of whatever origin, two by two.

mod comparison;
mod experiments;
mod keys;
mod tables;

use std::path::Path;

use alkaline_compare::association::association;
use alkaline_compare::overlap::overlaps;
use alkaline_compare::rank_overlap::rank_overlap;
use alkaline_compare::{pair, verdict};
use alkaline_core::identifiers::IdentifierMap;
use alkaline_core::results::TestRow;

pub use self::comparison::{Comparison, Told};
pub use self::experiments::{Called, Experiment, experiments};
pub use self::keys::KeyKind;
use crate::error::WorkflowError;

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
    let (by, first_keys, second_keys) = keys::common(first, second, identifiers);
    let pairing = pair(keyed(first_keys, &first.rows), keyed(second_keys, &second.rows));
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

/// The rows that have a key, with it.
fn keyed(keys: keys::Keys, rows: &[TestRow]) -> impl Iterator<Item = (String, &TestRow)> {
    keys.into_iter().zip(rows).filter_map(|(key, row)| Some((key?, row)))
}

/// Writes the tables of `comparisons` into the directory `out`.
///
/// # Errors
/// [`WorkflowError::Write`].
pub fn write(out: &Path, comparisons: &[Comparison]) -> Result<(), WorkflowError> {
    Ok(tables::write(out, comparisons)?)
}
