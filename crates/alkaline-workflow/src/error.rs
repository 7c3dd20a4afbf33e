//! Why a run could not be made; every variant but the machine's is the input's fault.

use alkaline_io::{ReadError, WriteError};
use thiserror::Error;

/// Why a run, or a stage of it, could not be made.
#[derive(Debug, Error)]
pub enum WorkflowError {
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The samples, contrasts and options do not fit together.
    #[error("{0}")]
    Design(String),
    /// An expression in coefficients without a design to have them.
    #[error("contrast `{expression}`: an expression in coefficients needs a design\nhint: {NO_DESIGN}")]
    NoDesign {
        /// The expression.
        expression: String,
    },
    /// Alignments cannot be counted.
    #[error("{error}{}", hint(error))]
    Count {
        /// Why.
        #[from]
        error: alkaline_count::CountError,
    },
    /// Counts cannot be filtered or normalised.
    #[error(transparent)]
    Normalize(#[from] alkaline_norm::NormError),
    /// The question cannot be answered from these samples.
    #[error(transparent)]
    Test(#[from] alkaline_dge::DgeError),
    /// The design cannot be made from these samples.
    #[error(transparent)]
    Model(#[from] alkaline_dge::DesignError),
    /// Enrichment cannot be computed.
    #[error("{0}{hint}", hint = .0.hint().map_or_else(String::new, |hint| format!("\nhint: {hint}")))]
    Enrich(#[from] alkaline_enrich::EnrichError),
    /// A built-in reference that does not exist.
    #[error(transparent)]
    Reference(#[from] alkaline_reference::ontology::BundleError),
    /// The report cannot be made.
    #[error(transparent)]
    Report(#[from] alkaline_report::ReportError),
}

/// What to do about a missing design.
pub(crate) const NO_DESIGN: &str =
    "name levels of one column, or give a design: --design '~ batch + condition', or the column `formula`";

/// The hint of a counting error on a line of its own.
fn hint(error: &alkaline_count::CountError) -> String {
    error.hint().map_or_else(String::new, |hint| format!("\nhint: {hint}"))
}

/// Problems of a design, collected so that all are told at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<String>);

impl Problems {
    /// One more problem.
    pub fn add(&mut self, problem: impl Into<String>) {
        self.0.push(problem.into());
    }

    /// `Ok` when there is none.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] with all of them.
    pub fn check(self) -> Result<(), WorkflowError> {
        if self.0.is_empty() { Ok(()) } else { Err(WorkflowError::Design(self.0.join("\n"))) }
    }
}
