//! A look at the first records of a file, for telling what is odd about it.

use std::sync::Arc;

use alkaline_core::genome::Contig;

use super::chunk_reader::ChunkReader;
use super::counter::Counter;
use crate::error::CountError;
use crate::input::{Chunk, OpenInput};
use crate::record::{HitTags, Record};

/// What is remembered of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glance {
    pub name: Vec<u8>,
    pub flags: u16,
    pub hit_index: Option<u32>,
}

/// The first records of `input`, at most `most` and those of one chunk.
pub(crate) fn first_records(mut input: OpenInput, most: usize) -> Result<Vec<Glance>, CountError> {
    let mut gatherer = Gatherer { seen: Vec::new(), most };
    let mut chunk = Chunk::default();
    if input.source.next_chunk(&mut chunk)? {
        // Whatever is wrong with the file was told when it was counted.
        let _ = ChunkReader::default().count_in_order(&chunk, &mut gatherer, 0);
    }
    Ok(gatherer.seen)
}

struct Gatherer {
    seen: Vec<Glance>,
    most: usize,
}

impl Counter for Gatherer {
    type Leftover = ();

    fn begin_chunk(&mut self, _contigs: &Arc<Vec<Contig>>) {}

    fn count(&mut self, record: &Record<'_>) -> Result<(), &'static str> {
        if self.seen.len() < self.most {
            let hit_index = HitTags::read(record.tags(), true).hit_index;
            self.seen.push(Glance { name: record.name().to_vec(), flags: record.flags, hit_index });
        }
        Ok(())
    }

    fn end_chunk(&mut self) {}

    fn absorb(&mut self, (): ()) -> Result<(), CountError> {
        Ok(())
    }
}
