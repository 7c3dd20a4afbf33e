//! The stages as the run and the stage commands both call them, so that both leave the same bytes.

pub mod annotations;
pub mod count;
pub mod dispersions;
pub mod enrich;
pub mod lengths;
pub mod naming;
pub mod normalize;
pub mod panels;
pub mod power;
pub mod report;
pub mod simulate;
pub mod simulated_place;
pub mod test;
pub mod untested;
