//! What was written for Slurm, and which jobs became of it: kept in the run, one folder for each time.

use std::fs;
use std::path::{Path, PathBuf};

use alkaline_io::WriteError;
use alkaline_io::results::table::{read_json, write_json};
use serde::{Deserialize, Serialize};

use super::NAME;
use crate::engine::ask::Ask;
use crate::error::WorkflowError;
use crate::store::RunDirectory;

/// The jobs that were written down at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// By which the plan is known that they carry out.
    pub plan: String,
    /// Which time it is, from 1.
    pub number: usize,
    /// Where scripts and logs lie.
    #[serde(skip)]
    pub folder: PathBuf,
    /// The jobs, each after those that it waits for.
    pub jobs: Vec<Job>,
}

/// A job: an array of tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// What it is called; its script is `NAME.sbatch`.
    pub name: String,
    /// The step that it belongs to.
    pub step: String,
    /// The jobs of this submission that it waits for.
    pub needs: Vec<String>,
    /// Jobs of former submissions that it waits for, as Slurm calls them.
    pub after: Vec<String>,
    /// What is asked for a task.
    pub ask: Ask,
    /// The nodes that each task does, from index 1.
    pub rows: Vec<Vec<String>>,
    /// What Slurm calls it, once it is submitted.
    #[serde(skip)]
    pub id: Option<String>,
}

impl Submission {
    /// Where it is written down which jobs were submitted: a line for each, its name and what Slurm calls it.
    pub(super) fn record(&self) -> PathBuf {
        self.folder.join("jobs.tsv")
    }

    /// Where the task `index` of `job` writes what it says.
    pub(super) fn log(&self, job: &Job, index: usize) -> Option<PathBuf> {
        let id = job.id.as_ref()?;
        Some(self.folder.join("logs").join(format!("{}.{id}_{index}.log", job.name)))
    }

    /// Whether a job of it was submitted.
    pub fn is_submitted(&self) -> bool {
        self.jobs.iter().any(|job| job.id.is_some())
    }

    /// Writes it down.
    pub(super) fn write(&self) -> Result<(), WriteError> {
        write_json(&self.folder.join("submission.json"), self)
    }

    fn read(folder: &Path) -> Result<Self, WorkflowError> {
        let mut read: Self = read_json(&folder.join("submission.json"))?;
        read.folder = folder.to_owned();
        let record = fs::read_to_string(read.record()).unwrap_or_default();
        for (name, id) in record.lines().filter_map(|line| line.split_once('\t')) {
            if let Some(job) = read.jobs.iter_mut().find(|job| job.name == name) {
                job.id = Some(id.to_owned());
            }
        }
        Ok(read)
    }
}

/// The numbers of the submissions of a run, in order.
fn numbers(directory: &RunDirectory) -> Vec<usize> {
    let entries = fs::read_dir(directory.engine(NAME)).into_iter().flatten().flatten();
    let mut numbers: Vec<usize> =
        entries.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok()).collect();
    numbers.sort_unstable();
    numbers
}

/// All submissions of a run of which jobs were submitted, in order.
///
/// # Errors
/// [`WorkflowError::Read`] when one cannot be read.
pub(super) fn submitted(directory: &RunDirectory) -> Result<Vec<Submission>, WorkflowError> {
    let folders =
        numbers(directory).into_iter().map(|number| directory.engine(NAME).join(number.to_string()));
    let folders = folders.filter(|folder| folder.join("jobs.tsv").is_file());
    folders.map(|folder| Submission::read(&folder)).collect()
}

/// The last submission of which jobs were submitted, where there is one.
///
/// # Errors
/// As `submitted`.
pub fn latest(directory: &RunDirectory) -> Result<Option<Submission>, WorkflowError> {
    Ok(submitted(directory)?.pop())
}

/// The number that the next submission has: one that was written and never submitted is written anew.
pub(super) fn next(directory: &RunDirectory) -> usize {
    let is_used = |number: &usize| directory.engine(NAME).join(number.to_string()).join("jobs.tsv").is_file();
    numbers(directory).into_iter().filter(is_used).max().unwrap_or(0) + 1
}
