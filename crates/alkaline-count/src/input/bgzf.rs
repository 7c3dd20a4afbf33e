//! BGZF: gzip in blocks of at most 64 KiB, each with its own length (SAM/BAM specification v1, section 4.1).

use libdeflater::{Crc, Decompressor};

use crate::error::FormatProblem;

/// First bytes of a gzip member.
pub(crate) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Bytes of a gzip header up to the extra fields.
const HEADER_LENGTH: usize = 12;

/// Bytes after the compressed data: checksum and inflated length.
const FOOTER_LENGTH: usize = 8;

/// Most bytes that a block inflates to.
pub(crate) const MAX_INFLATED: usize = 1 << 16;

/// Flag of a gzip member with extra fields.
const HAS_EXTRA: u8 = 4;

/// One block, still compressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block<'a> {
    deflated: &'a [u8],
    checksum: u32,
    /// Bytes after inflation.
    pub inflated_length: usize,
    /// Bytes in the file.
    pub length: usize,
}

/// Whether `start` looks like the beginning of a BGZF block.
pub(crate) fn is_block(start: &[u8]) -> bool {
    start.len() >= HEADER_LENGTH + 6 && block_length(start).is_ok_and(|length| length.is_some())
}

/// The length of the block at the start of `bytes`; `None` when its header is cut short.
pub(crate) fn block_length(bytes: &[u8]) -> Result<Option<usize>, &'static str> {
    let Some(header) = bytes.first_chunk::<HEADER_LENGTH>() else { return Ok(None) };
    if header[..2] != MAGIC || header[3] & HAS_EXTRA == 0 {
        return Err("does not begin as a block should");
    }
    let extra_length = usize::from(u16::from_le_bytes([header[10], header[11]]));
    let Some(mut extra) = bytes.get(HEADER_LENGTH..HEADER_LENGTH + extra_length) else { return Ok(None) };
    while let Some((&[a, b, low, high], rest)) = extra.split_first_chunk::<4>() {
        let length = usize::from(u16::from_le_bytes([low, high]));
        if [a, b] == *b"BC" && length == 2 && rest.len() >= 2 {
            let total = usize::from(u16::from_le_bytes([rest[0], rest[1]])) + 1;
            let least = HEADER_LENGTH + extra_length + FOOTER_LENGTH;
            return if total < least { Err("is shorter than its header") } else { Ok(Some(total)) };
        }
        extra = rest.get(length..).unwrap_or_default();
    }
    Err("has no length field")
}

impl<'a> Block<'a> {
    /// The block at the start of `bytes`; `None` when it is cut short.
    pub fn parse(bytes: &'a [u8]) -> Result<Option<Self>, &'static str> {
        let Some(length) = block_length(bytes)? else { return Ok(None) };
        let Some(block) = bytes.get(..length) else { return Ok(None) };
        let extra_length = usize::from(u16::from_le_bytes([block[10], block[11]]));
        let footer = &block[length - FOOTER_LENGTH..];
        let word =
            |at: usize| u32::from_le_bytes([footer[at], footer[at + 1], footer[at + 2], footer[at + 3]]);
        let inflated_length = word(4) as usize;
        if inflated_length > MAX_INFLATED {
            return Err("says that it inflates to more than 64 KiB");
        }
        let deflated = &block[HEADER_LENGTH + extra_length..length - FOOTER_LENGTH];
        Ok(Some(Self { deflated, checksum: word(0), inflated_length, length }))
    }

    /// Inflates into `out`, which must be as long as [`Block::inflated_length`], and checks the checksum.
    pub fn inflate(&self, decompressor: &mut Decompressor, out: &mut [u8]) -> Result<(), &'static str> {
        let written = decompressor.deflate_decompress(self.deflated, out).map_err(|_| "does not inflate")?;
        if written != self.inflated_length {
            return Err("inflates to another length than it says");
        }
        let mut checksum = Crc::new();
        checksum.update(out);
        if checksum.sum() != self.checksum {
            return Err("has a wrong checksum");
        }
        Ok(())
    }
}

/// The problem of a block at `offset`.
pub(crate) fn corrupt(offset: u64, problem: &'static str) -> FormatProblem {
    FormatProblem::CorruptBlock { offset, problem }
}
