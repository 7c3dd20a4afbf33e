//! Tests of log values in the manner of limma 3.54: linear models gene by gene, variances moderated by those of all genes.
//!
//! From the inside out: [`LinearModel`] fits, [`moderate`] shrinks variances, and [`limma_test`], [`limma_trend_test`] and
//! [`voom_test`] make tables of a contrast. Arrays, panels and other log values go into the first, counts into the others.

mod correlated;
mod fit;
mod log_odds;
mod moderation;
mod options;
mod table;
mod tests_of_contrasts;
mod voom;
mod weights;

pub use correlated::Blocks;
pub use fit::{ContrastErrors, LinearFit, LinearModel};
pub use moderation::{Moderated, Moderation, TTest, moderate};
pub use options::LimmaOptions;
pub use tests_of_contrasts::{limma_test, limma_trend_test, voom_test};
pub use voom::{Voom, voom, voom_values};
pub use weights::Weights;
