//! Options of the tests under a linear model.

use alkaline_core::results::Thresholds;
use serde::{Deserialize, Serialize};

use crate::EdgerVersion;

/// What "no more than the threshold" means in a test against a fold-change threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TreatNull {
    /// The true log fold change lies anywhere within the thresholds.
    #[default]
    Interval,
    /// The true log fold change is the threshold itself: conservative.
    WorstCase,
}

/// Where the factors come from that adjust deviances for their bias in small counts (edgeR 4's quasi-likelihood).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DevianceAdjustment {
    /// Polynomials in mean and dispersion, piece by piece those of edgeR 4.
    #[default]
    Piecewise,
    /// Mean and variance of the deviance summed over all counts.
    Exact,
}

/// Options of likelihood-ratio and quasi-likelihood tests.
///
/// | option | default | upstream |
/// |---|---|---|
/// | `lfc` | 0 | `glmTreat(lfc)`; 0 is the ordinary test |
/// | `treat_null` | interval | `glmTreat(null)` |
/// | `prior_count` | 0.125 | `glmFit(prior.count)` |
/// | `interval` | 0.95 | none; limma `topTable(confint)` |
/// | `robust` | false | `glmQLFit(robust)` |
/// | `deviance_adjustment` | piecewise | with `compat` edgeR-4 only; exact has no counterpart |
/// | `compat` | edgeR-3 | `glmQLFit(legacy)`: edgeR-3 is `TRUE` |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GlmTestOptions {
    /// Absolute log2 fold change that must be exceeded (TREAT); zero tests for any difference.
    pub lfc: f64,
    /// The null hypothesis of a threshold test.
    pub treat_null: TreatNull,
    /// Average count added to each library for the log fold change.
    pub prior_count: f64,
    /// Coverage of the confidence interval of the log fold change.
    pub interval: f64,
    /// Whether outlier genes get fewer prior degrees of freedom (quasi-likelihood only).
    pub robust: bool,
    /// Whose quasi-likelihood: edgeR 3's deviances as they are, or edgeR 4's adjusted for bias.
    pub compat: EdgerVersion,
    /// How edgeR 4's deviances are adjusted: as there, or exactly.
    pub deviance_adjustment: DevianceAdjustment,
    /// Multiple-testing correction.
    pub adjustment: crate::Adjustment,
    /// When a gene is called up or down.
    pub thresholds: Thresholds,
}

impl Default for GlmTestOptions {
    fn default() -> Self {
        Self {
            lfc: 0.0,
            treat_null: TreatNull::Interval,
            prior_count: 0.125,
            interval: 0.95,
            robust: false,
            compat: EdgerVersion::default(),
            deviance_adjustment: DevianceAdjustment::default(),
            adjustment: crate::Adjustment::default(),
            thresholds: Thresholds::default(),
        }
    }
}
