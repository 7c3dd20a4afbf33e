//! One program at a time changes a run: a lock of the kernel, which ends with its holder, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use alkaline_io::WriteError;
use serde::{Deserialize, Serialize};

use super::files::{in_context, make_directory};
use crate::error::WorkflowError;

/// How often a waiting program looks whether it is its turn.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// Who works on a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// The machine.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// Which boot of the machine, where the system tells.
    pub boot: String,
    /// The job of a cluster, where it is one.
    pub job: Option<String>,
    /// Since when (RFC 3339, UTC).
    pub since: String,
}

impl Holder {
    /// This process; `job` as the cluster calls it.
    pub fn this_process(job: Option<String>) -> Self {
        let kernel = |name: &str| {
            let text = std::fs::read_to_string(Path::new("/proc/sys/kernel").join(name)).unwrap_or_default();
            text.trim().to_owned()
        };
        Self {
            host: kernel("hostname"),
            pid: std::process::id(),
            boot: kernel("random/boot_id"),
            job,
            since: crate::clock::now(),
        }
    }

    /// "process 4711 on node7 (job 12), since 2026-11-30T21:00:00Z".
    pub fn in_words(&self) -> String {
        let job = self.job.as_ref().map_or_else(String::new, |job| format!(" (job {job})"));
        format!("process {} on {}{job}, since {}", self.pid, self.host, self.since)
    }
}

/// What to do when somebody else holds the run.
pub enum Wait<'a> {
    /// Say who it is, and end.
    No,
    /// Say who it is, and wait.
    Yes(&'a dyn Fn(&str)),
}

/// The lock, held until it is dropped.
pub(super) struct Lock {
    _files: Vec<File>,
}

/// Takes a lock of a file, if nobody has it.
type Take = fn(&File) -> Result<(), TryLockError>;

impl Lock {
    /// Takes the lock at `path` for `holder`: nobody else works on the run.
    pub(super) fn take(path: &Path, holder: &Holder, wait: &Wait<'_>) -> Result<Self, WorkflowError> {
        let mut file = locked(path, File::try_lock, wait)?;
        write_holder(&mut file, holder).map_err(in_context(path))?;
        Ok(Self { _files: vec![file] })
    }

    /// Takes a share of the lock at `path`, and the whole lock at `own`: others may work on other parts of the run.
    pub(super) fn share(
        path: &Path,
        own: &Path,
        holder: &Holder,
        wait: &Wait<'_>,
    ) -> Result<Self, WorkflowError> {
        let shared = locked(path, File::try_lock_shared, wait)?;
        if let Some(folder) = own.parent() {
            make_directory(folder)?;
        }
        let mut file = locked(own, File::try_lock, wait)?;
        write_holder(&mut file, holder).map_err(in_context(own))?;
        Ok(Self { _files: vec![shared, file] })
    }
}

/// The file at `path`, once `take` has its lock.
fn locked(path: &Path, take: Take, wait: &Wait<'_>) -> Result<File, WorkflowError> {
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    let mut file = open.map_err(in_context(path))?;
    let mut told = false;
    loop {
        match take(&file) {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(source)) => {
                return Err(WriteError { path: path.to_owned(), source }.into());
            }
        }
        let other = told_holder(&mut file);
        match wait {
            Wait::No => return Err(held(path, other.as_ref())),
            Wait::Yes(tell) if !told => tell(&format!("waiting for {}", words(other.as_ref()))),
            Wait::Yes(_) => {}
        }
        told = true;
        std::thread::sleep(BETWEEN_LOOKS);
    }
}

fn write_holder(file: &mut File, holder: &Holder) -> std::io::Result<()> {
    let text = serde_json::to_string(holder).unwrap_or_default();
    file.seek(SeekFrom::Start(0))?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())
}

/// Who says that he holds the lock.
fn told_holder(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

fn words(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "another program".to_owned(), Holder::in_words)
}

fn held(path: &Path, holder: Option<&Holder>) -> WorkflowError {
    let run = path.parent().and_then(Path::parent).unwrap_or(path);
    WorkflowError::Held { path: run.to_owned(), holder: words(holder) }
}

/// Who holds the lock at `path` now, if somebody does.
pub fn holder(path: &Path) -> Option<Holder> {
    // Who may only read the run may know too; a share of the lock is enough to see that somebody has the whole.
    let mut file = File::open(path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(told_holder(&mut file).unwrap_or_default()),
        _ => None,
    }
}
