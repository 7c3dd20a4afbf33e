//! Why a run could not be made; every variant but the machine's is the input's fault.

use std::path::{Path, PathBuf};

use alkaline_count::CountError;
use alkaline_io::{ReadError, WriteError};
use thiserror::Error;

use crate::program_error::ProgramError;

/// Why a run, or a stage of it, could not be made.
#[derive(Debug, Error)]
pub enum WorkflowError {
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The samples, contrasts and options do not fit together.
    #[error("{message}{}", after(hint.as_deref()))]
    Design {
        /// What does not fit.
        message: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// A file that was there when the analysis began is gone.
    #[error("{}: the file was there when the analysis began, and is gone", path.display())]
    Vanished {
        /// The file.
        path: PathBuf,
    },
    /// A file changed while it was read.
    #[error("{}: the file changed while it was read{}", path.display(), after(Some(AGAIN)))]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Another program works on the run.
    #[error("{} is being worked on by {holder}{}", path.display(), after(Some(WAIT)))]
    Held {
        /// The directory of the run.
        path: PathBuf,
        /// Who it is, in words.
        holder: String,
    },
    /// A server does not answer, or keeps failing.
    #[error("{}{}", unanswered(url, *tries, why), after(Some(OFFLINE)))]
    Network {
        /// What was asked for.
        url: String,
        /// How often.
        tries: u32,
        /// What came of it last.
        why: String,
    },
    /// The file system refuses to lock the run.
    #[error("{}: {}{}", path.display(), no_locks(source), after(Some(LOCKS)))]
    NoLocks {
        /// The directory of the run.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A stage of a run failed.
    #[error("stage `{task}`: {error}")]
    Stage {
        /// The node.
        task: String,
        /// Why.
        error: Box<WorkflowError>,
    },
    /// Several things at once.
    #[error("{}", errors.iter().map(WorkflowError::to_string).collect::<Vec<_>>().join("\n"))]
    Several {
        /// What is wrong; at least two.
        errors: Vec<WorkflowError>,
    },
    /// An expression in coefficients without a design to have them.
    #[error("{}{}", needs_design(expression), after(Some(NO_DESIGN)))]
    NoDesign {
        /// The expression.
        expression: String,
    },
    /// Alignments cannot be counted.
    #[error("{error}{}", after(error.hint().as_deref()))]
    Count {
        /// Why.
        #[from]
        error: CountError,
    },
    /// Counts cannot be filtered or normalised.
    #[error(transparent)]
    Normalize(#[from] alkaline_norm::NormError),
    /// The question cannot be answered from these samples.
    #[error(transparent)]
    Test(#[from] alkaline_dge::DgeError),
    /// The design cannot be made from these samples.
    #[error(transparent)]
    Model(#[from] alkaline_dge::DesignError),
    /// Enrichment cannot be computed.
    #[error("{0}{hint}", hint = after(.0.hint()))]
    Enrich(#[from] alkaline_enrich::EnrichError),
    /// A built-in reference that does not exist.
    #[error(transparent)]
    Reference(#[from] alkaline_reference::ontology::BundleError),
    /// Another program did not do its work.
    #[error("{0}{hint}", hint = after(.0.hint().as_deref()))]
    Program(#[from] ProgramError),
    /// The scheduler of a cluster does not answer.
    #[error("the scheduler does not answer: {why}{}", after(Some(hint)))]
    Silent {
        /// What its program said.
        why: String,
        /// What became of the call.
        hint: &'static str,
    },
    /// The report cannot be made.
    #[error(transparent)]
    Report(#[from] alkaline_report::ReportError),
}

/// What to do when a file was not left alone.
const AGAIN: &str = "run the same command again when nobody writes to it: what is finished is kept";

/// What to do when another program is at it.
const WAIT: &str = "wait for it (--wait), or choose another --out";

/// What to do where nothing can be locked.
const LOCKS: &str = "two programs in one directory would spoil each other's work: choose an --out on another file system, or \
                     ask for locks on this one (mount option `flock` of Lustre, `lockd` for NFS)";

/// What to do when the network does not help.
const OFFLINE: &str = "what has come is kept: run the same command again. HTTPS_PROXY names a proxy, --base-url another server; files that \
                       were downloaded by hand are imported without the network";

/// What to do about a missing design.
pub(crate) const NO_DESIGN: &str =
    "name levels of one column, or give a design: --design '~ batch + condition', or the column `formula`";

/// Whose fault an error is, which decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Options that exclude each other or make no sense.
    Usage,
    /// A file, its format, the sample sheet, the design: trying again does not help.
    Input,
    /// The machine: disk full, permission denied, a file that vanished. Trying again may help.
    Machine,
}

impl WorkflowError {
    /// The samples, contrasts and options do not fit together.
    pub fn design(message: impl Into<String>) -> Self {
        Self::Design { message: message.into(), hint: None }
    }

    /// As [`design`](Self::design), with what to do next.
    pub fn design_with_hint(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Design { message: message.into(), hint: Some(hint.into()) }
    }

    /// All of `errors`, of which there is at least one.
    pub fn several(errors: Vec<Self>) -> Self {
        let each = |error| match error {
            Self::Several { errors } => errors,
            error => vec![error],
        };
        let mut errors: Vec<Self> = errors.into_iter().flat_map(each).collect();
        match (errors.len(), errors.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                errors.extend(last);
                Self::Several { errors }
            }
        }
    }

    /// The same error; where a program failed, its log lies at `place` now, or nowhere.
    pub fn with_log_moved(self, place: Option<&Path>) -> Self {
        match self {
            Self::Program(error) => Self::Program(error.with_log_moved(place)),
            other => other,
        }
    }

    /// Whose fault it is; of several the one where trying again does not help.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Read(error) if error.is_bad_input() => ErrorKind::Input,
            Self::Count { error: CountError::Options(_) } => ErrorKind::Usage,
            Self::Count { error } if error.is_bad_input() => ErrorKind::Input,
            Self::Program(error) if error.is_bad_input() => ErrorKind::Input,
            Self::Program(_) => ErrorKind::Machine,
            Self::Read(_) | Self::Count { .. } | Self::Write(_) => ErrorKind::Machine,
            Self::Vanished { .. } | Self::Changed { .. } => ErrorKind::Machine,
            Self::Held { .. } | Self::NoLocks { .. } | Self::Network { .. } | Self::Silent { .. } => {
                ErrorKind::Machine
            }
            Self::Stage { error, .. } => error.kind(),
            Self::Several { errors } => {
                let kinds = || errors.iter().map(Self::kind);
                let wrong = kinds().find(|kind| *kind == ErrorKind::Input);
                wrong.or_else(|| kinds().next()).unwrap_or(ErrorKind::Input)
            }
            _ => ErrorKind::Input,
        }
    }

    /// What is wrong, without what to do about it.
    pub fn message(&self) -> String {
        match self {
            Self::Read(error) => error.message(),
            Self::Design { message, .. } => message.clone(),
            Self::Several { errors } => errors.iter().map(Self::message).collect::<Vec<_>>().join("\n"),
            Self::NoDesign { expression } => needs_design(expression),
            Self::Changed { path } => format!("{}: the file changed while it was read", path.display()),
            Self::Held { path, holder } => format!("{} is being worked on by {holder}", path.display()),
            Self::NoLocks { path, source } => format!("{}: {}", path.display(), no_locks(source)),
            Self::Network { url, tries, why } => unanswered(url, *tries, why),
            Self::Stage { task, error } => format!("stage `{task}`: {}", error.message()),
            Self::Silent { why, .. } => format!("the scheduler does not answer: {why}"),
            Self::Count { error } => error.to_string(),
            Self::Enrich(error) => error.to_string(),
            Self::Program(error) => error.to_string(),
            other => other.to_string(),
        }
    }

    /// What to do next, where something helps.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Read(error) => error.hints().into_iter().map(str::to_owned).collect(),
            Self::Design { hint, .. } => hint.iter().cloned().collect(),
            Self::Several { errors } => errors.iter().flat_map(Self::hints).collect(),
            Self::NoDesign { .. } => vec![NO_DESIGN.to_owned()],
            Self::Changed { .. } => vec![AGAIN.to_owned()],
            Self::Held { .. } => vec![WAIT.to_owned()],
            Self::NoLocks { .. } => vec![LOCKS.to_owned()],
            Self::Network { .. } => vec![OFFLINE.to_owned()],
            Self::Silent { hint, .. } => vec![(*hint).to_owned()],
            Self::Stage { error, .. } => error.hints(),
            Self::Count { error } => error.hint().into_iter().collect(),
            Self::Enrich(error) => error.hint().into_iter().map(str::to_owned).collect(),
            Self::Program(error) => error.hint().into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

fn needs_design(expression: &str) -> String {
    format!("contrast `{expression}`: an expression in coefficients needs a design")
}

fn unanswered(url: &str, tries: u32, why: &str) -> String {
    format!(
        "{url}: nothing came of it in {}: {why}",
        alkaline_core::words::count_of(tries as usize, "try", "tries")
    )
}

fn no_locks(source: &std::io::Error) -> String {
    format!("the file system does not let this directory be locked ({source})")
}

/// The hint on a line of its own.
fn after(hint: Option<&str>) -> String {
    hint.map_or_else(String::new, |hint| format!("\nhint: {hint}"))
}

/// Problems of a design, collected so that all are told at once.
#[derive(Debug, Default)]
pub struct Problems {
    messages: Vec<String>,
    hints: Vec<String>,
}

impl Problems {
    /// One more problem.
    pub fn add(&mut self, problem: impl Into<String>) {
        self.messages.push(problem.into());
    }

    /// One more problem, with what to do about it; a hint is told once.
    pub fn add_with_hint(&mut self, problem: impl Into<String>, hint: Option<String>) {
        self.add(problem);
        self.hints.extend(hint.filter(|hint| !self.hints.contains(hint)));
    }

    /// `Ok` when there is none.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] with all of them.
    pub fn check(self) -> Result<(), WorkflowError> {
        if self.messages.is_empty() {
            return Ok(());
        }
        let hint = Some(self.hints.join("\nhint: ")).filter(|hint| !hint.is_empty());
        Err(WorkflowError::Design { message: self.messages.join("\n"), hint })
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn counting_inside_a_run_has_the_exit_code_of_its_cause() {
        let kind = |error: CountError| WorkflowError::from(error).kind();
        let path = || PathBuf::from("a.bam");
        let io = |kind: io::ErrorKind| CountError::Io { path: path(), source: kind.into() };
        assert_eq!(kind(io(io::ErrorKind::StorageFull)), ErrorKind::Machine);
        assert_eq!(kind(io(io::ErrorKind::PermissionDenied)), ErrorKind::Machine);
        assert_eq!(kind(CountError::Missing { path: path() }), ErrorKind::Input);
        assert_eq!(kind(CountError::Options("-s 7".into())), ErrorKind::Usage);
        assert_eq!(WorkflowError::Vanished { path: path() }.kind(), ErrorKind::Machine);
    }

    #[test]
    fn of_several_errors_the_one_that_no_retry_mends_decides() {
        let several = WorkflowError::several(vec![
            WorkflowError::Vanished { path: "a.bam".into() },
            WorkflowError::design_with_hint("no", "yes"),
        ]);
        assert_eq!(several.kind(), ErrorKind::Input);
        assert_eq!((several.message().lines().count(), several.hints()), (2, vec!["yes".to_owned()]));
        assert_eq!(WorkflowError::several(vec![WorkflowError::design("one")]).to_string(), "one");
    }
}
