//! A recorded run, read so that it can be repeated.

use std::path::{Path, PathBuf};

use alkaline_io::results::table::read_json;
use serde_json::Value;

use super::manifest::FileRecord;
use crate::error::WorkflowError;
use crate::spec::request::RunRequest;
use crate::store::RunDirectory;
use crate::store::fingerprint::Fingerprint;

/// What a finished run says of itself that is needed to repeat it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// What was asked for, with the version that was asked.
    pub request: RunRequest,
    /// The day that the record tells.
    pub date: String,
    /// The files that were read.
    pub inputs: Vec<FileRecord>,
    /// The files that were written.
    pub outputs: Vec<FileRecord>,
}

/// How an input is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Differs {
    /// It cannot be read; why.
    Unreadable(PathBuf, String),
    /// It has another content.
    Changed(PathBuf),
}

impl std::fmt::Display for Differs {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(_, why) => out.write_str(why),
            Self::Changed(path) => {
                write!(out, "{}: not the file that was read: its content is another one", path.display())
            }
        }
    }
}

/// The `run.json` that is meant by `path`: itself, or that of the run directory.
pub fn record_of(path: &Path) -> PathBuf {
    if path.is_dir() { RunDirectory::new(path).manifest() } else { path.to_owned() }
}

impl Recorded {
    /// Reads the record at `path`, a `run.json` or the directory of a run.
    ///
    /// # Errors
    /// [`WorkflowError`] when there is none, or it does not hold what the run was asked for.
    pub fn read(path: &Path) -> Result<Self, WorkflowError> {
        let file = record_of(path);
        if path.is_dir() && !file.is_file() {
            return Err(WorkflowError::design_with_hint(
                format!("{}: no record of a finished run (run.json) lies there", path.display()),
                format!("`alkaline status {}` says how far the run is", path.display()),
            ));
        }
        let record: Value = read_json(&file)?;
        let no_record = |why: String| {
            WorkflowError::design_with_hint(
                format!("{}: {why}", file.display()),
                "give the run.json of a finished run of alkaline, or its directory",
            )
        };
        let Some(request) = record.get("request") else {
            return Err(no_record("it does not say what the run was asked for (`request`)".to_owned()));
        };
        let request: RunRequest = serde_json::from_value(request.clone())
            .map_err(|error| no_record(format!("this version does not understand its `request`: {error}")))?;
        let files = |name: &str| {
            let files = record.get(name).cloned().unwrap_or_default();
            serde_json::from_value::<Vec<FileRecord>>(files)
                .map_err(|error| no_record(format!("`{name}`: {error}")))
        };
        let date = record.get("date").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Self { request, date, inputs: files("inputs")?, outputs: files("outputs")? })
    }

    /// Reads all inputs again; gives them as they are now, and those that are not what they were.
    pub fn look_at_inputs(&self) -> (Vec<FileRecord>, Vec<Differs>) {
        let (mut known, mut differing) = (Vec::new(), Vec::new());
        for input in &self.inputs {
            match Fingerprint::of(&input.path) {
                Ok(found) => {
                    if found.blake3 != input.blake3 {
                        differing.push(Differs::Changed(input.path.clone()));
                    }
                    known.push(FileRecord::new(&input.role, &input.path, found));
                }
                Err(error) => differing.push(Differs::Unreadable(input.path.clone(), error.message())),
            }
        }
        (known, differing)
    }

    /// The files of `outputs` that are not as they were recorded, those included that were not there.
    pub fn differing_outputs(&self, outputs: &[FileRecord]) -> Vec<PathBuf> {
        let differs = |file: &&FileRecord| {
            !self.outputs.iter().any(|known| known.path == file.path && known.blake3 == file.blake3)
        };
        let is_gone = |file: &&FileRecord| !outputs.iter().any(|now| now.path == file.path);
        let now = outputs.iter().filter(differs).chain(self.outputs.iter().filter(is_gone));
        now.map(|file| file.path.clone()).collect()
    }
}
