//! What can be wrong with a question about differential expression.

use alkaline_core::IndexError;
use thiserror::Error;

/// Why dispersions could not be estimated or a contrast could not be tested.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum DgeError {
    /// Values of different samples.
    #[error("{what} describes other samples than the count matrix")]
    OtherSamples {
        /// Which input it was.
        what: &'static str,
    },
    /// Values of different genes.
    #[error("{what} describes other genes than the count matrix")]
    OtherGenes {
        /// Which input it was.
        what: &'static str,
    },
    /// A level that no sample has.
    #[error("no sample has {variable} `{level}`; its values are {known}")]
    UnknownLevel {
        /// The column.
        variable: String,
        /// The level asked for.
        level: String,
        /// The levels there are, quoted.
        known: String,
    },
    /// Target and reference are the same.
    #[error("contrast `{contrast}` compares `{level}` with itself")]
    SameLevel {
        /// The contrast.
        contrast: String,
        /// The level.
        level: String,
    },
    /// No group has two samples.
    #[error(
        "no group has two samples, so the variation between replicates cannot be estimated; give it with --bcv \
         (0.4 suits human samples, 0.2 cell lines grown apart, 0.1 genetically identical cultures)"
    )]
    NoReplicates,
    /// No residual degrees of freedom.
    #[error(
        "the design has as many coefficients as there are samples ({samples}), so the variation between replicates cannot be \
         estimated; leave a variable out of the design, or give the dispersion with --bcv"
    )]
    NoResidualDf {
        /// Number of samples.
        samples: usize,
    },
    /// A quasi-likelihood test without residual degrees of freedom.
    #[error(
        "the design has as many coefficients as there are samples ({samples}), so there is no quasi-dispersion to estimate; \
         --method lrt tests at the given dispersion"
    )]
    NoQuasiDf {
        /// Number of samples.
        samples: usize,
    },
    /// Replicates that are copies.
    #[error(
        "samples `{first}` and `{second}` hold exactly the same counts: a copy of a file is not a replicate"
    )]
    IdenticalSamples {
        /// One sample.
        first: String,
        /// The other.
        second: String,
    },
    /// A dispersion that is no dispersion.
    #[error("dispersion {value} is not a number of at least 0")]
    BadDispersion {
        /// The value given.
        value: f64,
    },
    /// A coverage that is none.
    #[error("an interval of coverage {value}: a number between 0 and 1 is wanted")]
    BadInterval {
        /// The value given.
        value: f64,
    },
    /// Everything was filtered.
    #[error("no gene is left to test")]
    NoGenes,
    /// A value tied to the wrong index.
    #[error(transparent)]
    Index(#[from] IndexError),
}
