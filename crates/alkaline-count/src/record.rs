//! One alignment, as a view on the bytes of a BAM record (SAM/BAM specification v1, section 4.2).

pub(crate) use alkaline_core::sam::{cigar as op, flag};

/// Bytes before the read name.
pub(crate) const FIXED_LENGTH: usize = 32;

/// Largest record that is believed, in bytes: the longest reads known need a few per cent of it.
pub(crate) const MAX_RECORD_LENGTH: usize = 1 << 28;

/// A view on one BAM record, without the length in front.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    /// The whole record.
    pub bytes: &'a [u8],
    /// Contig number, -1 for none.
    pub contig: i32,
    /// 0-based position, -1 for none.
    pub position: i32,
    pub mapping_quality: u8,
    pub flags: u16,
    pub mate_contig: i32,
    pub mate_position: i32,
    pub template_length: i32,
    name_end: usize,
    cigar_end: usize,
    tags_start: usize,
}

#[inline]
fn i32_at(bytes: &[u8], at: usize) -> i32 {
    i32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[inline]
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    i32_at(bytes, at) as u32
}

impl<'a> Record<'a> {
    /// A record from its bytes.
    ///
    /// # Errors
    /// What makes no sense about them.
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let Some((fixed, _)) = bytes.split_first_chunk::<FIXED_LENGTH>() else {
            return Err("is shorter than a record can be");
        };
        let name_length = usize::from(fixed[8]);
        let operations = usize::from(u16::from_le_bytes([fixed[12], fixed[13]]));
        let sequence_length = u32_at(fixed, 16) as usize;
        let name_end = FIXED_LENGTH + name_length;
        let cigar_end = name_end + 4 * operations;
        let tags_start = cigar_end + sequence_length.div_ceil(2) + sequence_length;
        if name_length == 0 || tags_start > bytes.len() {
            return Err("says that it holds more than it does");
        }
        Ok(Self {
            bytes,
            contig: i32_at(fixed, 0),
            position: i32_at(fixed, 4),
            mapping_quality: fixed[9],
            flags: u16::from_le_bytes([fixed[14], fixed[15]]),
            mate_contig: i32_at(fixed, 20),
            mate_position: i32_at(fixed, 24),
            template_length: i32_at(fixed, 28),
            name_end,
            cigar_end,
            tags_start,
        })
    }

    /// Whether any of `bits` is set.
    #[inline]
    pub fn has(&self, bits: u16) -> bool {
        self.flags & bits != 0
    }

    /// Whether the record lies somewhere: aligned, to a contig, at a position.
    #[inline]
    pub fn is_placed(&self) -> bool {
        !self.has(flag::UNMAPPED) && self.contig >= 0 && self.position >= 0
    }

    /// 1-based position of a record that is placed.
    #[inline]
    pub fn start(&self) -> u32 {
        (self.position as u32).wrapping_add(1)
    }

    /// The read name.
    #[inline]
    pub fn name(&self) -> &'a [u8] {
        let name = &self.bytes[FIXED_LENGTH..self.name_end - 1];
        // A name is followed by one NUL; some writers pad with more.
        match name.last() {
            Some(0) => &name[..name.iter().position(|&byte| byte == 0).unwrap_or(name.len())],
            _ => name,
        }
    }

    /// Number of bases in SEQ.
    pub fn sequence_length(&self) -> usize {
        u32_at(self.bytes, 16) as usize
    }

    /// Packed bases, and qualities.
    pub fn bases_and_qualities(&self) -> (&'a [u8], &'a [u8]) {
        let bases = &self.bytes[self.cigar_end..self.tags_start];
        bases.split_at(bases.len() - self.sequence_length())
    }

    /// The optional fields.
    #[inline]
    pub fn tags(&self) -> &'a [u8] {
        &self.bytes[self.tags_start..]
    }

    /// The CIGAR operations as (code, length); very long ones come from the `CG` field.
    #[inline]
    pub fn cigar(&self) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        let mut operations = &self.bytes[self.name_end..self.cigar_end];
        if operations.len() == 8 && self.is_placeholder(operations) {
            operations = self.long_cigar().unwrap_or(operations);
        }
        operations.chunks_exact(4).map(|operation| {
            let value = u32_at(operation, 0);
            (value & 0xf, value >> 4)
        })
    }

    /// Whether the two operations say that the real ones did not fit (`<read length>S<span>N`).
    fn is_placeholder(&self, operations: &[u8]) -> bool {
        u32_at(operations, 0) == ((self.sequence_length() as u32) << 4 | op::SOFT_CLIP)
            && u32_at(operations, 4) & 0xf == op::SKIP
    }

    #[cold]
    fn long_cigar(&self) -> Option<&'a [u8]> {
        Tags(self.tags()).find(|(key, _)| *key == *b"CG").and_then(|(_, value)| match value {
            TagValue::Array(b'I', bytes) => Some(bytes),
            _ => None,
        })
    }
}

/// The value of an optional field, as far as counting needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagValue<'a> {
    Integer(i64),
    Text(&'a [u8]),
    Array(u8, &'a [u8]),
    Other,
}

/// Walks the optional fields; ends early at the first that makes no sense.
pub(crate) struct Tags<'a>(pub &'a [u8]);

impl<'a> Iterator for Tags<'a> {
    type Item = ([u8; 2], TagValue<'a>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let (&[a, b, kind], rest) = self.0.split_first_chunk::<3>()?;
        let (value, length) = match kind {
            b'C' => (TagValue::Integer(i64::from(*rest.first()?)), 1),
            b'c' => (TagValue::Integer(i64::from(*rest.first()? as i8)), 1),
            b'A' => (TagValue::Other, 1),
            b'S' => (TagValue::Integer(i64::from(u16::from_le_bytes(*rest.first_chunk()?))), 2),
            b's' => (TagValue::Integer(i64::from(i16::from_le_bytes(*rest.first_chunk()?))), 2),
            b'I' => (TagValue::Integer(i64::from(u32::from_le_bytes(*rest.first_chunk()?))), 4),
            b'i' => (TagValue::Integer(i64::from(i32::from_le_bytes(*rest.first_chunk()?))), 4),
            b'f' => (TagValue::Other, 4),
            b'Z' | b'H' => {
                let length = rest.iter().position(|&byte| byte == 0)?;
                (TagValue::Text(&rest[..length]), length + 1)
            }
            b'B' => {
                let (&[kind, ..], _) = rest.split_first_chunk::<5>()?;
                let width = match kind {
                    b'c' | b'C' => 1,
                    b's' | b'S' => 2,
                    b'i' | b'I' | b'f' => 4,
                    _ => return None,
                };
                let length = (u32_at(rest, 1) as usize).checked_mul(width)?;
                (TagValue::Array(kind, rest.get(5..length.checked_add(5)?)?), length + 5)
            }
            _ => return None,
        };
        self.0 = rest.get(length..)?;
        Some(([a, b], value))
    }
}

/// The optional fields that counting needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HitTags {
    /// Number of reported alignments of the read (`NH`); 0 when not told.
    pub hits: u32,
    /// Which of them this is (`HI`); `None` when not told.
    pub hit_index: Option<u32>,
}

impl HitTags {
    /// Reads `NH` and, where wanted, `HI`; stops as soon as both are known.
    #[inline]
    pub fn read(tags: &[u8], want_hit_index: bool) -> Self {
        let mut found = Self::default();
        let mut has_hits = false;
        for (key, value) in Tags(tags) {
            if let TagValue::Integer(value) = value {
                match &key {
                    b"NH" => {
                        found.hits = value.clamp(0, i64::from(u32::MAX)) as u32;
                        has_hits = true;
                    }
                    b"HI" => found.hit_index = Some(value as u32),
                    _ => continue,
                }
                if has_hits && (!want_hit_index || found.hit_index.is_some()) {
                    break;
                }
            }
        }
        found
    }
}
