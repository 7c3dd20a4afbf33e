//! Counting: by touched genes where that is enough, by measured overlaps where it is not.

mod lookup;
mod measured;
mod tally;
mod touch;

pub(crate) use measured::{Detail, MeasuredCounter, MeasuredFile};
pub(crate) use tally::{STRAND_RULES, Tally};
pub(crate) use touch::TouchCounter;
