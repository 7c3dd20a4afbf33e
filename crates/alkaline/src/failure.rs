//! Errors as the user sees them: one message, a hint where there is one, and a documented exit code.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use alkaline_io::{ReadError, WriteError};
use alkaline_workflow::{ErrorKind, WorkflowError};

use crate::from_here::from_here;
use crate::global_options::LogFormat;
use crate::version::VERSION;

/// What kind of failure it is; the number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Whoever read the output wanted no more of it: nothing is wrong, and nothing is said.
    ClosedPipe = 0,
    /// Wrong usage of the command line.
    Usage = 2,
    /// Wrong input: a file, its format, the sample sheet, the design.
    Input = 3,
    /// The machine: disk full, permission denied, a file that vanished, no memory.
    Machine = 4,
}

impl Kind {
    /// One word for programs.
    fn word(self) -> &'static str {
        match self {
            Self::ClosedPipe => "closed-pipe",
            Self::Usage => "usage",
            Self::Input => "input",
            Self::Machine => "machine",
        }
    }
}

/// A failure that was foreseen.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    message: String,
    hints: Vec<String>,
    /// Other failures that were found at the same time.
    others: Vec<Failure>,
}

impl Failure {
    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message.into())
    }

    /// Wrong input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message.into())
    }

    /// A failure of the machine.
    pub fn machine(message: impl Into<String>) -> Self {
        Self::new(Kind::Machine, message.into())
    }

    /// A hint may follow the message on a line of its own.
    fn new(kind: Kind, message: String) -> Self {
        let mut parts = message.split("\nhint: ").map(str::to_owned);
        Self { kind, message: parts.next().unwrap_or_default(), hints: parts.collect(), others: Vec::new() }
    }

    /// The same failure, with what to do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Several failures at once; `None` when there is none.
    pub fn all(failures: Vec<Self>) -> Option<Self> {
        let mut failures = failures.into_iter();
        let first = failures.next()?;
        Some(Self { others: failures.collect(), ..first })
    }

    /// Prints the failure and gives its exit code: of several, wrong usage and wrong input count, since trying
    /// again does not help.
    pub fn tell(self, format: LogFormat) -> ExitCode {
        let mut kinds = vec![self.kind];
        self.print(format);
        for other in self.others {
            kinds.push(other.kind);
            other.print(format);
        }
        let wrong = [Kind::Usage, Kind::Input].into_iter().find(|kind| kinds.contains(kind));
        ExitCode::from(wrong.or(kinds.into_iter().max()).unwrap_or(Kind::Machine) as u8)
    }

    /// The error itself is printed even under --quiet; if standard error is gone, the code remains.
    fn print(&self, format: LogFormat) {
        if self.kind != Kind::ClosedPipe {
            let _ = write(&mut io::stderr().lock(), format, self.kind.word(), &self.message, &self.hints);
        }
    }
}

/// Prints an error in the format that was asked for.
fn write(
    out: &mut dyn Write,
    format: LogFormat,
    kind: &str,
    message: &str,
    hints: &[String],
) -> io::Result<()> {
    if format == LogFormat::Json {
        let mut event = serde_json::json!({ "level": "error", "kind": kind, "message": message });
        if !hints.is_empty() {
            event["hint"] = hints.join("\n").into();
        }
        return writeln!(out, "{event}");
    }
    writeln!(out, "error: {}", from_here(message))?;
    hints.iter().try_for_each(|hint| writeln!(out, "hint: {}", from_here(hint)))
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        let kind = if error.is_bad_input() { Kind::Input } else { Kind::Machine };
        let hints = error.hints().into_iter().map(str::to_owned).collect();
        Self { hints, ..Self::new(kind, error.message()) }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        match error.source.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Kind::ClosedPipe, error.to_string()),
            _ => Self::machine(error.to_string()),
        }
    }
}

impl From<WorkflowError> for Failure {
    fn from(error: WorkflowError) -> Self {
        let kind = match error.kind() {
            ErrorKind::Usage => Kind::Usage,
            ErrorKind::Input => Kind::Input,
            ErrorKind::Machine => Kind::Machine,
        };
        match error {
            WorkflowError::Write(error) => error.into(),
            WorkflowError::Read(error) => error.into(),
            WorkflowError::Several { errors } => {
                Self::all(errors.into_iter().map(Self::from).collect()).unwrap_or_else(|| Self::input(""))
            }
            error => Self { hints: error.hints(), ..Self::new(kind, error.message()) },
        }
    }
}

/// How messages shall look, before the arguments are understood.
pub fn format_asked_for(arguments: &[OsString]) -> LogFormat {
    let words: Vec<&str> =
        arguments.iter().filter_map(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let is_json = words.contains(&"--log=json") || words.windows(2).any(|pair| pair == ["--log", "json"]);
    if is_json { LogFormat::Json } else { LogFormat::Text }
}

/// Prints what is wrong with the arguments, or the help that was asked for, and gives the exit code.
pub fn tell_usage(error: &clap::Error, format: LogFormat) -> ExitCode {
    if !error.use_stderr() || format == LogFormat::Text {
        // A closed pipe is no reason to complain.
        let _ = error.print();
        return ExitCode::from(error.exit_code().clamp(0, 255) as u8);
    }
    let text = error.render().to_string();
    let (message, usage) = text.split_once("\n\n").unwrap_or((&text, ""));
    let message = message.strip_prefix("error: ").unwrap_or(message).trim_end();
    let hints: Vec<String> =
        Some(usage.trim().to_owned()).filter(|usage| !usage.is_empty()).into_iter().collect();
    let _ = write(&mut io::stderr().lock(), format, Kind::Usage.word(), message, &hints);
    ExitCode::from(Kind::Usage as u8)
}

/// Whether errors are printed as JSON, for those that are told where there is no memory to ask.
static AS_JSON: AtomicBool = AtomicBool::new(false);

/// How libraries say that there is no memory, or no room for a thread's stack.
const LACK_OF_MEMORY: [&str; 4] = [
    "not enough memory",
    "annot allocate memory",
    "failed to spawn thread",
    "Resource temporarily unavailable",
];

/// Makes a panic say that it is a bug, and where to report it; the exit code stays 101.
pub fn report_bugs_kindly(format: LogFormat, end_for_lack_of_memory: fn() -> !) {
    AS_JSON.store(format == LogFormat::Json, Ordering::Relaxed);
    let default_hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let text = panic.to_string();
        if LACK_OF_MEMORY.iter().any(|words| text.contains(words)) {
            // A library that asks for memory in its own way found none: no bug, and no reason to unwind.
            end_for_lack_of_memory();
        }
        let request = format!(
            "This is a bug in alkaline {VERSION}. Please report it with the command line and the lines above."
        );
        if format == LogFormat::Json {
            let _ = write(&mut io::stderr().lock(), format, "bug", &text, std::slice::from_ref(&request));
        } else {
            default_hook(panic);
            let _ = writeln!(io::stderr().lock(), "{request}");
        }
    }));
}

/// Says, without asking for memory, that there is none.
pub fn write_out_of_memory(out: &mut dyn Write) -> io::Result<()> {
    let hint = "give the job more memory, or fewer threads (-j), each of which needs its share";
    if AS_JSON.load(Ordering::Relaxed) {
        writeln!(
            out,
            "{{\"level\":\"error\",\"kind\":\"machine\",\"message\":\"out of memory: the system refuses more\",\"hint\":\"{hint}\"}}"
        )
    } else {
        writeln!(out, "error: out of memory: the system refuses more\nhint: {hint}")
    }
}
