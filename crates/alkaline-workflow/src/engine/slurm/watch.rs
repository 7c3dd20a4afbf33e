//! Waiting for jobs, for those who want to: looks from time to time, less and less often.

use std::path::Path;
use std::time::Duration;

use super::asking::Programs;
use super::standing::{Standing, standing};
use crate::error::WorkflowError;
use crate::observer::{Amount, Observer};
use crate::plan::Plan;
use crate::spec::request::RunRequest;
use crate::store::{RunDirectory, Store, read_spec};

/// The shortest and the longest time between two looks.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(20);

/// Looks that may go unanswered before nobody waits any more.
const UNANSWERED: usize = 20;

/// What becomes of jobs that nobody waits for.
const JOBS_GO_ON: &str = "the jobs go on; `alkaline status` says how far they are";

/// Whether a job is at the run, or will be.
pub fn is_at_work(standing: &Standing) -> bool {
    standing.silence.is_some() || standing.tasks.values().any(|task| task.is_running() || task.is_queued())
}

/// Waits until no job is at the run at `out` any more.
///
/// # Errors
/// [`WorkflowError::Design`] when Slurm does not answer for long; those of [`standing`].
pub fn watch(out: &Path, programs: &Programs, observer: &dyn Observer) -> Result<(), WorkflowError> {
    let directory = RunDirectory::new(out);
    let planned = read_spec::<RunRequest>(&directory)?;
    let plan = Plan::new(&planned.spec, planned.annotation.as_deref(), &planned.date)?;
    let (mut between, mut silent, mut done) = (SHORTEST, 0, 0);
    loop {
        let store = Store::look(out, false)?;
        let standing = standing(&directory, &store, programs)?;
        silent = if standing.silence.is_some() { silent + 1 } else { 0 };
        if !is_at_work(&standing) {
            return Ok(());
        }
        if let (UNANSWERED.., Some(why)) = (silent, standing.silence) {
            return Err(WorkflowError::Silent { why, hint: JOBS_GO_ON });
        }
        let now = plan.names().iter().filter(|task| store.receipt(task).is_some()).count();
        if now > done {
            let total = plan.nodes().len() as u64;
            observer.run_progress(Amount { done: now as u64, total });
            (done, between) = (now, SHORTEST);
        }
        std::thread::sleep(between);
        between = (between * 2).min(LONGEST);
    }
}
