//! How library sizes are made comparable: the options that `run`, `test` and `normalize` share.

use alkaline_norm::{NormMethod, NormOptions};
use clap::Args;

use super::given::replace;
use crate::failure::Failure;

/// Library-size factors, the same for tests and for expression tables.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Library sizes")]
pub struct NormArgs {
    /// How to correct library sizes for composition [default: tmm].
    #[arg(long, value_name = "METHOD")]
    pub norm: Option<NormMethod>,
    /// With `--norm upper-quartile`: which quantile (edgeR `p`) [default: 0.75].
    #[arg(long, value_name = "P")]
    pub norm_quantile: Option<f64>,
    /// With TMM: share of the log ratios trimmed at either end (edgeR `logratioTrim`) [default: 0.3].
    #[arg(long, value_name = "X")]
    pub log_ratio_trim: Option<f64>,
    /// With TMM: share of the mean log abundances trimmed at either end (edgeR `sumTrim`) [default: 0.05].
    #[arg(long, value_name = "X")]
    pub sum_trim: Option<f64>,
    /// With TMM: genes of lower mean log2 abundance are left out (edgeR `Acutoff`) [default: -1e10].
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    pub abundance_cutoff: Option<f64>,
    /// With TMM: do not weight log ratios by their precision (edgeR `doWeighting = FALSE`).
    #[arg(long)]
    pub no_norm_weights: bool,
}

impl NormArgs {
    /// Writes what was typed over `options`.
    pub fn apply(&self, options: &mut NormOptions) -> Result<(), Failure> {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self { norm, norm_quantile, log_ratio_trim, sum_trim, abundance_cutoff, no_norm_weights } = self;
        replace(&mut options.method, norm.as_ref());
        replace(&mut options.quantile, norm_quantile.as_ref());
        replace(&mut options.log_ratio_trim, log_ratio_trim.as_ref());
        replace(&mut options.sum_trim, sum_trim.as_ref());
        replace(&mut options.abundance_cutoff, abundance_cutoff.as_ref());
        options.weighted &= !no_norm_weights;
        if !(options.quantile > 0.0 && options.quantile <= 1.0) {
            let message =
                format!("--norm-quantile {}: a number above 0, and at most 1, is wanted", options.quantile);
            return Err(Failure::usage(message));
        }
        for (name, trim) in [("--log-ratio-trim", options.log_ratio_trim), ("--sum-trim", options.sum_trim)] {
            if !(0.0..0.5).contains(&trim) {
                return Err(Failure::usage(format!(
                    "{name} {trim}: a number of at least 0, and below 0.5, is wanted"
                )));
            }
        }
        Ok(())
    }
}
