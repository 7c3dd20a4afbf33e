//! Options of over-representation.

use serde::{Deserialize, Serialize};

use crate::EnrichError;

/// Which genes the chosen ones are compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Universe {
    /// The genes that were tested (or listed as the universe) and are annotated.
    #[default]
    Tested,
    /// Every annotated gene, measured or not.
    Annotated,
}

/// How a p-value is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum OraStatistic {
    /// Upper tail of the hypergeometric distribution (Fisher's exact test, one-sided).
    #[default]
    Hypergeometric,
    /// DAVID's EASE score: one chosen gene in the set is taken away first.
    Ease,
}

impl OraStatistic {
    /// The test in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Hypergeometric => "hypergeometric test",
            Self::Ease => "EASE score",
        }
    }
}

/// Whose rules are followed where versions differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum OraCompat {
    /// clusterProfiler's classic rules, except that chosen genes outside the universe are not counted.
    #[default]
    #[serde(rename = "alkaline")]
    #[cfg_attr(feature = "clap", value(name = "alkaline"))]
    Alkaline,
    /// clusterProfiler up to 4.18: chosen genes outside the universe count towards n.
    #[serde(rename = "clusterProfiler-4.18")]
    #[cfg_attr(feature = "clap", value(name = "clusterProfiler-4.18"))]
    ClusterProfiler418,
    /// clusterProfiler 4.20: sets without any chosen gene are tested (and corrected for) too.
    #[serde(rename = "clusterProfiler-4.20")]
    #[cfg_attr(feature = "clap", value(name = "clusterProfiler-4.20"))]
    ClusterProfiler420,
}

/// How genes are spelled in the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum GeneLabels {
    /// Official symbols where known (clusterProfiler's `readable = TRUE`, `setReadable`).
    #[default]
    Symbol,
    /// As in the input (clusterProfiler's `readable = FALSE`).
    AsGiven,
}

/// Options of [`over_representation`](super::over_representation).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OraOptions {
    /// Background (clusterProfiler `universe`).
    pub universe: Universe,
    /// Smallest set tested, after restriction to the universe (`minGSSize`).
    pub min_size: usize,
    /// Largest set tested, after restriction to the universe (`maxGSSize`).
    pub max_size: usize,
    /// How p is computed.
    pub statistic: OraStatistic,
    /// Whose rules are followed where versions differ.
    pub compat: OraCompat,
    /// Spelling of genes in the output (`readable`).
    pub labels: GeneLabels,
    /// Whether all collections are tested as one: one universe, one correction (`enrichGO(ont = "ALL", pool = TRUE)`).
    pub pool: bool,
}

impl Default for OraOptions {
    fn default() -> Self {
        Self {
            universe: Universe::default(),
            min_size: 10,
            max_size: 500,
            statistic: OraStatistic::default(),
            compat: OraCompat::default(),
            labels: GeneLabels::default(),
            pool: false,
        }
    }
}

impl OraOptions {
    pub(super) fn check(&self) -> Result<(), EnrichError> {
        check_sizes(self.min_size, self.max_size)
    }
}

/// Refuses size limits that no set can meet.
pub(crate) fn check_sizes(min_size: usize, max_size: usize) -> Result<(), EnrichError> {
    if min_size == 0 {
        let value = min_size.to_string();
        return Err(EnrichError::Option { option: "min-size", value, allowed: "at least 1" });
    }
    if max_size < min_size {
        let value = max_size.to_string();
        return Err(EnrichError::Option { option: "max-size", value, allowed: "at least min-size" });
    }
    Ok(())
}
