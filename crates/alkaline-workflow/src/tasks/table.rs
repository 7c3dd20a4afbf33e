//! Takes over a finished count table.

use super::context::Context;
use super::merge::leave;
use crate::check::check_lengths;
use crate::error::WorkflowError;
use crate::spec::experiment::CountSource;
use crate::stages::{count, naming, offsets};
use crate::store::receipt::Said;

/// Reads the count table of the experiment.
pub(super) fn perform(context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let CountSource::Table(path) = &request.experiment.source else {
        return Err(WorkflowError::design("the counts come from alignments, not from a table"));
    };
    let mut counted = count::from_table(&request.experiment, path, request.table_options())?;
    let identifiers = context.shelf.identifiers(request)?;
    naming::refuse_row_numbers(path, &counted.table, &identifiers)?;
    check_lengths(request, &counted.table)?;
    if let Some(lengths) = &request.offsets {
        let (table, words) = offsets::with_lengths(counted.table, lengths)?;
        counted.table = table;
        counted.warnings.extend(words);
        offsets::write(&context.place.length_factors(), &counted.table)?;
    }
    leave(&counted, context)
}
