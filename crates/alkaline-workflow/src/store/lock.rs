//! One program at a time changes a run: a lock of the kernel, which ends with its holder, however that ends.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use alkaline_io::WriteError;
use serde::{Deserialize, Serialize};

use super::files::{in_context, make_directory};
use super::layout::{LOCKS_OF_NODES, OWN};
use crate::error::WorkflowError;

/// How long a program waits before it looks again whether it is its turn.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// How often somebody looks who does not want to wait: `alkaline status` has the lock for a moment.
const LOOKS: usize = 4;

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
        let mut file = locked(own, File::try_lock, wait)?;
        write_holder(&mut file, holder).map_err(in_context(own))?;
        Ok(Self { _files: vec![shared, file] })
    }
}

/// The file at `path`, once `take` has its lock.
fn locked(path: &Path, take: Take, wait: &Wait<'_>) -> Result<File, WorkflowError> {
    let mut looks = 0;
    loop {
        let file = opened(path)?;
        match take(&file) {
            // Whoever had it may have cleared the run away meanwhile: then it is the lock of nothing.
            Ok(()) if lies_at(&file, path) => return Ok(file),
            Ok(()) => continue,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(source)) => {
                return Err(WorkflowError::NoLocks { path: run_of(path), source });
            }
        }
        looks += 1;
        match wait {
            Wait::No if looks >= LOOKS => return Err(held(path)),
            Wait::Yes(tell) if looks == 1 => tell(&format!("waiting for {}", words(holder(path).as_ref()))),
            Wait::No | Wait::Yes(_) => {}
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
}

/// The lock's file, made where it is missing.
fn opened(path: &Path) -> Result<File, WriteError> {
    if let Some(folder) = path.parent() {
        make_directory(folder)?;
    }
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    open.map_err(in_context(path))
}

/// Whether the open file is the one that lies at `path`.
fn lies_at(file: &File, path: &Path) -> bool {
    let of = |metadata: &Metadata| (metadata.dev(), metadata.ino());
    matches!((file.metadata(), path.metadata()), (Ok(open), Ok(there)) if of(&open) == of(&there))
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
    let known = holder.filter(|holder| holder.pid != 0);
    known.map_or_else(|| "another program".to_owned(), Holder::in_words)
}

fn held(path: &Path) -> WorkflowError {
    WorkflowError::Held { path: run_of(path), holder: words(holder(path).as_ref()) }
}

/// The directory of the run that a lock belongs to.
fn run_of(path: &Path) -> PathBuf {
    let own = path.ancestors().find(|folder| folder.ends_with(OWN));
    own.and_then(Path::parent).unwrap_or(path).to_owned()
}

/// Who has the whole lock at `path` now, if somebody does.
///
/// Looking takes a share of the lock for a moment, which those who want it whole outlast.
pub fn sole_holder(path: &Path) -> Option<Holder> {
    let mut file = File::open(path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(told_holder(&mut file).unwrap_or_default()),
        _ => None,
    }
}

/// Who has the lock at `path` now, whole or a share of it, which is told in the locks of the nodes.
pub fn holder(path: &Path) -> Option<Holder> {
    sole_holder(path).or_else(|| {
        let nodes = std::fs::read_dir(path.with_file_name(LOCKS_OF_NODES)).ok()?;
        nodes.filter_map(|entry| sole_holder(&entry.ok()?.path())).next()
    })
}
