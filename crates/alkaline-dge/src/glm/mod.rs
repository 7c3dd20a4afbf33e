//! Linear models: dispersions by Cox-Reid likelihood, likelihood-ratio, quasi-likelihood and threshold tests.

mod abundant;
mod adjusted_quasi;
mod contrast_test;
mod dispersion;
mod fit;
mod interval;
mod offsets;
mod options;
mod quasi;
mod reduced;
mod tests_of_contrasts;
mod treat;

pub(crate) use contrast_test::without_contrast;
pub use dispersion::estimate_dispersion_glm;
pub use options::{DevianceAdjustment, GlmTestOptions, TreatNull};
pub(crate) use tests_of_contrasts::level_groups;
pub use tests_of_contrasts::{likelihood_ratio_test, quasi_likelihood_test};
