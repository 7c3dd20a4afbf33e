//! Text in BGZF blocks, as `samtools view -O sam.gz` and `bgzip` write it: a reader of what they inflate to.

use std::io::{self, BufRead, Read};

use libdeflater::Decompressor;

use super::bgzf::{Block, block_length};

/// Inflates one block after the other.
pub(super) struct BgzfText<R> {
    reader: R,
    decompressor: Decompressor,
    compressed: Vec<u8>,
    inflated: Vec<u8>,
    /// How much of `inflated` was handed out.
    used: usize,
    /// Whether the last block was empty: a whole file ends with such a block.
    saw_end_marker: bool,
}

impl<R: BufRead> BgzfText<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            decompressor: Decompressor::new(),
            compressed: Vec::new(),
            inflated: Vec::new(),
            used: 0,
            saw_end_marker: false,
        }
    }

    /// Inflates the next block; `false` at the end of the file.
    fn next_block(&mut self) -> io::Result<bool> {
        self.compressed.clear();
        let length = loop {
            match block_length(&self.compressed).map_err(damaged)? {
                Some(length) => break length,
                None if !self.take_more(1)? => {
                    let whole = self.compressed.is_empty() && self.saw_end_marker;
                    return if whole { Ok(false) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
                }
                None => {}
            }
        };
        while self.compressed.len() < length {
            let missing = length - self.compressed.len();
            if !self.take_more(missing)? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let block = Block::parse(&self.compressed).map_err(damaged)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        self.inflated.resize(block.inflated_length, 0);
        block.inflate(&mut self.decompressor, &mut self.inflated).map_err(damaged)?;
        self.used = 0;
        self.saw_end_marker = block.inflated_length == 0;
        Ok(true)
    }

    /// Reads up to `wanted` bytes more; `false` at the end of the file.
    fn take_more(&mut self, wanted: usize) -> io::Result<bool> {
        let ready = self.reader.fill_buf()?;
        let taken = ready.len().min(wanted);
        self.compressed.extend_from_slice(&ready[..taken]);
        self.reader.consume(taken);
        Ok(taken > 0)
    }
}

impl<R: BufRead> Read for BgzfText<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.used == self.inflated.len() {
            if !self.next_block()? {
                return Ok(0);
            }
        }
        let length = out.len().min(self.inflated.len() - self.used);
        out[..length].copy_from_slice(&self.inflated[self.used..self.used + length]);
        self.used += length;
        Ok(length)
    }
}

fn damaged(problem: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the file is corrupt: a block {problem}"))
}
