//! Genes in order, and genes chosen: the two inputs of enrichment.

use serde::{Deserialize, Serialize};

use crate::GeneId;

/// What genes are ranked by for GSEA.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RankBy {
    /// -log10(P) with the sign of the log fold change.
    #[default]
    SignedLogP,
    /// Log2 fold change.
    LogFc,
}

/// Genes with scores, highest first; ties keep a fixed order.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedGenes {
    /// Gene identifiers, highest score first.
    pub genes: Vec<GeneId>,
    /// Their scores, not increasing.
    pub scores: Vec<f64>,
}

/// Chosen genes *and* the background they were chosen from, so that no test can forget it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneSelection {
    /// The genes of interest, in order of significance.
    pub hits: Vec<GeneId>,
    /// All genes that could have been hits (the tested genes).
    pub universe: Vec<GeneId>,
}
