//! Count tables: featureCounts' layout, or gene identifiers followed by one column a sample.

mod genes;
mod reader;
mod summary;
mod writer;

pub use genes::{companion_path, read_labels, write_labels};
pub use reader::{CountTableOptions, other_columns, read};
pub use summary::{read_summary, summary_path, write_summary};
pub use writer::write;

/// The six columns that featureCounts prints before the counts.
pub const LOCUS_COLUMNS: [&str; 6] = ["Geneid", "Chr", "Start", "End", "Strand", "Length"];
