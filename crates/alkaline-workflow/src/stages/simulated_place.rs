//! The directory of a simulation: its files replace those of an earlier simulation, and nothing that somebody else put there.
//!
//! `simulation.json` lists what was made, with checksums: a file that is not as it was made is somebody else's by now.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use alkaline_core::unfinished::{self, Kind};
use alkaline_io::WriteError;
use alkaline_io::output::make_directories;
use alkaline_io::results::table::write_json;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::error::WorkflowError;
use crate::store::files::files_below;
use crate::store::receipt::FileRecord;

/// The record of a simulation.
const RECORD: &str = "simulation.json";

/// What a simulation left.
#[derive(Default, Serialize, Deserialize)]
struct Simulation {
    version: String,
    files: Vec<FileRecord>,
}

/// Lets `write` fill a directory beside, and moves what it wrote to `directory` when all of it is written.
///
/// # Errors
/// As [`check_names`], before anything is written; [`WorkflowError::Write`]; those of `write`.
pub fn fill<T>(
    directory: &Path,
    names: &[String],
    write: impl FnOnce(&Path) -> Result<T, WorkflowError>,
) -> Result<T, WorkflowError> {
    check_names(directory, names)?;
    let in_context = |source: io::Error| WriteError { path: directory.to_owned(), source };
    let made = make_directories(directory).map_err(in_context)?;
    let make = || tempfile::Builder::new().prefix(".alkaline-").suffix(".part").tempdir_in(directory);
    let (building, entry) =
        unfinished::begin(Kind::Tree, make, |place: &TempDir| place.path()).map_err(in_context)?;
    let result = write(building.path())?;
    let files = files_below(building.path())?;
    let records = files.par_iter().map(|file| {
        let record = FileRecord::of("simulated", &building.path().join(file))?;
        Ok(FileRecord { path: file.clone(), ..record }.without_stamp())
    });
    let record = Simulation {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        files: records.collect::<Result<_, WorkflowError>>()?,
    };
    write_json(&building.path().join(RECORD), &record)?;
    let stale = own_files(directory);
    let stale = stale.keys().filter(|file| !files.contains(file));
    let moved = unfinished::undisturbed(|| -> io::Result<()> {
        for file in files.iter().map(PathBuf::as_path).chain([Path::new(RECORD)]) {
            fs::rename(building.path().join(file), directory.join(file))?;
        }
        stale.for_each(|file| {
            // A leftover of an earlier simulation: it does no harm if it stays.
            let _ = fs::remove_file(directory.join(file));
        });
        Ok(())
    });
    drop((building, entry, made));
    moved.map_err(in_context)?;
    Ok(result)
}

/// Refuses `names` under which something lies in `directory` that no simulation made, or that was changed since.
///
/// # Errors
/// [`WorkflowError::Design`] with the files.
pub fn check_names(directory: &Path, names: &[String]) -> Result<(), WorkflowError> {
    if directory.symlink_metadata().is_ok() && !directory.is_dir() {
        return Err(WorkflowError::design(format!("{} is not a directory", directory.display())));
    }
    let names = names.iter().map(Path::new).chain([Path::new(RECORD)]);
    let there: Vec<&Path> = names.filter(|name| directory.join(name).symlink_metadata().is_ok()).collect();
    if there.is_empty() {
        return Ok(());
    }
    let own = own_files(directory);
    let is_own = |name: &Path| name == Path::new(RECORD) && !own.is_empty() || own.contains_key(name);
    let others: Vec<String> = there
        .iter()
        .filter(|name| !is_own(name))
        .map(|name| directory.join(name).display().to_string())
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    Err(WorkflowError::design_with_hint(
        format!("no simulation made these files as they are, and none replaces them: {}", others.join(", ")),
        "choose another --out, or move them away",
    ))
}

/// The files of an earlier simulation that still are as it left them.
fn own_files(directory: &Path) -> BTreeMap<PathBuf, FileRecord> {
    let text = fs::read(directory.join(RECORD)).unwrap_or_default();
    let simulation: Simulation = serde_json::from_slice(&text).unwrap_or_default();
    let is_name = |path: &Path| path.file_name().is_some_and(|name| name == path.as_os_str());
    let own = simulation.files.into_par_iter().filter(|record| {
        is_name(&record.path)
            && FileRecord::of("simulated", &directory.join(&record.path))
                .is_ok_and(|now| now.blake3 == record.blake3)
    });
    own.map(|record| (record.path.clone(), record)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simulate(directory: &Path, names: &[&str], text: &str) -> Result<(), String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        fill(directory, &names, |place| {
            names.iter().for_each(|name| fs::write(place.join(name), text).unwrap());
            Ok(())
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn a_simulation_replaces_an_earlier_one_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("new/out");
        simulate(&out, &["a.bam", "b.bam"], "one").unwrap();
        fs::write(out.join("notes.txt"), "mine").unwrap();
        simulate(&out, &["a.bam"], "two").unwrap();
        assert_eq!(fs::read_to_string(out.join("a.bam")).unwrap(), "two");
        assert_eq!(files_below(&out).unwrap(), ["a.bam", "notes.txt", RECORD].map(PathBuf::from));
        // Changed by hand, it is no simulation's any more.
        fs::write(out.join("a.bam"), "precious").unwrap();
        let error = simulate(&out, &["a.bam"], "three").unwrap_err();
        assert!(error.contains("a.bam") && error.contains("hint: "), "{error}");
        assert_eq!(fs::read_to_string(out.join("a.bam")).unwrap(), "precious");
    }

    #[test]
    fn files_that_were_there_before_are_refused_before_anything_is_written() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("samples.csv"), "mine").unwrap();
        let error = simulate(place.path(), &["a.bam", "samples.csv"], "one").unwrap_err();
        assert!(error.contains("samples.csv") && !error.contains("a.bam"), "{error}");
        assert_eq!(files_below(place.path()).unwrap(), [PathBuf::from("samples.csv")]);
    }
}
