//! A finished run for other people's programs: AnnData, a `SummarizedExperiment`, Parquet, a workbook.
//!
//! What is exported is what lies in the run: nothing is computed. Tables of contrasts are read one at a time, and so are expression
//! tables, so that no more than the counts and one further matrix are in memory.

mod anndata;
mod experiment;
mod format;
mod parquet;
mod rows;
mod summarized;
mod workbook;

use std::path::{Path, PathBuf};

use alkaline_core::words::listed;
use alkaline_io::results::table::read_json;

use crate::error::WorkflowError;
use crate::record::RunManifest;
use crate::store::RunDirectory;
use experiment::Exported;
pub use format::Format;

/// Writes the run at `run` in `format` to `out`: a file, or a directory; gives the files.
///
/// # Errors
/// [`WorkflowError::Design`] when no complete run lies there; those of reading it and of writing.
pub fn export(run: &Path, format: Format, out: &Path) -> Result<Vec<PathBuf>, WorkflowError> {
    let directory = RunDirectory::new(run);
    if !directory.manifest().is_file() {
        return Err(not_complete(&directory));
    }
    let manifest: RunManifest = read_json(&directory.manifest())?;
    let exported = Exported::read(directory, manifest)?;
    match format {
        Format::AnnData => anndata::write(&exported, out),
        Format::SummarizedExperiment => alone(out, summarized::write(&exported, out)?),
        Format::Parquet => alone(out, parquet::write(&exported, out)?),
        Format::Workbook => workbook::write(&exported, out),
    }
}

/// The files, unless others lie among them that whoever reads the folder would take for results of this run.
fn alone(folder: &Path, files: Vec<PathBuf>) -> Result<Vec<PathBuf>, WorkflowError> {
    let (mut others, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inner) = folders.pop() {
        let entries = std::fs::read_dir(inner).into_iter().flatten().flatten().map(|entry| entry.path());
        let (inside, there): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        folders.extend(inside);
        // What is being written is told from what was there by its name.
        let is_table =
            |path: &PathBuf| path.extension().is_some_and(|ending| ending == "parquet" || ending == "tsv");
        others.extend(there.into_iter().filter(|path| is_table(path) && !files.contains(path)));
    }
    if others.is_empty() {
        return Ok(files);
    }
    others.sort();
    Err(WorkflowError::design_with_hint(
        format!(
            "{} holds tables that are not of this run: {}",
            folder.display(),
            listed(others.iter().map(|path| path.display().to_string()))
        ),
        "take them away, or name another place: --output",
    ))
}

fn not_complete(directory: &RunDirectory) -> WorkflowError {
    let place = directory.root().display();
    match directory.plan().is_file() {
        true => WorkflowError::design_with_hint(
            format!("the run at {place} is not complete"),
            "`alkaline status` says what is missing, `alkaline resume` goes on with it",
        ),
        false => WorkflowError::design_with_hint(
            format!("{place} holds no run of alkaline"),
            "give the directory that `alkaline run --out` named",
        ),
    }
}
