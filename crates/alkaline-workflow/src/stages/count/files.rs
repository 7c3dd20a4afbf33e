//! The files that a run reads, and those that it leaves.

use std::fs;
use std::path::{Path, PathBuf};

use alkaline_core::Library;
use alkaline_io::ReadError;
use rayon::prelude::*;

use crate::layout::RunDirectory;
use crate::manifest::FileRecord;
use crate::spec::experiment::CountSource;
use crate::spec::request::RunRequest;

/// The files that a run reads, with what they are for.
pub fn input_files(request: &RunRequest) -> Vec<(&'static str, PathBuf)> {
    let mut files: Vec<(&str, PathBuf)> = match &request.experiment.source {
        CountSource::Alignments(files) => files.iter().map(|file| ("alignments", file.clone())).collect(),
        CountSource::Reads(libraries) => {
            libraries.iter().flat_map(Library::files).map(|file| ("reads", file.clone())).collect()
        }
        CountSource::Table(path) => vec![("counts", path.clone())],
    };
    files.extend(
        request
            .annotation
            .iter()
            .map(PathBuf::from)
            .filter(|path| path.exists())
            .map(|path| ("annotation", path)),
    );
    let enrich = &request.settings.enrich;
    files.extend(enrich.gene_sets.iter().chain(&enrich.go_file).map(|path| ("gene sets", path.clone())));
    files.retain(|(_, path)| path.as_os_str() != "-");
    files
}

/// The files that a run wrote, relative to its directory, in the order of their names; the manifest is not among them.
///
/// # Errors
/// [`ReadError`].
pub fn output_files(directory: &RunDirectory) -> Result<Vec<FileRecord>, ReadError> {
    let mut files = Vec::new();
    collect_files(directory.root(), &mut files)?;
    files.retain(|path| *path != directory.manifest());
    files.sort();
    files
        .par_iter()
        .map(|path| {
            let record = FileRecord::of("result", path)?;
            let relative = path.strip_prefix(directory.root()).unwrap_or(path).to_owned();
            Ok(FileRecord { path: relative, ..record })
        })
        .collect()
}

/// All files below `folder`.
fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), ReadError> {
    let in_context = |source| ReadError::from_io(folder, source);
    for entry in fs::read_dir(folder).map_err(in_context)? {
        let path = entry.map_err(in_context)?.path();
        if path.is_dir() { collect_files(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
