//! What is known about a read, and about the fragment that two of them make.

mod blocks;
mod end;
mod filter;
mod pairing;

pub(crate) use blocks::{Block, BlockShaper, visit_blocks};
pub(crate) use end::{ANTISENSE, End, Fact, HIT_BITS, Hits, SENSE};
pub(crate) use filter::{FilterContext, Verdict};
pub(crate) use pairing::{PairKey, Pairing, lot_of_name};
