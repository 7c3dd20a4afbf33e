//! Options of tests of log values.

use alkaline_core::results::Thresholds;
use serde::{Deserialize, Serialize};

use super::fit::ContrastErrors;
use crate::Adjustment;

/// Options of limma's tests.
///
/// | option | default | upstream |
/// |---|---|---|
/// | `trend` | false | `eBayes(trend)`; `limma-trend` always has it |
/// | `robust` | false | `eBayes(robust)` |
/// | `proportion` | 0.01 | `eBayes(proportion)` |
/// | `lfc` | 0 | `treat(lfc)`; 0 is the ordinary test |
/// | `quality_weights` | false | `arrayWeights`, `voomWithQualityWeights` |
/// | `block` | none | `duplicateCorrelation(block)`, `lmFit(block, correlation)` |
/// | `contrast_errors` | exact | `contrasts.fit`, whose errors are approximate before 4.0 |
/// | `prior_count` | 3 | `cpm(log = TRUE, prior.count)`; `limma-trend` on counts |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LimmaOptions {
    /// Whether the prior variance follows the average expression.
    pub trend: bool,
    /// Whether outlier genes get fewer prior degrees of freedom.
    pub robust: bool,
    /// Share of the genes that is thought to change, for the log odds `B`.
    pub proportion: f64,
    /// Absolute log2 fold change that must be exceeded (TREAT); zero tests for any difference.
    pub lfc: f64,
    /// Whether each sample is weighted by how well it fits its group.
    pub quality_weights: bool,
    /// Column of the sample sheet whose equal values mark samples that belong together (a random effect).
    pub block: Option<String>,
    /// How standard errors of contrasts are found where genes differ in weights or missing values.
    pub contrast_errors: ContrastErrors,
    /// Average count added to each library before logs are taken (`limma-trend` on counts).
    pub prior_count: f64,
    /// Coverage of the confidence interval of the log fold change.
    pub interval: f64,
    /// Multiple-testing correction.
    pub adjustment: Adjustment,
    /// When a gene is called up or down.
    pub thresholds: Thresholds,
}

impl Default for LimmaOptions {
    fn default() -> Self {
        Self {
            trend: false,
            robust: false,
            proportion: 0.01,
            lfc: 0.0,
            quality_weights: false,
            block: None,
            contrast_errors: ContrastErrors::default(),
            prior_count: 3.0,
            interval: 0.95,
            adjustment: Adjustment::default(),
            thresholds: Thresholds::default(),
        }
    }
}
