//! Writes BAM records in BGZF blocks; a record never crosses a block, as htslib has it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use bgzf::{BGZF_BLOCK_SIZE, CompressionLevel, Compressor};

/// Compression level of htslib's default.
const LEVEL: u8 = 6;

/// One alignment record.
pub struct BamRecord<'a> {
    pub contig: i32,
    pub position: i32,
    pub quality: u8,
    pub flags: u16,
    pub cigar: &'a [u32],
    pub mate_contig: i32,
    pub mate_position: i32,
    pub template_length: i32,
    pub name: &'a [u8],
    pub bases: &'a [u8],
    pub qualities: &'a [u8],
    /// `NH` and `HI`; 0 for unaligned reads, which have neither.
    pub hits: u8,
    pub hit_index: u8,
}

impl BamRecord<'_> {
    /// Appends the record with its length in front.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&self.contig.to_le_bytes());
        out.extend_from_slice(&self.position.to_le_bytes());
        out.extend_from_slice(&[self.name.len() as u8 + 1, self.quality, 0, 0]);
        out.extend_from_slice(&(self.cigar.len() as u16).to_le_bytes());
        out.extend_from_slice(&self.flags.to_le_bytes());
        out.extend_from_slice(&(self.bases.len() as u32).to_le_bytes());
        out.extend_from_slice(&self.mate_contig.to_le_bytes());
        out.extend_from_slice(&self.mate_position.to_le_bytes());
        out.extend_from_slice(&self.template_length.to_le_bytes());
        out.extend_from_slice(self.name);
        out.push(0);
        self.cigar.iter().for_each(|operation| out.extend_from_slice(&operation.to_le_bytes()));
        out.extend(self.bases.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)));
        out.extend_from_slice(self.qualities);
        if self.hits > 0 {
            out.extend_from_slice(&[b'N', b'H', b'C', self.hits, b'H', b'I', b'C', self.hit_index]);
            out.extend_from_slice(&[b'A', b'S', b'C', 148, b'n', b'M', b'C', self.hits % 3]);
        }
        let length = (out.len() - start - 4) as u32;
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    }
}

/// A BAM file in the making.
pub struct BamWriter {
    out: BufWriter<File>,
    compressor: Compressor,
    block: Vec<u8>,
    compressed: Vec<u8>,
}

impl BamWriter {
    pub fn create(path: &Path, contigs: &[(String, u32)]) -> Self {
        let compressor = Compressor::new(CompressionLevel::new(LEVEL).unwrap());
        let out = BufWriter::new(File::create(path).unwrap());
        let mut writer = Self { out, compressor, block: Vec::new(), compressed: Vec::new() };
        let mut header = b"BAM\x01\0\0\0\0".to_vec();
        header.extend_from_slice(&(contigs.len() as u32).to_le_bytes());
        for (name, length) in contigs {
            header.extend_from_slice(&(name.len() as u32 + 1).to_le_bytes());
            header.extend_from_slice(name.as_bytes());
            header.push(0);
            header.extend_from_slice(&length.to_le_bytes());
        }
        writer.write(&header);
        writer.flush();
        writer
    }

    /// Adds encoded records, each kept whole.
    pub fn write(&mut self, record: &[u8]) {
        if self.block.len() + record.len() > BGZF_BLOCK_SIZE {
            self.flush();
        }
        self.block.extend_from_slice(record);
    }

    pub fn finish(mut self) {
        self.flush();
        let mut marker = Vec::new();
        Compressor::append_eof(&mut marker);
        self.out.write_all(&marker).unwrap();
        self.out.flush().unwrap();
    }

    fn flush(&mut self) {
        self.compressor.compress(&self.block, &mut self.compressed).unwrap();
        self.out.write_all(&self.compressed).unwrap();
        self.block.clear();
    }
}
