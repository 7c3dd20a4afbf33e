//! Aligns the reads of a sample with HISAT2.

use alkaline_core::Library;
use alkaline_core::words::count;

use super::clean::component;
use super::context::Context;
use crate::error::WorkflowError;
use crate::spec::experiment::library_of;
use crate::stages::align::align;
use crate::stages::clean::CleanFiles;
use crate::stages::hisat2_index::Hisat2Index;
use crate::stages::reads::below;
use crate::store::receipt::Said;

/// Aligns the reads of `sample`: the cleaned ones, unless they are not cleaned.
pub(super) fn perform(sample: &str, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let Some(Library::Reads(own)) = library_of(&request.experiment, sample) else {
        return Err(WorkflowError::design(format!("sample `{sample}` has no reads")));
    };
    let reads = match request.settings.clean.enabled {
        true => below(&CleanFiles::of(sample, own.is_paired()).reads, context.run.root()),
        false => own,
    };
    let Some(index) = &request.hisat2_index else {
        return Err(WorkflowError::design("reads are to be aligned, and no index of the genome was given"));
    };
    let index = Hisat2Index::find(index)?;
    let (options, root) = (&request.settings.align, context.place.root());
    let aligned = align(sample, &reads, &index, options, context.search, root, context.threads)?;
    let fragments = usize::try_from(aligned.fragments).unwrap_or(usize::MAX);
    Ok(Said {
        outcome: format!(
            "{}, {:.1} % of the reads aligned",
            count(fragments, "fragment"),
            100.0 * aligned.alignment_rate
        ),
        notices: aligned.notices,
        warnings: aligned.warnings,
        components: aligned.programs.iter().map(component).collect(),
        ..Said::default()
    })
}
