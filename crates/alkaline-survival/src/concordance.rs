//! How often the patient with the higher prediction is the one who lives longer.
//!
//! A pair counts when it is known who had the event first; ties of the prediction count one half. The standard error is the infinitesimal
//! jackknife over patients. Reference: Harrell et al. (1982), doi:10.1001/jama.1982.03320430047030. Upstream: survival `concordance`.

use crate::{Outcomes, SurvivalError};

/// A concordance with what it is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concordance {
    /// Pairs in which the one with the higher prediction lives longer.
    pub concordant: f64,
    /// Pairs in which it does not.
    pub discordant: f64,
    /// Usable pairs with the same prediction.
    pub tied_predictions: f64,
    /// Pairs with events at the same time, which are not used.
    pub tied_times: f64,
    /// The share of concordant pairs, ties counted half.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The concordance of a prediction of *longer survival*; of a hazard, give its negative.
///
/// # Errors
/// When a list has another length than there are patients.
pub fn concordance(
    outcomes: &Outcomes,
    prediction: &[f64],
    strata: Option<&[usize]>,
) -> Result<Concordance, SurvivalError> {
    outcomes.expect_length("the prediction", prediction.len())?;
    if let Some(strata) = strata {
        outcomes.expect_length("the list of strata", strata.len())?;
    }
    let n = outcomes.len();
    let (times, events) = (outcomes.times(), outcomes.events());
    // concordant, discordant and tied pairs of each patient
    let mut own = vec![[0.0_f64; 3]; n];
    let mut tied_times = 0.0;
    for i in (0..n).filter(|&i| events[i]) {
        for j in (0..n).filter(|&j| j != i && strata.is_none_or(|strata| strata[i] == strata[j])) {
            if times[i] == times[j] && events[j] {
                tied_times += 0.5;
            } else if times[j] >= times[i] {
                let kind = match prediction[j].partial_cmp(&prediction[i]) {
                    Some(std::cmp::Ordering::Greater) => 0,
                    Some(std::cmp::Ordering::Less) => 1,
                    _ => 2,
                };
                own[i][kind] += 1.0;
                own[j][kind] += 1.0;
            }
        }
    }
    let total = |kind: usize| own.iter().map(|own| own[kind]).sum::<f64>() / 2.0;
    let (concordant, discordant, tied_predictions) = (total(0), total(1), total(2));
    let usable = concordant + discordant + tied_predictions;
    let difference = (concordant - discordant) / usable;
    let influence = |own: &[f64; 3]| (own[0] - own[1] - difference * (own[0] + own[1] + own[2])) / usable;
    let variance = own.iter().map(|own| influence(own).powi(2)).sum::<f64>() / 4.0;
    Ok(Concordance {
        concordant,
        discordant,
        tied_predictions,
        tied_times,
        estimate: 0.5 + 0.5 * difference,
        standard_error: variance.sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcomes::tests_support::{example, example_marker};

    #[test]
    fn pairs_are_counted_and_ties_of_the_marker_are_halves() {
        let lower_is_worse: Vec<f64> = example_marker().iter().map(|m| -m).collect();
        let found = concordance(&example(), &lower_is_worse, None).unwrap();
        let counts = [found.concordant, found.discordant, found.tied_predictions, found.tied_times];
        assert_eq!(counts, [65.0, 19.0, 2.0, 2.0]);
        assert!((found.estimate - 0.767_441_860_465).abs() < 1e-12);
        assert!((found.standard_error - 0.103_284_567_688).abs() < 1e-12);
    }
}
