//! What can be wrong with a cohort that is to be analysed.

use thiserror::Error;

/// Why a cohort could not be analysed.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum SurvivalError {
    /// Two lists that should be about the same patients differ in length.
    #[error("{what} has {found} values for {expected} patients")]
    Lengths {
        /// What is too long or too short.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The number of patients.
        expected: usize,
    },
    /// A time that is missing or infinite.
    #[error("the time of patient {patient} is {value}; leave out patients without a time")]
    NotATime {
        /// The patient, counted from 1.
        patient: usize,
        /// What stands there.
        value: f64,
    },
    /// A time before the beginning.
    #[error("the time of patient {patient} is {value}; a time of follow-up cannot be negative")]
    NegativeTime {
        /// The patient, counted from 1.
        patient: usize,
        /// What stands there.
        value: f64,
    },
    /// Nobody to analyse.
    #[error("there is no patient to analyse")]
    NoPatients,
    /// Nobody had an event.
    #[error("no patient had an event; without events nothing can be estimated")]
    NoEvents,
    /// A covariate that is missing or infinite.
    #[error("column {column} of patient {patient} is {value}; leave out patients with missing values")]
    NotAValue {
        /// The column, counted from 1.
        column: usize,
        /// The patient, counted from 1.
        patient: usize,
        /// What stands there.
        value: f64,
    },
    /// The exact likelihood knows no weights.
    #[error("the exact method of ties takes no weights; use Efron's or Breslow's")]
    ExactWithWeights,
    /// Robust variances and penalties need terms that the exact likelihood lacks.
    #[error("{what} is not defined for the exact method of ties; use Efron's or Breslow's")]
    NotForExact {
        /// What was asked for.
        what: &'static str,
    },
    /// The likelihood left the range of numbers.
    #[error("the likelihood of the model is no number; are there values far larger than the others?")]
    NotFinite,
    /// Too few values for a comparison.
    #[error("{what} needs at least {needed} values, and there are {found}")]
    TooFew {
        /// The comparison.
        what: &'static str,
        /// What it needs.
        needed: usize,
        /// What there is.
        found: usize,
    },
    /// All values are the same.
    #[error("{what} is the same for all patients")]
    Constant {
        /// What does not vary.
        what: &'static str,
    },
    /// Nobody is a case, or nobody a control, at the time asked for.
    #[error("at time {time} there are {cases} cases and {controls} controls; a ROC needs both")]
    NoContrastAt {
        /// The time.
        time: f64,
        /// Patients with an event by then.
        cases: usize,
        /// Patients free of it.
        controls: usize,
    },
}
