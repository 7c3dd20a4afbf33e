//! How the new files of a node take the place of its old ones.
//!
//! The staged files carry their receipt with them: from the moment it is written the exchange can be completed by anybody.
//! What is replaced is moved aside and stays there until the whole run is complete.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use alkaline_io::WriteError;

use super::files;
use super::layout::RunDirectory;
use super::receipt::{FileRecord, Receipt};
use crate::error::WorkflowError;

/// How many strangers are named.
const STRANGERS_NAMED: usize = 3;

/// Where the receipt waits among the staged files.
pub(super) fn pending(staged: &Path) -> PathBuf {
    staged.join(".receipt.json")
}

/// One exchange.
pub(super) struct Exchange<'a> {
    pub run: &'a RunDirectory,
    pub staged: &'a Path,
    /// What the node left before.
    pub old: Option<&'a Receipt>,
    /// What it leaves now.
    pub new: &'a Receipt,
}

impl Exchange<'_> {
    /// Refuses to replace what no run left here; `is_of_the_run` looks at the file that lies at the place of an output.
    pub(super) fn refuse_strangers(
        &self,
        is_of_the_run: &dyn Fn(&FileRecord) -> bool,
    ) -> Result<(), WorkflowError> {
        let is_in_the_way = |output: &&FileRecord| {
            let place = self.run.root().join(&output.path);
            let above = || output.path.ancestors().skip(1).filter(|path| !path.as_os_str().is_empty());
            // What was moved already is there, and no longer among the staged files.
            let is_waiting = self.staged.join(&output.path).exists();
            let is_taken = || match place.symlink_metadata() {
                // A folder is no result of anybody.
                Ok(found) => found.is_dir() || !(self.was_left(&output.path) || is_of_the_run(output)),
                Err(_) => above().any(|path| is_no_folder(&self.run.root().join(path))),
            };
            is_waiting && is_taken()
        };
        let strangers: Vec<&PathBuf> =
            self.new.outputs.iter().filter(is_in_the_way).map(|output| &output.path).collect();
        if strangers.is_empty() {
            return Ok(());
        }
        let named = |path: &&PathBuf| self.run.root().join(path).display().to_string();
        let more = if strangers.len() > STRANGERS_NAMED { ", ..." } else { "" };
        let named: Vec<String> = strangers.iter().take(STRANGERS_NAMED).map(named).collect();
        Err(WorkflowError::design_with_hint(
            format!(
                "files that no run of alkaline left stand in the way, and were not touched: {}{more}",
                named.join(", ")
            ),
            "move them away and run the same command again: what is finished is kept",
        ))
    }

    /// Moves the old files aside and the new ones into place; the receipt comes last. Files that `is_anothers` says another
    /// node left since then stay where they are.
    pub(super) fn carry_out(&self, is_anothers: &dyn Fn(&Path) -> bool) -> Result<(), WriteError> {
        let new: HashSet<&PathBuf> = self.new.outputs.iter().map(|output| &output.path).collect();
        let old = self.old.iter().flat_map(|receipt| &receipt.outputs).map(|output| &output.path);
        for path in old.filter(|path| !new.contains(path) && !is_anothers(path)) {
            if !self.run.root().join(path).is_dir() {
                set_aside(self.run, path)?;
            }
        }
        let mut folders: HashSet<PathBuf> = HashSet::new();
        for output in &self.new.outputs {
            let (from, to) = (self.staged.join(&output.path), self.run.root().join(&output.path));
            // It took its place before the program was killed.
            if !from.exists() {
                continue;
            }
            set_aside(self.run, &output.path)?;
            if let Some(folder) = to.parent() {
                files::make_directory(folder)?;
                folders.insert(folder.to_owned());
            }
            files::rename(&from, &to)?;
        }
        files::sync_each(&folders.into_iter().collect::<Vec<_>>())?;
        files::make_directory(&self.run.receipts())?;
        let receipt = self.run.receipt(&self.new.task);
        files::rename(&pending(self.staged), &receipt)?;
        files::sync(&self.run.receipts())?;
        // The node is done; what cannot be cleared away now is when the run is complete.
        let _ = files::remove_tree(self.staged);
        Ok(())
    }

    /// Whether the node left a file at `path` before.
    fn was_left(&self, path: &Path) -> bool {
        self.old.is_some_and(|old| old.outputs.iter().any(|output| output.path == path))
    }
}

/// Moves an old file aside; where one of its name lies there already, that one is of the last complete run, and this one goes.
pub(super) fn set_aside(run: &RunDirectory, path: &Path) -> Result<(), WriteError> {
    let (from, to) = (run.root().join(path), run.previous().join(path));
    if from.symlink_metadata().is_err() {
        return Ok(());
    }
    if to.symlink_metadata().is_ok() {
        return files::remove_file(&from, run.root());
    }
    if let Some(folder) = to.parent() {
        files::make_directory(folder)?;
    }
    files::rename(&from, &to)?;
    files::remove_empty(&from, run.root());
    Ok(())
}

/// Whether something lies there that nothing can lie in.
fn is_no_folder(path: &Path) -> bool {
    path.metadata().map_or_else(|_| path.is_symlink(), |found| !found.is_dir())
}

/// The places where nodes left files that have not taken their places.
pub(super) fn places(run: &RunDirectory) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(run.all_staged()) else { return Vec::new() };
    let mut places: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    places.sort();
    places
}
