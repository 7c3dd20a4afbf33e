//! The beginning and the end of a run as a whole: its plan, its record, and what goes when it is complete.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_io::WriteError;
use alkaline_io::results::table::{read_json, write_json};
use serde::Serialize;

use super::occupant::PlanHeader;
use super::open::{Planned, Store};
use super::receipt::{Receipt, SCHEMA};
use super::{exchange, files};

impl Store {
    /// Writes down what the run is to be. What was complete before is not, if it was to be something else.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn begin<T: Serialize>(&self, version: &str, planned: Planned<T>) -> Result<(), WriteError> {
        let Planned { spec, date, annotation } = planned;
        let header = PlanHeader { schema: SCHEMA, version: version.to_owned(), date, annotation, spec };
        let known = read_json::<serde_json::Value>(&self.directory.plan()).ok();
        if known.is_some() && known == serde_json::to_value(&header).ok() {
            return Ok(());
        }
        self.reopen()?;
        self.put(&self.directory.plan(), &header)
    }

    /// The day on which the same was first asked for.
    pub fn begun<T: Serialize>(&self, spec: &T) -> Option<String> {
        let header: PlanHeader<serde_json::Value> = read_json(&self.directory.plan()).ok()?;
        (serde_json::to_value(spec).ok()? == header.spec).then_some(header.date)
    }

    /// Whether the records of a complete run lie there.
    pub fn is_complete(&self) -> bool {
        self.directory.manifest().is_file() && self.directory.ro_crate().is_file()
    }

    /// Whether something lies there that a complete run has no use for: the program was killed when it cleared away.
    pub fn has_leftovers(&self) -> bool {
        self.leftovers().iter().any(|path| path.exists())
    }

    /// Clears away what was written of a run of which nothing that took its time is done; says whether it did.
    pub fn leave_nothing_if_nothing_is_done(&self) -> bool {
        // A table that was taken over, and values made of it, are no work.
        let is_work = |task: &String| task != "table" && task != "normalize";
        // Receipts that cannot be read, and files of a former run that were moved aside, are worth as much.
        let is_unknown = self.receipt_files() > self.receipts().len() || self.directory.previous().exists();
        if is_unknown || self.receipts().keys().any(is_work) {
            return false;
        }
        // Nothing that is worth a second error.
        for receipt in self.all_receipts().values() {
            for output in &receipt.outputs {
                let _ = files::remove_file(&self.directory.root().join(&output.path), self.directory.root());
            }
        }
        let _ = files::remove_tree(&self.directory.own());
        true
    }

    /// How many files lie where receipts lie.
    fn receipt_files(&self) -> usize {
        fs::read_dir(self.directory.receipts()).map_or(0, Iterator::count)
    }

    /// From now on the run is not complete: its record is moved aside.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn reopen(&self) -> Result<(), WriteError> {
        let (from, to) = (self.directory.manifest(), self.directory.former_manifest());
        if !from.exists() {
            return Ok(());
        }
        files::make_directory(&self.directory.previous())?;
        match files::rename(&from, &to) {
            // Somebody who began at the same time was faster.
            Err(error) if error.source.kind() == ErrorKind::NotFound => Ok(()),
            moved => moved,
        }
    }

    /// Completes the run: the records are written, and what was replaced is deleted.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn complete<T: Serialize>(
        &self,
        manifest: &T,
        ro_crate: &serde_json::Value,
    ) -> Result<(), WriteError> {
        self.put(&self.directory.ro_crate(), ro_crate)?;
        self.put(&self.directory.manifest(), manifest)?;
        self.leftovers().iter().try_for_each(|path| files::remove_tree(path))
    }

    /// What a complete run has no use for.
    fn leftovers(&self) -> [PathBuf; 3] {
        [self.directory.previous(), self.directory.all_staged(), self.directory.failures()]
    }

    /// Moves the files of nodes that are not among `tasks` aside, so that nothing shows them any more, and forgets their receipts;
    /// gives those that somebody changed, which stay.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn retire(&self, tasks: &HashSet<String>) -> Result<Vec<PathBuf>, WriteError> {
        let all = self.all_receipts();
        let (ours, others): (Vec<&Arc<Receipt>>, Vec<&Arc<Receipt>>) =
            all.values().partition(|receipt| tasks.contains(&receipt.task));
        let mut kept = Vec::new();
        if others.is_empty() {
            return Ok(kept);
        }
        // A node of another name may leave the same file.
        let ours: HashSet<&PathBuf> =
            ours.iter().flat_map(|receipt| &receipt.outputs).map(|output| &output.path).collect();
        for receipt in others {
            for output in receipt.outputs.iter().filter(|output| !ours.contains(&output.path)) {
                match self.fingerprint(&self.directory.root().join(&output.path)) {
                    Ok(now) if now.blake3 == output.blake3 => {
                        exchange::set_aside(&self.directory, &output.path)?
                    }
                    Ok(_) => kept.push(output.path.clone()),
                    Err(_) => {}
                }
            }
            files::remove_file(&self.directory.receipt(&receipt.task), &self.directory.own())?;
            files::remove_file(&self.directory.failure(&receipt.task), &self.directory.own())?;
            self.receipts().remove(&receipt.task);
        }
        Ok(kept)
    }

    /// Writes `value` as JSON to `path`, by way of a place that the next command clears away if this one is killed.
    fn put<T: Serialize>(&self, path: &Path, value: &T) -> Result<(), WriteError> {
        let way = self.directory.underway().join("file.json");
        let written = write_json(&way, value).and_then(|()| files::sync(&way));
        written.map_err(|error| WriteError { path: path.to_owned(), ..error })?;
        files::rename(&way, path)?;
        path.parent().map_or(Ok(()), files::sync)?;
        files::remove_empty(&way, &self.directory.own());
        Ok(())
    }
}
