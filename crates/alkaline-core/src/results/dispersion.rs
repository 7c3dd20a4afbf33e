//! Negative-binomial dispersions, and whether they were estimated or assumed.

use serde::{Deserialize, Serialize};

use crate::PerGene;

/// Where a dispersion came from; every output that used it says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DispersionSource {
    /// Estimated from replicates.
    Estimated,
    /// Given by the user, because the experiment has no replicates or by choice. `dispersion` = BCV squared.
    Assumed {
        /// The dispersion, the square of the biological coefficient of variation.
        dispersion: f64,
    },
    /// The test has no dispersions: it models the variance of log values.
    NotUsed,
    /// Taken over from another experiment.
    Borrowed {
        /// The file it was read from.
        from: String,
    },
}

/// Dispersions of the tested genes (edgeR: `common.dispersion`, `trended.dispersion`, `tagwise.dispersion`).
#[derive(Clone, Debug, PartialEq)]
pub struct DispersionEstimates {
    /// Estimated or assumed.
    pub source: DispersionSource,
    /// One value for all genes.
    pub common: f64,
    /// The trend against abundance, per gene.
    pub trended: Option<PerGene<f64>>,
    /// Shrunken gene-wise values; what the tests use where present.
    pub tagwise: Option<PerGene<f64>>,
    /// Prior degrees of freedom: one value, or one per gene after robust estimation; empty when nothing was estimated.
    pub prior_df: Vec<f64>,
    /// Average log2 CPM per gene, at the common dispersion (edgeR `AveLogCPM`).
    pub average_log_cpm: PerGene<f64>,
    /// Span of the abundance smoother, as a share of the genes.
    pub span: Option<f64>,
}
