//! Why an experiment could not be simulated.

use alkaline_core::IndexError;
use thiserror::Error;

/// Why an experiment could not be simulated.
#[derive(Debug, Error)]
pub enum SimulateError {
    /// An option outside its range.
    #[error("{option} is {value}; it must lie between {low} and {high}")]
    OutOfRange {
        /// Name of the option.
        option: &'static str,
        /// The value given.
        value: f64,
        /// Smallest value allowed.
        low: f64,
        /// Largest value allowed.
        high: f64,
    },
    /// The two groups have one name, or none.
    #[error("the groups need two different names; both are `{0}` or one is empty")]
    SameGroups(String),
    /// No gene can carry reads.
    #[error("none of the {genes} genes lies on one of the {contigs} contigs of the header")]
    NothingToSequence {
        /// Genes in the annotation.
        genes: usize,
        /// Contigs in the header.
        contigs: usize,
    },
    /// A programme of which the annotation has no gene.
    #[error("the annotation has none of the {genes} genes of programme `{programme}`")]
    EmptyProgramme {
        /// Name of the programme.
        programme: String,
        /// How many genes it names.
        genes: usize,
    },
    /// Sequences that are not those of the contigs.
    #[error(
        "the {sequences} sequences of the genome are not as many or as long as the {contigs} contigs of the header"
    )]
    OtherGenome {
        /// Contigs in the header.
        contigs: usize,
        /// Sequences given.
        sequences: usize,
    },
    /// A gene or sample name twice.
    #[error(transparent)]
    Index(#[from] IndexError),
}
