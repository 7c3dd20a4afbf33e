//! The receipt of a node: what it read, what it was told, what it left. A node without a receipt that holds is not done.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_io::ReadError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fingerprint::{Fingerprint, Stamp};
use super::layout::RunDirectory;

/// The layout of receipts and plans that this version writes.
pub const SCHEMA: u32 = 1;

/// A file that a node read or left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// What it was for (`alignments`, `annotation`, `counts`, `result`, ...).
    pub role: String,
    /// Where it lay; an output relative to the directory of the run.
    pub path: PathBuf,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the content, hexadecimal.
    pub blake3: String,
    /// By which it is known to be unchanged.
    #[serde(default, skip_serializing_if = "is_unknown")]
    pub stamp: Stamp,
}

fn is_unknown(stamp: &Stamp) -> bool {
    *stamp == Stamp::default()
}

impl FileRecord {
    /// The record of a file with this fingerprint.
    pub fn new(role: &str, path: impl Into<PathBuf>, fingerprint: Fingerprint) -> Self {
        let Fingerprint { bytes, blake3, stamp } = fingerprint;
        Self { role: role.to_owned(), path: path.into(), bytes, blake3, stamp }
    }

    /// Size and checksum of the file at `path`.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn of(role: &str, path: &Path) -> Result<Self, ReadError> {
        Ok(Self::new(role, path, Fingerprint::of(path)?))
    }

    /// The same without the signs that differ between copies of a file.
    pub fn without_stamp(mut self) -> Self {
        self.stamp = Stamp::default();
        self
    }
}

/// How a node ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It left its results.
    #[default]
    Done,
    /// It could not be done with this input, and the run goes on without it; the outcome says why.
    LeftOut,
}

/// What a node says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// What came of it, in a few words.
    pub outcome: String,
    /// What the user should know, though there is nothing to do about it.
    pub notices: Vec<String>,
    /// What the user should act on.
    pub warnings: Vec<String>,
    /// Versions of what was used: annotation, gene sets, other programs.
    pub components: Vec<(String, String)>,
    /// What later nodes and the record want to know.
    pub facts: Value,
}

/// What it took, on the machine where it was done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Effort {
    /// When it began (RFC 3339, UTC).
    pub started: String,
    /// Wall seconds.
    pub seconds: f64,
    /// Threads that it could use.
    pub threads: usize,
    /// Largest memory of the process so far, in bytes; 0 where the system does not tell.
    pub peak_memory: u64,
    /// The machine.
    pub host: String,
}

/// The receipt of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receipt {
    /// Layout of this file.
    pub schema: u32,
    /// Name of the node (`count:H3122`).
    pub task: String,
    /// Version of alkaline.
    pub version: String,
    /// What the result depends on, as one checksum.
    pub key: String,
    /// Exit code of the node: 0.
    pub exit: i32,
    /// How it ended.
    pub ending: Ending,
    /// What it says.
    pub said: Said,
    /// The options that it read.
    pub options: Value,
    /// The files from outside the run that it read.
    pub inputs: Vec<FileRecord>,
    /// What it read of other nodes: their names, and a checksum over what they left.
    pub needs: BTreeMap<String, String>,
    /// What it left, relative to the directory of the run.
    pub outputs: Vec<FileRecord>,
    /// What it took.
    pub effort: Effort,
}

impl Receipt {
    /// One checksum over everything that the node left: contents, not times.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(if self.ending == Ending::Done { b"done" } else { b"left out" });
        for output in &self.outputs {
            hasher
                .update(output.path.as_os_str().as_encoded_bytes())
                .update(&[0])
                .update(output.blake3.as_bytes());
        }
        hasher.update(self.said.facts.to_string().as_bytes());
        hasher.finalize().to_hex().to_string()
    }

    /// As [`digest`](Self::digest), over what it said and which files it read too.
    pub fn digest_with_words(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.digest().as_bytes());
        let Said { outcome, notices, warnings, components, facts: _ } = &self.said;
        let inputs: Vec<_> = self.inputs.iter().map(|file| (&file.role, &file.path, &file.blake3)).collect();
        let words = serde_json::json!([outcome, notices, warnings, components, inputs]);
        hasher.update(words.to_string().as_bytes());
        hasher.finalize().to_hex().to_string()
    }
}

/// All receipts of a run that can be read; one that cannot is none.
///
/// # Errors
/// [`ReadError`] when the directory of receipts cannot be read.
pub(super) fn read_all(directory: &RunDirectory) -> Result<BTreeMap<String, Arc<Receipt>>, ReadError> {
    let folder = directory.receipts();
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(ReadError::from_io(&folder, error)),
    };
    let read = |path: PathBuf| serde_json::from_slice::<Receipt>(&fs::read(path).ok()?).ok();
    let receipts = entries.filter_map(|entry| read(entry.ok()?.path()));
    let receipts = receipts.filter(|receipt| receipt.schema == SCHEMA && !receipt.task.is_empty());
    Ok(receipts.map(|receipt| (receipt.task.clone(), Arc::new(receipt))).collect())
}
