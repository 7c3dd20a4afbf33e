//! GMT: one gene set a line (`name`, `description`, genes, separated by tabs), as MSigDB and Enrichr give them out.

mod reader;
mod writer;

pub use reader::{GmtNotes, parse, read};
pub use writer::{write, write_to};
