//! From transcripts to genes: the sums and average lengths of tximport.
//!
//! A gene's abundance and count are sums over its transcripts; its length is their mean, weighted by abundance. Counts made from
//! abundances are free of differences in length between samples; counts as they are need the lengths as offsets.
//! Reference: Soneson, Love & Robinson (2015), F1000Research 4:1521. Upstream: tximport 1.26.

mod counts;
mod estimates;
mod genes;

pub use counts::{CountsFromAbundance, counts_from_abundance};
pub use estimates::{Estimates, EstimatesError};
pub use genes::{GeneSummary, summarize_to_genes};
