//! Where `test` reads values from: counts, or values on a log scale.

use std::path::{Path, PathBuf};

use alkaline_workflow::stages::count::TableOptions;
use alkaline_workflow::stages::test::{ExpressionOptions, TakeLogs, TestMethod, TestSettings};
use clap::Args;

/// A table of counts or of log values, and what may stand in it.
#[derive(Args, Clone, Debug)]
pub struct TestInput {
    /// Count table: featureCounts' layout, or gene identifiers followed by one column a sample. With `--method limma` a table of log values.
    #[arg(long, value_name = "FILE", required_unless_present = "expression")]
    pub counts: Option<PathBuf>,
    /// Table of values on a log scale (arrays, panels, logs of counts): identifiers followed by one column a sample; tested by limma.
    #[arg(long, value_name = "FILE", conflicts_with = "counts")]
    pub expression: Option<PathBuf>,
    /// Accept fractional counts (expected counts of RSEM or salmon).
    #[arg(long)]
    pub allow_fractional: bool,
    /// Samples stand in the rows of the count table, genes in its columns.
    #[arg(long)]
    pub transpose: bool,
    /// With `--expression`: whether log2 has to be taken [default: auto, as the values tell by GEO2R's rule].
    #[arg(long, value_name = "WHETHER")]
    pub log2: Option<TakeLogs>,
    /// With `--expression`: give all samples the same distribution (quantile normalisation).
    #[arg(long)]
    pub normalise_quantiles: bool,
    /// With `--expression`: average the probes of one symbol (column `gene_name`).
    #[arg(long)]
    pub by_symbol: bool,
}

impl TestInput {
    /// How the count table is read, but for its samples.
    pub fn options(&self) -> TableOptions {
        TableOptions { allow_fractional: self.allow_fractional, transpose: self.transpose }
    }

    /// The table of log values, where there is one: limma itself tests nothing else.
    pub fn expression_for(&self, settings: &TestSettings) -> Option<&Path> {
        let counts = self.counts.as_ref().filter(|_| settings.method == Some(TestMethod::Limma));
        self.expression.as_deref().or(counts.map(PathBuf::as_path))
    }

    /// How the table of log values is read.
    pub fn expression_options(&self) -> ExpressionOptions {
        ExpressionOptions {
            log2: self.log2.unwrap_or_default(),
            normalise_quantiles: self.normalise_quantiles,
            by_symbol: self.by_symbol,
        }
    }
}
