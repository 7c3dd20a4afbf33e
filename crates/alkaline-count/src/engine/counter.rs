//! Whoever counts.

use std::sync::Arc;

use alkaline_core::genome::Contig;

use crate::error::CountError;
use crate::record::Record;

/// Counts records; every thread has its own, which are added up in the end.
pub(crate) trait Counter: Send {
    /// What is left of a chunk when its last record was seen: ends whose mates lie elsewhere, and the like.
    type Leftover: Send;

    /// Called before the records of a chunk; `contigs` only ever grows at its end.
    fn begin_chunk(&mut self, contigs: &Arc<Vec<Contig>>);

    /// Whether records lie far from each other, so that it helps to [`Counter::foresee`] them.
    fn is_scattered(&self) -> bool {
        false
    }

    /// Told the place of a record a while before it is counted, so that what it will look up can be fetched meanwhile.
    /// Files that are not sorted spend their time waiting for memory otherwise. `soon` is the second and last call.
    fn foresee(&self, _contig: i32, _position: i32, _soon: bool) {}

    /// Counts one record.
    ///
    /// # Errors
    /// What makes no sense about the record.
    fn count(&mut self, record: &Record<'_>) -> Result<(), &'static str>;

    /// Ends a chunk.
    fn end_chunk(&mut self) -> Self::Leftover;

    /// Takes the leftovers of the next chunk in the order of the file.
    fn absorb(&mut self, leftover: Self::Leftover) -> Result<(), CountError>;
}
