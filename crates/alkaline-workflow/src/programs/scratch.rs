//! A folder for what programs leave unfinished; it goes when the work is over, however it ends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use alkaline_core::unfinished::{self, Kind, Unfinished};
use alkaline_io::WriteError;
use alkaline_io::output::{MadeDirectories, make_directories};
use tempfile::TempDir;

/// A folder below the place where the results shall lie, so that they can be moved.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    root: PathBuf,
    _entry: Unfinished,
    /// Goes again when nothing came of the work.
    _made: MadeDirectories,
}

impl Scratch {
    /// A new folder in `root`, which is made if it is missing.
    ///
    /// # Errors
    /// [`WriteError`] when it cannot be made.
    pub fn below(root: &Path) -> Result<Self, WriteError> {
        let in_context = |source: io::Error| WriteError { path: root.to_owned(), source };
        let made = make_directories(root).map_err(in_context)?;
        let root = root.canonicalize().map_err(in_context)?;
        let make = || tempfile::Builder::new().prefix(".alkaline-").suffix(".part").tempdir_in(&root);
        let (folder, entry) =
            unfinished::begin(Kind::Tree, make, |folder: &TempDir| folder.path()).map_err(in_context)?;
        Ok(Self { folder, root, _entry: entry, _made: made })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A file of the folder.
    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Moves finished files, told by their names here and their places below the root; an interrupt finds all there, or none.
    ///
    /// # Errors
    /// [`WriteError`] for the first that cannot be moved.
    pub fn finish(&self, files: &[(PathBuf, PathBuf)]) -> Result<(), WriteError> {
        unfinished::undisturbed(|| {
            for (name, place) in files {
                let place = self.root.join(place);
                let moved = match place.parent() {
                    Some(folder) => {
                        fs::create_dir_all(folder).and_then(|()| fs::rename(self.file(name), &place))
                    }
                    None => fs::rename(self.file(name), &place),
                };
                moved.map_err(|source| WriteError { path: place, source })?;
            }
            Ok(())
        })
    }
}
