//! Programs that a test writes: shell scripts that behave as badly as it needs.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A folder of programs for a search path.
#[derive(Debug)]
pub struct FakePrograms {
    folder: TempDir,
}

impl FakePrograms {
    /// An empty folder.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for programs") }
    }

    /// Adds the program `name`: asked for its version it says `version`, else it does what `script` (for sh) says.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn with(self, name: &str, version: &str, script: &str) -> Self {
        let place = self.folder.path().join(name);
        let source = place.with_extension("source");
        let text =
            format!("#!/bin/sh\nif [ \"$1\" = --version ]; then echo '{version}'; exit 0; fi\n{script}\n");
        std::fs::write(&source, text).expect("the script is written");
        // Another process makes the program: one that a thread of ours still holds open could not be started.
        let status =
            Command::new("install").arg("-m755").arg(&source).arg(&place).status().expect("install starts");
        assert!(status.success(), "{name} is not installed");
        self
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A search path of this folder and the system's own.
    ///
    /// # Panics
    /// When the path cannot be joined.
    pub fn search_path(&self) -> OsString {
        std::env::join_paths([self.folder.path(), Path::new("/usr/bin"), Path::new("/bin")])
            .expect("a search path")
    }
}

impl Default for FakePrograms {
    fn default() -> Self {
        Self::new()
    }
}
