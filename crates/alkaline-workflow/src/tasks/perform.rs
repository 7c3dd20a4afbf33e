//! From a task to what does it.

use super::context::Context;
use super::{
    align, clean, count, gsea, merge, normalize, ora, panel, prepare, record, report, table, test, values,
};
use crate::error::WorkflowError;
use crate::plan::Task;
use crate::store::receipt::Said;

/// Does `task`, and leaves its files in the place of `context`.
///
/// # Errors
/// [`WorkflowError`].
pub fn perform(task: &Task, context: &Context<'_>) -> Result<Said, WorkflowError> {
    match task {
        Task::Clean(sample) => clean::perform(sample, context),
        Task::Align(sample) => align::perform(sample, context),
        Task::Count(sample) => count::perform(sample, context),
        Task::Merge => merge::perform(context),
        Task::Table => table::perform(context),
        Task::Values => values::perform(context),
        Task::Normalize => normalize::perform(context),
        Task::Prepare(contrast) => prepare::perform(contrast, context),
        Task::Test(contrast) => test::perform(contrast, context),
        Task::Gsea(contrast) => gsea::perform(contrast, context),
        Task::Ora(contrast) => ora::perform(contrast, context),
        Task::Panel { contrast, panel } => panel::perform(contrast, panel, context),
        Task::Record => record::perform(context),
        Task::Report => report::perform(context),
    }
}
