//! The invented samples.

use std::sync::Arc;

use alkaline_core::SampleIndex;

/// The samples.
pub const SAMPLES: [&str; 6] =
    ["parental_1", "parental_2", "parental_3", "resistant_1", "resistant_2", "resistant_3"];

/// Their index.
pub fn samples() -> Arc<SampleIndex> {
    SampleIndex::new(SAMPLES.iter().map(|name| (*name).into()).collect()).expect("invented names are unique")
}
