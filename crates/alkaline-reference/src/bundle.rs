//! A file that ships with the binary, with its origin, so that `alkaline reference list` can say where every gene came from.

use sha2::{Digest, Sha256};

/// An embedded file of `reference/`, as it is in the repository.
#[derive(Clone, Copy, Debug)]
pub struct Bundle {
    /// Name by which commands know it (`hg38`, `chemokines`).
    pub name: &'static str,
    /// What it holds, in a phrase.
    pub description: &'static str,
    /// Path below `reference/`.
    pub file: &'static str,
    /// Release or date of the data.
    pub version: &'static str,
    /// Who made the data, and the package it was taken from.
    pub source: &'static str,
    /// Licence of the data.
    pub licence: &'static str,
    /// The embedded bytes.
    pub bytes: &'static [u8],
}

impl Bundle {
    /// Size of the embedded file in bytes.
    pub const fn size(&self) -> usize {
        self.bytes.len()
    }

    /// SHA-256 of the embedded file, in hexadecimal.
    pub fn sha256(&self) -> String {
        Sha256::digest(self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The text inside.
    ///
    /// # Panics
    /// Never for a file built by the scripts of `reference/`: a test decodes every embedded file.
    pub fn text(&self) -> String {
        let bytes = if self.file.ends_with(".zst") {
            zstd::decode_all(self.bytes).expect("an embedded bundle is a zstd frame")
        } else {
            self.bytes.to_vec()
        };
        String::from_utf8(bytes).expect("an embedded bundle is UTF-8")
    }
}
