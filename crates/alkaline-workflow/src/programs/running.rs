//! A program at work: in a process group of its own, which ends when we do, whichever way that is.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use alkaline_core::unfinished::{self, Unfinished};
use alkaline_io::WriteError;
use alkaline_io::output::kill_group;

use super::search::Program;
use crate::error::WorkflowError;
use crate::program_error::OURS;
use crate::program_error::{ProgramError, Trouble};

/// A program that was started. Dropped before it ended, it is ended.
#[derive(Debug)]
pub struct Running {
    program: &'static str,
    about: String,
    log: PathBuf,
    folder: PathBuf,
    child: Child,
    ended: bool,
    /// Goes last: whoever ends us finds the program until it is gone.
    _entry: Unfinished,
}

/// A command in the making.
pub struct Started<'a> {
    /// What the program is called in messages.
    pub name: &'static str,
    /// The program.
    pub program: &'a Program,
    /// What it works for (`sample S1`).
    pub about: String,
    /// Where what it says goes.
    pub log: &'a Path,
    /// The folder that it works in.
    pub folder: &'a Path,
    /// Its arguments.
    pub arguments: Vec<std::ffi::OsString>,
    /// Whether it is fed by us; else it reads nothing.
    pub fed: bool,
    /// Whether we read its output; else that goes to the log.
    pub read: bool,
}

impl Started<'_> {
    /// Starts the program; the log begins with its version and the command.
    ///
    /// # Errors
    /// [`WorkflowError::Write`] for the log, [`WorkflowError::Program`] when it cannot be started.
    pub fn start(self) -> Result<Running, WorkflowError> {
        let in_log = |source: io::Error| WriteError { path: self.log.to_owned(), source };
        let log = open_log(self.log, &self.head()).map_err(in_log)?;
        let mut command = Command::new(&self.program.path);
        command.args(&self.arguments).current_dir(self.folder);
        command.stdin(if self.fed { Stdio::piped() } else { Stdio::null() });
        command.stdout(if self.read { Stdio::piped() } else { log.try_clone().map_err(in_log)?.into() });
        command.stderr(log);
        bind_to_us(&mut command);
        let started = unfinished::begin_process(|| command.spawn(), Child::id);
        let (child, entry) = started.map_err(|error| {
            let trouble = Trouble::cannot_start(&self.program.path, &error);
            ProgramError::new(self.name, trouble).about(self.about.clone())
        })?;
        Ok(Running {
            program: self.name,
            about: self.about,
            log: self.log.to_owned(),
            folder: self.folder.to_owned(),
            child,
            ended: false,
            _entry: entry,
        })
    }

    fn head(&self) -> String {
        let words = self.arguments.iter().map(|word| shell_word(&word.to_string_lossy()));
        let command: Vec<String> =
            std::iter::once(self.program.path.display().to_string()).chain(words).collect();
        let Program { name, version, .. } = self.program;
        format!("{OURS}{name} {version}\n{OURS}$ {}\n", command.join(" "))
    }
}

impl Running {
    /// The program's input, once.
    pub fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// The program's output, once.
    pub fn output(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// The number of the program's process group.
    pub fn group(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the program ends.
    ///
    /// # Errors
    /// [`ProgramError`] when it failed.
    pub fn wait(&mut self) -> Result<(), ProgramError> {
        let status = self.child.wait();
        self.ended = true;
        // What it left behind, if anything, ends too.
        let _ = kill_group(self.group());
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(self.failure(Trouble::of_status(status))),
            Err(error) => Err(self.failure(Trouble::Wrong(format!("cannot be waited for: {error}")))),
        }
    }

    /// How the program ended, if it did.
    ///
    /// # Errors
    /// [`ProgramError`] when it failed.
    pub fn try_wait(&mut self) -> Result<bool, ProgramError> {
        match self.child.try_wait() {
            Ok(None) => Ok(false),
            Ok(Some(_)) | Err(_) => self.wait().map(|()| true),
        }
    }

    /// Ends the program at once.
    pub fn kill(&mut self) {
        if !self.ended {
            let _ = kill_group(self.group());
            let _ = self.child.kill();
            let _ = self.child.wait();
            self.ended = true;
        }
    }

    /// A failure of this program, with what it said last.
    pub fn failure(&self, trouble: Trouble) -> ProgramError {
        let error = ProgramError::new(self.program, trouble).about(self.about.clone());
        error.with_log(&self.log).with_room(free_room(&self.folder))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Bytes that are free where `folder` lies, as far as the system tells.
fn free_room(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let found = rustix::fs::statvfs(folder).ok()?;
        Some(found.f_bavail.saturating_mul(found.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

fn open_log(path: &Path, head: &str) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Two programs may write to one log, side by side.
    let mut log = OpenOptions::new().create(true).append(true).open(path)?;
    log.write_all(head.as_bytes())?;
    Ok(log)
}

/// An argument as a shell reads it.
pub(crate) fn shell_word(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,+%@".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Makes the program the leader of a group of its own, which is ended when we are interrupted; where the system offers it,
/// it also ends when we are killed.
#[cfg(unix)]
fn bind_to_us(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        let bind = || Ok(set_parent_process_death_signal(Some(Signal::KILL))?);
        // SAFETY: between fork and exec only one system call is made, without memory or locks.
        #[expect(
            unsafe_code,
            reason = "what a new process does before it becomes the other program cannot be said otherwise"
        )]
        unsafe {
            command.pre_exec(bind);
        }
    }
}

#[cfg(not(unix))]
fn bind_to_us(_command: &mut Command) {}

#[cfg(all(test, unix))]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn shell(place: &Path, script: &str) -> Started<'static> {
        let program: &'static Program =
            Box::leak(Box::new(Program { name: "sh".into(), path: "/bin/sh".into(), version: "1.0".into() }));
        let place: &'static Path = Box::leak(place.to_owned().into_boxed_path());
        let log: &'static Path = Box::leak(place.join("logs/sh.log").into_boxed_path());
        Started {
            name: "sh",
            program,
            about: "sample S1".into(),
            log,
            folder: place,
            arguments: vec!["-c".into(), script.into()],
            fed: false,
            read: false,
        }
    }

    fn is_alive(id: &str) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let state = status.rsplit(") ").next().and_then(|rest| rest.chars().next());
        state.is_some_and(|state| state != 'Z')
    }

    #[test]
    fn exit_code_signal_and_last_words_are_told() {
        let place = tempfile::tempdir().unwrap();
        let fails = |script: &str| {
            let mut running = shell(place.path(), script).start().unwrap();
            running.wait().unwrap_err().to_string()
        };
        let message = fails("echo 'it is broken' >&2; exit 7");
        assert!(
            message.contains("sample S1: sh failed (exit code 7)") && message.ends_with("| it is broken"),
            "{message}"
        );
        assert!(fails("kill -SEGV $$").contains("signal 11, segmentation fault"));
        let log = std::fs::read_to_string(place.path().join("logs/sh.log")).unwrap();
        assert!(
            log.starts_with(
                "[alkaline] sh 1.0\n[alkaline] $ /bin/sh -c 'echo '\\''it is broken'\\'' >&2; exit 7'\n"
            ),
            "{log}"
        );
        shell(place.path(), "exit 0").start().unwrap().wait().unwrap();
    }

    #[test]
    fn a_program_that_is_dropped_ends_with_all_that_it_started() {
        let place = tempfile::tempdir().unwrap();
        let running = shell(place.path(), "sleep 600 & echo $! > child; wait").start().unwrap();
        let file = place.path().join("child");
        let begun = Instant::now();
        let child = loop {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            if text.ends_with('\n') {
                break text.trim().to_owned();
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "it never started");
            std::thread::sleep(Duration::from_millis(5));
        };
        assert!(is_alive(&child));
        drop(running);
        while is_alive(&child) {
            assert!(begun.elapsed() < Duration::from_secs(60), "the child of the program survives");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_program_that_cannot_be_started_is_told() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("tool");
        std::fs::write(&file, "#!/no/such/interpreter\n").unwrap();
        let program = Program { name: "tool".into(), path: file.clone(), version: "1.0".into() };
        let started = Started { program: &program, ..shell(place.path(), "") }.start();
        let message = started.unwrap_err().to_string();
        assert!(message.contains("sh cannot be started") && message.contains("tool"), "{message}");
    }
}
