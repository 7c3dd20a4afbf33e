//! Where a marker is split into low and high.
//!
//! A split chosen because it separates the curves best makes its own P meaningless: with sixty patients of whom nobody differs, more than a
//! third of such splits are "significant". So a chosen split comes with the P of the *choice*, and the naive one is never given.

mod maximal;
mod split;

pub use maximal::{MaximalCut, MaximalOptions, maximal};
pub use split::{Split, split};
