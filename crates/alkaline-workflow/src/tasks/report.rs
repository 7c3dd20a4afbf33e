//! Makes the page, its figures and the files for MultiQC.

use alkaline_report::MethodsFacts;

use super::context::Context;
use crate::error::WorkflowError;
use crate::plan::Task;
use crate::record::manifest::fold;
use crate::stages::report;
use crate::store::receipt::Said;

/// Makes the report from the files of the run and nothing else.
pub(super) fn perform(context: &Context<'_>) -> Result<Said, WorkflowError> {
    // What an earlier report said of itself is no part of this one.
    let mut others = context.store.all_receipts();
    others.remove(&Task::Report.to_string());
    let manifest = fold(context.plan, context.request, context.date, &others);
    let facts = context.store.receipt("record").map(|receipt| receipt.said.facts.clone()).unwrap_or_default();
    let facts: MethodsFacts = serde_json::from_value(facts).map_err(|error| {
        WorkflowError::design(format!("what the methods are written from cannot be read: {error}"))
    })?;
    let data = report::load(context.run, &manifest, &facts)?;
    report::write(context.place, &data)?;
    Ok(Said { outcome: "report.html".to_owned(), ..Said::default() })
}
