//! Where `test` reads values from: counts, or values on a log scale.

use std::path::{Path, PathBuf};

use alkaline_workflow::stages::count::TableOptions;
use alkaline_workflow::stages::test::{ExpressionOptions, TestMethod, TestSettings};
use clap::Args;

use super::values_options::ValuesOptions;
use crate::failure::Failure;

/// A table of counts or of log values, and what may stand in it.
#[derive(Args, Clone, Debug)]
pub struct TestInput {
    /// Count table: featureCounts' layout, or gene identifiers followed by one column a sample. With `--method limma` a table of log values.
    #[arg(long, value_name = "FILE", required_unless_present = "expression")]
    pub counts: Option<PathBuf>,
    /// Table of values on a log scale (arrays, panels, logs of counts): identifiers followed by one column a sample; tested by limma.
    #[arg(long, value_name = "FILE", conflicts_with = "counts")]
    pub expression: Option<PathBuf>,
    /// Average lengths of transcripts beside estimated counts (`lengths.tsv` of `alkaline import`), of which the test makes offsets.
    #[arg(long, value_name = "FILE", conflicts_with = "expression")]
    pub offsets: Option<PathBuf>,
    /// Accept fractional counts (expected counts of RSEM or salmon).
    #[arg(long)]
    pub allow_fractional: bool,
    /// Samples stand in the rows of the count table, genes in its columns.
    #[arg(long)]
    pub transpose: bool,
    #[command(flatten)]
    pub values: ValuesOptions,
}

impl TestInput {
    /// How the count table is read, but for its samples.
    pub fn options(&self) -> TableOptions {
        // what has offsets is estimated
        let allow_fractional = self.allow_fractional || self.offsets.is_some();
        TableOptions { allow_fractional, transpose: self.transpose }
    }

    /// The table of log values, where there is one: limma itself tests nothing else.
    pub fn expression_for(&self, settings: &TestSettings) -> Option<&Path> {
        let counts = self.counts.as_ref().filter(|_| settings.method == Some(TestMethod::Limma));
        self.expression.as_deref().or(counts.map(PathBuf::as_path))
    }

    /// How the table of log values is read.
    ///
    /// # Errors
    /// [`Failure`] for a number that cannot be added.
    pub fn expression_options(&self) -> Result<ExpressionOptions, Failure> {
        let mut options = ExpressionOptions::default();
        self.values.apply(&mut options)?;
        Ok(options)
    }
}
