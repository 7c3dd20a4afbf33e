//! What a file holds, as a checksum, and the signs by which an unchanged file is known without reading it again.

use std::fs::{File, Metadata};
use std::io::{self, Read};
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

/// Bytes read at a time.
const CHUNK: usize = 1 << 22;

/// Chunks from this size on are hashed by several threads.
const WORTH_THREADS: usize = 1 << 18;

impl Fingerprint {
    /// Reads the file at `path`.
    ///
    /// It is read and not mapped into memory: a file that is cut off meanwhile is an error, not the end of the program.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn of(path: &Path) -> Result<Self, ReadError> {
        let stamp = Stamp::of(path)?;
        let hashed = File::open(path).and_then(|file| hash(file, stamp.bytes));
        let (bytes, blake3) = hashed.map_err(|source| ReadError::from_io(path, source))?;
        Ok(Self { bytes, blake3, stamp })
    }
}

/// Length and checksum of what `file` holds, about `expected` bytes.
fn hash(mut file: File, expected: u64) -> io::Result<(u64, String)> {
    let mut hasher = blake3::Hasher::new();
    let size = usize::try_from(expected).unwrap_or(CHUNK).clamp(1, CHUNK);
    let mut buffer = vec![0; size];
    loop {
        let filled = fill(&mut file, &mut buffer)?;
        match filled {
            0 => break,
            WORTH_THREADS.. => hasher.update_rayon(&buffer[..filled]),
            _ => hasher.update(&buffer[..filled]),
        };
    }
    Ok((hasher.count(), hasher.finalize().to_hex().to_string()))
}

/// Fills `buffer` as far as the file goes.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
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
        let large = vec![7_u8; 2 * CHUNK + 1];
        std::fs::write(&path, &large).unwrap();
        assert_eq!(Fingerprint::of(&path).unwrap().blake3, blake3::hash(&large).to_hex().to_string());
    }
}
