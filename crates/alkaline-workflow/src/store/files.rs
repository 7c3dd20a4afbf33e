//! Every change to the file system that a run makes beside writing its files: one place, so that a fault in any of them is
//! met in one way.

use std::fs::{self, File};
use std::io;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};

use alkaline_io::WriteError;

/// An error of the operating system at `path`.
pub(super) fn in_context(path: &Path) -> impl FnOnce(io::Error) -> WriteError + '_ {
    |source| WriteError { path: path.to_owned(), source }
}

/// Makes a directory and what it lies in.
///
/// # Errors
/// [`WriteError`].
pub fn make_directory(path: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(path).map_err(in_context(path))
}

/// Gives a file its place; what lay there is replaced.
///
/// # Errors
/// [`WriteError`] with the place.
pub fn rename(from: &Path, to: &Path) -> Result<(), WriteError> {
    fs::rename(from, to).map_err(in_context(to))
}

/// Removes a directory with all that is in it, if it is there.
///
/// # Errors
/// [`WriteError`].
pub fn remove_tree(path: &Path) -> Result<(), WriteError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(in_context(path)(error)),
        _ => Ok(()),
    }
}

/// Removes a file, if it is there, and the directories up to `root` that are then empty.
///
/// # Errors
/// [`WriteError`].
pub fn remove_file(path: &Path, root: &Path) -> Result<(), WriteError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(in_context(path)(error)),
        _ => {}
    }
    remove_empty(path, root);
    Ok(())
}

/// Removes the directories above `path`, below `root`, that are empty.
pub fn remove_empty(path: &Path, root: &Path) {
    for folder in path.ancestors().skip(1).take_while(|folder| *folder != root && folder.starts_with(root)) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}

/// All files below `root`, relative to it, in order.
///
/// # Errors
/// [`WriteError`] when a directory cannot be read.
pub fn files_below(root: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let mut files = Vec::new();
    collect(root, root, &mut files).map_err(in_context(root))?;
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

/// Sees to it that the files below `root` are on the disk.
///
/// # Errors
/// [`WriteError`].
pub fn sync_tree(root: &Path) -> Result<(), WriteError> {
    let files: Vec<PathBuf> = files_below(root)?.iter().map(|file| root.join(file)).collect();
    sync_each(&files)
}

/// How many files are waited for at once. A disk that is asked for several writes its journal once for all of them.
const SYNCED_AT_ONCE: usize = 8;

/// As [`sync`], for each of `paths`.
///
/// # Errors
/// [`WriteError`] of the first, in their order, that failed.
pub fn sync_each(paths: &[PathBuf]) -> Result<(), WriteError> {
    let share = paths.len().div_ceil(SYNCED_AT_ONCE).max(1);
    std::thread::scope(|scope| {
        let in_turn = |share: &[PathBuf]| share.iter().try_for_each(|path| sync(path));
        let mut shares = paths.chunks(share);
        let own = shares.next();
        let others: Vec<_> = shares.map(|share| scope.spawn(move || in_turn(share))).collect();
        let first = own.map_or(Ok(()), in_turn);
        let joined =
            others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        std::iter::once(first).chain(joined).collect()
    })
}

/// Sees to it that the file, or the list of a directory's files, is on the disk.
///
/// # Errors
/// [`WriteError`].
pub fn sync(path: &Path) -> Result<(), WriteError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(in_context(path))
}
