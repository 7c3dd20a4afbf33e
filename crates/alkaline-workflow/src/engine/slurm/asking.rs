//! Slurm's own programs, asked with patience that ends: a controller that is down answers late or never.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::WorkflowError;
use crate::programs::{ProgramError, SearchPath, Trouble};

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a submission may take: a busy controller takes its time, and a job that was accepted unheard is worse than waiting.
const PATIENCE_TO_SUBMIT: Duration = Duration::from_secs(120);

/// How often it is looked whether the answer is there.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// Slurm's programs.
#[derive(Clone, Debug)]
pub struct Programs {
    search: SearchPath,
    patience: Duration,
}

impl Programs {
    /// Those that `search` finds.
    pub fn new(search: SearchPath) -> Self {
        Self { search, patience: PATIENCE }
    }

    /// The same, with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// What `name` answers.
    ///
    /// # Errors
    /// [`WorkflowError::Program`] when it is missing, fails, or does not answer in time.
    pub(super) fn ask(&self, name: &'static str, arguments: &[&str]) -> Result<String, WorkflowError> {
        self.run(name, arguments, None, self.patience)
    }

    /// As [`ask`](Self::ask), for what changes something, in `folder`.
    pub(super) fn tell(
        &self,
        name: &'static str,
        arguments: &[&str],
        folder: Option<&Path>,
    ) -> Result<String, WorkflowError> {
        self.run(name, arguments, folder, PATIENCE_TO_SUBMIT.max(self.patience))
    }

    fn run(
        &self,
        name: &'static str,
        arguments: &[&str],
        folder: Option<&Path>,
        patience: Duration,
    ) -> Result<String, WorkflowError> {
        let program = self.search.find(name)?;
        let failed = |trouble| ProgramError::new(name, trouble);
        let cannot = |error: &std::io::Error| failed(Trouble::cannot_start(&program, error));
        let (mut out, mut err) = (
            tempfile::tempfile().map_err(|error| cannot(&error))?,
            tempfile::tempfile().map_err(|error| cannot(&error))?,
        );
        let mut command = Command::new(&program);
        command.args(arguments).stdin(Stdio::null());
        command.stdout(out.try_clone().map_err(|error| cannot(&error))?);
        command.stderr(err.try_clone().map_err(|error| cannot(&error))?);
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        let mut child = command.spawn().map_err(|error| cannot(&error))?;
        let begun = Instant::now();
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if begun.elapsed() < patience => std::thread::sleep(BETWEEN_LOOKS),
                Ok(None) | Err(_) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    let seconds = patience.as_secs();
                    return Err(failed(Trouble::Wrong(format!("did not answer within {seconds} s"))).into());
                }
            }
        };
        if status.success() {
            return Ok(text(&mut out));
        }
        let tail = text(&mut err).lines().map(str::to_owned).collect();
        Err(failed(Trouble::of_status(status)).with_tail(tail).into())
    }

    /// Where `name` is, if it is anywhere.
    pub(super) fn find(&self, name: &'static str) -> Option<PathBuf> {
        self.search.find(name).ok()
    }
}

fn text(file: &mut File) -> String {
    let mut bytes = Vec::new();
    // What cannot be read again was no answer.
    let _ = file.rewind().and_then(|()| file.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use alkaline_testkit::FakePrograms;

    use super::*;

    #[test]
    fn a_scheduler_that_does_not_answer_is_not_waited_for() {
        let fake = FakePrograms::new().with("squeue", "22", "sleep 600");
        let programs = Programs::new(SearchPath::of(&fake.search_path()));
        let begun = Instant::now();
        let answer = programs.with_patience(Duration::from_millis(200)).ask("squeue", &[]);
        assert!(answer.unwrap_err().to_string().contains("squeue did not answer within"));
        assert!(begun.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn what_the_scheduler_says_when_it_refuses_is_told() {
        let fake = FakePrograms::new().with("scancel", "22", "echo 'Invalid job id' >&2; exit 1");
        let programs = Programs::new(SearchPath::of(&fake.search_path()));
        let message = programs.ask("scancel", &["1"]).unwrap_err().to_string();
        assert!(message.contains("exit code 1") && message.contains("Invalid job id"), "{message}");
    }
}
