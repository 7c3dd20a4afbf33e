//! Who lies where a run shall lie: nobody, an older run, a run that was not completed, or somebody else's work.
//!
//! A file is alkaline's when a run's own record lists it. Everything else is a stranger's, whatever its name.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use alkaline_io::WriteError;
use serde::{Deserialize, Serialize};

use crate::error::WorkflowError;
use crate::layout::RunDirectory;
use crate::manifest::FileRecord;

/// A folder that may lie in the directory of a run beforehand: the inputs that belong to it.
const INPUTS: &str = "data";

/// The record of a run that was not completed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incomplete {
    /// Version of alkaline.
    pub version: String,
    /// The command as typed.
    pub command: Vec<String>,
    /// When the run began (RFC 3339, UTC).
    pub started: String,
    /// The stages that were finished.
    pub finished: Vec<String>,
    /// The stage that failed.
    pub failed: String,
    /// Why.
    pub error: String,
    /// The files of the directory that are of this run.
    pub files: Vec<PathBuf>,
}

/// The part of a run's record by which it is known as alkaline's.
#[derive(Deserialize)]
struct Signature {
    #[expect(dead_code, reason = "read to see that it is there")]
    version: String,
    #[expect(dead_code, reason = "read to see that it is there")]
    command: Vec<String>,
    #[expect(dead_code, reason = "read to see that it is there")]
    started: String,
    #[expect(dead_code, reason = "read to see that it is there")]
    options: serde_json::Map<String, serde_json::Value>,
    outputs: Vec<FileRecord>,
}

/// Who lies in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Occupant {
    /// Nobody: it is not there, empty, or holds nothing but inputs.
    Nobody,
    /// A complete run, with the files that are its own.
    Run(BTreeSet<PathBuf>),
    /// A run that was not completed, with the files that are its own.
    Incomplete(BTreeSet<PathBuf>),
}

impl Occupant {
    /// Who lies in `directory`.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when it is somebody else, or no directory; [`WorkflowError::Write`] when it cannot be seen.
    pub(super) fn of(directory: &Path) -> Result<Self, WorkflowError> {
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::Nobody),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(WorkflowError::design(format!("{} is not a directory", directory.display())));
            }
            Err(source) => return Err(WriteError { path: directory.to_owned(), source }.into()),
        };
        let own = RunDirectory::new(directory);
        let relative = |path: PathBuf| path.strip_prefix(directory).map(Path::to_owned).unwrap_or(path);
        if let Some(run) = read::<Signature>(&own.manifest()) {
            let files = run.outputs.into_iter().map(|record| record.path).chain([relative(own.manifest())]);
            return Ok(Self::Run(inside(files)));
        }
        if let Some(run) = read::<Incomplete>(&own.incomplete()) {
            return Ok(Self::Incomplete(inside(run.files.into_iter().chain([relative(own.incomplete())]))));
        }
        let mut others = entries.filter_map(Result::ok).filter(|entry| entry.file_name() != INPUTS);
        match others.next() {
            None => Ok(Self::Nobody),
            Some(_) => Err(WorkflowError::design_with_hint(
                if own.manifest().exists() {
                    format!("{} holds a run.json that is not alkaline's", directory.display())
                } else {
                    format!("{} is not empty and holds no run of alkaline", directory.display())
                },
                "choose another --out, or empty it first",
            )),
        }
    }

    /// The files that may be replaced.
    pub(super) fn files(&self) -> BTreeSet<PathBuf> {
        match self {
            Self::Nobody => BTreeSet::new(),
            Self::Run(files) | Self::Incomplete(files) => files.clone(),
        }
    }
}

/// What the file at `path` says, if it says that.
fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Those of the paths that lie inside the directory they are relative to.
fn inside(paths: impl Iterator<Item = PathBuf>) -> BTreeSet<PathBuf> {
    let is_inside = |path: &PathBuf| path.components().all(|part| matches!(part, Component::Normal(_)));
    paths.filter(is_inside).collect()
}
