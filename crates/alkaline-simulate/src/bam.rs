//! The BAM format as far as the simulation writes it: records, a header, and the compressed blocks around them.
//!
//! Specification: SAM/BAM format specification (hts-specs, SAMv1.pdf), sections 4.1 (BGZF) and 4.2 (BAM). Blocks are cut
//! between records and independently of how the work is shared out, so the bytes do not depend on the number of threads.

use alkaline_core::genome::Contig;
use alkaline_core::sam::cigar;
use bgzf::{CompressionLevel, Compressor};

/// Bytes of records in a block at most, as htslib has it: even stored uncompressed they fit BGZF's 64 KiB.
const BLOCK_CAPACITY: usize = bgzf::BGZF_BLOCK_SIZE;

/// An alignment record; `-1` stands for no contig and no position.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub name: Vec<u8>,
    pub flags: u16,
    pub contig: i32,
    /// 0-based.
    pub position: i32,
    pub mapping_quality: u8,
    /// Length and operation, packed.
    pub cigar: Vec<u32>,
    pub mate_contig: i32,
    pub mate_position: i32,
    pub template_length: i32,
    /// One four-bit code a byte; empty for `*`.
    pub bases: Vec<u8>,
    pub qualities: Vec<u8>,
    /// Tags `NH` and `NM`.
    pub hits_and_mismatches: Option<(u8, u8)>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            name: Vec::new(),
            flags: 0,
            contig: -1,
            position: -1,
            mapping_quality: 0,
            cigar: Vec::new(),
            mate_contig: -1,
            mate_position: -1,
            template_length: 0,
            bases: Vec::new(),
            qualities: Vec::new(),
            hits_and_mismatches: None,
        }
    }
}

impl Record {
    /// Appends the record as BAM has it.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend([0; 4]);
        out.extend(self.contig.to_le_bytes());
        out.extend(self.position.to_le_bytes());
        out.push(self.name.len() as u8 + 1);
        out.push(self.mapping_quality);
        out.extend(bin(self.position, self.end()).to_le_bytes());
        out.extend((self.cigar.len() as u16).to_le_bytes());
        out.extend(self.flags.to_le_bytes());
        out.extend((self.bases.len() as u32).to_le_bytes());
        out.extend(self.mate_contig.to_le_bytes());
        out.extend(self.mate_position.to_le_bytes());
        out.extend(self.template_length.to_le_bytes());
        out.extend(&self.name);
        out.push(0);
        self.cigar.iter().for_each(|operation| out.extend(operation.to_le_bytes()));
        out.extend(self.bases.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)));
        out.extend(&self.qualities);
        if let Some((hits, mismatches)) = self.hits_and_mismatches {
            out.extend([b'N', b'H', b'C', hits, b'N', b'M', b'C', mismatches]);
        }
        let size = (out.len() - start - 4) as u32;
        out[start..start + 4].copy_from_slice(&size.to_le_bytes());
    }

    /// Just past the last aligned base; a record without a CIGAR counts as one base long.
    fn end(&self) -> i32 {
        let consumes_genome = |operation: u32| matches!(operation & 15, cigar::MATCH | cigar::SKIP);
        let length: u32 =
            self.cigar.iter().filter(|&&operation| consumes_genome(operation)).map(|o| o >> 4).sum();
        self.position + length.max(1) as i32
    }
}

/// The smallest bin of the UCSC scheme that holds `start..end` (specification, section 5.3).
fn bin(start: i32, end: i32) -> u16 {
    let last = end - 1;
    for (shift, first_bin) in [(14, 4681), (17, 585), (20, 73), (23, 9), (26, 1)] {
        if start >> shift == last >> shift {
            return (first_bin + (start >> shift)) as u16;
        }
    }
    0
}

/// The file's header: sorted by coordinate, with `comments`.
pub(crate) fn header(contigs: &[Contig], comments: &[String]) -> Vec<u8> {
    let mut text = String::from("@HD\tVN:1.6\tSO:coordinate\n");
    for contig in contigs {
        text += &format!("@SQ\tSN:{}\tLN:{}\n", contig.name, contig.length);
    }
    text += "@PG\tID:alkaline-simulate\tPN:alkaline\n";
    for comment in comments {
        text += &format!("@CO\t{comment}\n");
    }
    let mut bytes = b"BAM\x01".to_vec();
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.extend((contigs.len() as u32).to_le_bytes());
    for contig in contigs {
        let name = contig.name.as_str().as_bytes();
        bytes.extend((name.len() as u32 + 1).to_le_bytes());
        bytes.extend(name);
        bytes.push(0);
        bytes.extend(contig.length.to_le_bytes());
    }
    bytes
}

/// Collects bytes into compressed blocks.
pub(crate) struct Blocks {
    compressor: Compressor,
    pending: Vec<u8>,
    block: Vec<u8>,
    compressed: Vec<u8>,
}

impl Blocks {
    /// No blocks yet; `level` as libdeflate has it, 0 to 12, which the options have checked.
    pub fn new(level: i32) -> Self {
        let level = u8::try_from(level).ok().and_then(|level| CompressionLevel::new(level).ok());
        let compressor = Compressor::new(level.expect("the options allow levels 0 to 12"));
        Self { compressor, pending: Vec::new(), block: Vec::new(), compressed: Vec::new() }
    }

    /// Adds a record, whole within a block.
    pub fn push_record(&mut self, record: &Record) {
        let before = self.pending.len();
        record.encode(&mut self.pending);
        if self.pending.len() > BLOCK_CAPACITY {
            let record = self.pending.split_off(before);
            self.flush();
            self.pending = record;
        }
    }

    /// Adds bytes of any length.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(BLOCK_CAPACITY) {
            self.flush();
            self.pending.extend(piece);
        }
    }

    /// The blocks, and the empty one that marks the end of a file.
    pub fn finish_file(self) -> Vec<u8> {
        let mut blocks = self.finish();
        Compressor::append_eof(&mut blocks);
        blocks
    }

    /// The blocks.
    pub fn finish(mut self) -> Vec<u8> {
        self.flush();
        self.compressed
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let compressed = self.compressor.compress(&self.pending, &mut self.block);
        compressed.expect("a block of at most 65,280 bytes fits, however little it shrinks");
        self.compressed.append(&mut self.block);
        self.pending.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_those_of_the_specification() {
        assert_eq!(bin(0, 1), 4681);
        assert_eq!(bin(16_383, 16_385), 585);
        assert_eq!(bin(0, 1 << 27), 0);
        assert_eq!(bin(-1, 0), 4680);
    }

    #[test]
    fn a_record_states_its_own_size() {
        let record = Record { name: b"r".to_vec(), bases: vec![1, 2, 4], ..Record::default() };
        let mut bytes = Vec::new();
        record.encode(&mut bytes);
        let size = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        assert_eq!(size, bytes.len() - 4);
        assert_eq!(bytes[bytes.len() - 2..], [0x12, 0x40]);
    }
}
