//! How a table of expression values is read.

use alkaline_workflow::stages::test::{ExpressionOptions, TakeLogs};
use clap::Args;

use super::given::replace;
use crate::failure::Failure;

/// How a table of expression values is read.
#[derive(Args, Clone, Debug, Default)]
pub struct ValuesOptions {
    /// With `--expression`: whether log2 has to be taken [default: auto, as the values tell by GEO2R's rule].
    #[arg(long, value_name = "WHETHER")]
    pub log2: Option<TakeLogs>,
    /// With `--expression`: what is added before logs are taken, so that zeros have one (1 for FPKM and TPM) [default: 0].
    #[arg(long, value_name = "NUMBER")]
    pub add_before_log: Option<f64>,
    /// With `--expression`: give all samples the same distribution (quantile normalisation).
    #[arg(long)]
    pub normalise_quantiles: bool,
    /// With `--expression`: leave out rows that lack the value of some sample.
    #[arg(long)]
    pub complete_rows: bool,
    /// With `--expression`: average the probes of one symbol (column `gene_name`), and leave out those of several genes.
    #[arg(long)]
    pub by_symbol: bool,
}

impl ValuesOptions {
    /// Writes what was typed over `options`.
    ///
    /// # Errors
    /// [`Failure`] for a number that cannot be added.
    pub fn apply(&self, options: &mut ExpressionOptions) -> Result<(), Failure> {
        let Self { log2, add_before_log, normalise_quantiles, complete_rows, by_symbol } = self;
        if let Some(added) = add_before_log.filter(|added| !(added.is_finite() && *added >= 0.0)) {
            return Err(Failure::usage(format!(
                "--add-before-log {added}: a number of at least 0 is wanted"
            )));
        }
        replace(&mut options.log2, log2.as_ref());
        replace(&mut options.add_before_log, add_before_log.as_ref());
        options.normalise_quantiles |= normalise_quantiles;
        options.complete_rows |= complete_rows;
        options.by_symbol |= by_symbol;
        Ok(())
    }
}
