//! Counting: by touched genes where that is enough, by measured overlaps where it is not.

mod tally;
mod touch;

pub(crate) use tally::{STRAND_RULES, Tally};
pub(crate) use touch::TouchCounter;
