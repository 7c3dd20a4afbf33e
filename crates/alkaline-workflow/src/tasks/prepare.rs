//! Filters, normalises and estimates dispersions, once for all contrasts of a design.

use super::context::Context;
use super::prepared;
use super::shelf::Counts;
use crate::error::WorkflowError;
use crate::plan::Plan;
use crate::stages::test::{self, Prepared, samples_of_test};
use crate::store::RunDirectory;
use crate::store::layout::PreparedDirectory;
use crate::store::receipt::Said;

/// Where the files of the design of `contrast` lie: the first design's beside the expression tables, and where there are several,
/// each one's beside its contrasts.
pub(super) fn places(contrast: &str, plan: &Plan, directory: &RunDirectory) -> Vec<PreparedDirectory> {
    let designs = plan.designs();
    let number = designs.iter().position(|contrasts| contrasts.iter().any(|id| id == contrast)).unwrap_or(0);
    let mut places = Vec::new();
    places.extend((number == 0).then(|| directory.prepared()));
    if designs.len() > 1 {
        places.extend(designs[number].iter().map(|id| directory.contrast(id).prepared()));
    }
    places
}

/// Prepares the tests of the design that is called after `id`.
pub(super) fn perform(id: &str, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let (request, contrast) = (context.request, context.contrast(id)?);
    let settings = &request.settings.test;
    let (sheet, norm) = (&request.experiment.sheet, &request.settings.normalize.factors);
    let counts = context.shelf.counts(request, context.run)?;
    let Counts { table, labels } = &*counts;
    let part = samples_of_test(table, sheet, contrast, settings);
    let (table, sheet) = part.as_ref().map_or((table, sheet), |(table, sheet)| (table, sheet));
    let prepared = test::prepare(table, sheet, contrast, settings, norm)?;
    for place in places(id, context.plan, context.place) {
        prepared::write(&place, &prepared, labels)?;
    }
    let notices = prepared.in_words().into_iter().map(|words| format!("{id}: {words}")).collect();
    Ok(Said { outcome: in_words(&prepared), notices, ..Said::default() })
}

/// "15,320 of 60,591 genes kept; common BCV 0.21".
fn in_words(prepared: &Prepared) -> String {
    let filter = &prepared.filter;
    let genes = filter.kept.len() + filter.removed.len();
    let kept = format!("{} of {genes} genes kept", filter.kept.len());
    match &prepared.dispersion {
        Some(dispersion) => format!("{kept}; BCV {:.3}", dispersion.common.sqrt()),
        None => kept,
    }
}
