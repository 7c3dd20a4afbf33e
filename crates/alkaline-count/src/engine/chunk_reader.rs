//! From the bytes of a chunk to its records.

use std::sync::Arc;

use alkaline_core::genome::Contig;
use libdeflater::Decompressor;

use super::counter::Counter;
use super::guess::FirstRecord;
use super::outlook::Outlook;
use crate::error::FormatProblem;
use crate::input::Chunk;
use crate::input::bgzf::{Block, MAX_INFLATED, corrupt};
use crate::record::{FIXED_LENGTH, MAX_RECORD_LENGTH, Record};

/// A chunk that was counted, but for the records that its borders cut.
pub(super) struct Fragmented<L> {
    /// What lies before its first record.
    pub head: Vec<u8>,
    /// The beginning of a record that ends in a later chunk.
    pub tail: Vec<u8>,
    /// Whether a record begins in it at all.
    pub started: bool,
    pub leftover: L,
    pub contigs: Arc<Vec<Contig>>,
}

/// Inflates chunks block by block, so that records are still in the processor's cache when they are counted.
pub(super) struct ChunkReader {
    decompressor: Decompressor,
    window: Vec<u8>,
    /// Inflated bytes not yet counted: `window[begin..end]`.
    begin: usize,
    end: usize,
}

impl Default for ChunkReader {
    fn default() -> Self {
        Self { decompressor: Decompressor::new(), window: vec![0; 4 * MAX_INFLATED], begin: 0, end: 0 }
    }
}

impl ChunkReader {
    /// Counts a chunk whose first record has to be found.
    pub fn count_guessing<C: Counter>(
        &mut self,
        chunk: &Chunk,
        counter: &mut C,
    ) -> Result<Fragmented<C::Leftover>, FormatProblem> {
        (self.begin, self.end) = (0, 0);
        counter.begin_chunk(&chunk.contigs);
        let mut head = Vec::new();
        let mut started = chunk.number == 0 || !chunk.compressed;
        if !chunk.compressed {
            visit_all(&chunk.bytes, chunk, counter)?;
        } else {
            self.push(&chunk.before);
            let (mut at, mut search) = (0, FirstRecord::default());
            while at < chunk.bytes.len() {
                at += self.inflate(chunk, at)?;
                if !started {
                    let last = at == chunk.bytes.len();
                    let inflated = &self.window[self.begin..self.end];
                    let Some(first) = search.find(inflated, &chunk.contigs, last) else { continue };
                    head = inflated[..first].to_vec();
                    self.begin += first;
                    started = true;
                }
                self.count_window(chunk, counter)?;
            }
            if started {
                self.count_window(chunk, counter)?;
            }
        }
        let rest = self.window[self.begin..self.end].to_vec();
        (self.begin, self.end) = (0, 0);
        let (head, tail) = if started { (head, rest) } else { (rest, Vec::new()) };
        let leftover = counter.end_chunk();
        Ok(Fragmented { head, tail, started, leftover, contigs: Arc::clone(&chunk.contigs) })
    }

    /// Counts a chunk that continues where the last one ended; `counted` records came before.
    pub fn count_in_order<C: Counter>(
        &mut self,
        chunk: &Chunk,
        counter: &mut C,
        counted: u64,
    ) -> Result<u64, FormatProblem> {
        counter.begin_chunk(&chunk.contigs);
        let mut numbered = Numbered { counter, counted };
        if !chunk.compressed {
            visit_all(&chunk.bytes, chunk, &mut numbered).map_err(|problem| numbered.name(problem))?;
            return Ok(numbered.counted);
        }
        self.push(&chunk.before);
        let mut at = 0;
        loop {
            self.count_window(chunk, &mut numbered).map_err(|problem| numbered.name(problem))?;
            if at == chunk.bytes.len() {
                return Ok(numbered.counted);
            }
            at += self.inflate(chunk, at)?;
        }
    }

    /// Whether a record was begun but not ended.
    pub fn has_rest(&self) -> bool {
        self.begin < self.end
    }

    /// Inflates the block at `at` behind the window; gives its compressed length.
    fn inflate(&mut self, chunk: &Chunk, at: usize) -> Result<usize, FormatProblem> {
        let offset = chunk.offset + at as u64;
        let block = Block::parse(&chunk.bytes[at..])
            .map_err(|problem| corrupt(offset, problem))?
            .ok_or(FormatProblem::TruncatedBlock { offset })?;
        self.make_room(block.inflated_length);
        let out = &mut self.window[self.end..self.end + block.inflated_length];
        block.inflate(&mut self.decompressor, out).map_err(|problem| corrupt(offset, problem))?;
        self.end += block.inflated_length;
        Ok(block.length)
    }

    fn push(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        self.window[self.end..self.end + bytes.len()].copy_from_slice(bytes);
        self.end += bytes.len();
    }

    /// Makes room for `length` more bytes behind the window.
    fn make_room(&mut self, length: usize) {
        if self.begin == self.end {
            (self.begin, self.end) = (0, 0);
        }
        if self.window.len() - self.end >= length {
            return;
        }
        self.window.copy_within(self.begin..self.end, 0);
        self.end -= self.begin;
        self.begin = 0;
        if self.window.len() - self.end < length {
            self.window.resize((self.end + length).next_power_of_two(), 0);
        }
    }

    /// Counts the whole records of the window.
    fn count_window<C: Counter>(&mut self, chunk: &Chunk, counter: &mut C) -> Result<(), FormatProblem> {
        let window = &self.window[self.begin..self.end];
        let counted = visit_records(window, &chunk.contigs, counter)
            .map_err(|problem| FormatProblem::CorruptRecord { number: 0, problem })?;
        self.begin += counted;
        Ok(())
    }
}

/// Counts the records of an uncompressed chunk.
fn visit_all<C: Counter>(bytes: &[u8], chunk: &Chunk, counter: &mut C) -> Result<(), FormatProblem> {
    match visit_records(bytes, &chunk.contigs, counter) {
        Ok(length) if length == bytes.len() => Ok(()),
        Ok(_) => Err(FormatProblem::TruncatedRecord),
        Err(problem) => Err(FormatProblem::CorruptRecord { number: 0, problem }),
    }
}

/// Counts the whole records at the start of `bytes`; gives the number of bytes they take.
pub(super) fn visit_records<C: Counter>(
    bytes: &[u8],
    contigs: &[Contig],
    counter: &mut C,
) -> Result<usize, &'static str> {
    let mut at = 0;
    let mut outlook = None;
    while let Some(&length) = bytes[at..].first_chunk::<4>() {
        let length = u32::from_le_bytes(length) as usize;
        if counter.is_scattered() {
            outlook.get_or_insert_with(|| Outlook::new(bytes, at, counter)).advance(counter);
        } else {
            outlook = None;
        }
        if !(FIXED_LENGTH..=MAX_RECORD_LENGTH).contains(&length) {
            return Err("has an impossible length");
        }
        let Some(record) = bytes.get(at + 4..at + 4 + length) else { break };
        let record = Record::new(record)?;
        let known = |contig: i32| contig >= -1 && contig < contigs.len() as i32;
        if !known(record.contig) || !known(record.mate_contig) {
            return Err("names a contig that the header does not have");
        }
        counter.count(&record)?;
        at += 4 + length;
    }
    Ok(at)
}

/// A counter that knows how many records came before, for error messages.
struct Numbered<'a, C> {
    counter: &'a mut C,
    counted: u64,
}

impl<C> Numbered<'_, C> {
    /// The problem with the number of the record that caused it.
    fn name(&self, problem: FormatProblem) -> FormatProblem {
        match problem {
            FormatProblem::CorruptRecord { problem, .. } => {
                FormatProblem::CorruptRecord { number: self.counted + 1, problem }
            }
            other => other,
        }
    }
}

impl<C: Counter> Counter for Numbered<'_, C> {
    type Leftover = C::Leftover;

    fn begin_chunk(&mut self, contigs: &Arc<Vec<Contig>>) {
        self.counter.begin_chunk(contigs);
    }

    fn is_scattered(&self) -> bool {
        self.counter.is_scattered()
    }

    fn foresee(&self, contig: i32, position: i32, soon: bool) {
        self.counter.foresee(contig, position, soon);
    }

    fn count(&mut self, record: &Record<'_>) -> Result<(), &'static str> {
        self.counter.count(record)?;
        self.counted += 1;
        Ok(())
    }

    fn end_chunk(&mut self) -> Self::Leftover {
        self.counter.end_chunk()
    }

    fn absorb(&mut self, leftover: Self::Leftover) -> Result<(), crate::CountError> {
        self.counter.absorb(leftover)
    }
}
