//! BAM: the header is read here, everything behind it is handed out as compressed blocks.

use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_core::genome::Contig;
use libdeflater::Decompressor;

use super::bgzf::{Block, block_length, corrupt};
use super::{AlignmentHeader, Chunk, ChunkSource, OpenInput, in_file, problem_of};
use crate::error::{CountError, FormatProblem};

/// Compressed bytes handed to a thread at a time: long enough that few mates lie across a border, short enough for many
/// threads to share a small file. Under the fuzzer short enough for small inputs to have borders.
const CHUNK_BYTES: usize = if cfg!(fuzzing) { 1 << 9 } else { 1 << 21 };

/// First bytes of an inflated BAM file.
const MAGIC: &[u8] = b"BAM\x01";

/// Largest header that is believed, in bytes.
const MAX_HEADER: usize = 1 << 30;

/// Opens the BAM file behind `reader`.
pub(super) fn open(reader: Box<dyn BufRead + Send>, path: &Path) -> Result<OpenInput, CountError> {
    let mut source = BamSource {
        reader,
        path: path.to_owned(),
        ahead: Vec::new(),
        offset: 0,
        number: 0,
        before: Vec::new(),
        contigs: Arc::default(),
        saw_end_marker: false,
        ended: false,
    };
    let header = source.read_header()?;
    source.contigs = Arc::new(header.contigs.clone());
    Ok(OpenInput { header, source: Box::new(source), repeatable: true })
}

struct BamSource {
    reader: Box<dyn BufRead + Send>,
    path: PathBuf,
    /// Compressed bytes that were read but not yet handed out.
    ahead: Vec<u8>,
    /// Where `ahead` begins in the file.
    offset: u64,
    number: u64,
    /// Inflated bytes behind the header, for the first chunk.
    before: Vec<u8>,
    contigs: Arc<Vec<Contig>>,
    /// Whether the last whole block was empty.
    saw_end_marker: bool,
    ended: bool,
}

impl BamSource {
    /// Reads until `ahead` holds `wanted` bytes or the file ends.
    fn fill(&mut self, wanted: usize) -> Result<(), CountError> {
        if !self.ended && self.ahead.len() < wanted {
            let missing = (wanted - self.ahead.len()) as u64;
            let read = (&mut self.reader).take(missing).read_to_end(&mut self.ahead);
            self.ended = (read.map_err(|source| in_file(&self.path, source))? as u64) < missing;
        }
        Ok(())
    }

    /// Bytes of the whole blocks at the start of `ahead`.
    fn whole_blocks(&mut self) -> Result<usize, CountError> {
        let mut end = 0;
        loop {
            let rest = &self.ahead[end..];
            let offset = self.offset + end as u64;
            let length =
                block_length(rest).map_err(|problem| problem_of(&self.path, corrupt(offset, problem)))?;
            match length.filter(|length| *length <= rest.len()) {
                Some(length) => {
                    self.saw_end_marker = rest[length - 4..length] == [0; 4];
                    end += length;
                }
                None if self.ended && !rest.is_empty() => {
                    return Err(problem_of(&self.path, FormatProblem::TruncatedBlock { offset }));
                }
                None => return Ok(end),
            }
            if end == self.ahead.len() {
                return Ok(end);
            }
        }
    }

    fn read_header(&mut self) -> Result<AlignmentHeader, CountError> {
        let mut decompressor = Decompressor::new();
        let mut inflated = Vec::new();
        // Looked at again only when there is twice as much of it, so that a long header is not parsed for every block.
        let mut enough = 0;
        loop {
            self.fill(self.ahead.len() + CHUNK_BYTES)?;
            let whole = self.whole_blocks()?;
            let mut used = 0;
            while used < whole {
                used += self.inflate_one(used, &mut decompressor, &mut inflated)?;
                if inflated.len() > MAX_HEADER {
                    return Err(problem_of(&self.path, FormatProblem::Header("it is too long")));
                }
                let last = self.ended && used == self.ahead.len();
                if inflated.len() < enough && !last {
                    continue;
                }
                enough = 2 * inflated.len();
                let parsed = parse_header(&inflated).map_err(|problem| problem_of(&self.path, problem))?;
                if let Some((header, end)) = parsed {
                    self.before = inflated.split_off(end);
                    self.consume(used);
                    return Ok(header);
                }
            }
            self.consume(used);
            if self.ended && self.ahead.is_empty() {
                return Err(problem_of(&self.path, FormatProblem::Header("the file ends inside it")));
            }
        }
    }

    /// Inflates the block at `at` behind `inflated`; gives its compressed length.
    fn inflate_one(
        &self,
        at: usize,
        decompressor: &mut Decompressor,
        inflated: &mut Vec<u8>,
    ) -> Result<usize, CountError> {
        let offset = self.offset + at as u64;
        let bad = |problem| problem_of(&self.path, corrupt(offset, problem));
        let truncated = || problem_of(&self.path, FormatProblem::TruncatedBlock { offset });
        let block = Block::parse(&self.ahead[at..]).map_err(bad)?.ok_or_else(truncated)?;
        let start = inflated.len();
        inflated.resize(start + block.inflated_length, 0);
        block.inflate(decompressor, &mut inflated[start..]).map_err(bad)?;
        Ok(block.length)
    }

    /// Drops the first `length` bytes of `ahead`.
    fn consume(&mut self, length: usize) {
        self.ahead.drain(..length);
        self.offset += length as u64;
    }
}

impl ChunkSource for BamSource {
    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, CountError> {
        self.fill(CHUNK_BYTES)?;
        let mut whole = self.whole_blocks()?;
        while whole == 0 && !self.ended {
            self.fill(self.ahead.len() + CHUNK_BYTES)?;
            whole = self.whole_blocks()?;
        }
        if self.ahead.is_empty() && self.before.is_empty() {
            if !self.saw_end_marker {
                return Err(problem_of(&self.path, FormatProblem::NoEndMarker));
            }
            return Ok(false);
        }
        // The buffers change places: what was read is handed out without being copied, only the cut block moves.
        chunk.bytes.clear();
        chunk.bytes.extend_from_slice(&self.ahead[whole..]);
        std::mem::swap(&mut chunk.bytes, &mut self.ahead);
        chunk.bytes.truncate(whole);
        chunk.compressed = true;
        chunk.offset = self.offset;
        chunk.number = self.number;
        chunk.before = std::mem::take(&mut self.before);
        chunk.contigs = Arc::clone(&self.contigs);
        self.number += 1;
        self.offset += whole as u64;
        Ok(true)
    }
}

/// The header at the start of `bytes` and where it ends; `None` when there is more of it to come.
fn parse_header(bytes: &[u8]) -> Result<Option<(AlignmentHeader, usize)>, FormatProblem> {
    let shown = &bytes[..bytes.len().min(MAGIC.len())];
    if !MAGIC.starts_with(shown) {
        return Err(FormatProblem::NotAlignments {
            start: format!("`{}` when inflated", shown.escape_ascii()),
        });
    }
    let mut at = MAGIC.len();
    let word = |at: usize| bytes.get(at..at + 4).map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let length = |at: usize, what: &'static str| match word(at) {
        Some(value) => match usize::try_from(value) {
            Ok(value) if value <= MAX_HEADER => Ok(Some(value)),
            _ => Err(FormatProblem::Header(what)),
        },
        None => Ok(None),
    };
    let Some(text_length) = length(at, "its text has an impossible length")? else { return Ok(None) };
    at += 4;
    let Some(text) = bytes.get(at..at + text_length) else { return Ok(None) };
    at += text_length;
    let Some(number) = length(at, "it has an impossible number of contigs")? else { return Ok(None) };
    at += 4;
    let mut contigs = Vec::new();
    for _ in 0..number {
        let Some(name_length) = length(at, "a contig name has an impossible length")? else {
            return Ok(None);
        };
        at += 4;
        let (Some(name), Some(bases)) = (bytes.get(at..at + name_length), word(at + name_length)) else {
            return Ok(None);
        };
        at += name_length + 4;
        let name = String::from_utf8_lossy(name.strip_suffix(b"\0").unwrap_or(name)).into_owned();
        contigs.push(Contig { name: name.into(), length: bases.max(0) as u32 });
    }
    let text = text.split(|&byte| byte == 0).next().unwrap_or_default().to_vec();
    Ok(Some((AlignmentHeader { contigs, text }, at)))
}
