//! Who lies where a run shall lie: nobody, a run that this version can go on with, or somebody else's work.

use std::fs;
use std::io;
use std::path::Path;

use alkaline_io::WriteError;
use serde::{Deserialize, Serialize};

use super::layout::{OWN, RunDirectory};
use super::receipt::SCHEMA;
use crate::error::WorkflowError;

/// A folder that may lie in the directory of a run beforehand: the inputs that belong to it.
const INPUTS: &str = "data";

/// What is written down before anything is done: what the run is to be.
#[derive(Serialize, Deserialize)]
pub(super) struct PlanHeader<T> {
    pub schema: u32,
    pub version: String,
    /// The day on which the run was first asked for.
    pub date: String,
    /// What reads are counted on, a name or a file, as it was decided when the run was planned.
    #[serde(default)]
    pub annotation: Option<String>,
    /// What was asked.
    pub spec: T,
}

/// The part of it by which versions know each other.
#[derive(Deserialize)]
struct Schema {
    schema: u32,
    version: String,
}

/// Refuses a place for results that holds something other than a run that this version can go on with.
///
/// # Errors
/// [`WorkflowError::Design`]; [`WorkflowError::Write`] when the place cannot be seen.
pub fn check_place(directory: &Path) -> Result<(), WorkflowError> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(WorkflowError::design(format!("{} is not a directory", directory.display())));
        }
        Err(source) => return Err(WriteError { path: directory.to_owned(), source }.into()),
    };
    let own = RunDirectory::new(directory);
    if own.plan().exists() {
        return check_schema(&own);
    }
    let is_foreign = |name: &std::ffi::OsStr| name != INPUTS && name != OWN;
    let names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    if !names.iter().any(|name| is_foreign(name)) {
        return Ok(());
    }
    let place = directory.display();
    Err(WorkflowError::design_with_hint(
        if is_of_older_version(&own) {
            format!("{place} holds a run of an older alkaline, which this version cannot go on with")
        } else if own.manifest().exists() {
            format!("{place} holds a run.json that is not alkaline's")
        } else {
            format!("{place} is not empty and holds no run of alkaline")
        },
        "choose another --out, or empty it first",
    ))
}

/// Refuses the run of a version that writes its receipts in another layout.
fn check_schema(own: &RunDirectory) -> Result<(), WorkflowError> {
    let place = own.root().display();
    let found = fs::read(own.plan()).ok().and_then(|text| serde_json::from_slice::<Schema>(&text).ok());
    match found {
        Some(found) if found.schema == SCHEMA => Ok(()),
        Some(found) => Err(WorkflowError::design_with_hint(
            format!(
                "{place} holds a run of alkaline {} (layout {}), which this version (layout {SCHEMA}) cannot go on with",
                found.version, found.schema
            ),
            "choose another --out, or go on with that version",
        )),
        None => Err(WorkflowError::design_with_hint(
            format!("{}: this plan cannot be read", own.plan().display()),
            "delete this file: the run is planned anew, and what has a receipt is kept",
        )),
    }
}

/// The part of a run's record by which that of an older version is known.
#[derive(Deserialize)]
struct OldRecord {
    #[expect(dead_code, reason = "read to see that it is there")]
    version: String,
    #[expect(dead_code, reason = "read to see that it is there")]
    options: serde_json::Map<String, serde_json::Value>,
    #[expect(dead_code, reason = "read to see that it is there")]
    outputs: Vec<serde_json::Value>,
}

fn is_of_older_version(own: &RunDirectory) -> bool {
    fs::read(own.manifest()).ok().and_then(|text| serde_json::from_slice::<OldRecord>(&text).ok()).is_some()
}
