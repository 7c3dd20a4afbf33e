//! Tests of log values in the manner of limma 3.54: linear models gene by gene, variances moderated by those of all genes.
//!
//! From the inside out: [`LinearModel`] fits, [`moderate`] shrinks variances, and [`limma_test`], [`limma_trend_test`] and
//! [`voom_test`] make tables of a contrast. Arrays, panels and other log values go into the first, counts into the others.

mod array_weights;
mod correlated;
mod duplicate_correlation;
mod fit;
mod gamma_regression;
mod log_odds;
mod log_scale;
mod moderation;
mod options;
mod replicates;
mod table;
mod tests_of_contrasts;
mod voom;
mod weights;

pub use array_weights::array_weights;
pub use correlated::Blocks;
pub use duplicate_correlation::{BlockCorrelation, duplicate_correlation};
pub use fit::{ContrastErrors, LinearFit, LinearModel};
pub use log_scale::{LogScale, log_scale, take_logs};
pub use moderation::{Moderated, Moderation, TTest, moderate};
pub use options::LimmaOptions;
pub use replicates::average_replicates;
pub use tests_of_contrasts::{limma_test, limma_trend_test, voom_test};
pub use voom::{Voom, voom, voom_values, voom_with_quality_weights};
pub use weights::Weights;
