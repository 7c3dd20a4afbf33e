//! How the new files of a node take the place of its old ones.
//!
//! The staged files carry their receipt with them: from the moment it is written the exchange can be completed by anybody.
//! What is replaced is moved aside and stays there until the whole run is complete.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use alkaline_io::WriteError;

use super::files;
use super::layout::RunDirectory;
use super::receipt::Receipt;
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
    pub old: Option<Receipt>,
    /// What it leaves now.
    pub new: &'a Receipt,
}

impl Exchange<'_> {
    /// Refuses to replace files that no node of this run left.
    pub(super) fn refuse_strangers(&self, owned: &HashMap<PathBuf, String>) -> Result<(), WorkflowError> {
        let is_stranger = |path: &&PathBuf| {
            let place = self.run.root().join(path);
            let mut above = path.ancestors().skip(1).filter(|path| !path.as_os_str().is_empty());
            // What was moved already is there, and no longer among the staged files.
            (self.staged.join(path).exists()
                && place.symlink_metadata().is_ok()
                && !owned.contains_key(*path))
                || above.any(|path| self.run.root().join(path).is_file())
        };
        let strangers: Vec<&PathBuf> =
            self.new.outputs.iter().map(|output| &output.path).filter(is_stranger).collect();
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

    /// Moves the old files aside and the new ones into place; the receipt comes last.
    pub(super) fn carry_out(&self) -> Result<(), WriteError> {
        let new: HashSet<&PathBuf> = self.new.outputs.iter().map(|output| &output.path).collect();
        let old = self.old.iter().flat_map(|receipt| &receipt.outputs).map(|output| &output.path);
        for path in old.filter(|path| !new.contains(path)) {
            self.set_aside(path)?;
            files::remove_empty(&self.run.root().join(path), self.run.root());
        }
        let mut folders: HashSet<PathBuf> = HashSet::new();
        for output in &self.new.outputs {
            let (from, to) = (self.staged.join(&output.path), self.run.root().join(&output.path));
            if !from.exists() {
                continue;
            }
            if let Some(folder) = to.parent() {
                files::make_directory(folder)?;
                folders.insert(folder.to_owned());
            }
            self.set_aside(&output.path)?;
            files::rename(&from, &to)?;
        }
        folders.iter().try_for_each(|folder| files::sync(folder))?;
        files::make_directory(&self.run.receipts())?;
        let receipt = self.run.receipt(&self.new.task);
        files::rename(&pending(self.staged), &receipt)?;
        files::sync(&self.run.receipts())?;
        files::remove_tree(self.staged)
    }

    /// Moves an old file aside, unless one of its name lies there already: that one is of the last complete run.
    fn set_aside(&self, path: &Path) -> Result<(), WriteError> {
        let (from, to) = (self.run.root().join(path), self.run.previous().join(path));
        if from.symlink_metadata().is_err() || to.symlink_metadata().is_ok() {
            return Ok(());
        }
        if let Some(folder) = to.parent() {
            files::make_directory(folder)?;
        }
        files::rename(&from, &to)
    }
}

/// The places where nodes left files that have not taken their places.
pub(super) fn places(run: &RunDirectory) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(run.all_staged()) else { return Vec::new() };
    let mut places: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    places.sort();
    places
}
