//! Writes HDF5 files: groups, dense arrays of numbers and texts, attributes. No more than an AnnData file needs.
//!
//! After the HDF5 File Format Specification, version 3.0: superblock 2, object headers 2 with links inside, contiguous layout,
//! texts as variable-length UTF-8 in global heaps. libhdf5 reads this since 1.8 (2008). Everything is laid out before anything is
//! written, so that a file is written from its first byte to its last, and matrices pass through one at a time.

mod checksum;
mod header;
mod heap;
mod node;
mod types;
mod writer;

pub use node::{Array, Attribute, Elements, Group, Node, Stream};
pub use writer::write;

/// An address that leads nowhere.
const UNDEFINED: u64 = u64::MAX;

/// The next place for something that has to lie on a multiple of eight bytes.
fn aligned(place: u64) -> u64 {
    place.next_multiple_of(8)
}
