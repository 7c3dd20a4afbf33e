//! Writes samples, contrasts, methods, citations and the R script.

use std::path::Path;

use alkaline_io::file::write_atomically;
use alkaline_io::results::{qc, test_table};
use alkaline_report::methods::methods_with_references;

use super::context::Context;
use crate::error::WorkflowError;
use crate::record::{manifest, methods, reproduce};
use crate::store::receipt::Said;

/// Writes what the run says of itself beside its results.
pub(super) fn perform(context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let contrasts = &request.experiment.contrasts;
    let tests =
        contrasts.iter().map(|contrast| test_table::read_facts(&context.run.contrast(&contrast.id).test()));
    let tests = tests.collect::<Result<Vec<_>, _>>()?;
    let of_qc = context.run.qc().join(qc::FILE_NAME);
    let libraries = if of_qc.exists() { qc::read(&of_qc)? } else { Vec::new() };
    let components: Vec<(String, String)> =
        context.store.all_receipts().values().flat_map(|receipt| receipt.said.components.clone()).collect();
    let facts = methods::facts(request, &context.count_facts(), &libraries, &tests, &components, context.run);
    manifest::write_design(context.place, request)?;
    let text = |path: &Path, text: &str| write_atomically(path, |out| out.write_all(text.as_bytes()));
    text(&context.place.methods(), &methods::markdown(&facts))?;
    text(&context.place.citations(), &methods::citations(&methods_with_references(&facts).1))?;
    text(&context.place.reproduce(), &reproduce::script(request, context.plan)?)?;
    let facts = serde_json::to_value(facts).unwrap_or_default();
    Ok(Said { outcome: "methods, citations and R script".to_owned(), facts, ..Said::default() })
}
