//! Times of follow-up and what ended them, checked once.
//!
//! Times that differ by rounding alone are ties. The rule is R's (`timefix`): of the ordered unique times, neighbours are the same
//! when their gap, or the gap relative to the mean of the unique times, is at most the square root of the rounding unit.

use crate::SurvivalError;

/// The gap below which two times are the same, absolute or relative to the mean time.
const TIE: f64 = 1.490_116_119_384_765_6e-8;

/// For each patient how long it was followed, and whether the follow-up ended with the event.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcomes {
    as_given: Vec<f64>,
    times: Vec<f64>,
    events: Vec<bool>,
}

impl Outcomes {
    /// Checks times and events.
    ///
    /// # Errors
    /// When the lists differ in length, nobody is in them, or a time is missing or negative. Time zero is legal.
    pub fn new(times: Vec<f64>, events: Vec<bool>) -> Result<Self, SurvivalError> {
        if times.len() != events.len() {
            let (found, expected) = (events.len(), times.len());
            return Err(SurvivalError::Lengths { what: "the list of events", found, expected });
        }
        if times.is_empty() {
            return Err(SurvivalError::NoPatients);
        }
        for (row, &value) in times.iter().enumerate() {
            let patient = row + 1;
            if !value.is_finite() {
                return Err(SurvivalError::NotATime { patient, value });
            }
            if value < 0.0 {
                return Err(SurvivalError::NegativeTime { patient, value });
            }
        }
        Ok(Self { times: tied(&times), as_given: times, events })
    }

    /// The number of patients.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Never: an empty cohort cannot be made.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Times, those that differ by rounding alone made equal.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Times as they were given.
    pub fn times_as_given(&self) -> &[f64] {
        &self.as_given
    }

    /// Whether the follow-up ended with the event.
    pub fn events(&self) -> &[bool] {
        &self.events
    }

    /// The number of events.
    pub fn event_count(&self) -> usize {
        self.events.iter().filter(|&&event| event).count()
    }

    /// The outcomes of the named rows, in that order.
    ///
    /// # Errors
    /// When no row is named.
    pub fn of(&self, rows: &[usize]) -> Result<Self, SurvivalError> {
        let times = rows.iter().map(|&row| self.as_given[row]).collect();
        Self::new(times, rows.iter().map(|&row| self.events[row]).collect())
    }

    /// Censorings as events and events as censorings: what follow-up is measured with (reverse Kaplan-Meier).
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self { events: self.events.iter().map(|event| !event).collect(), ..self.clone() }
    }

    /// Complains when `found` values are not one a patient.
    pub(crate) fn expect_length(&self, what: &'static str, found: usize) -> Result<(), SurvivalError> {
        if found == self.len() {
            return Ok(());
        }
        Err(SurvivalError::Lengths { what, found, expected: self.len() })
    }
}

/// Times in which every run of ties, chains of neighbours included, has its smallest value.
fn tied(times: &[f64]) -> Vec<f64> {
    let mut unique = times.to_vec();
    unique.sort_by(f64::total_cmp);
    unique.dedup();
    let mean = unique.iter().map(|time| time.abs()).sum::<f64>() / unique.len() as f64;
    let is_tie = |gap: f64| gap <= TIE || gap / mean <= TIE;
    if !unique.windows(2).any(|pair| is_tie(pair[1] - pair[0])) {
        return times.to_vec();
    }
    let mut smallest = unique.clone();
    for at in 1..unique.len() {
        if is_tie(unique[at] - unique[at - 1]) {
            smallest[at] = smallest[at - 1];
        }
    }
    let place = |time: f64| unique.partition_point(|&other| other < time);
    times.iter().map(|&time| smallest[place(time)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_apart_by_rounding_are_tied_and_chains_link() {
        let fixed = tied(&[1.0, 1.0 + 1e-9, 1.0 + 1.6e-8, 2.0]);
        assert_eq!(fixed, vec![1.0, 1.0, 1.0, 2.0]);
        assert_eq!(tied(&[1.0, 1.0 + 1e-6]), vec![1.0, 1.0 + 1e-6]);
    }

    #[test]
    fn times_that_cannot_be_are_refused_and_zero_is_not() {
        let new = |time| Outcomes::new(vec![1.0, time], vec![true, false]);
        assert_eq!(new(-1.0), Err(SurvivalError::NegativeTime { patient: 2, value: -1.0 }));
        assert!(matches!(new(f64::NAN), Err(SurvivalError::NotATime { patient: 2, .. })));
        assert!(new(0.0).is_ok());
    }
}

#[cfg(test)]
pub(crate) mod tests_support {
    //! The worked example that the tests of this crate share: sixteen patients, ties, ten events.
    use super::Outcomes;

    pub fn example() -> Outcomes {
        let times = [1, 2, 2, 3, 4, 4, 4, 5, 6, 6, 7, 8, 8, 9, 10, 12].map(f64::from);
        let events = [1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0].map(|event| event == 1);
        Outcomes::new(times.to_vec(), events.to_vec()).unwrap()
    }

    pub fn example_group() -> Vec<usize> {
        vec![1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0]
    }

    pub fn example_marker() -> Vec<f64> {
        vec![5.1, 3.0, 4.4, 2.2, 4.4, 1.9, 2.7, 3.6, 3.0, 5.8, 2.5, 1.2, 3.9, 0.8, 2.2, 1.5]
    }

    pub fn example_strata() -> Vec<usize> {
        (0..16).map(|row| row % 2).collect()
    }
}
