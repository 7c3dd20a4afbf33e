//! What can be wrong with counts that are to be normalised.

use alkaline_core::{IndexError, SampleId};
use thiserror::Error;

/// Why counts could not be filtered or normalised.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum NormError {
    /// A sample without a single count has no library size to divide by.
    #[error("sample `{sample}` has no counts at all; leave it out, or look why counting found nothing")]
    EmptySample {
        /// The sample.
        sample: SampleId,
    },
    /// Groups and matrix are about other samples.
    #[error("the groups describe other samples than the count matrix")]
    OtherSamples,
    /// The design has another number of rows than the matrix has samples.
    #[error("the design has {rows} rows for {samples} samples")]
    DesignRows {
        /// Rows of the design.
        rows: usize,
        /// Samples of the matrix.
        samples: usize,
    },
    /// FPKM or TPM without lengths.
    #[error("{unit} needs the exonic length of every gene, which the count table does not tell")]
    NoLengths {
        /// The unit asked for.
        unit: &'static str,
    },
    /// A gene of length zero.
    #[error("gene `{gene}` has length 0; {unit} divides by it")]
    ZeroLength {
        /// The gene.
        gene: String,
        /// The unit asked for.
        unit: &'static str,
    },
    /// Values and index do not belong together.
    #[error(transparent)]
    Index(#[from] IndexError),
}
