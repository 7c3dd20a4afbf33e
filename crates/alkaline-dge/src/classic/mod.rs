//! The classic path: dispersion from replicates within groups, without a linear model.
//!
//! Reference: Robinson & Smyth (2007), doi:10.1093/bioinformatics/btm453, and (2008), doi:10.1093/biostatistics/kxm030.

mod common;
mod common_then_tagwise;
mod equalize;

pub(crate) use common::{likelihood_grid, maximise_common};
pub(crate) use common_then_tagwise::common_then_tagwise;
pub(crate) use equalize::{AdjustedCounts, FIRST_DISPERSION, adjust_counts, replicates};
