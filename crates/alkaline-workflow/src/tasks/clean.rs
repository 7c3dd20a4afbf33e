//! Cleans the reads of a sample with fastp.

use alkaline_core::Library;
use alkaline_core::words::count;

use super::context::Context;
use crate::error::WorkflowError;
use crate::programs::Program;
use crate::spec::experiment::library_of;
use crate::stages::clean::{Cleaned, clean};
use crate::store::receipt::Said;

/// Cleans the reads of `sample`.
pub(super) fn perform(sample: &str, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let Some(Library::Reads(reads)) = library_of(&request.experiment, sample) else {
        return Err(WorkflowError::design(format!("sample `{sample}` has no reads")));
    };
    let cleaned = clean(sample, &reads, &request.settings.clean, context.search, context.place.root())?;
    let Cleaned { reads_before, reads_after, notices, warnings, program, .. } = cleaned;
    let [before, after] =
        [reads_before, reads_after].map(|reads| usize::try_from(reads).unwrap_or(usize::MAX));
    Ok(Said {
        outcome: format!("{after} of {} kept", count(before, "read")),
        notices,
        warnings,
        components: program.iter().map(component).collect(),
        ..Said::default()
    })
}

/// Name and version of a program, without the place where it lies on this machine.
pub(super) fn component(program: &Program) -> (String, String) {
    // `hisat2-align-s` is what `hisat2` calls for a small index.
    let name = program.name.split("-align").next().unwrap_or_default();
    (name.to_owned(), program.version.clone())
}
