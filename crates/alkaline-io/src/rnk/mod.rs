//! RNK: a gene and its score a line, as GSEA's preranked tool reads it.

mod reader;
mod writer;

pub use reader::{RnkNotes, parse, read};
pub use writer::{write, write_to};
