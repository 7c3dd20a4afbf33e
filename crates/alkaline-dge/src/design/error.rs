//! What can be wrong with a design or a contrast.

use thiserror::Error;

/// Why a design or a contrast could not be made.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum DesignError {
    /// The formula is not one.
    #[error("formula `{formula}`: {problem}")]
    Formula {
        /// The formula as given.
        formula: String,
        /// What is wrong, and where.
        problem: String,
    },
    /// A column that the sample sheet lacks.
    #[error(
        "formula `{formula}` asks for `{variable}`, which is not a column of the sample sheet ({known}){meant}"
    )]
    UnknownVariable {
        /// The formula.
        formula: String,
        /// The column asked for.
        variable: String,
        /// The columns there are.
        known: String,
        /// The nearest of them, as a question.
        meant: String,
    },
    /// A sample of the count matrix that the sheet does not describe.
    #[error("sample `{sample}` is not in the sample sheet")]
    UnknownSample {
        /// The sample.
        sample: String,
    },
    /// A cell that should be a number.
    #[error("`{variable}` of sample `{sample}` is `{value}`, not a number")]
    NotANumber {
        /// The column.
        variable: String,
        /// The sample.
        sample: String,
        /// The cell.
        value: String,
    },
    /// Cells that are empty or `NA`.
    #[error("`{variable}` of {samples} is missing ({value})")]
    MissingValue {
        /// The column.
        variable: String,
        /// The samples.
        samples: String,
        /// What the first of the cells holds.
        value: String,
    },
    /// A variable with the same value everywhere.
    #[error("`{variable}` is `{value}` in every sample and explains nothing; leave it out of the formula")]
    ConstantVariable {
        /// The column.
        variable: String,
        /// Its only value.
        value: String,
    },
    /// Coefficients that cannot be told apart.
    #[error("the design is not of full rank: {explanation}")]
    Confounded {
        /// Which factor is confounded with which, in words.
        explanation: String,
    },
    /// A contrast over a variable that the design does not have as a factor.
    #[error(
        "contrast `{contrast}` compares levels of `{variable}`, which is not a factor of the design `{formula}`"
    )]
    NotAFactor {
        /// The contrast.
        contrast: String,
        /// The variable.
        variable: String,
        /// The formula.
        formula: String,
    },
    /// A level that no sample has.
    #[error("no sample has {variable} `{level}`; its values are {known}{meant}")]
    UnknownLevel {
        /// The column.
        variable: String,
        /// The level.
        level: String,
        /// The levels there are.
        known: String,
        /// The nearest of them, as a question.
        meant: String,
    },
    /// A contrast of coefficients that is not understood.
    #[error("contrast `{expression}`: {problem}")]
    Expression {
        /// The contrast as given.
        expression: String,
        /// What is wrong.
        problem: String,
    },
    /// Weights that do not fit the design.
    #[error("a contrast needs {expected} weights, one for each of {names}; got {found}")]
    Weights {
        /// Number of coefficients.
        expected: usize,
        /// Their names.
        names: String,
        /// Number of weights.
        found: usize,
    },
}
