//! From the temporary file to its place: one file at a time, or all files of a command together, or none.
//!
//! A table without its companion misleads whoever finds it. Inside [`together`] finished files wait until all that belong
//! to them are finished too; if one of them fails (the disk is full), none appears.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use alkaline_core::unfinished::{self, Kind, Unfinished};
use tempfile::NamedTempFile;

use crate::error::WriteError;

thread_local! {
    /// The finished files that wait for their companions, while a [`together`] is under way in this thread.
    static WAITING: RefCell<Option<Vec<Temporary>>> = const { RefCell::new(None) };
}

/// A file that is written beside its place.
pub(crate) struct Temporary {
    file: NamedTempFile,
    /// Its place.
    path: PathBuf,
    /// Directories that were made for it.
    directories: MadeDirectories,
    _entry: Unfinished,
}

impl Temporary {
    /// A new file in the directory of `path`, which is made if it is missing.
    pub(crate) fn beside(path: &Path) -> io::Result<Self> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let directories = MadeDirectories::make(directory)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".alkaline-").suffix(".part");
        #[cfg(unix)]
        {
            // As any other program's output: readable as the umask allows, not private as temporary files are.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let (file, entry) =
            unfinished::begin(Kind::File, || builder.tempfile_in(directory), NamedTempFile::path)?;
        Ok(Self { file, path: path.to_owned(), directories, _entry: entry })
    }

    /// The open file.
    pub(crate) fn as_file(&self) -> &fs::File {
        self.file.as_file()
    }

    /// Moves the finished file into its place, or lets it wait for its companions.
    pub(crate) fn finish(self) -> io::Result<()> {
        let alone = WAITING.with_borrow_mut(|waiting| match waiting {
            Some(waiting) => {
                waiting.push(self);
                None
            }
            None => Some(self),
        });
        alone.map_or(Ok(()), |file| place(vec![file]).map_err(|error| error.source))
    }
}

/// Moves finished files into their places; an interrupt finds all of them there, or none.
fn place(files: Vec<Temporary>) -> Result<(), WriteError> {
    let mut files = files.into_iter();
    let mut entries = Vec::with_capacity(files.len());
    let placed = unfinished::undisturbed(|| {
        for Temporary { file, path, directories, _entry } in files.by_ref() {
            entries.push((directories, _entry));
            file.persist(&path).map_err(|error| WriteError { path, source: error.error })?;
        }
        Ok(())
    });
    drop_newest_first(files.collect());
    // A directory that holds a file now stays.
    while let Some(entry) = entries.pop() {
        drop(entry);
    }
    placed
}

/// Takes files away again, the newest first: a directory that was made for the first of them holds the others.
fn drop_newest_first(mut files: Vec<Temporary>) {
    while let Some(file) = files.pop() {
        drop(file);
    }
}

/// Does `work`; the files that it writes through this crate in this thread appear when it succeeds, all of them, or not at all.
///
/// # Errors
/// Those of `work`, and [`WriteError`] when a finished file cannot be moved into its place.
pub fn together<T, E: From<WriteError>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    if WAITING.with_borrow(Option::is_some) {
        return work();
    }
    WAITING.set(Some(Vec::new()));
    let _ended = Ended;
    let result = work()?;
    place(WAITING.take().unwrap_or_default())?;
    Ok(result)
}

/// Drops whatever still waits when the work is over, however it ended.
struct Ended;

impl Drop for Ended {
    fn drop(&mut self) {
        drop_newest_first(WAITING.take().unwrap_or_default());
    }
}

/// Directories that were made for an output; those that are still empty when this is dropped go again.
#[derive(Debug, Default)]
pub struct MadeDirectories(Vec<(PathBuf, Unfinished)>);

impl MadeDirectories {
    /// Makes `directory` and what it lies in.
    fn make(directory: &Path) -> io::Result<Self> {
        let missing: Vec<&Path> =
            directory.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists()).collect();
        let mut made = Self::default();
        for path in missing.into_iter().rev() {
            let make = || match fs::create_dir(path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(path),
                made => made.map(|()| path),
            };
            let (path, entry) = unfinished::begin(Kind::EmptyDirectory, make, |path| *path)?;
            made.0.push((path.to_owned(), entry));
        }
        Ok(made)
    }
}

impl Drop for MadeDirectories {
    fn drop(&mut self) {
        while let Some((path, _entry)) = self.0.pop() {
            // It stays when something is in it.
            let _ = fs::remove_dir(path);
        }
    }
}

/// Makes `directory` and what it lies in; what is still empty when the result is dropped goes again.
///
/// # Errors
/// What the file system says.
pub fn make_directories(directory: &Path) -> io::Result<MadeDirectories> {
    MadeDirectories::make(directory)
}

/// Clears away everything that is not finished, because the program ends now; nothing more can be written afterwards.
pub fn clear_away() {
    remove(unfinished::take());
}

/// As [`clear_away`], unless another thread is at the list and does not let go.
pub fn try_clear_away() -> bool {
    unfinished::try_take().map(remove).is_some()
}

fn remove(entries: Vec<(Kind, PathBuf)>) {
    for (kind, path) in entries {
        // Nobody is left to be told of a failure.
        let _ = match kind {
            Kind::File => fs::remove_file(&path),
            Kind::Tree => remove_tree(&path),
            Kind::EmptyDirectory => fs::remove_dir(&path),
            Kind::Processes(group) => kill_group(group),
        };
    }
}

/// How often a directory is tried to be removed in which a program that was just killed may still make a file.
const ATTEMPTS: usize = 50;

/// Removes a directory with all that is in it.
fn remove_tree(path: &Path) -> io::Result<()> {
    let mut removed = fs::remove_dir_all(path);
    for _ in 1..ATTEMPTS {
        match &removed {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                std::thread::sleep(std::time::Duration::from_millis(20));
                removed = fs::remove_dir_all(path);
            }
            _ => break,
        }
    }
    removed
}

/// Ends the processes of a group at once: what they write is thrown away.
///
/// # Errors
/// What the operating system says; that there are none (any more) is no error.
#[cfg(unix)]
pub fn kill_group(group: u32) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process_group};
    let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) else { return Ok(()) };
    match kill_process_group(group, Signal::KILL) {
        Err(rustix::io::Errno::SRCH) => Ok(()),
        ended => Ok(ended?),
    }
}

/// Ends the processes of a group at once, where the system has such groups.
///
/// # Errors
/// None here.
#[cfg(not(unix))]
pub fn kill_group(_group: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::write_atomically;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_that_belong_together_appear_together_or_not_at_all() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        let failed = together(|| {
            write_atomically(&at("new/table.tsv"), |out| out.write_all(b"a"))?;
            write_atomically(&at("new/second.tsv"), |out| out.write_all(b"a"))?;
            write_atomically(&at("table.tsv"), |out| out.write_all(b"a"))?;
            assert!(!at("table.tsv").exists(), "it appeared before its companion");
            write_atomically(&at("table.tsv.json"), |_| Err(io::Error::other("disk full")))
        });
        assert!(failed.unwrap_err().to_string().contains("disk full"));
        assert_eq!(names(place.path()), Vec::<String>::new());
        together(|| {
            write_atomically(&at("new/table.tsv"), |out| out.write_all(b"a"))?;
            write_atomically(&at("new/table.tsv.json"), |out| out.write_all(b"b"))
        })
        .unwrap();
        assert_eq!(names(&at("new")), ["table.tsv", "table.tsv.json"]);
    }

    #[test]
    fn what_a_failed_work_wrote_does_not_wait_for_the_next() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        let failed: Result<(), WriteError> = together(|| {
            write_atomically(&at("old.tsv"), |out| out.write_all(b"a"))?;
            Err(WriteError { path: at("x"), source: io::Error::other("no") })
        });
        assert!(failed.is_err());
        write_atomically(&at("alone.tsv"), |out| out.write_all(b"a")).unwrap();
        assert_eq!(names(place.path()), ["alone.tsv"]);
    }
}
