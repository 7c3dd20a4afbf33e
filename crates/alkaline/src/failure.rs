//! Errors as the user sees them: one message, a hint where there is one, and a documented exit code.

use std::io::Write;
use std::process::ExitCode;

use alkaline_io::{ReadError, WriteError};
use alkaline_workflow::WorkflowError;

/// What kind of failure it is; the number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Wrong usage of the command line.
    Usage = 2,
    /// Wrong input: a file, its format, the sample sheet, the design.
    Input = 3,
    /// The machine: disk full, permission denied.
    Machine = 4,
}

/// A failure that was foreseen.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    message: String,
}

impl Failure {
    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, message: message.into() }
    }

    /// Wrong input.
    pub fn input(message: impl Into<String>) -> Self {
        Self { kind: Kind::Input, message: message.into() }
    }

    /// A failure of the machine.
    pub fn machine(message: impl Into<String>) -> Self {
        Self { kind: Kind::Machine, message: message.into() }
    }

    /// Prints the failure and gives its exit code.
    pub fn tell(self) -> ExitCode {
        // The error itself is printed even under --quiet; if standard error is gone, the code remains.
        let _ = writeln!(std::io::stderr().lock(), "error: {}", self.message);
        ExitCode::from(self.kind as u8)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        if error.is_bad_input() { Self::input(error.to_string()) } else { Self::machine(error.to_string()) }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::machine(error.to_string())
    }
}

impl From<WorkflowError> for Failure {
    fn from(error: WorkflowError) -> Self {
        match error {
            WorkflowError::Read(error) => error.into(),
            WorkflowError::Write(error) => error.into(),
            other => Self::input(other.to_string()),
        }
    }
}

/// Makes a panic say that it is a bug, and where to report it; the exit code stays 101.
pub fn report_bugs_kindly() {
    let default_hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        default_hook(panic);
        let _ = writeln!(
            std::io::stderr().lock(),
            "This is a bug in alkaline {}. Please report it with the command line and the lines above.",
            crate::version::VERSION
        );
    }));
}
