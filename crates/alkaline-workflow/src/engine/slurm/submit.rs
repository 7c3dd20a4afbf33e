//! Submits written jobs, each after those that it waits for.

use std::fs::OpenOptions;
use std::io::Write;

use alkaline_io::WriteError;

use super::asking::Programs;
use super::scripts;
use super::submission::Submission;
use crate::error::WorkflowError;

/// Submits the jobs of `submission`; if Slurm refuses one, those before it are cancelled.
///
/// # Errors
/// [`WorkflowError::Program`] when Slurm refuses or does not answer; [`WorkflowError::Write`].
pub fn submit(mut submission: Submission, programs: &Programs) -> Result<Submission, WorkflowError> {
    for place in 0..submission.jobs.len() {
        match submit_one(&submission, place, programs) {
            Ok(id) => submission.jobs[place].id = Some(id),
            Err(error) => {
                let ids: Vec<&str> = submission.jobs.iter().filter_map(|job| job.id.as_deref()).collect();
                if !ids.is_empty() {
                    let _ = programs.tell("scancel", &ids, None);
                    let _ = std::fs::remove_file(submission.record());
                }
                return Err(error);
            }
        }
    }
    Ok(submission)
}

/// Cancels `jobs`.
///
/// # Errors
/// [`WorkflowError::Program`] when Slurm refuses or does not answer.
pub fn cancel(programs: &Programs, jobs: &[String]) -> Result<(), WorkflowError> {
    let ids: Vec<&str> = jobs.iter().map(String::as_str).collect();
    programs.tell("scancel", &ids, None).map(drop)
}

fn submit_one(submission: &Submission, place: usize, programs: &Programs) -> Result<String, WorkflowError> {
    let job = &submission.jobs[place];
    let known = |name: &str| submission.jobs.iter().find(|job| job.name == name)?.id.clone();
    let script = format!("{}.sbatch", job.name);
    let dependency = scripts::dependency(job, known);
    // Found again in the queue if sbatch is cut off after the job was accepted.
    let comment = format!("--comment=alkaline:{}:{}:{}", submission.plan, submission.number, job.name);
    let mut arguments = vec!["--parsable", comment.as_str()];
    arguments.extend(dependency.as_deref());
    arguments.push(&script);
    let said = programs.tell("sbatch", &arguments, Some(&submission.folder));
    let said = said.or_else(|error| accepted_unheard(programs, &comment).ok_or(error))?;
    let id = said.lines().last().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_owned();
    if id.is_empty() || !id.chars().all(|letter| letter.is_ascii_digit()) {
        return Err(WorkflowError::design(format!("sbatch answered `{}`, which names no job", said.trim())));
    }
    let write = || {
        let mut record = OpenOptions::new().create(true).append(true).open(submission.record())?;
        writeln!(record, "{}\t{id}", job.name)
    };
    write().map_err(|source| WriteError { path: submission.record(), source })?;
    Ok(id)
}

/// The job that Slurm has under this comment, although sbatch failed.
fn accepted_unheard(programs: &Programs, comment: &str) -> Option<String> {
    let user = rustix::process::getuid().as_raw().to_string();
    let jobs = programs.ask("squeue", &["-h", "-u", &user, "-o", "%F|%k"]).ok()?;
    let wanted = comment.strip_prefix("--comment=")?;
    jobs.lines().find_map(|line| {
        line.split_once('|').filter(|(_, said)| *said == wanted).map(|(id, _)| id.to_owned())
    })
}
