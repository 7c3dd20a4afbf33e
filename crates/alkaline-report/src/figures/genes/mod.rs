//! Figures of tested genes: one contrast, or contrasts against each other.

pub mod contrast_overlap;
pub mod fold_changes;
pub mod ma;
pub mod method_overlap;
pub mod p_histogram;
pub mod p_pairs;
pub mod panel;
pub mod sensitivity;
pub mod volcano;
