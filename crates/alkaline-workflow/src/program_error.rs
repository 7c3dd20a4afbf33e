//! How other programs fail, in words.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitStatus;

/// Lines of a log that a message repeats.
const LINES_SHOWN: usize = 8;

/// How lines of a log begin that are ours rather than the program's.
pub(crate) const OURS: &str = "[alkaline] ";

/// Longest line of a log that a message repeats, in characters.
const LONGEST_LINE: usize = 240;

/// Words by which programs say that there was not enough memory.
const LACK_OF_MEMORY: [&str; 5] =
    ["bad_alloc", "annot allocate memory", "ut of memory", "ould not allocate", "not enough memory"];

/// Words by which programs say that the disk is full, or their share of it.
const LACK_OF_ROOM: [&str; 3] = ["No space left on device", "Disk quota exceeded", "disk full"];

/// Bytes below which a disk counts as full: programs write in larger pieces.
const LITTLE_ROOM: u64 = 1 << 20;

/// Signals that say more than their number.
const SIGNALS: [(i32, &str); 9] = [
    (1, "hangup"),
    (2, "interrupted"),
    (6, "aborted"),
    (7, "bus error"),
    (9, "killed"),
    (11, "segmentation fault"),
    (13, "nobody read its output"),
    (15, "asked to end"),
    (25, "a file grew beyond the allowed size"),
];

/// The signal that systems end programs with that take too much memory.
const KILLED: i32 = 9;

/// A program that did not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramError {
    program: &'static str,
    trouble: Trouble,
    /// What it was busy with (`sample S1`).
    about: Option<Box<str>>,
    log: Option<Box<Path>>,
    tail: Vec<String>,
    /// Whether the disk that it wrote to was full when it ended.
    no_room: bool,
}

/// What happened to a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is not there.
    Missing,
    /// It is there, but the system does not start it.
    CannotStart(String),
    /// It ended with this code.
    Exit(i32),
    /// It was ended by this signal.
    Signal(i32),
    /// It says that it succeeded, and did not.
    Wrong(String),
}

impl Trouble {
    /// The system refused to start the program at `path`.
    pub fn cannot_start(path: &Path, error: &io::Error) -> Self {
        Self::CannotStart(format!("{}: {error}", path.display()))
    }

    /// How a program ended that failed.
    pub fn of_status(status: ExitStatus) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt;
            if let Some(signal) = status.signal() {
                return Self::Signal(signal);
            }
        }
        Self::Exit(status.code().unwrap_or(-1))
    }
}

impl ProgramError {
    /// A failure of `program`.
    pub fn new(program: &'static str, trouble: Trouble) -> Self {
        Self { program, trouble, about: None, log: None, tail: Vec::new(), no_room: false }
    }

    /// The same failure, with what the program was busy with.
    #[must_use]
    pub fn about(mut self, what: impl Into<String>) -> Self {
        self.about = Some(what.into().into_boxed_str());
        self
    }

    /// The same failure, with the last lines that the program printed, which its log at `log` holds.
    #[must_use]
    pub fn with_log(mut self, log: &Path) -> Self {
        let bytes = std::fs::read(log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        // A progress line is written over itself.
        self.tail = text.split(['\n', '\r']).map(str::to_owned).collect();
        self.log = Some(log.into());
        self
    }

    /// The same failure, whose log was moved, or is gone.
    #[must_use]
    pub fn with_log_moved(mut self, place: Option<&Path>) -> Self {
        self.log = self.log.and(place.map(Into::into));
        self
    }

    /// The same failure, with the bytes that were free where the program wrote.
    #[must_use]
    pub fn with_room(mut self, free: Option<u64>) -> Self {
        self.no_room = free.is_some_and(|free| free < LITTLE_ROOM);
        self
    }

    /// The same failure, with what the program printed.
    #[must_use]
    pub fn with_tail(mut self, lines: Vec<String>) -> Self {
        self.tail = lines;
        self
    }

    /// Whether the program, or what it was given, is at fault, rather than the machine.
    pub fn is_bad_input(&self) -> bool {
        matches!(self.trouble, Trouble::Exit(_) | Trouble::Wrong(_))
            && !self.says(&LACK_OF_MEMORY)
            && !self.lacks_room()
    }

    /// Whether the disk is full, by what the program says (fastp says nothing, HISAT2's builder crashes) or by what was free.
    fn lacks_room(&self) -> bool {
        self.no_room || self.says(&LACK_OF_ROOM)
    }

    fn says(&self, words: &[&str]) -> bool {
        self.tail.iter().any(|line| words.iter().any(|word| line.contains(word)))
    }

    /// The last lines that the program printed, those of our own and empty ones aside.
    fn last_lines(&self) -> Vec<String> {
        let lines: Vec<&str> =
            self.tail.iter().map(|line| line.trim_end()).filter(|line| is_theirs(line)).collect();
        let shown = &lines[lines.len().saturating_sub(LINES_SHOWN)..];
        shown.iter().map(|line| line.chars().take(LONGEST_LINE).collect()).collect()
    }

    /// What to do next, where something helps.
    pub fn hint(&self) -> Option<String> {
        if self.lacks_room() {
            return Some("make room on the disk, and run the same command again".to_owned());
        }
        let program = self.program;
        match &self.trouble {
            Trouble::Missing => Some(format!("install it: {}", how_to_install(program))),
            Trouble::CannotStart(_) => Some(format!("install it again: {}", how_to_install(program))),
            Trouble::Signal(KILLED) => Some(more_memory(program)),
            _ if self.says(&LACK_OF_MEMORY) => Some(more_memory(program)),
            Trouble::Signal(25) => {
                Some("raise the limit of the file size (`ulimit -f unlimited`)".to_owned())
            }
            _ => self.log.as_ref().map(|log| format!("everything that it said is in {}", log.display())),
        }
    }
}

impl fmt::Display for ProgramError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(about) = &self.about {
            write!(out, "{about}: ")?;
        }
        let program = self.program;
        match &self.trouble {
            Trouble::Missing => {
                write!(out, "{program} is not installed: none of the folders of PATH has it")?
            }
            Trouble::CannotStart(why) => write!(out, "{program} cannot be started: {why}")?,
            Trouble::Exit(code) => write!(out, "{program} failed (exit code {code})")?,
            Trouble::Signal(signal) => {
                let name = SIGNALS.iter().find(|(number, _)| number == signal).map_or("", |(_, name)| name);
                let comma = if name.is_empty() { "" } else { ", " };
                write!(out, "{program} was ended by signal {signal}{comma}{name}")?;
                if *signal == KILLED {
                    write!(out, ": by somebody, or by the system for lack of memory")?;
                }
            }
            Trouble::Wrong(what) => write!(out, "{program} {what}")?,
        }
        if self.says(&LACK_OF_MEMORY) {
            write!(out, ", for lack of memory")?;
        } else if self.lacks_room() {
            write!(out, ", because the disk is full")?;
        }
        let lines = self.last_lines();
        if !lines.is_empty() {
            write!(out, "; the last that it said:")?;
        }
        lines.iter().try_for_each(|line| write!(out, "\n  | {line}"))
    }
}

impl std::error::Error for ProgramError {}

/// Whether a line is the program's, and says something.
fn is_theirs(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with(OURS)
}

/// The package that holds a program, in Debian and in Bioconda.
fn how_to_install(program: &str) -> String {
    if matches!(program, "sbatch" | "squeue" | "scontrol" | "scancel" | "sacct" | "sinfo") {
        return "it is part of Slurm; work on a machine from which jobs are submitted".to_owned();
    }
    let package = match program {
        name if name.starts_with("hisat2") => "hisat2",
        name => name,
    };
    format!(
        "`apt install {package}`, or `conda install -c bioconda {package}`; on a cluster often `module load {package}`"
    )
}

fn more_memory(program: &str) -> String {
    let need = match program {
        "hisat2-build" => {
            "; an index of the human genome takes about 8 GB, one that holds its transcripts about 200 GB"
        }
        "hisat2" => "; aligning to the human genome takes about 8 GB",
        "samtools" => "; sorting takes 768 MB a thread",
        _ => "",
    };
    format!("give the job more memory{need}; the same command continues")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_the_last_lines_and_where_the_rest_is() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let text: String = (0..20).map(|line| format!("line {line}\n")).collect();
        std::fs::write(log.path(), text + "10%\r20%\r\nERROR: nothing works\n\n").unwrap();
        let error = ProgramError::new("fastp", Trouble::Exit(255)).about("sample S1").with_log(log.path());
        let message = error.to_string();
        assert!(
            message.starts_with("sample S1: fastp failed (exit code 255); the last that it said:"),
            "{message}"
        );
        assert!(
            message.ends_with("  | 20%\n  | ERROR: nothing works") && !message.contains("line 10\n"),
            "{message}"
        );
        assert!(error.hint().unwrap().contains(&log.path().display().to_string()));
        assert!(error.is_bad_input());
    }

    #[test]
    fn lack_of_memory_and_of_room_are_the_machines_fault() {
        let said = |trouble: Trouble, line: &str| {
            ProgramError::new("hisat2", trouble).with_tail(vec![line.to_owned(), "Aborted".to_owned()])
        };
        let memory =
            said(Trouble::Signal(6), "terminate called after throwing an instance of 'std::bad_alloc'");
        assert!(memory.to_string().contains("signal 6, aborted, for lack of memory"), "{memory}");
        assert!(!memory.is_bad_input() && memory.hint().unwrap().contains("8 GB"));
        let room = said(Trouble::Exit(1), "[E::bgzf_close] No space left on device");
        assert!(!room.is_bad_input() && room.hint().unwrap().contains("make room"), "{room}");
        let silent = ProgramError::new("fastp", Trouble::Wrong("left no report".to_owned()));
        assert!(silent.is_bad_input() && silent.clone().with_room(Some(1 << 30)).is_bad_input());
        let silent = silent.with_room(Some(4096));
        assert!(
            !silent.is_bad_input() && silent.to_string().contains("left no report, because the disk is full"),
            "{silent}"
        );
        let killed = ProgramError::new("samtools", Trouble::Signal(9));
        assert!(killed.to_string().contains("signal 9, killed") && killed.hint().unwrap().contains("memory"));
    }
}
