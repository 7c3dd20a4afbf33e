//! Figures with a mark for each sample: what was read, what was counted, who is like whom.

pub mod assignment;
pub mod biotypes;
pub mod library_sizes;
pub mod origin;
pub mod qc_curves;
pub mod sample_map;
pub mod strandedness;
