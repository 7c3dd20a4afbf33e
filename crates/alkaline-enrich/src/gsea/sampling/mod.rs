//! Random gene sets: the list in blocks, laws over sets of a fixed size, and what is drawn from them.

pub(crate) mod blocks;
pub(crate) mod conditional;
pub(crate) mod drawn_set;
pub(crate) mod mixture;
pub(crate) mod packed;
pub(crate) mod picks;
pub(crate) mod proposal;
pub(crate) mod random;
pub(crate) mod ratio;
pub(crate) mod subset;
pub(crate) mod tilt;
