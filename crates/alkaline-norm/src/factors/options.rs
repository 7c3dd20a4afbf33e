//! Options of normalisation.

use serde::{Deserialize, Serialize};

/// How libraries are made comparable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum NormMethod {
    /// Trimmed mean of M-values.
    #[default]
    Tmm,
    /// Trimmed mean of M-values with singleton pairing, for tables with many zeros.
    Tmmwsp,
    /// Relative log expression: the median ratio to the geometric mean (as in DESeq).
    Rle,
    /// The upper quartile of the counts.
    UpperQuartile,
    /// Library sizes as they are.
    None,
}

/// How to compute normalisation factors.
///
/// | option | default | upstream (`calcNormFactors`) |
/// |---|---|---|
/// | `method` | TMM | `method` |
/// | `log_ratio_trim` | 0.3 | `logratioTrim` |
/// | `sum_trim` | 0.05 | `sumTrim` |
/// | `weighted` | true | `doWeighting` |
/// | `abundance_cutoff` | -1e10 | `Acutoff` |
/// | `quantile` | 0.75 | `p` |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NormOptions {
    /// The method.
    pub method: NormMethod,
    /// Share of the log ratios trimmed at either end.
    pub log_ratio_trim: f64,
    /// Share of the mean log abundances trimmed at either end.
    pub sum_trim: f64,
    /// Whether log ratios are weighted by their precision.
    pub weighted: bool,
    /// Genes of lower mean log2 abundance are left out.
    pub abundance_cutoff: f64,
    /// The quantile of `upper-quartile`.
    pub quantile: f64,
}

impl Default for NormOptions {
    fn default() -> Self {
        Self {
            method: NormMethod::Tmm,
            log_ratio_trim: 0.3,
            sum_trim: 0.05,
            weighted: true,
            abundance_cutoff: -1e10,
            quantile: 0.75,
        }
    }
}

impl From<NormMethod> for NormOptions {
    fn from(method: NormMethod) -> Self {
        Self { method, ..Self::default() }
    }
}
