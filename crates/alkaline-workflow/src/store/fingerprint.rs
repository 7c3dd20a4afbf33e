//! What a file holds, as a checksum, and the signs by which an unchanged file is known without reading it again.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use alkaline_io::ReadError;
use serde::{Deserialize, Serialize};

/// Size, time of the last change and inode: when these are as they were, the file is taken to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Size in bytes.
    pub bytes: u64,
    /// Last change of the content, in nanoseconds of Unix time.
    pub modified: i64,
    /// Number of the inode.
    pub inode: u64,
}

impl Stamp {
    /// The stamp of the file at `path`.
    ///
    /// # Errors
    /// [`ReadError`] when it is not there.
    pub fn of(path: &Path) -> Result<Self, ReadError> {
        path.metadata()
            .map(|metadata| Self::new(&metadata))
            .map_err(|source| ReadError::from_io(path, source))
    }

    fn new(metadata: &Metadata) -> Self {
        let modified = metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec());
        Self { bytes: metadata.len(), modified, inode: metadata.ino() }
    }
}

/// What a file holds, and when that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the content, hexadecimal.
    pub blake3: String,
    /// The stamp it had before it was read.
    pub stamp: Stamp,
}

/// Files from this size on are read by several threads.
const LARGE: u64 = 1 << 24;

impl Fingerprint {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn of(path: &Path) -> Result<Self, ReadError> {
        let stamp = Stamp::of(path)?;
        let mut hasher = blake3::Hasher::new();
        let read = if stamp.bytes >= LARGE {
            hasher.update_mmap_rayon(path).map(|_| ())
        } else {
            std::fs::File::open(path).and_then(|file| hasher.update_reader(file).map(|_| ()))
        };
        read.map_err(|source| ReadError::from_io(path, source))?;
        Ok(Self { bytes: hasher.count(), blake3: hasher.finalize().to_hex().to_string(), stamp })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_blake3() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let found = Fingerprint::of(&path).unwrap();
        // `printf abc | b3sum`
        assert_eq!(found.blake3, "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
        assert_eq!((found.bytes, found.stamp), (3, Stamp::of(&path).unwrap()));
        let large = vec![7_u8; LARGE as usize + 1];
        std::fs::write(&path, &large).unwrap();
        assert_eq!(Fingerprint::of(&path).unwrap().blake3, blake3::hash(&large).to_hex().to_string());
    }
}
