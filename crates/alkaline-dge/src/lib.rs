//! Differential expression in the manner of edgeR: dispersion, test, table; and in those of [limma] and [deseq2].

mod abundance;
mod checks;
mod classic;
pub mod deseq2;
mod design;
mod dispersion;
mod dispersion_options;
mod error;
mod exact_test;
mod glm;
mod libraries;
pub mod limma;
mod number_or_infinity;
mod prior_df;
mod sample_map;
mod sensitivity;
mod shrinker;
mod table;
mod version;
mod weighted_likelihood;

pub use abundance::average_log_cpm;
pub use checks::distinct_replicates;
pub use design::{Contrast, DesignError, DesignMatrix, DesignVariable, names_in_expression};
pub use dispersion::{
    BorrowedDispersion, GeneDispersion, assumed_dispersion, borrowed_dispersion, estimate_dispersion,
};
pub use dispersion_options::{DispersionMethod, DispersionOptions, Trend};
pub use error::DgeError;
pub use exact_test::{ExactTestOptions, RejectionRegion, exact_test};
pub use glm::{
    DevianceAdjustment, GlmTestOptions, TreatNull, estimate_dispersion_glm, likelihood_ratio_test,
    quasi_likelihood_test,
};
pub use sample_map::{MapOptions, sample_map, sample_map_of_values};
pub use sensitivity::{DEFAULT_BCVS, Sensitivity, bcv_sensitivity};
pub use table::Adjustment;
pub use version::EdgerVersion;
