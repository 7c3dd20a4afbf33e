//! The directory of a run, opened: its receipts, its lock, and what is known of its files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alkaline_io::WriteError;
use alkaline_io::output::{MadeDirectories, make_directories};
use alkaline_io::results::table::read_json;

use super::fingerprint::{Fingerprint, Stamp};
use super::layout::RunDirectory;
use super::lock::{Holder, Lock, Wait};
use super::memory::Memory;
use super::occupant::{PlanHeader, check_place};
use super::receipt::{self, FileRecord, Receipt};
use crate::error::WorkflowError;

/// The directory of a run, opened.
pub struct Store {
    pub(super) directory: RunDirectory,
    receipts: Mutex<BTreeMap<String, Arc<Receipt>>>,
    /// Files whose checksums are known.
    memory: Mutex<Memory>,
    /// Held while the directory is changed; `None` for those who only look.
    _lock: Option<Lock>,
    /// Directories that were made for the run; those that are empty in the end go again.
    _made: Option<MadeDirectories>,
}

impl Store {
    /// Opens the run at `out` to change it, making it where there is none; what a killed program left half-done is completed.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when something that is no run lies there, or another program is at it;
    /// [`WorkflowError::Write`] when the place cannot be written.
    pub fn open(out: &Path, holder: &Holder, wait: &Wait<'_>, paranoid: bool) -> Result<Self, WorkflowError> {
        check_place(out)?;
        let directory = RunDirectory::new(out);
        let made = make_directories(&directory.own())
            .map_err(|source| WriteError { path: directory.own(), source })?;
        let lock = Lock::take(&directory.lock(), holder, wait)?;
        // Another program may have finished while this one waited.
        check_place(out)?;
        let mut store = Self::read(directory, Some(lock), paranoid)?;
        store._made = Some(made);
        store.recover()?;
        Ok(store)
    }

    /// Opens the run at `out` for one node: others may be at other nodes meanwhile.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_for_one(
        out: &Path,
        task: &str,
        holder: &Holder,
        wait: &Wait<'_>,
    ) -> Result<Self, WorkflowError> {
        check_place(out)?;
        let directory = RunDirectory::new(out);
        let lock = Lock::share(&directory.lock(), &directory.lock_of(task), holder, wait)?;
        let store = Self::read(directory, Some(lock), false)?;
        store.recover_one(task)?;
        Ok(store)
    }

    /// Looks at the run at `out`, and changes nothing.
    ///
    /// # Errors
    /// As [`Store::open`], without its lock.
    pub fn look(out: &Path, paranoid: bool) -> Result<Self, WorkflowError> {
        check_place(out)?;
        Self::read(RunDirectory::new(out), None, paranoid)
    }

    fn read(directory: RunDirectory, lock: Option<Lock>, paranoid: bool) -> Result<Self, WorkflowError> {
        let receipts = receipt::read_all(&directory)?;
        let known = receipts.values().map(AsRef::as_ref);
        let memory = if paranoid { Memory::default() } else { Memory::of(known, directory.root()) };
        Ok(Self {
            directory,
            receipts: Mutex::new(receipts),
            memory: Mutex::new(memory),
            _lock: lock,
            _made: None,
        })
    }

    /// Where the run lies.
    pub fn directory(&self) -> &RunDirectory {
        &self.directory
    }

    /// The receipt of the node of this name, whether or not it still holds.
    pub fn receipt(&self, task: &str) -> Option<Arc<Receipt>> {
        self.receipts().get(task).cloned()
    }

    /// All receipts, by the names of their nodes.
    pub fn all_receipts(&self) -> BTreeMap<String, Arc<Receipt>> {
        self.receipts().clone()
    }

    /// Checksum and size of the file at `path`, computed unless it is known and the file is as it was.
    ///
    /// # Errors
    /// [`WorkflowError::Read`] when it cannot be read.
    pub fn fingerprint(&self, path: &Path) -> Result<Fingerprint, WorkflowError> {
        let stamp = Stamp::of(path)?;
        if let Some(known) = self.memory().get(path, &stamp) {
            return Ok(known);
        }
        let made = Fingerprint::of(path)?;
        self.memory().keep(path, made.clone());
        Ok(made)
    }

    /// From now on the checksum of `file` is known, as long as its stamp stays.
    pub fn remember(&self, file: &FileRecord) {
        self.memory().keep(&file.path, file.fingerprint());
    }

    /// From now on the checksums are known that `looked` read: whoever looked first reads nothing twice.
    pub fn remember_all(&self, looked: Self) {
        let read = looked.memory.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.memory().keep_all(read);
    }

    /// What is wrong with the outputs that `receipt` lists: the first that is gone or not as it was.
    pub fn damage(&self, receipt: &Receipt) -> Option<Damage> {
        receipt.outputs.iter().find_map(|output| {
            let path = self.directory.root().join(&output.path);
            match self.fingerprint(&path) {
                Err(_) => Some(Damage::Gone(output.path.clone())),
                Ok(now) if now.blake3 != output.blake3 => Some(Damage::Changed(output.path.clone())),
                Ok(_) => None,
            }
        })
    }

    pub(super) fn receipts(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Receipt>>> {
        self.receipts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why an output does not hold any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It is not there.
    Gone(PathBuf),
    /// Somebody changed it.
    Changed(PathBuf),
}

impl std::fmt::Display for Damage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gone(path) => write!(out, "its output {} is gone", path.display()),
            Self::Changed(path) => write!(out, "its output {} was changed", path.display()),
        }
    }
}

/// What a run is to be, as it is written down before anything is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned<T> {
    /// What was asked.
    pub spec: T,
    /// The day that the record tells.
    pub date: String,
    /// What reads are counted on: decided once, so that nobody has to look at the alignments again.
    pub annotation: Option<String>,
}

/// The plan that lies in a run, as it was written.
///
/// # Errors
/// [`WorkflowError`] when there is none, or it cannot be read.
pub fn read_spec<T: serde::de::DeserializeOwned>(
    directory: &RunDirectory,
) -> Result<Planned<T>, WorkflowError> {
    check_place(directory.root())?;
    if !directory.plan().is_file() {
        return Err(WorkflowError::design_with_hint(
            format!("{} holds no run of alkaline", directory.root().display()),
            "name the directory that was given to `alkaline run --out`",
        ));
    }
    let PlanHeader { spec, date, annotation, .. } = read_json(&directory.plan())?;
    Ok(Planned { spec, date, annotation })
}
