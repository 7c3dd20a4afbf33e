//! How the nodes stand that have no receipt: in the queue, at work, or ended and why.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::asking::Programs;
use super::causes::{Cause, cause, in_words};
use super::queue::{Seen, look};
use super::submission::{Job, Submission, submitted};
use crate::engine::ask::Ask;
use crate::error::WorkflowError;
use crate::store::{RunDirectory, Store};

/// How the nodes of a run stand that jobs of Slurm were to do and that have no receipt.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Why Slurm did not answer, where it did not.
    pub silence: Option<String>,
    /// The nodes, by name.
    pub tasks: BTreeMap<String, Task>,
    /// Jobs that wait for what failed, and would wait for ever.
    pub stuck: Vec<String>,
}

/// A node without a receipt.
#[derive(Clone, Debug)]
pub struct Task {
    /// The task of the array that is to do it, such as `12_3`.
    pub job: String,
    /// In a sentence.
    pub words: String,
    /// Where the job wrote what it says.
    pub log: Option<PathBuf>,
    /// When the job was submitted.
    pub(super) submitted: Option<std::time::SystemTime>,
    pub(super) what: What,
    /// Whether another node of the same task comes first, and was not done.
    is_later: bool,
    pub(super) ask: Ask,
}

/// What becomes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// It waits for room.
    Queued,
    /// It waits for other jobs.
    WaitsForJobs,
    Running,
    /// It comes after another of the same task.
    Later,
    Ended(Cause),
    /// Slurm does not answer.
    Unknown,
}

impl Task {
    /// Whether a job is at it.
    pub fn is_running(&self) -> bool {
        self.what == What::Running
    }

    /// Whether a job will be at it.
    pub fn is_queued(&self) -> bool {
        matches!(self.what, What::Queued | What::WaitsForJobs)
    }

    /// Whether its job ended without it.
    pub fn has_ended(&self) -> bool {
        matches!(self.what, What::Ended(_))
    }

    /// Whether its job ended before it came to it.
    pub fn was_not_reached(&self) -> bool {
        self.has_ended() && self.is_later
    }

    /// Whether the failure that was written down at `path` is that of this job, and not of one before.
    pub fn is_told_by(&self, path: &Path) -> bool {
        let written = path.metadata().and_then(|found| found.modified()).ok();
        written.zip(self.submitted).is_some_and(|(written, submitted)| written >= submitted)
    }
}

/// How the nodes stand that jobs were to do and that `store` has no receipt of.
///
/// # Errors
/// [`WorkflowError::Read`] when it cannot be read which jobs were submitted.
pub fn standing(
    directory: &RunDirectory,
    store: &Store,
    programs: &Programs,
) -> Result<Standing, WorkflowError> {
    let submissions = submitted(directory)?;
    let mut last: BTreeMap<&str, (&Submission, &Job, usize)> = BTreeMap::new();
    for submission in &submissions {
        for job in submission.jobs.iter().filter(|job| job.id.is_some()) {
            for (place, row) in job.rows.iter().enumerate() {
                last.extend(row.iter().map(|task| (task.as_str(), (submission, job, place + 1))));
            }
        }
    }
    last.retain(|task, _| store.receipt(task).is_none());
    let mut ids: Vec<String> = last.values().filter_map(|(_, job, _)| job.id.clone()).collect();
    ids.sort();
    ids.dedup();
    let (mut seen, silence) = match look(programs, &ids) {
        Ok(seen) => (seen, None),
        Err(error) => (HashMap::new(), Some(error.message())),
    };
    let stuck = mark_stuck(&submissions, &mut seen);
    let mut standing = Standing { silence, stuck, ..Standing::default() };
    for (task, (submission, job, index)) in &last {
        let name = format!("{}_{index}", job.id.as_deref().unwrap_or_default());
        let row = &job.rows[index - 1];
        let first = row.iter().find(|task| store.receipt(task).is_none());
        let before = first.filter(|first| first != task).map(String::as_str);
        let place = Place { submission, job, name: &name, index: *index, before };
        let found = match standing.silence {
            Some(_) => place.task(What::Unknown, format!("job {name} was to do it")),
            None => place.stands(seen.get(&name), waits_for_jobs(submission, job, store)),
        };
        // It may have been done while the scheduler was asked.
        if found.has_ended() && directory.receipt(task).is_file() {
            continue;
        }
        standing.tasks.insert((*task).to_owned(), found);
    }
    Ok(standing)
}

/// What Slurm says of a job that waits for what failed.
const NEVER: &str = "DependencyNeverSatisfied";

/// The jobs in the queue that wait for what failed, and those that wait for them, of which Slurm says so only later.
fn mark_stuck(submissions: &[Submission], seen: &mut HashMap<String, Seen>) -> Vec<String> {
    let mut stuck: Vec<String> = Vec::new();
    for submission in submissions {
        for job in &submission.jobs {
            let Some(id) = &job.id else { continue };
            let is_stuck = |name: &String| {
                let needed = submission.jobs.iter().find(|needed| needed.name == *name);
                needed.and_then(|needed| needed.id.as_ref()).is_some_and(|id| stuck.contains(id))
            };
            let follows = job.needs.iter().any(is_stuck);
            let own = (1..=job.rows.len()).map(|index| format!("{id}_{index}"));
            let mut found = false;
            for task in own {
                let Some(seen) = seen.get_mut(&task).filter(|seen| seen.is_in_queue()) else { continue };
                if follows || seen.reason.contains(NEVER) {
                    NEVER.clone_into(&mut seen.reason);
                    found = true;
                }
            }
            stuck.extend(found.then(|| id.clone()));
        }
    }
    stuck
}

/// Whether `job` waits for jobs of its submission: one of the nodes that these do has no receipt.
fn waits_for_jobs(submission: &Submission, job: &Job, store: &Store) -> bool {
    let needed = submission.jobs.iter().filter(|needed| job.needs.contains(&needed.name));
    needed.flat_map(|needed| needed.rows.iter().flatten()).any(|task| store.receipt(task).is_none())
}

/// Where a node is done: the task `index` of `job`.
struct Place<'a> {
    submission: &'a Submission,
    job: &'a Job,
    name: &'a str,
    index: usize,
    /// The node of the same task that comes first and has no receipt.
    before: Option<&'a str>,
}

impl Place<'_> {
    /// How the node stands of whose task Slurm says `seen`.
    fn stands(&self, seen: Option<&Seen>, waits_for_jobs: bool) -> Task {
        let name = self.name;
        let in_queue = seen.filter(|seen| seen.is_in_queue() && !seen.reason.contains(NEVER));
        let is_pending = |seen: &Seen| seen.state == "PENDING" || seen.state.starts_with("REQUEUE");
        let waits = |seen: &Seen| format!("job {name} waits: {}", reason(&seen.reason));
        match (in_queue, self.before) {
            (Some(seen), _) if is_pending(seen) && (waits_for_jobs || seen.reason == "Dependency") => {
                self.task(What::WaitsForJobs, waits(seen))
            }
            (Some(seen), None) if is_pending(seen) => self.task(What::Queued, waits(seen)),
            (Some(_), None) => self.task(What::Running, format!("job {name} is at it")),
            (Some(_), Some(before)) => self.task(What::Later, format!("after `{before}`, in job {name}")),
            (None, before) => {
                let cause = cause(seen, self.log().as_deref().map(last_words).as_deref());
                let words = match before {
                    Some(before) => {
                        format!("comes after `{before}`, in the same job {name}, which ended")
                    }
                    None => in_words(cause, seen, name, &self.job.ask),
                };
                self.task(What::Ended(cause), words)
            }
        }
    }

    fn log(&self) -> Option<PathBuf> {
        self.submission.log(self.job, self.index).filter(|log| log.is_file())
    }

    fn task(&self, what: What, words: String) -> Task {
        Task {
            job: self.name.to_owned(),
            words,
            log: self.log(),
            submitted: self.submission.record().metadata().and_then(|found| found.modified()).ok(),
            what,
            is_later: self.before.is_some(),
            ask: self.job.ask,
        }
    }
}

/// Why a job waits, in words where Slurm's word is no word.
fn reason(word: &str) -> &str {
    match word {
        "Resources" => "no node is free",
        "Priority" => "others come first",
        "Dependency" => "for the jobs before it",
        "None" | "" => "its turn has not come",
        "BeginTime" => "it begins again after its node failed or made room",
        other => other,
    }
}

/// Bytes of a log that are read: what ends a job stands at its end.
const LAST: u64 = 8 << 10;

fn last_words(log: &Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LAST)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}
