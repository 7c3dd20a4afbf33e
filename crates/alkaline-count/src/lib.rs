//! BAM, SAM or CRAM plus an annotation gives counts and read QC.
//!
//! The counts are featureCounts' (Liao, Smyth & Shi 2014, Bioinformatics 30:923, doi:10.1093/bioinformatics/btt656): the
//! same options give the same numbers. Files are read by chunks of compressed blocks, inflated and counted in the same
//! thread; all three strand rules are followed at once; nothing is sorted and no temporary file is written.

mod contigs;
mod counters;
mod details;
mod doubts;
mod engine;
mod error;
mod features;
mod genome_fit;
mod input;
mod junctions;
mod memory;
mod merge;
mod meter;
mod options;
mod plan;
mod qc;
mod reads;
mod record;
mod stage;
mod strandedness;

pub use error::{ContigMismatch, CountError, FormatProblem};
pub use genome_fit::{BuildDoubt, GenomeFit};
pub use input::{AlignmentHeader, check_complete};
pub use junctions::{GenomeSequence, junction_sites};
pub use merge::{CountPart, merge_counts};
pub use meter::Meter;
pub use options::{
    Compat, CountOptions, CountUnit, DetailFormat, Details, FilterRule, OverlapRule, PairRule, ReadEnd,
    ReadShape, ShiftDirection, SplitRule, StrandRule,
};
pub use stage::{BamInput, Counted, UnitCounts, count_reads, count_reads_watched, count_units, read_header};
