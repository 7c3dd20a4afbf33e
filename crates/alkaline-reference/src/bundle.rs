//! What ships with the binary, file by file, so that `alkaline reference list` can say where every gene came from.

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

    /// The text of a zstd-compressed bundle.
    ///
    /// # Panics
    /// Never for a file built by the scripts of `reference/`: every embedded file is decoded by a test.
    pub(crate) fn text(&self) -> String {
        let bytes = zstd::decode_all(self.bytes).expect("an embedded bundle is a zstd frame");
        String::from_utf8(bytes).expect("an embedded bundle is UTF-8")
    }
}

/// Every embedded file.
pub fn bundles() -> Vec<Bundle> {
    let groups: [&[Bundle]; 2] = [&crate::annotation::BUNDLES, &crate::panels::BUNDLES];
    groups.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_states_the_checksum_and_size_of_every_bundle() {
        let readme = include_str!("../../../reference/README.md");
        let bundles = bundles();
        assert!(bundles.len() >= 7);
        for bundle in bundles {
            let row = readme
                .lines()
                .find(|line| line.contains(&format!("`{}`", bundle.file)))
                .unwrap_or_else(|| panic!("reference/README.md does not mention {}", bundle.file));
            assert!(row.contains(&bundle.sha256()), "{} is now {}", bundle.file, bundle.sha256());
            assert!(
                row.contains(&bundle.size().to_string()),
                "{} is now {} bytes",
                bundle.file,
                bundle.size()
            );
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = bundles().iter().map(|bundle| bundle.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
