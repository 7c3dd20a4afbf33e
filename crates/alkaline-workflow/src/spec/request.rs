//! What a run is asked to do: the experiment, and every option resolved.

use std::path::PathBuf;

use alkaline_count::CountOptions;
use serde::{Deserialize, Serialize};

use crate::spec::experiment::Experiment;
use crate::stages::align::AlignOptions;
use crate::stages::clean::CleanOptions;
use crate::stages::enrich::EnrichSettings;
use crate::stages::normalize::NormalizeSettings;
use crate::stages::panels::PanelSpec;
use crate::stages::test::{ExpressionOptions, TestSettings};

/// Options of all stages; a section of `workflow.toml` each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Cleaning reads, where the samples are reads.
    pub clean: CleanOptions,
    /// Aligning reads, where the samples are reads.
    pub align: AlignOptions,
    /// Counting reads.
    pub count: CountOptions,
    /// Expression tables.
    pub normalize: NormalizeSettings,
    /// Reading expression values, where they stand in place of counts.
    pub values: ExpressionOptions,
    /// Differential expression.
    pub test: TestSettings,
    /// Enrichment.
    pub enrich: EnrichSettings,
}

impl RunRequest {
    /// How the count table is read, but for its samples.
    pub fn table_options(&self) -> TableOptions {
        // what has offsets is estimated
        let allow_fractional = self.allow_fractional || self.offsets.is_some();
        TableOptions { allow_fractional, transpose: self.transpose }
    }
}

/// Everything that a run needs to know; every path is absolute ([`RunRequest::at`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRequest {
    /// Title of the analysis.
    pub title: String,
    /// Samples, contrasts, source of the counts.
    pub experiment: Experiment,
    /// The sample sheet that the experiment was read from, if it was.
    pub samples_file: Option<PathBuf>,
    /// Annotation: a file, or a built-in name; recognised from the alignments when absent.
    pub annotation: Option<String>,
    /// Index of the genome for HISAT2, where the samples are reads.
    #[serde(default)]
    pub hisat2_index: Option<PathBuf>,
    /// Average lengths of transcripts beside the count table, of which tests make offsets.
    #[serde(default)]
    pub offsets: Option<PathBuf>,
    /// Whether fractional counts in a count table are welcome.
    pub allow_fractional: bool,
    /// Whether samples stand in the rows of the count table, and genes in its columns.
    pub transpose: bool,
    /// Whether genes that were not tested stand in the test table too, with NA.
    pub keep_filtered: bool,
    /// Options of the stages.
    pub settings: Settings,
    /// Panels of genes to show.
    pub panels: Vec<PanelSpec>,
    /// The command as typed, for the record.
    pub command: Vec<String>,
    /// Version of the program, for the record.
    pub version: String,
    /// Whether the data were simulated; every output then says so.
    pub simulated: bool,
}

/// How a count table is read, but for its samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// Whether fractional counts are welcome.
    pub allow_fractional: bool,
    /// Whether samples stand in rows and genes in columns.
    pub transpose: bool,
}
