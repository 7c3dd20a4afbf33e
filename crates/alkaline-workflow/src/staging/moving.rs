//! Moves the files of a run into a directory that holds others.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use alkaline_io::WriteError;
use tempfile::TempDir;

use super::occupant::{Incomplete, Occupant};
use crate::layout::RunDirectory;

/// All files below `root`, relative to it, in order.
pub(crate) fn files_below(root: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let mut files = Vec::new();
    collect(root, root, &mut files).map_err(|source| WriteError { path: root.to_owned(), source })?;
    files.sort();
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.push(path.strip_prefix(root).unwrap_or(&path).to_owned());
        }
    }
    Ok(())
}

/// Those of `files` whose place in `destination` is taken by a file that is not one of `own`.
pub(super) fn strangers(files: &[PathBuf], destination: &Path, own: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let is_taken = |file: &&PathBuf| {
        let is_there = destination.join(file).symlink_metadata().is_ok();
        // A file where a folder is wanted is in the way too.
        let mut above = file.ancestors().skip(1).filter(|path| !path.as_os_str().is_empty());
        (is_there && !own.contains(*file)) || above.any(|path| destination.join(path).is_file())
    };
    files.iter().filter(is_taken).cloned().collect()
}

/// Gives a finished directory its name.
pub(super) fn rename_whole(built: TempDir, place: &Path) -> io::Result<()> {
    open_to_others(built.path())?;
    fs::rename(built.path(), place)?;
    // Under its old name there is nothing to delete any more.
    let _ = built.keep();
    Ok(())
}

/// Moves `files` from `built` to `place`, over those of `occupant`; what that had besides goes.
///
/// The record that marks a finished run moves last, and is away while the files of two runs lie there together: a
/// program that is killed in between leaves a directory that says that it is incomplete.
pub(super) fn move_over(
    built: &Path,
    place: &Path,
    files: &[PathBuf],
    occupant: &Occupant,
) -> io::Result<()> {
    let own = occupant.files();
    let (source, target) = (RunDirectory::new(built), RunDirectory::new(place));
    let marker = source.incomplete();
    let is_complete = source.manifest().exists();
    if is_complete {
        let all: BTreeSet<PathBuf> = own.iter().chain(files).cloned().collect();
        let record = Incomplete { files: all.into_iter().collect(), ..Incomplete::default() };
        let text = serde_json::to_vec(&record).map_err(io::Error::other)?;
        fs::create_dir_all(marker.parent().unwrap_or(built))?;
        fs::write(&marker, text)?;
    }
    shift(&marker, &target.incomplete())?;
    remove(&target.manifest())?;
    let moved = |file: &&PathBuf| built.join(file) != source.manifest() && built.join(file) != marker;
    for file in files.iter().filter(moved) {
        shift(&built.join(file), &place.join(file))?;
    }
    let stale = own.iter().filter(|file| !files.contains(file));
    for file in stale {
        let path = place.join(file);
        if path == target.incomplete() || path == target.manifest() {
            continue;
        }
        remove(&path)?;
        prune(&path, place);
    }
    if is_complete {
        shift(&source.manifest(), &target.manifest())?;
        remove(&target.incomplete())?;
        prune(&target.incomplete(), place);
    }
    Ok(())
}

/// Moves one file, into a folder that may have to be made.
fn shift(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(from, to)
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes the folders that `path` lay in, up to `place`, as far as they are empty.
fn prune(path: &Path, place: &Path) {
    let folders = path.ancestors().skip(1).take_while(|folder| *folder != place);
    for folder in folders {
        if fs::remove_dir(folder).is_err() {
            break;
        }
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
