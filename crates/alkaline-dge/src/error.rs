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
    /// A share that is none.
    #[error("a share {value} of genes that change: a number between 0 and 1 is wanted")]
    BadProportion {
        /// The value given.
        value: f64,
    },
    /// A correlation that is none.
    #[error(
        "a correlation of {value} within blocks: a number between -1 and 1 is wanted, and not so far below 0 for large blocks"
    )]
    BadCorrelation {
        /// The value given.
        value: f64,
    },
    /// No gene has residual degrees of freedom.
    #[error(
        "no gene has more values than the design has coefficients, so their variation cannot be estimated: limma needs a group of at \
         least two samples; without one only the log fold changes can be told, and `alkaline panel` or a ranking shows them"
    )]
    NoReplicatesInLogs,
    /// A gene without any value, where the variance shall follow the average.
    #[error("row {row} has no value, so it has no average for the trend to follow; leave such rows out")]
    EmptyRow {
        /// Its number, from one.
        row: usize,
    },
    /// Counts that are none.
    #[error(
        "gene `{gene}` of sample `{sample}` has the count {value}, and {others} other values are not whole either: DESeq2 tests whole \
         counts; round estimated ones first, or test with --method voom, ql or lrt, which take fractions"
    )]
    NotWhole {
        /// The first gene.
        gene: String,
        /// Its sample.
        sample: String,
        /// Its value.
        value: f64,
        /// How many more there are.
        others: usize,
    },
    /// No residual degrees of freedom, where a dispersion cannot be given.
    #[error(
        "the design has as many coefficients as there are samples ({samples}), so the variation between replicates cannot be \
         estimated, and DESeq2 takes no dispersion; leave a variable out of the design, or give a dispersion to --method lrt or exact"
    )]
    NoReplicatesInDeseq2 {
        /// Number of samples.
        samples: usize,
    },
    /// No gene has counts in all samples.
    #[error(
        "every gene has a zero in some sample, so there are no geometric means to find size factors from; --size-factors \
         poscounts leaves zeros out of the means"
    )]
    NoCommonGene,
    /// A sample without counts of the genes that size factors are found from.
    #[error(
        "sample `{sample}` has no count of any gene that size factors are found from; leave the sample out"
    )]
    NoSizeFactor {
        /// The sample.
        sample: String,
    },
    /// Dispersions at their floor.
    #[error(
        "no gene varies more than chance between replicates, so DESeq2's dispersions have no trend; are the replicates real? \
         --method lrt or ql tests such counts"
    )]
    FlatDispersions,
    /// No curve fits the dispersions.
    #[error(
        "neither a curve a0 + a1/mean nor a local regression fits the dispersions of so few genes; --fit-type mean takes one value for all"
    )]
    NoTrend,
    /// Shrinkage of a contrast that is not a coefficient.
    #[error(
        "fold changes of `{contrast}` cannot be shrunken: the normal prior is that of a coefficient, which compares a level with its variable's \
         first one. Let the reference be the first level, or leave --shrink away"
    )]
    ShrinksOneCoefficient {
        /// The contrast.
        contrast: String,
    },
    /// Nothing varies within a single sample.
    #[error("one sample has no dispersion: vst and rlog need two samples or more")]
    OneSample,
    /// Everything was filtered.
    #[error("no gene is left to test")]
    NoGenes,
    /// A value tied to the wrong index.
    #[error(transparent)]
    Index(#[from] IndexError),
}
