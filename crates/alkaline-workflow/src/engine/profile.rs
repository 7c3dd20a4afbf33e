//! What a cluster wants to be told: `--profile FILE`, in TOML. Nothing of it has an influence on results.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use alkaline_core::spelling::did_you_mean;
use alkaline_core::words::quoted;
use alkaline_io::delimited::read_text;
use alkaline_io::{FileProblems, Problem};
use serde::Deserialize;

use super::duration;
use super::steps::STEPS;
use crate::error::WorkflowError;

/// What a cluster wants to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// The program, where jobs find it; the one that writes the files, when not given.
    pub alkaline: Option<PathBuf>,
    /// The partition (queue).
    pub partition: Option<String>,
    /// Whose account is charged.
    pub account: Option<String>,
    /// The quality of service.
    pub qos: Option<String>,
    /// Further options of sbatch, one a line.
    pub options: Vec<String>,
    /// Lines of shell that come before the work, such as `module load hisat2`.
    pub setup: Vec<String>,
    /// What is asked for, step by step, instead of what is guessed.
    pub steps: BTreeMap<String, StepProfile>,
}

/// What is asked for a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StepProfile {
    /// Processors of a unit.
    pub cpus: Option<usize>,
    /// Memory of a unit, such as `8G` or `500M`.
    pub memory: Option<Memory>,
    /// Time of a unit, as Slurm writes it: `02:00:00`, `1-00:00:00`, or minutes.
    pub time: Option<Time>,
}

/// Bytes of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Memory(pub u64);

impl TryFrom<String> for Memory {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let shift = match text.trim().chars().last() {
            Some('M' | 'm') => Some(20),
            Some('G' | 'g') => Some(30),
            Some('T' | 't') => Some(40),
            _ => None,
        };
        let number = text.trim().get(..text.trim().len().saturating_sub(1));
        let number = number.and_then(|number| number.trim().parse::<u64>().ok()).filter(|number| *number > 0);
        let bytes = number.zip(shift).and_then(|(number, shift)| number.checked_mul(1 << shift));
        bytes.map(Self).ok_or_else(|| format!("`{text}` is no size of memory: write 8G or 500M"))
    }
}

/// Seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Time(pub u64);

impl TryFrom<String> for Time {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let seconds = duration::parse(&text).filter(|seconds| *seconds > 0);
        seconds.map(Self).ok_or_else(|| {
            format!(
                "`{text}` is no time: write 02:00:00 (hours, minutes, seconds), 1-00:00:00 (a day) or minutes"
            )
        })
    }
}

impl Profile {
    /// Reads the profile at `path`.
    ///
    /// # Errors
    /// [`WorkflowError::Read`] with the line of what is wrong.
    pub fn read(path: &Path) -> Result<Self, WorkflowError> {
        let text = read_text(path)?;
        let wrong = |problem| {
            WorkflowError::Read(FileProblems { path: path.to_owned(), problems: vec![problem] }.into())
        };
        let profile: Self = toml::from_str(&text).map_err(|error| {
            let before = error.span().map_or(0, |span| text[..span.start].matches('\n').count());
            wrong(Problem::at_line(before as u64 + 1, error.message()))
        })?;
        if let Some(name) = profile.steps.keys().find(|name| !STEPS.contains(&name.as_str())) {
            let line = text.lines().position(|line| line.contains(name.as_str())).unwrap_or(0) as u64 + 1;
            let message =
                format!("there is no step `{name}`{}: {}", did_you_mean(name, STEPS), quoted(STEPS));
            return Err(wrong(Problem::at_line(line, message)));
        }
        Ok(profile)
    }

    /// What is asked for the step called `name`.
    pub(super) fn step(&self, name: &str) -> StepProfile {
        self.steps.get(name).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Profile, String> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("cluster.toml");
        std::fs::write(&path, text).unwrap();
        Profile::read(&path).map_err(|error| error.message())
    }

    #[test]
    fn a_profile_says_what_is_asked_for_each_step() {
        let text = "partition = \"long\"\noptions = [\"--constraint=avx2\"]\n[steps.samples]\ncpus = 8\nmemory = \"6G\"\ntime = \"02:00:00\"\n";
        let profile = read(text).unwrap();
        let step = profile.step("samples");
        assert_eq!((step.cpus, step.memory, step.time), (Some(8), Some(Memory(6 << 30)), Some(Time(7200))));
        assert_eq!(profile.step("report"), StepProfile::default());
    }

    #[test]
    fn what_a_profile_does_not_have_is_refused_with_its_line() {
        let message = read("partition = \"long\"\nacount = \"lab\"\n").unwrap_err();
        assert!(message.contains("cluster.toml, line 2: ") && message.contains("acount"), "{message}");
        let message = read("[steps.sample]\ncpus = 8\n").unwrap_err();
        assert!(message.contains("did you mean `samples`"), "{message}");
        let message = read("[steps.samples]\nmemory = \"much\"\n").unwrap_err();
        assert!(message.contains("`much` is no size of memory"), "{message}");
    }
}
