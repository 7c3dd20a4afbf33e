//! Figures of tested genes: one contrast, or contrasts against each other.

pub mod contrast_overlap;
pub mod fold_changes;
pub mod ma;
pub mod p_histogram;
pub mod panel;
pub mod sensitivity;
pub mod volcano;
