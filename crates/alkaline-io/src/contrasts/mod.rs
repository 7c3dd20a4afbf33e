//! Contrast files: `id,variable,reference,target[,blocking]`, the columns of nf-core/differentialabundance.

mod reader;
mod writer;

pub use reader::read;
pub use writer::write;

/// The columns that must be there.
const REQUIRED: [&str; 4] = ["id", "variable", "reference", "target"];

/// The column that may be there: sample columns held constant, separated by `;`.
const BLOCKING: &str = "blocking";
