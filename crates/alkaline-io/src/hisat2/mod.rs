//! The files that HISAT2 exchanges with the world: introns and exons that it is told, the summary that it writes.

mod introns;
mod summary;

pub use introns::{ExonLine, SpliceSite, exons, splice_sites, write_exons, write_splice_sites};
pub use summary::AlignmentSummary;
