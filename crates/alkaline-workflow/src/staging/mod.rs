//! Builds a run beside its destination and moves it into place when it is complete.
//!
//! An older run in the same place stays whole until the new one is. A run that fails leaves nothing, or, where stages that
//! took their time were finished, what these left: marked as incomplete, and never over a complete run or over files that
//! are not alkaline's.

mod moving;
mod occupant;

use std::io;
use std::path::{Path, PathBuf};

use alkaline_core::unfinished::{self, Kind, Unfinished};
use alkaline_io::WriteError;
use alkaline_io::output::{MadeDirectories, make_directories};
use alkaline_io::results::table::write_json;
use tempfile::TempDir;

use crate::error::WorkflowError;
use crate::layout::RunDirectory;
pub(crate) use moving::files_below;
use moving::{move_over, rename_whole, strangers};
pub use occupant::Incomplete;
use occupant::Occupant;

/// How many strangers are named.
const STRANGERS_NAMED: usize = 3;

/// A run that is being built.
pub struct Staging {
    destination: PathBuf,
    building: TempDir,
    entry: Unfinished,
    directories: MadeDirectories,
}

/// Refuses a place for results that holds something other than a run of alkaline.
///
/// # Errors
/// [`WorkflowError::Design`]; [`WorkflowError::Write`] when the place cannot be seen.
pub fn check_place(destination: &Path) -> Result<(), WorkflowError> {
    Occupant::of(destination).map(|_| ())
}

impl Staging {
    /// Prepares to build the run that shall lie at `destination`.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when something that is no run lies there; [`WorkflowError::Write`] when the place
    /// cannot be written.
    pub fn new(destination: &Path) -> Result<Self, WorkflowError> {
        check_place(destination)?;
        let parent = parent_of(destination);
        let in_context = |source: io::Error| WriteError { path: destination.to_owned(), source };
        let directories = make_directories(parent).map_err(in_context)?;
        let name = destination.file_name().unwrap_or_default().to_string_lossy();
        let prefix = format!(".{name}.part-{}-", std::process::id());
        let make = || tempfile::Builder::new().prefix(&prefix).tempdir_in(parent);
        let (building, entry) =
            unfinished::begin(Kind::Tree, make, |building: &TempDir| building.path()).map_err(in_context)?;
        Ok(Self { destination: destination.to_owned(), building, entry, directories })
    }

    /// Where to write.
    pub fn directory(&self) -> RunDirectory {
        RunDirectory::new(self.building.path())
    }

    /// Moves the finished run into place, where it replaces what an older run left there, and nothing else.
    ///
    /// # Errors
    /// [`WorkflowError::Write`] when the file system refuses; [`WorkflowError::Design`] when files that are not alkaline's
    /// stand in the way: the run is then kept beside its destination.
    pub fn publish(self) -> Result<(), WorkflowError> {
        let files = files_below(self.building.path())?;
        let in_the_way = match Occupant::of(&self.destination) {
            Ok(occupant) => {
                let in_the_way = strangers(&files, &self.destination, &occupant.files());
                if in_the_way.is_empty() {
                    return Ok(self.move_to(None, &files, &occupant)?);
                }
                let named: Vec<String> =
                    in_the_way.iter().take(STRANGERS_NAMED).map(|path| path.display().to_string()).collect();
                let more = if in_the_way.len() > STRANGERS_NAMED { ", ..." } else { "" };
                format!(
                    "files that no run of alkaline left stand in the way, and were not touched: {}{more}",
                    named.join(", ")
                )
            }
            Err(error) => error.message(),
        };
        let place = self.keep_beside("finished")?;
        let hint = format!("the run is finished and lies in {}", place.display());
        Err(WorkflowError::design_with_hint(in_the_way, hint))
    }

    /// Removes all files but these.
    fn keep_only(&self, finished: &[PathBuf]) -> Result<(), WriteError> {
        let others = files_below(self.building.path())?.into_iter().filter(|file| !finished.contains(file));
        for file in others {
            let path = self.building.path().join(file);
            std::fs::remove_file(&path).map_err(|source| WriteError { path, source })?;
        }
        Ok(())
    }

    /// Keeps what was `finished` of a run that failed: at its destination, unless a complete run or files of others lie there,
    /// else beside it. Gives the place.
    ///
    /// # Errors
    /// [`WorkflowError::Write`] when the file system refuses.
    pub fn publish_incomplete(
        self,
        record: Incomplete,
        finished: &[PathBuf],
    ) -> Result<PathBuf, WorkflowError> {
        let marker = self.directory().incomplete();
        self.keep_only(finished)?;
        write_json(&marker, &Incomplete { files: finished.to_vec(), ..record })?;
        let files = files_below(self.building.path())?;
        match Occupant::of(&self.destination) {
            Ok(occupant @ (Occupant::Nobody | Occupant::Incomplete(_)))
                if strangers(&files, &self.destination, &occupant.files()).is_empty() =>
            {
                let place = self.destination.clone();
                self.move_to(None, &files, &occupant)?;
                Ok(place)
            }
            _ => Ok(self.keep_beside("incomplete")?),
        }
    }

    /// Moves the run to the first free name beside its destination.
    fn keep_beside(self, word: &str) -> Result<PathBuf, WriteError> {
        let name = |number: usize| {
            let mut name = self.destination.as_os_str().to_owned();
            name.push(if number == 1 { format!(".{word}") } else { format!(".{word}-{number}") });
            PathBuf::from(name)
        };
        let place =
            (1..).map(name).find(|place| place.symlink_metadata().is_err()).unwrap_or_else(|| name(1));
        self.move_to(Some(&place), &[], &Occupant::Nobody)?;
        Ok(place)
    }

    /// Moves the run to `place`, or to its destination, over the files of `occupant`.
    fn move_to(self, place: Option<&Path>, files: &[PathBuf], occupant: &Occupant) -> Result<(), WriteError> {
        let Self { destination, building, entry, directories } = self;
        let place = place.unwrap_or(&destination);
        let moved = unfinished::undisturbed(|| match place.exists() {
            true => move_over(building.path(), place, files, occupant),
            false => rename_whole(building, place),
        });
        drop((entry, directories));
        moved.map_err(|source| WriteError { path: place.to_owned(), source })
    }
}

/// The directory that `destination` lies in.
fn parent_of(destination: &Path) -> &Path {
    match destination.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::manifest::{FileRecord, RunManifest};

    /// A run of one table with this text, whose record lists it.
    fn build(out: &Path, text: &str) -> Staging {
        let staging = Staging::new(out).unwrap();
        let directory = staging.directory();
        fs::create_dir_all(directory.counts().parent().unwrap()).unwrap();
        fs::write(directory.counts(), text).unwrap();
        let record = FileRecord::of("result", &directory.counts()).unwrap();
        let outputs = vec![FileRecord { path: "counts/counts.tsv".into(), ..record }];
        let options = serde_json::json!({});
        let manifest = RunManifest { title: text.to_owned(), outputs, options, ..RunManifest::default() };
        write_json(&directory.manifest(), &manifest).unwrap();
        staging
    }

    fn text(path: PathBuf) -> String {
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_run_that_is_dropped_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let staging = Staging::new(&place.path().join("new/out")).unwrap();
        fs::write(staging.directory().report(), "half").unwrap();
        drop(staging);
        assert_eq!(names(place.path()), Vec::<String>::new());
    }

    #[test]
    fn a_new_run_replaces_an_older_one_and_spares_what_is_not_of_it() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        build(&out, "old").publish().unwrap();
        fs::write(out.join("my-notes.txt"), "mine").unwrap();
        fs::write(out.join("counts/my-notes.txt"), "mine too").unwrap();
        build(&out, "new").publish().unwrap();
        assert_eq!(text(out.join("counts/counts.tsv")), "new");
        assert_eq!(text(out.join("my-notes.txt")), "mine");
        assert_eq!(text(out.join("counts/my-notes.txt")), "mine too");
        assert!(text(out.join("run.json")).contains("\"new\""));
        assert_eq!((names(place.path()), names(&out).len()), (vec!["out".to_owned()], 3));
    }

    #[test]
    fn what_the_new_run_does_not_have_goes_and_its_folders_with_it() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        build(&out, "old").publish().unwrap();
        let staging = Staging::new(&out).unwrap();
        write_json(&staging.directory().manifest(), &RunManifest::default()).unwrap();
        staging.publish().unwrap();
        assert_eq!(names(&out), ["run.json"]);
    }

    #[test]
    fn a_strangers_file_with_a_result_s_name_is_not_replaced_and_the_run_is_kept() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let staging = Staging::new(&out).unwrap();
        write_json(
            &staging.directory().manifest(),
            &RunManifest { options: serde_json::json!({}), ..RunManifest::default() },
        )
        .unwrap();
        staging.publish().unwrap();
        fs::create_dir(out.join("counts")).unwrap();
        fs::write(out.join("counts/counts.tsv"), "by hand").unwrap();
        let error = build(&out, "new").publish().unwrap_err().to_string();
        assert!(error.contains("counts/counts.tsv") && error.contains("out.finished"), "{error}");
        assert_eq!(text(out.join("counts/counts.tsv")), "by hand");
        assert_eq!(text(place.path().join("out.finished/counts/counts.tsv")), "new");
    }

    #[test]
    fn a_directory_of_something_else_is_refused_even_with_a_run_json() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.doc"), "precious").unwrap();
        let refused = || Staging::new(place.path()).map(|_| ()).unwrap_err().to_string();
        assert!(refused().contains("is not empty and holds no run"), "{}", refused());
        for foreign in ["{}", "not json", r#"{"version": "1", "outputs": []}"#] {
            fs::write(place.path().join("run.json"), foreign).unwrap();
            assert!(refused().contains("a run.json that is not alkaline's"), "{}", refused());
        }
        assert_eq!(names(place.path()), ["run.json", "thesis.doc"]);
    }

    #[test]
    fn an_incomplete_run_is_kept_and_replaced_but_never_takes_the_place_of_a_complete_one() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let incomplete = |text: &str| {
            let staging = build(&out, text);
            fs::remove_file(staging.directory().manifest()).unwrap();
            let finished = ["counts/counts.tsv".into()];
            fs::write(staging.directory().report(), "half").unwrap();
            staging
                .publish_incomplete(
                    Incomplete { failed: "enrich".into(), ..Incomplete::default() },
                    &finished,
                )
                .unwrap()
        };
        assert_eq!(incomplete("first"), out);
        assert_eq!(names(&out), [".alkaline", "counts"]);
        assert_eq!(incomplete("second"), out);
        assert_eq!(text(out.join("counts/counts.tsv")), "second");
        build(&out, "whole").publish().unwrap();
        assert_eq!(names(&out), ["counts", "run.json"]);
        assert_eq!(incomplete("third"), place.path().join("out.incomplete"));
        assert_eq!(text(out.join("counts/counts.tsv")), "whole");
    }
}
