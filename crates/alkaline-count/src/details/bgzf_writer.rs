//! Writes BGZF: blocks of at most 64 KiB, an empty one at the end.

use std::io::{self, Write};

use libdeflater::{CompressionLvl, Compressor, Crc};

/// Inflated bytes of a block: a little less than 64 KiB, so that incompressible data still fit.
const BLOCK_LENGTH: usize = 0xff00;

/// Bytes before and after the compressed data.
const HEADER_LENGTH: usize = 18;
const FOOTER_LENGTH: usize = 8;

/// A gzip header with the extra field `BC`, its length field still zero.
const HEADER: [u8; HEADER_LENGTH] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0, 0, 0];

/// The empty block at the end of a file, byte for byte as the specification has it.
const END_MARKER: [u8; 28] =
    [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

pub(super) struct BgzfWriter<W> {
    out: W,
    compressor: Compressor,
    pending: Vec<u8>,
    block: Vec<u8>,
}

impl<W: Write> BgzfWriter<W> {
    pub fn new(out: W) -> Self {
        Self {
            out,
            compressor: Compressor::new(CompressionLvl::fastest()),
            pending: Vec::new(),
            block: Vec::new(),
        }
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pending.extend_from_slice(bytes);
        let mut written = 0;
        while self.pending.len() - written >= BLOCK_LENGTH {
            let block = self.pending[written..written + BLOCK_LENGTH].to_vec();
            self.write_block(&block)?;
            written += BLOCK_LENGTH;
        }
        self.pending.drain(..written);
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.pending);
        if !rest.is_empty() {
            self.write_block(&rest)?;
        }
        self.out.write_all(&END_MARKER)?;
        self.out.flush()
    }

    fn write_block(&mut self, bytes: &[u8]) -> io::Result<()> {
        let bound = self.compressor.deflate_compress_bound(bytes.len());
        self.block.clear();
        self.block.extend_from_slice(&HEADER);
        self.block.resize(HEADER_LENGTH + bound, 0);
        let deflated = self
            .compressor
            .deflate_compress(bytes, &mut self.block[HEADER_LENGTH..])
            .map_err(|error| io::Error::other(error.to_string()))?;
        self.block.truncate(HEADER_LENGTH + deflated);
        let mut checksum = Crc::new();
        checksum.update(bytes);
        self.block.extend_from_slice(&checksum.sum().to_le_bytes());
        self.block.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        let length = (HEADER_LENGTH + deflated + FOOTER_LENGTH - 1) as u16;
        self.block[16..18].copy_from_slice(&length.to_le_bytes());
        self.out.write_all(&self.block)
    }
}
