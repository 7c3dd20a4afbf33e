//! Writes the jobs of what is not done of a run.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::arrays::{arrays, share};
use super::asking::Programs;
use super::cluster::Cluster;
use super::submission::{Job, Submission, next};
use super::{NAME, scripts};
use crate::engine::ask::Ask;
use crate::engine::outline::Outline;
use crate::engine::profile::Profile;
use crate::engine::steps::{Unit, steps};
use crate::engine::text::write;
use crate::error::WorkflowError;
use crate::store::files;

/// What former jobs have to do with the next ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    /// Nodes that a task of a job is at, or will be, with what Slurm calls that task.
    pub at_work: HashMap<String, String>,
    /// What is asked for nodes that ran out of memory or time.
    pub asks: HashMap<String, Ask>,
}

/// Writes the jobs of what is not done of the run; `alkaline` is the program where jobs find it. Nothing is submitted.
///
/// # Errors
/// [`WorkflowError::Write`]; [`WorkflowError::Read`] when an input cannot be read.
pub fn emit(
    outline: &Outline,
    profile: &Profile,
    programs: &Programs,
    alkaline: &Path,
) -> Result<Submission, WorkflowError> {
    emit_after(outline, profile, programs, alkaline, &Before::default())
}

/// As [`emit`], given what former jobs do.
pub(super) fn emit_after(
    outline: &Outline,
    profile: &Profile,
    programs: &Programs,
    alkaline: &Path,
    before: &Before,
) -> Result<Submission, WorkflowError> {
    let number = next(&outline.directory);
    let folder = outline.folder(NAME)?.join(number.to_string());
    files::remove_tree(&folder)?;
    files::make_directory(&folder.join("logs"))?;
    let cluster = Cluster::look(programs, profile);
    let jobs = jobs(outline, profile, &cluster, before)?;
    let submission = Submission { plan: outline.hash.clone(), number, folder: folder.clone(), jobs };
    let alkaline = profile.alkaline.as_deref().unwrap_or(alkaline);
    for job in &submission.jobs {
        let text = scripts::batch(job, &submission, outline, profile, alkaline);
        write(&folder.join(format!("{}.sbatch", job.name)), &text)?;
    }
    write(&folder.join("submit.sh"), &scripts::by_hand(&submission))?;
    submission.write()?;
    Ok(submission)
}

fn jobs(
    outline: &Outline,
    profile: &Profile,
    cluster: &Cluster,
    before: &Before,
) -> Result<Vec<Job>, WorkflowError> {
    let undone = outline.undone()?;
    let names = outline.plan.nodes().iter().map(|node| node.task.to_string());
    let undone: HashSet<String> =
        names.zip(undone).filter(|(_, is_undone)| *is_undone).map(|(name, _)| name).collect();
    let is_wanted = |name: &str| undone.contains(name) && !before.at_work.contains_key(name);
    let steps = steps(&outline.plan, |node| is_wanted(&node.task.to_string()));
    let share = share(&steps, cluster.jobs);
    // Former jobs that are still at it: what comes later waits for them too.
    let mut running: Vec<String> =
        before.at_work.iter().filter(|(task, _)| undone.contains(*task)).map(|(_, id)| id.clone()).collect();
    running.sort();
    running.dedup();
    let mut jobs: Vec<Job> = Vec::new();
    let mut needs: Vec<String> = Vec::new();
    for step in steps {
        let is_first = needs.is_empty() && step.name == "samples";
        let arrays = arrays(step.units, share, cluster.array.unwrap_or(usize::MAX));
        let several = arrays.len() > 1;
        let mut own = Vec::new();
        for (place, tasks) in arrays.into_iter().enumerate() {
            let name = if several { format!("{}-{}", step.name, place + 1) } else { step.name.to_owned() };
            own.push(name.clone());
            jobs.push(Job {
                name,
                step: step.name.to_owned(),
                needs: needs.clone(),
                after: if is_first { Vec::new() } else { running.clone() },
                ask: ask(outline, profile, cluster, before, step.name, &tasks),
                rows: tasks
                    .iter()
                    .map(|units| units.iter().flat_map(|unit| unit.tasks.clone()).collect())
                    .collect(),
                id: None,
            });
        }
        needs = own;
    }
    Ok(jobs)
}

/// What is asked for a task of an array: enough for any of them.
fn ask(
    outline: &Outline,
    profile: &Profile,
    cluster: &Cluster,
    before: &Before,
    step: &str,
    tasks: &[Vec<Unit>],
) -> Ask {
    let usual = |unit: &Unit| Ask::of(&outline.plan, &outline.store, unit).under(&profile.step(step));
    let doubled = |unit: &Unit, ask: Ask| {
        let asks = unit.tasks.iter().filter_map(|task| before.asks.get(task));
        asks.fold(ask, |ask, more| ask.max(*more))
    };
    let of_task = |units: &Vec<Unit>| {
        let asks: Vec<Ask> = units.iter().map(|unit| doubled(unit, usual(unit))).collect();
        let seconds = asks.iter().map(|ask| ask.seconds).sum();
        let largest = asks.into_iter().reduce(Ask::max)?;
        Some(Ask { seconds, ..largest })
    };
    let most = tasks.iter().filter_map(of_task).reduce(Ask::max);
    let most = most.unwrap_or(Ask { cpus: 1, memory: 1 << 30, seconds: 600 });
    Ask {
        cpus: most.cpus.min(cluster.cpus.unwrap_or(usize::MAX)).max(1),
        seconds: most.seconds.min(cluster.seconds.unwrap_or(u64::MAX)),
        ..most
    }
}
