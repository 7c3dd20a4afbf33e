//! Checksums that are known already: large inputs are read once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::fingerprint::{Fingerprint, Stamp};
use super::receipt::{FileRecord, Receipt};

/// The checksums of files that were read before.
#[derive(Default)]
pub(super) struct Memory(HashMap<PathBuf, Fingerprint>);

impl Memory {
    /// What the receipts of the run at `root` know.
    pub(super) fn of<'a>(receipts: impl Iterator<Item = &'a Receipt>, root: &Path) -> Self {
        let mut memory = Self::default();
        for receipt in receipts {
            receipt.inputs.iter().for_each(|file| memory.keep(&file.path, file.fingerprint()));
            receipt.outputs.iter().for_each(|file| memory.keep(&root.join(&file.path), file.fingerprint()));
        }
        memory
    }

    /// What is known of the file at `path`, if it still has this stamp.
    pub(super) fn get(&self, path: &Path, stamp: &Stamp) -> Option<Fingerprint> {
        self.0.get(path).filter(|known| known.stamp == *stamp).cloned()
    }

    /// From now on all that `other` knows is known.
    pub(super) fn keep_all(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// From now on this is known.
    pub(super) fn keep(&mut self, path: &Path, fingerprint: Fingerprint) {
        self.0.insert(path.to_owned(), fingerprint);
    }
}

impl FileRecord {
    /// What is known of the file.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint { bytes: self.bytes, blake3: self.blake3.clone(), stamp: self.stamp }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_file_is_forgotten_when_its_stamp_changes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        std::fs::write(&path, "abc").unwrap();
        let found = Fingerprint::of(&path).unwrap();
        let mut memory = Memory::default();
        memory.keep(&path, found.clone());
        assert_eq!(memory.get(&path, &found.stamp), Some(found.clone()));
        assert_eq!(memory.get(&path, &Stamp { modified: 1, ..found.stamp }), None);
    }
}
