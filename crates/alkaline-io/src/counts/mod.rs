//! Count tables: featureCounts' layout, or gene identifiers followed by one column a sample.

mod gene_names;
mod genes;
mod layout;
mod options;
mod reader;
mod sample_columns;
mod summary;
mod transposed;
mod value;
mod value_layout;
mod writer;

pub(crate) use gene_names::is_no_gene;
pub use genes::{companion_path, read_labels, write_labels};
pub use options::{CountFile, CountTableOptions};
pub use reader::{column_names, read};
pub use summary::{read_summary, summary_path, write_summary};
pub(crate) use value_layout::ValueLayout;
pub use writer::write;

/// The six columns that featureCounts prints before the counts.
pub const LOCUS_COLUMNS: [&str; 6] = ["Geneid", "Chr", "Start", "End", "Strand", "Length"];
