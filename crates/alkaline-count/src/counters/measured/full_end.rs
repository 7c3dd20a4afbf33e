//! An end with everything that may be asked about it.

use super::fragment_length::AlignedShape;

/// Part of a row that lies under a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowHit {
    pub row: u32,
    pub unit: u32,
    /// Common positions; `start > end` when an empty block lies inside the row.
    pub start: u32,
    pub end: u32,
    /// Strand bits of a hit.
    pub strands: u32,
}

/// An end in full.
#[derive(Clone, Debug, Default)]
pub(crate) struct Detail {
    pub hits: Vec<RowHit>,
    pub shape: AlignedShape,
    /// Contig, last base before and first base after each gap.
    pub junctions: Vec<(u32, u32, u32)>,
    /// Number of its read group.
    pub group: Option<u32>,
    pub lot: u32,
    /// Read name or whole record, as the list of fates needs it.
    pub kept: Vec<u8>,
    /// Its place among the ends of the chunk, later of the file.
    pub arrival: u64,
}

impl Detail {
    /// The only unit that the ends touch, with the strands, if it is only one.
    pub fn only_unit(&self, mate: Option<&Self>) -> Option<(u32, u32)> {
        let mut hits = self.hits.iter().chain(mate.into_iter().flat_map(|mate| &mate.hits));
        let first = hits.next()?;
        let strands = hits.try_fold(first.strands, |strands, hit| {
            (hit.unit == first.unit).then_some(strands | hit.strands)
        });
        strands.map(|strands| (first.unit, strands))
    }
}
