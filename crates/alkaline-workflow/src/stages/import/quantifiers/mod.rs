//! What quantifiers and counters write, a file a sample (or a table for all), as counts of genes.

mod import;
mod joined;
mod star;
mod transcripts;

pub use import::{Layout, QuantOptions, import};
pub use star::StarStrand;
