//! Options of DESeq2's tests.

use alkaline_core::results::Thresholds;
use serde::{Deserialize, Serialize};

use super::size_factors::SizeFactors;
use super::trend::DispersionTrend;
use crate::Adjustment;

/// Which alternative a threshold of the fold change is tested against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Alternative {
    /// The fold change is larger than the threshold, up or down (`greaterAbs`).
    #[default]
    GreaterAbs,
    /// It is smaller than the threshold, up and down (`lessAbs`).
    LessAbs,
    /// It is larger, up (`greater`).
    Greater,
    /// It is larger, down (`less`).
    Less,
}

/// How log fold changes are shrunken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Shrinkage {
    /// By a normal prior as wide as the large fold changes of abundant genes.
    Normal,
    /// The same of the counts as they were before outliers were replaced, as DESeq2's `lfcShrink` has it.
    NormalOriginal,
}

/// Options of DESeq2's tests.
///
/// | option | default | upstream |
/// |---|---|---|
/// | `size_factors` | ratio | `sfType` |
/// | `trend` | parametric | `fitType` |
/// | `lfc` | 0 | `lfcThreshold` |
/// | `alternative` | greater-abs | `altHypothesis` |
/// | `use_t` | false | `useT` |
/// | `cooks` | true | `cooksCutoff` |
/// | `replace_from` | 7 | `minReplicatesForReplace`; 0 never replaces |
/// | `independent_filtering` | true | `independentFiltering` |
/// | `shrink` | none | `lfcShrink(type = )`, of the contrast's coefficient |
/// | `alpha` | the FDR of the thresholds | `alpha`, 0.1 there |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deseq2Options {
    /// Which genes size factors are found from.
    pub size_factors: SizeFactors,
    /// How dispersion follows the mean.
    pub trend: DispersionTrend,
    /// Absolute log2 fold change of the null hypothesis (Wald test).
    pub lfc: f64,
    /// Which alternative that is tested against.
    pub alternative: Alternative,
    /// Whether the Wald statistic is compared with Student's t instead of the normal distribution.
    pub use_t: bool,
    /// Whether genes with an outlying count lose their P value.
    pub cooks: bool,
    /// Replicates from which on an outlying count is replaced; 0 replaces none.
    pub replace_from: usize,
    /// Whether faint genes are left out of the correction for multiple testing.
    pub independent_filtering: bool,
    /// False discovery rate that the filter makes most calls at; that of the thresholds where it is not given.
    pub alpha: Option<f64>,
    /// Shrunken log fold changes beside the others; none where it is not given. P values stay.
    pub shrink: Option<Shrinkage>,
    /// Coverage of the confidence interval of the log fold change.
    pub interval: f64,
    /// Multiple-testing correction.
    pub adjustment: Adjustment,
    /// When a gene is called up or down.
    pub thresholds: Thresholds,
}

impl Default for Deseq2Options {
    fn default() -> Self {
        Self {
            size_factors: SizeFactors::default(),
            trend: DispersionTrend::default(),
            lfc: 0.0,
            alternative: Alternative::default(),
            use_t: false,
            cooks: true,
            replace_from: 7,
            independent_filtering: true,
            alpha: None,
            shrink: None,
            interval: 0.95,
            adjustment: Adjustment::default(),
            thresholds: Thresholds::default(),
        }
    }
}
