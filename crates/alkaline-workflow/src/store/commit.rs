//! What a node leaves waits in a place of its own until it takes its place in the run, with its receipt.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_io::WriteError;
use alkaline_io::results::table::{read_json, write_json};
use serde::Deserialize;

use super::exchange::{self, Exchange};
use super::files;
use super::fingerprint::{Fingerprint, Stamp};
use super::layout::RunDirectory;
use super::open::Store;
use super::receipt::{FileRecord, Receipt};
use crate::error::WorkflowError;

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
    pub fn commit(&self, staged: Staged, receipt: Receipt) -> Result<Arc<Receipt>, WorkflowError> {
        files::sync_tree(staged.directory().root())?;
        let pending = exchange::pending(staged.directory().root());
        write_json(&pending, &receipt)?;
        files::sync(&pending)?;
        files::sync(staged.directory().root())?;
        self.exchange(staged.directory().root().to_owned(), receipt)
    }

    /// Completes the exchanges that a killed program left half-done, and clears away what it left unfinished.
    pub(super) fn recover(&self) -> Result<(), WorkflowError> {
        for place in exchange::places(&self.directory) {
            match read_json::<Receipt>(&exchange::pending(&place)) {
                Ok(receipt) => drop(self.exchange(place, receipt)?),
                Err(_) => files::remove_tree(&place)?,
            }
        }
        Ok(())
    }

    /// As [`recover`](Self::recover), for the node called `task`: others may be at work.
    pub(super) fn recover_one(&self, task: &str) -> Result<(), WorkflowError> {
        let place = self.directory.staged(task);
        match read_json::<Receipt>(&exchange::pending(&place)) {
            Ok(receipt) => self.exchange(place, receipt).map(drop),
            Err(_) => Ok(()),
        }
    }

    /// Moves what is staged into place.
    fn exchange(&self, staged: PathBuf, receipt: Receipt) -> Result<Arc<Receipt>, WorkflowError> {
        let old = self.receipt(&receipt.task);
        let exchange = Exchange { run: &self.directory, staged: &staged, old: old.as_deref(), new: &receipt };
        exchange.refuse_strangers(&|output| self.is_of_the_run(output))?;
        let is_anothers = |path: &Path| self.is_left_by(path, |task| task != receipt.task);
        alkaline_core::unfinished::undisturbed(|| exchange.carry_out(&is_anothers))?;
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
        let receipt = Arc::new(receipt);
        self.receipts().insert(receipt.task.clone(), Arc::clone(&receipt));
        Ok(receipt)
    }

    /// Whether the file that lies at the place of `output` is one that a run left here, or the same as `output`.
    fn is_of_the_run(&self, output: &FileRecord) -> bool {
        self.is_left_by(&output.path, |_| true) || {
            // Receipts may be lost; what a run recorded or would leave again is no stranger's.
            let there = Fingerprint::of(&self.directory.root().join(&output.path));
            there.is_ok_and(|there| there.blake3 == output.blake3 || self.is_recorded(output, &there))
        }
    }

    /// Whether a receipt of a node of which `is_meant` holds lists the file at `path`.
    fn is_left_by(&self, path: &Path, is_meant: impl Fn(&str) -> bool) -> bool {
        let receipts = self.receipts();
        let mut meant = receipts.values().filter(|receipt| is_meant(&receipt.task));
        meant.any(|receipt| receipt.outputs.iter().any(|output| output.path == *path))
    }

    /// Whether the record of a complete run lists the file as it lies `there`.
    fn is_recorded(&self, output: &FileRecord, there: &Fingerprint) -> bool {
        let records = [self.directory.manifest(), self.directory.former_manifest()];
        let records = records.iter().filter_map(|path| read_json::<Record>(path).ok());
        records
            .flat_map(|record| record.outputs)
            .any(|recorded| recorded.path == output.path && recorded.blake3 == there.blake3)
    }

    /// Writes down why the node called `task` failed, and clears away what it left unfinished.
    pub fn note_failure(&self, task: &str, why: &str) {
        let (place, path) = (self.directory.staged(task), self.directory.failure(task));
        let way = place.join(".failure.txt");
        // Where even that cannot be written, the message on the terminal remains.
        let _ = alkaline_io::file::write_atomically(&way, |out| out.write_all(why.as_bytes()))
            .and_then(|()| files::make_directory(&self.directory.failures()))
            .and_then(|()| files::rename(&way, &path));
        if !exchange::pending(&place).exists() {
            let _ = files::remove_tree(&place);
        }
    }

    /// Why the node called `task` failed when it was last tried, if it did.
    pub fn failure(&self, task: &str) -> Option<String> {
        std::fs::read_to_string(self.directory.failure(task)).ok()
    }
}

/// The part of a run's record that lists its files.
#[derive(Deserialize)]
struct Record {
    outputs: Vec<FileRecord>,
}
