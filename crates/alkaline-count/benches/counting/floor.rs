//! The floor that no counter of the same file can be below: every block inflated and checked, nothing else.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use libdeflater::{Crc, Decompressor};

/// Bytes of the header of a block as samtools and the simulation write it, and of what follows its data.
const HEADER: usize = 18;
const FOOTER: usize = 8;

/// Inflates the BAM file at `path`; gives the number of bytes that it holds.
pub fn inflate(path: &Path) -> u64 {
    let mut file = BufReader::with_capacity(1 << 21, File::open(path).unwrap());
    let (mut block, mut inflated) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut decompressor = Decompressor::new();
    let mut total = 0;
    while file.read_exact(&mut block[..HEADER]).is_ok() {
        let length = usize::from(u16::from_le_bytes([block[16], block[17]])) + 1;
        file.read_exact(&mut block[HEADER..length]).unwrap();
        let word = |at: usize| u32::from_le_bytes(block[at..at + 4].try_into().unwrap());
        let (checksum, size) = (word(length - 8), word(length - 4) as usize);
        let deflated = &block[HEADER..length - FOOTER];
        decompressor.deflate_decompress(deflated, &mut inflated[..size]).unwrap();
        let mut crc = Crc::new();
        crc.update(&inflated[..size]);
        assert_eq!(crc.sum(), checksum);
        total += size as u64;
    }
    total
}
