//! The stages as the run and the stage commands both call them, so that both leave the same bytes.

pub mod align;
pub mod annotations;
pub mod clean;
pub mod cohort;
pub mod compare;
pub mod count;
pub mod dispersions;
pub mod enrich;
pub mod hisat2_index;
mod hisat2_programs;
pub mod import;
pub mod lengths;
pub mod naming;
pub mod normalize;
pub mod offsets;
pub mod panels;
pub mod power;
pub mod reads;
pub mod reference_index;
pub mod report;
pub mod simulate;
pub mod simulated_place;
pub mod test;
pub mod untested;
pub mod values_seen;
