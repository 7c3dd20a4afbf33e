//! Tables of values that may be anything (counts, abundances, logarithms, intensities), and what they are, by evidence.
//!
//! Submitters of public data call their tables as they like; only the values tell.

mod facts;
mod reader;
mod scale;
mod table;

pub use facts::ValueFacts;
pub use reader::{ValueFile, field_value, read, read_from};
pub use scale::{Scale, ScaleHints, Verdict, geo2r_takes_logarithms, recognise};
pub use table::ValueTable;
