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
///
/// Two entries stand in the end itself. Every entry has a strand, so that 0 marks a free place; ends are moved about a lot,
/// and whole words are moved faster than a count of bytes beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hits {
    few: [u32; 2],
    /// All of them, where there are more than two.
    #[expect(clippy::box_collection, reason = "a thin pointer keeps the common case at 16 bytes")]
    many: Option<Box<Vec<u32>>>,
}

/// Bits of an entry of [`Hits`].
pub(crate) const SENSE: u32 = 1;
pub(crate) const ANTISENSE: u32 = 2;

/// Bits that the strands take in an entry of [`Hits`].
pub(crate) const HIT_BITS: u32 = 2;

impl Hits {
    /// No gene.
    pub const NONE: Self = Self { few: [0; 2], many: None };

    /// The entries.
    #[inline]
    pub fn as_slice(&self) -> &[u32] {
        match (&self.many, self.few) {
            (Some(entries), _) => entries,
            (None, [0, _]) => &[],
            (None, [_, 0]) => &self.few[..1],
            (None, _) => &self.few,
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.few[0] == 0
    }

    /// Adds an entry, or its strands to the entry of the same unit.
    #[inline]
    pub fn add(&mut self, entry: u32) {
        if self.many.is_some() {
            return self.add_to_many(entry);
        }
        for place in &mut self.few {
            if *place == 0 || *place >> HIT_BITS == entry >> HIT_BITS {
                *place |= entry;
                return;
            }
        }
        self.add_to_many(entry);
    }

    #[cold]
    fn add_to_many(&mut self, entry: u32) {
        let entries = self.many.get_or_insert_with(|| Box::new(self.few.to_vec()));
        match entries.iter_mut().find(|known| **known >> HIT_BITS == entry >> HIT_BITS) {
            Some(known) => *known |= entry,
            None => entries.push(entry),
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

    /// The mate as its flags and fields describe it, for a record whose mate is not in the file. What a record says of
    /// itself alone (secondary, duplicate) it does not say of the mate.
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
        let flags = self.flags & (flag::PAIRED | flag::PROPER)
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
