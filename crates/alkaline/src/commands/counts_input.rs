//! Where a command reads counts from.

use std::path::PathBuf;

use alkaline_workflow::stages::count::TableOptions;
use clap::Args;

/// A table of counts, and what may stand in it.
#[derive(Args, Clone, Debug)]
pub struct CountsInput {
    /// Count table: featureCounts' layout, or gene identifiers followed by one column a sample.
    #[arg(long, value_name = "FILE")]
    pub counts: PathBuf,
    /// Accept fractional counts (expected counts of RSEM or salmon).
    #[arg(long)]
    pub allow_fractional: bool,
    /// Samples stand in the rows of the count table, genes in its columns.
    #[arg(long)]
    pub transpose: bool,
}

impl CountsInput {
    /// How the table is read, but for its samples.
    pub fn options(&self) -> TableOptions {
        TableOptions { allow_fractional: self.allow_fractional, transpose: self.transpose }
    }
}
