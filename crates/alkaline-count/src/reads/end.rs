//! One end of a fragment, boiled down to what decides its fate.

use crate::record::{Record, flag};

/// Facts about an end that are neither flags nor hits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact;

impl Fact {
    /// The alignment crosses a splice junction.
    pub const SPLIT: u8 = 1;
    /// The mate lies on the same contig.
    pub const SAME_CONTIG: u8 = 2;
    /// It lies within a gene, in or between its exons.
    pub const IN_GENE: u8 = 4;
}

/// Genes that an end touches: `unit << 2 | antisense << 1 | sense`, each unit once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hits {
    /// None, one or two; how many is the first field.
    Few(u8, [u32; 2]),
    /// More.
    #[expect(clippy::box_collection, reason = "a thin pointer keeps the common case at 16 bytes")]
    Many(Box<Vec<u32>>),
}

/// Bits of an entry of [`Hits`].
pub(crate) const SENSE: u32 = 1;
pub(crate) const ANTISENSE: u32 = 2;

/// Bits that the strands take in an entry of [`Hits`].
pub(crate) const HIT_BITS: u32 = 2;

impl Hits {
    /// No gene.
    pub const NONE: Self = Self::Few(0, [0; 2]);

    /// The entries.
    #[inline]
    pub fn as_slice(&self) -> &[u32] {
        match self {
            Self::Few(number, entries) => &entries[..usize::from(*number)],
            Self::Many(entries) => entries,
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Few(0, _))
    }

    /// Adds an entry, or its strands to the entry of the same unit.
    #[inline]
    pub fn add(&mut self, entry: u32) {
        let unit = entry >> HIT_BITS;
        match self {
            Self::Few(number, entries) => {
                let used = usize::from(*number);
                if let Some(known) = entries[..used].iter_mut().find(|known| **known >> HIT_BITS == unit) {
                    *known |= entry;
                } else if used < 2 {
                    entries[used] = entry;
                    *number += 1;
                } else {
                    *self = Self::Many(Box::new(vec![entries[0], entries[1], entry]));
                }
            }
            Self::Many(entries) => match entries.iter_mut().find(|known| **known >> HIT_BITS == unit) {
                Some(known) => *known |= entry,
                None => entries.push(entry),
            },
        }
    }
}

/// One end of a fragment.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub flags: u16,
    pub mapping_quality: u8,
    /// Bits of [`Fact`].
    pub facts: u8,
    /// Reported alignments of the read; 0 when not told.
    pub alignments: u32,
    pub template_length: i32,
    pub hits: Hits,
}

impl End {
    /// The end without its hits.
    #[inline]
    pub fn new(record: &Record<'_>, alignments: u32) -> Self {
        let same_contig = record.contig >= 0 && record.contig == record.mate_contig;
        Self {
            flags: record.flags,
            mapping_quality: record.mapping_quality,
            facts: if same_contig { Fact::SAME_CONTIG } else { 0 },
            alignments,
            template_length: record.template_length,
            hits: Hits::NONE,
        }
    }

    /// Whether any of `bits` is set.
    #[inline]
    pub fn has(&self, bits: u16) -> bool {
        self.flags & bits != 0
    }

    /// Whether `fact` holds.
    #[inline]
    pub fn is(&self, fact: u8) -> bool {
        self.facts & fact != 0
    }

    /// The mate as its flags and fields describe it, for a record whose mate is not in the file.
    pub fn deduced_mate(&self) -> Self {
        let swap = |a: u16, b: u16| {
            let mut bits = 0;
            if self.has(a) {
                bits |= b;
            }
            if self.has(b) {
                bits |= a;
            }
            bits
        };
        let swapped = flag::UNMAPPED
            | flag::MATE_UNMAPPED
            | flag::REVERSE
            | flag::MATE_REVERSE
            | flag::READ1
            | flag::READ2;
        let flags = self.flags & !swapped
            | swap(flag::UNMAPPED, flag::MATE_UNMAPPED)
            | swap(flag::REVERSE, flag::MATE_REVERSE)
            | swap(flag::READ1, flag::READ2);
        Self {
            flags,
            mapping_quality: self.mapping_quality,
            facts: self.facts & Fact::SAME_CONTIG,
            alignments: 1,
            template_length: self.template_length.wrapping_neg(),
            hits: Hits::NONE,
        }
    }

    /// The missing mate of a read that was not sequenced in a pair.
    pub fn absent_mate(&self) -> Self {
        Self {
            flags: flag::UNMAPPED,
            mapping_quality: 0,
            facts: 0,
            alignments: 0,
            template_length: 0,
            hits: Hits::NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_kept_once_with_all_its_strands() {
        let mut hits = Hits::NONE;
        for entry in [5 << 2 | SENSE, 7 << 2 | SENSE, 5 << 2 | ANTISENSE, 9 << 2 | SENSE, 9 << 2 | ANTISENSE]
        {
            hits.add(entry);
        }
        assert_eq!(hits.as_slice(), [5 << 2 | 3, 7 << 2 | 1, 9 << 2 | 3]);
    }
}
