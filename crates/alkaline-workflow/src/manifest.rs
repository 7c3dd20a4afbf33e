//! `run.json`: what ran, on what, with which options, and what came out.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use alkaline_io::ReadError;
use alkaline_report::MethodsFacts;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Bytes read at a time when a checksum is made.
const CHUNK: usize = 1 << 20;

/// The record of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RunManifest {
    /// Version of alkaline, with the git revision where known.
    pub version: String,
    /// The command as typed.
    pub command: Vec<String>,
    /// When the run began (RFC 3339, UTC).
    pub started: String,
    /// Title of the analysis.
    pub title: String,
    /// Whether the data were simulated.
    pub simulated: bool,
    /// Wall seconds of the whole run.
    pub seconds: f64,
    /// Threads that the run could use.
    pub threads: usize,
    /// Every option as it was resolved, stage by stage.
    pub options: serde_json::Value,
    /// Versions of annotation, ontology and identifiers.
    pub components: Vec<(String, String)>,
    /// What the methods paragraph is written from.
    pub methods: MethodsFacts,
    /// The files that were read.
    pub inputs: Vec<FileRecord>,
    /// The stages, in order.
    pub stages: Vec<StageRecord>,
    /// What the user was warned of.
    pub warnings: Vec<String>,
    /// The files that were written, relative to the run's directory.
    pub outputs: Vec<FileRecord>,
}

/// A file that a run read or wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// What it was for (`bam`, `annotation`, `counts`, ...).
    pub role: String,
    /// Where it lay.
    pub path: PathBuf,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// One stage of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageRecord {
    /// Its name (`count`, `normalize`, `test`, ...).
    pub stage: String,
    /// Wall seconds.
    pub seconds: f64,
    /// What came of it, in a few words.
    pub outcome: String,
}

impl FileRecord {
    /// Size and checksum of the file at `path`.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn of(role: &str, path: &Path) -> Result<Self, ReadError> {
        let (bytes, sha256) = checksum(path).map_err(|source| ReadError::from_io(path, source))?;
        Ok(Self { role: role.to_owned(), path: path.to_owned(), bytes, sha256 })
    }

    /// Size and checksum of a file that is written with these bytes.
    pub fn of_bytes(role: &str, path: &Path, content: &[u8]) -> Self {
        let sha256 = hexadecimal(Sha256::new_with_prefix(content));
        Self { role: role.to_owned(), path: path.to_owned(), bytes: content.len() as u64, sha256 }
    }
}

/// SHA-256 in hexadecimal digits.
fn hexadecimal(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Length and SHA-256 of a file.
fn checksum(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => {
                digest.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
    Ok((bytes, hexadecimal(digest)))
}

/// The time now, as RFC 3339 in UTC, to the second.
pub fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let second = now.replace_nanosecond(0).unwrap_or(now);
    // Formatting fails only for years outside four digits.
    second.format(&Rfc3339).unwrap_or_default()
}

/// Measures a stage.
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_sha256() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let record = FileRecord::of("counts", &path).unwrap();
        // FIPS 180-2, appendix B.1.
        assert_eq!(record.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(record.bytes, 3);
    }

    #[test]
    fn the_time_is_utc_to_the_second() {
        let now = now();
        assert!(now.len() == 20 && now.ends_with('Z'), "{now}");
    }
}
