//! What differs between two finished runs, in what they were asked and what they read, and what that changed in their results.

mod asked;
mod change;
mod results;

use std::path::Path;

use alkaline_io::results::table::read_json;
use serde::Serialize;

use super::again::{Recorded, record_of};
use super::manifest::RunManifest;
use crate::error::WorkflowError;
use crate::store::RunDirectory;

pub use change::Change;
pub use results::{ContrastChange, GeneChange, List, SetChange};

/// What differs between two runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RunDifference {
    /// Versions of alkaline, annotation, gene sets, other programs.
    pub versions: Vec<Change>,
    /// Options, by section and key.
    pub options: Vec<Change>,
    /// Files that were read, by content: names of files do not matter.
    pub inputs: Vec<Change>,
    /// Samples, and what the sheet says of them.
    pub samples: Vec<Change>,
    /// Contrasts.
    pub contrasts: Vec<Change>,
    /// Result files of equal name and another content, and those that only one run has.
    pub files: Vec<String>,
    /// What changed in the results, contrast by contrast, for contrasts that both runs have.
    pub results: Vec<ContrastChange>,
}

impl RunDifference {
    /// Whether both were asked the same of the same.
    pub fn is_same_question(&self) -> bool {
        let Self { versions, options, inputs, samples, contrasts, files: _, results: _ } = self;
        [versions, options, inputs, samples, contrasts].iter().all(|changes| changes.is_empty())
    }

    /// Whether both left the same.
    pub fn is_same_answer(&self) -> bool {
        self.files.is_empty() && self.results.iter().all(ContrastChange::is_empty)
    }
}

/// Compares the finished runs in the directories (or with the records) `first` and `second`.
///
/// # Errors
/// [`WorkflowError`] when one of them is no finished run, or its tables cannot be read.
pub fn compare(first: &Path, second: &Path) -> Result<RunDifference, WorkflowError> {
    let read = |path: &Path| -> Result<(Recorded, RunManifest, RunDirectory), WorkflowError> {
        let recorded = Recorded::read(path)?;
        let file = record_of(path);
        let root = file.parent().map_or_else(|| ".".into(), Path::to_owned);
        Ok((recorded, read_json(&file)?, RunDirectory::new(root)))
    };
    let ((first, record, here), (second, other, there)) = (read(first)?, read(second)?);
    let mut difference = RunDifference {
        versions: asked::versions(&record, &other),
        options: asked::options(&first.request, &second.request),
        inputs: asked::inputs(&record, &other),
        samples: asked::samples(&first.request, &second.request),
        contrasts: asked::contrasts(&first.request, &second.request),
        files: asked::files(&first, &second),
        results: Vec::new(),
    };
    for contrast in &first.request.experiment.contrasts {
        if second.request.experiment.contrasts.iter().any(|other| other.id == contrast.id) {
            difference.results.push(results::compare(&contrast.id, &here, &there)?);
        }
    }
    Ok(difference)
}
