//! Whose rules are followed where versions of edgeR differ.

use serde::{Deserialize, Serialize};

/// A generation of edgeR whose answers are reproduced.
///
/// They differ in the prior degrees of freedom when genes have unequal residual degrees of freedom (moments, or limma 3.61's
/// maximum likelihood) and in the quasi-likelihood test (deviances as they are, or adjusted for their bias in small counts).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EdgerVersion {
    /// edgeR 3.x; all of 3.18 to 3.40 give the same numbers.
    #[default]
    #[serde(rename = "edgeR-3")]
    #[cfg_attr(feature = "clap", value(name = "edgeR-3"))]
    EdgeR3,
    /// edgeR 4.x (4.5.1) with limma 3.61 or later.
    #[serde(rename = "edgeR-4")]
    #[cfg_attr(feature = "clap", value(name = "edgeR-4"))]
    EdgeR4,
}

impl EdgerVersion {
    /// The name in options and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EdgeR3 => "edgeR-3",
            Self::EdgeR4 => "edgeR-4",
        }
    }
}
