//! Two experiments that asked the same question, held against each other on the genes that both tested.
//!
//! - [`pair`]: the common genes, and what each experiment says of them;
//! - [`overlap`]: the lists of called genes (hypergeometric P, exact odds ratio, Jaccard);
//! - [`association`]: correlations of log fold changes, a line through errors in both, agreement of signs;
//! - [`rank_overlap`]: the map of rank-rank hypergeometric overlap;
//! - [`combine`] and [`meta`]: one P, or one fold change, out of several.
//!
//! P values are carried as logarithms: strong effects have a P that is no number any more.

pub mod association;
pub mod combine;
pub mod meta;
pub mod overlap;
mod pairing;
pub mod rank_overlap;
mod verdict;

pub use pairing::{Gene, Pairing, Side, pair};
pub use verdict::{Verdict, verdict};
