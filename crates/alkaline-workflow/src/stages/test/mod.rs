//! Differential expression: filter, library sizes and dispersion once per grouping or design, then one test per contrast.
//!
//! Tests come in families, each in a file of its own: `families.rs` says which one knows a test.

mod checks;
mod deseq2;
mod edger;
mod expression;
mod families;
mod family;
mod limma;
mod method;
mod prepared;
mod preparing;
mod settings;
mod several;
mod testing;
mod testing_values;

pub use alkaline_dge::EdgerVersion;
pub use checks::{check, check_counts};
pub use expression::{ExpressionOptions, LogValues, TakeLogs, log_values, read_file, read_logs, read_values};
pub use method::TestMethod;
pub(crate) use prepared::groups_of_test;
pub use prepared::{Prepared, blocks_of, design_of, sample_map, samples_of_contrast, samples_of_test};
pub use preparing::prepare;
pub use settings::TestSettings;
pub use several::{settings_of_others, test_by_others};
pub use testing::{sensitivity, test};
pub use testing_values::{check_values, test_values, values_of_test};
