//! How dispersions are estimated.

use serde::{Deserialize, Serialize};

use crate::EdgerVersion;

/// How dispersion depends on abundance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Trend {
    /// Local regression of degree zero (edgeR's `"locfit"`).
    #[default]
    Locfit,
    /// Local regression, degree one where genes are few (edgeR's `"locfit.mixed"`).
    LocfitMixed,
    /// Moving average over neighbouring genes (edgeR's `"movingave"`).
    Movingave,
    /// Tricube-weighted running mean (edgeR's `"loess"`); slow for many genes.
    Loess,
    /// No trend: shrink to the common dispersion.
    None,
}

/// Which estimator of dispersions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DispersionMethod {
    /// Weighted likelihood empirical Bayes (edgeR's `estimateDisp`).
    #[default]
    WeightedLikelihood,
    /// The two functions of most published scripts (edgeR's `estimateCommonDisp` and `estimateTagwiseDisp`).
    CommonThenTagwise,
    /// One for all genes, from the most abundant ones (what edgeR 4's `glmQLFit` does without `estimateDisp`).
    AbundantGenes,
}

/// Options of dispersion estimation.
///
/// | option | default | upstream (`estimateDisp`) |
/// |---|---|---|
/// | `method` | weighted likelihood | the function called |
/// | `trend` | locfit | `trend.method` |
/// | `prior_df` | estimated | `prior.df` |
/// | `span` | by number of genes | `span` |
/// | `min_row_sum` | 5 | `min.row.sum` |
/// | `tagwise` | true | `tagwise` |
/// | `robust` | false | `robust` |
/// | `grid_length`, `grid_range` | 21, (-10, 10) | `grid.length`, `grid.range` |
/// | `tolerance` | 1e-6 | `tol` |
/// | `compat` | edgeR-3 | the version installed |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DispersionOptions {
    /// The estimator.
    pub method: DispersionMethod,
    /// The trend against abundance.
    pub trend: Trend,
    /// Prior degrees of freedom; estimated from the data when absent.
    #[serde(with = "crate::number_or_infinity")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub prior_df: Option<f64>,
    /// Span of the smoother; chosen by the number of genes when absent.
    pub span: Option<f64>,
    /// Genes with a smaller total count do not take part in the estimation.
    pub min_row_sum: f64,
    /// Whether to estimate gene-wise dispersions at all.
    pub tagwise: bool,
    /// Whether outlier genes get fewer prior degrees of freedom.
    pub robust: bool,
    /// Number of dispersions at which likelihoods are evaluated.
    pub grid_length: usize,
    /// Range of the grid, in doublings of 0.1.
    pub grid_range: (f64, f64),
    /// Tolerance of the common dispersion on the scale `φ / (1 + φ)`.
    pub tolerance: f64,
    /// Whose rule for prior degrees of freedom.
    pub compat: EdgerVersion,
}

impl Default for DispersionOptions {
    fn default() -> Self {
        Self {
            method: DispersionMethod::WeightedLikelihood,
            trend: Trend::Locfit,
            prior_df: None,
            span: None,
            min_row_sum: 5.0,
            tagwise: true,
            robust: false,
            grid_length: 21,
            grid_range: (-10.0, 10.0),
            tolerance: 1e-6,
            compat: EdgerVersion::default(),
        }
    }
}
