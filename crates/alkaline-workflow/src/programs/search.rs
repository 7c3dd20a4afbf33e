//! Where programs are, and which version they are of.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::program_error::{ProgramError, Trouble};

/// Folders in which programs are looked for, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPath {
    folders: Vec<PathBuf>,
}

/// A program that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Which version it says it is.
    pub version: String,
}

impl SearchPath {
    /// From the text of the environment's `PATH`.
    pub fn of(path: &OsStr) -> Self {
        let folders = std::env::split_paths(path).filter(|folder| !folder.as_os_str().is_empty());
        Self { folders: folders.collect() }
    }

    /// The first file of this name that may be executed.
    ///
    /// # Errors
    /// [`ProgramError`] with how to install it.
    pub fn find(&self, name: &'static str) -> Result<PathBuf, ProgramError> {
        let found = self.folders.iter().map(|folder| folder.join(name)).find(|file| is_executable(file));
        found.ok_or_else(|| ProgramError::new(name, Trouble::Missing))
    }

    /// As [`find`](Self::find), asked for its version.
    ///
    /// # Errors
    /// [`ProgramError`] when it is missing, cannot be started, or fails when it is asked.
    pub fn program(&self, name: &'static str) -> Result<Program, ProgramError> {
        let path = self.find(name)?;
        let version = version(name, &path)?;
        Ok(Program { name: name.to_owned(), path, version })
    }
}

/// What a program answers to `--version`, reduced to the number.
pub(crate) fn version(name: &'static str, path: &Path) -> Result<String, ProgramError> {
    let output = Command::new(path).arg("--version").stdin(Stdio::null()).output();
    let output = output.map_err(|error| ProgramError::new(name, Trouble::cannot_start(path, &error)))?;
    // fastp answers on standard error.
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    if !output.status.success() {
        let tail = said.lines().map(str::to_owned).collect();
        return Err(ProgramError::new(name, Trouble::of_status(output.status)).with_tail(tail));
    }
    Ok(number_in(&said).unwrap_or("unknown").to_owned())
}

/// The first word of a first line that begins like a version number: `version 2.2.1`, `fastp 0.23.2`, `v1.0`.
fn number_in(said: &str) -> Option<&str> {
    let words = said.lines().find(|line| !line.trim().is_empty())?.split_whitespace();
    let mut numbers = words.map(|word| word.trim_start_matches('v').trim_end_matches([',', ';']));
    numbers.find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()) && word.contains('.'))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| found.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_in_what_programs_answer() {
        assert_eq!(number_in("fastp 0.23.2\n"), Some("0.23.2"));
        assert_eq!(
            number_in("/usr/bin/hisat2-align-s version 2.2.1\n64-bit\nBuilt on x1.5\n"),
            Some("2.2.1")
        );
        assert_eq!(number_in("\nsamtools 1.16.1\nUsing htslib 1.16\n"), Some("1.16.1"));
        assert_eq!(number_in("fastp v0.24.0,"), Some("0.24.0"));
        assert_eq!(number_in("no idea"), None);
    }

    #[test]
    fn a_missing_program_says_how_to_get_it() {
        let place = tempfile::tempdir().unwrap();
        // A file that is no program does not count.
        fs::write(place.path().join("fastp"), "").unwrap();
        let message = SearchPath::of(place.path().as_os_str()).find("fastp").unwrap_err();
        let hint = message.hint().unwrap();
        assert!(message.to_string().contains("fastp is not installed"), "{message}");
        assert!(hint.contains("apt install fastp") && hint.contains("conda install"), "{hint}");
    }
}
