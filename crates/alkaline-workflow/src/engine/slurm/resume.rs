//! New jobs of just what has no receipt, and no job at it.

use std::path::Path;

use super::asking::Programs;
use super::causes::next_ask;
use super::emit::{Before, emit_after};
use super::standing::{What, standing};
use super::submission::{Submission, latest};
use super::submit::{cancel, submit};
use crate::engine::outline::Outline;
use crate::engine::profile::Profile;
use crate::error::WorkflowError;

/// What became of a call that was not answered.
const NOTHING_SUBMITTED: &str = "nothing was submitted, lest something be done twice; try again later";

/// What became of a call to go on.
#[derive(Clone, Debug)]
pub struct Resumed {
    /// The new jobs; `None` where nothing was left to do, or jobs are at all of it.
    pub submission: Option<Submission>,
    /// Former jobs that are at work, or will be.
    pub at_work: Vec<String>,
    /// Former jobs that were cancelled: they waited for what failed, or were for another plan.
    pub cancelled: Vec<String>,
}

/// Submits jobs for what has no receipt of the run, and no job at it. What ran out of memory or time asks for twice as much.
///
/// # Errors
/// [`WorkflowError::Program`] when Slurm does not answer or refuses; those of [`emit`](super::emit()).
pub fn resume(
    outline: &Outline,
    profile: &Profile,
    programs: &Programs,
    alkaline: &Path,
) -> Result<Resumed, WorkflowError> {
    let is_same_plan = latest(&outline.directory)?.is_none_or(|last| last.plan == outline.hash);
    let found = standing(&outline.directory, &outline.store, programs)?;
    if let Some(why) = found.silence {
        return Err(WorkflowError::Silent { why, hint: NOTHING_SUBMITTED });
    }
    let job = |task: &super::Task| task.job.split('_').next().unwrap_or_default().to_owned();
    let mut before = Before::default();
    let (mut cancelled, mut at_work) = (Vec::new(), Vec::new());
    for (name, task) in &found.tasks {
        match task.what {
            // Made anew, to wait for the right ones.
            What::WaitsForJobs => cancelled.push(job(task)),
            What::Queued | What::Running | What::Later if !is_same_plan => cancelled.push(job(task)),
            What::Queued | What::Running | What::Later => {
                before.at_work.insert(name.clone(), task.job.clone());
                at_work.push(job(task));
            }
            What::Ended(cause) => {
                before.asks.extend(next_ask(cause, task.ask).map(|ask| (name.clone(), ask)));
            }
            What::Unknown => {}
        }
    }
    cancelled.extend(found.stuck);
    [&mut cancelled, &mut at_work].into_iter().for_each(|jobs| {
        jobs.sort();
        jobs.dedup();
    });
    let undone = outline.undone()?;
    let names = outline.plan.nodes().iter().map(|node| node.task.to_string());
    let is_left = names.zip(undone).any(|(name, is_undone)| is_undone && !before.at_work.contains_key(&name));
    // Where all is well, jobs that wait for others are left as they are.
    let is_failed = found.tasks.values().any(super::Task::has_ended);
    let is_new = !is_same_plan || found.tasks.is_empty() || is_failed;
    if !is_left || !is_new {
        let at_work = if is_new { at_work } else { found.tasks.values().map(&job).collect() };
        return Ok(Resumed { submission: None, at_work: unique(at_work), cancelled: Vec::new() });
    }
    if !cancelled.is_empty() {
        cancel(programs, &cancelled)?;
    }
    let submission = submit(emit_after(outline, profile, programs, alkaline, &before)?, programs)?;
    Ok(Resumed { submission: Some(submission), at_work, cancelled })
}

fn unique(mut jobs: Vec<String>) -> Vec<String> {
    jobs.sort();
    jobs.dedup();
    jobs
}
