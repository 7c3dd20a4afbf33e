//! The directory of a run, opened: its receipts, its lock, and the changes that are made to it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use alkaline_io::WriteError;
use alkaline_io::output::{MadeDirectories, make_directories};
use alkaline_io::results::table::{read_json, write_json};

use super::exchange::{self, Exchange};
use super::files;
use super::fingerprint::{Fingerprint, Stamp};
use super::layout::RunDirectory;
use super::lock::{Holder, Lock, Wait};
use super::memory::Memory;
use super::occupant::{PlanHeader, check_place};
use super::receipt::{self, FileRecord, Receipt, SCHEMA};
use crate::error::WorkflowError;

/// The directory of a run, opened.
pub struct Store {
    directory: RunDirectory,
    receipts: Mutex<BTreeMap<String, Receipt>>,
    /// Files whose checksums are known.
    memory: Mutex<Memory>,
    /// Held while the directory is changed; `None` for those who only look.
    lock: Option<Lock>,
    /// Directories that were made for the run; those that are empty in the end go again.
    _made: Option<MadeDirectories>,
}

/// A place for the files of one node, until they take their place in the run.
pub struct Staged {
    directory: RunDirectory,
    _entry: alkaline_core::unfinished::Unfinished,
}

impl Staged {
    /// The place, laid out as the run is.
    pub fn directory(&self) -> &RunDirectory {
        &self.directory
    }
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
        let place = store.directory.staged(task);
        if let Ok(receipt) = read_json::<Receipt>(&exchange::pending(&place)) {
            store.exchange(place, receipt)?;
        }
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
        let memory =
            if paranoid { Memory::default() } else { Memory::of(receipts.values(), directory.root()) };
        Ok(Self { directory, receipts: Mutex::new(receipts), memory: Mutex::new(memory), lock, _made: None })
    }

    /// Where the run lies.
    pub fn directory(&self) -> &RunDirectory {
        &self.directory
    }

    /// The receipt of the node of this name, whether or not it still holds.
    pub fn receipt(&self, task: &str) -> Option<Receipt> {
        self.receipts().get(task).cloned()
    }

    /// All receipts, by the names of their nodes.
    pub fn all_receipts(&self) -> BTreeMap<String, Receipt> {
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

    /// An empty place for the files of the node called `task`.
    ///
    /// # Errors
    /// [`WriteError`] when it cannot be made.
    pub fn stage(&self, task: &str) -> Result<Staged, WriteError> {
        use alkaline_core::unfinished::{Kind, begin};
        let place = self.directory.staged(task);
        files::remove_tree(&place)?;
        let make = || files::make_directory(&place).map(|()| place.clone());
        let (place, entry) = begin(Kind::Tree, make, PathBuf::as_path)?;
        Ok(Staged { directory: RunDirectory::new(place), _entry: entry })
    }

    /// Gives the staged files their places, and writes `receipt`, which lists them, last.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when a file that is not of the run is in the way, [`WorkflowError::Write`] when the file
    /// system refuses: the next command tries again.
    pub fn commit(&self, staged: Staged, receipt: Receipt) -> Result<(), WorkflowError> {
        write_json(&exchange::pending(staged.directory().root()), &receipt)?;
        files::sync_tree(staged.directory().root())?;
        self.exchange(staged.directory().root().to_owned(), receipt)
    }

    /// Completes the exchanges that a killed program left half-done, and clears away what it left unfinished.
    fn recover(&self) -> Result<(), WorkflowError> {
        for place in exchange::places(&self.directory) {
            match read_json::<Receipt>(&exchange::pending(&place)) {
                Ok(receipt) => self.exchange(place, receipt)?,
                Err(_) => files::remove_tree(&place)?,
            }
        }
        Ok(())
    }

    /// Moves what is staged into place.
    fn exchange(&self, staged: PathBuf, receipt: Receipt) -> Result<(), WorkflowError> {
        let owned = self.owned();
        let exchange = Exchange {
            run: &self.directory,
            staged: &staged,
            old: self.receipt(&receipt.task),
            new: &receipt,
        };
        exchange.refuse_strangers(&owned)?;
        alkaline_core::unfinished::undisturbed(|| exchange.carry_out())?;
        let mut memory = self.memory();
        for output in &receipt.outputs {
            let path = self.directory.root().join(&output.path);
            if let Ok(stamp) = Stamp::of(&path) {
                let (bytes, blake3) = (output.bytes, output.blake3.clone());
                memory.keep(&path, Fingerprint { bytes, blake3, stamp });
            }
        }
        drop(memory);
        files::remove_file(&self.directory.failure(&receipt.task), &self.directory.own())?;
        self.receipts().insert(receipt.task.clone(), receipt);
        Ok(())
    }

    /// Writes down why the node called `task` failed. Where even that cannot be written, the message on the terminal remains.
    pub fn note_failure(&self, task: &str, why: &str) {
        let path = self.directory.failure(task);
        let _ = alkaline_io::file::write_atomically(&path, |out| out.write_all(why.as_bytes()));
    }

    /// Why the node called `task` failed when it was last tried, if it did.
    pub fn failure(&self, task: &str) -> Option<String> {
        std::fs::read_to_string(self.directory.failure(task)).ok()
    }

    /// The files of the run, with the node that left each.
    fn owned(&self) -> HashMap<PathBuf, String> {
        let receipts = self.receipts();
        let of = |receipt: &Receipt| {
            let task = receipt.task.clone();
            receipt.outputs.iter().map(move |output| (output.path.clone(), task.clone())).collect::<Vec<_>>()
        };
        receipts.values().flat_map(of).collect()
    }

    /// Writes down what the run is to be, and that it is not complete.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn begin<T: serde::Serialize>(&self, version: &str, planned: Planned<T>) -> Result<(), WriteError> {
        let Planned { spec, date, annotation } = planned;
        let header = PlanHeader { schema: SCHEMA, version: version.to_owned(), date, annotation, spec };
        write_json(&self.directory.plan(), &header)
    }

    /// The day on which the same was first asked for.
    pub fn begun<T: serde::Serialize>(&self, spec: &T) -> Option<String> {
        let header: PlanHeader<serde_json::Value> = read_json(&self.directory.plan()).ok()?;
        (serde_json::to_value(spec).ok()? == header.spec).then_some(header.date)
    }

    /// Whether the records of a complete run lie there.
    pub fn is_complete(&self) -> bool {
        self.directory.manifest().is_file() && self.directory.ro_crate().is_file()
    }

    /// Clears away what was written of a run of which nothing that took its time is done; says whether it did.
    pub fn leave_nothing_if_nothing_is_done(&self) -> bool {
        // A table that was taken over, and values made of it, are no work.
        let is_work = |task: &String| task != "table" && task != "normalize";
        if self.receipts().keys().any(is_work) {
            return false;
        }
        // Nothing that is worth a second error.
        for path in self.owned().keys() {
            let _ = files::remove_file(&self.directory.root().join(path), self.directory.root());
        }
        let _ = files::remove_tree(&self.directory.own());
        true
    }

    /// From now on the run is not complete: its record is moved aside.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn reopen(&self) -> Result<(), WriteError> {
        // Nodes that begin at the same time do not move it twice.
        let _turn = self.receipts();
        let (from, to) = (self.directory.manifest(), self.directory.previous().join("run.json"));
        if !from.exists() {
            return Ok(());
        }
        files::make_directory(&self.directory.previous())?;
        files::rename(&from, &to)
    }

    /// Completes the run: files that no node of `tasks` leaves go, the record is written, what it replaced is deleted.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn complete<T: serde::Serialize>(
        &self,
        tasks: &HashSet<String>,
        manifest: &T,
        ro_crate: &serde_json::Value,
    ) -> Result<Vec<PathBuf>, WriteError> {
        let kept = self.remove_others(tasks)?;
        write_json(&self.directory.ro_crate(), ro_crate)?;
        write_json(&self.directory.manifest(), manifest)?;
        files::remove_tree(&self.directory.previous())?;
        files::remove_tree(&self.directory.all_staged())?;
        Ok(kept)
    }

    /// Removes the receipts of nodes that are not among `tasks`, and their files; gives those that somebody changed, which stay.
    fn remove_others(&self, tasks: &HashSet<String>) -> Result<Vec<PathBuf>, WriteError> {
        let others: Vec<Receipt> =
            self.receipts().values().filter(|receipt| !tasks.contains(&receipt.task)).cloned().collect();
        let owned = self.owned();
        let mut kept = Vec::new();
        for receipt in others {
            for output in &receipt.outputs {
                if owned.get(&output.path).is_some_and(|owner| *owner != receipt.task) {
                    continue;
                }
                let path = self.directory.root().join(&output.path);
                match self.fingerprint(&path) {
                    Ok(now) if now.blake3 == output.blake3 => {
                        files::remove_file(&path, self.directory.root())?
                    }
                    Ok(_) => kept.push(output.path.clone()),
                    Err(_) => {}
                }
            }
            files::remove_file(&self.directory.receipt(&receipt.task), &self.directory.own())?;
            self.receipts().remove(&receipt.task);
        }
        Ok(kept)
    }

    fn receipts(&self) -> MutexGuard<'_, BTreeMap<String, Receipt>> {
        self.receipts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this program may change the run.
    pub fn is_locked(&self) -> bool {
        self.lock.is_some()
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
