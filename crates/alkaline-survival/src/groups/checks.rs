//! What every comparison asks of its values.

use crate::SurvivalError;

/// First less second, pair by pair.
pub(super) fn differences(first: &[f64], second: &[f64]) -> Result<Vec<f64>, SurvivalError> {
    if first.len() != second.len() {
        let (found, expected) = (second.len(), first.len());
        return Err(SurvivalError::Lengths { what: "the second list of pairs", found, expected });
    }
    Ok(first.iter().zip(second).map(|(a, b)| a - b).collect())
}

/// Complains when there are fewer values than a comparison needs.
pub(super) fn enough(what: &'static str, needed: usize, found: usize) -> Result<(), SurvivalError> {
    if found < needed { Err(SurvivalError::TooFew { what, needed, found }) } else { Ok(()) }
}
