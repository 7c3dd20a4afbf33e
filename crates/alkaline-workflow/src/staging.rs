//! Builds a run beside its destination and moves it into place when it is complete.
//!
//! A run that fails leaves nothing behind, and an older run in the same place stays whole until the new one is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use alkaline_io::WriteError;
use tempfile::TempDir;

use crate::error::WorkflowError;
use crate::layout::{RunDirectory, TOP_LEVEL};

/// A folder that may lie in the directory of a run beforehand: the inputs that belong to it.
const INPUTS: &str = "data";

/// A run that is being built.
pub struct Staging {
    destination: PathBuf,
    building: TempDir,
}

impl Staging {
    /// Prepares to build the run that shall lie at `destination`.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when something that is no run lies there; [`WorkflowError::Write`] when the place
    /// cannot be written.
    pub fn new(destination: &Path) -> Result<Self, WorkflowError> {
        refuse_foreign(destination)?;
        let parent = parent_of(destination);
        let in_context = |source| WriteError { path: destination.to_owned(), source };
        fs::create_dir_all(parent).map_err(in_context)?;
        let building = tempfile::Builder::new().prefix(&prefix(destination)).tempdir_in(parent);
        Ok(Self { destination: destination.to_owned(), building: building.map_err(in_context)? })
    }

    /// Where to write.
    pub fn directory(&self) -> RunDirectory {
        RunDirectory::new(self.building.path())
    }

    /// Moves the finished run into place, replacing what an older run left there.
    ///
    /// # Errors
    /// [`WriteError`] when the file system refuses.
    pub fn publish(self) -> Result<(), WriteError> {
        let destination = self.destination.clone();
        self.move_into_place().map_err(|source| WriteError { path: destination, source })
    }

    fn move_into_place(self) -> io::Result<()> {
        if !self.destination.exists() {
            let built = self.building.keep();
            open_to_others(&built)?;
            return fs::rename(built, &self.destination);
        }
        for name in TOP_LEVEL {
            remove(&self.destination.join(name))?;
        }
        // The manifest marks a finished run, so it moves last.
        let (manifest, rest): (Vec<&str>, Vec<&str>) =
            TOP_LEVEL.iter().partition(|name| **name == "run.json");
        for name in rest.into_iter().chain(manifest) {
            let built = self.building.path().join(name);
            if built.exists() {
                fs::rename(built, self.destination.join(name))?;
            }
        }
        Ok(())
    }
}

/// The directory that `destination` lies in.
fn parent_of(destination: &Path) -> &Path {
    match destination.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// How the hidden directory is called in which this process builds the run for `destination`.
fn prefix(destination: &Path) -> String {
    let name = destination.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!(".{name}.part-{}-", std::process::id())
}

/// Removes what this process has begun to build for `destination`, when it is interrupted and cannot end in order.
pub fn abandon(destination: &Path) {
    let parent = parent_of(destination);
    let prefix = prefix(destination);
    for entry in fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok) {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            // Nobody is left to be told of a failure.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Refuses a destination that holds something other than a run.
fn refuse_foreign(destination: &Path) -> Result<(), WorkflowError> {
    let Ok(entries) = fs::read_dir(destination) else {
        if destination.exists() {
            return Err(WorkflowError::Design(format!("{} is not a directory", destination.display())));
        }
        return Ok(());
    };
    let mut foreign = entries.filter_map(Result::ok).filter(|entry| entry.file_name() != INPUTS);
    if foreign.next().is_some() && !destination.join("run.json").exists() {
        return Err(WorkflowError::Design(format!(
            "{} is not empty and holds no run of alkaline\nhint: choose another --out, or empty it first",
            destination.display()
        )));
    }
    Ok(())
}

/// Removes a file or directory, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Temporary directories are private; a result is as open as the umask would have made it.
#[cfg(unix)]
fn open_to_others(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let probe = directory.join(".umask");
    fs::create_dir(&probe)?;
    let mode = fs::metadata(&probe)?.permissions().mode();
    fs::remove_dir(&probe)?;
    fs::set_permissions(directory, fs::Permissions::from_mode(mode))
}

/// Elsewhere permissions are inherited.
#[cfg(not(unix))]
fn open_to_others(_directory: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_dropped_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let staging = Staging::new(&place.path().join("out")).unwrap();
        fs::write(staging.directory().report(), "half").unwrap();
        drop(staging);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_interrupted_run_is_cleared_away() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        std::mem::forget(Staging::new(&out).unwrap());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        abandon(&out);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_new_run_replaces_an_older_one_and_spares_other_files() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        for (text, note) in [("old", true), ("new", false)] {
            let staging = Staging::new(&out).unwrap();
            fs::write(staging.directory().manifest(), text).unwrap();
            staging.publish().unwrap();
            if note {
                fs::write(out.join("my-notes.txt"), "mine").unwrap();
            }
        }
        assert_eq!(fs::read_to_string(out.join("run.json")).unwrap(), "new");
        assert_eq!(fs::read_to_string(out.join("my-notes.txt")).unwrap(), "mine");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_directory_of_something_else_is_refused() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.doc"), "precious").unwrap();
        let Err(error) = Staging::new(place.path()) else { panic!("took a foreign directory") };
        assert!(error.to_string().contains("is not empty and holds no run"), "{error}");
    }
}
