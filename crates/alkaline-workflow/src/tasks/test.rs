//! Tests one contrast.

use alkaline_io::results::{sensitivity, test_table};
use alkaline_io::rnk;

use super::context::Context;
use super::prepare::places;
use super::prepared;
use crate::error::WorkflowError;
use crate::stages::{test, untested};
use crate::store::receipt::Said;

/// Tests `contrast` with what was prepared for its design.
pub(super) fn perform(id: &str, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let (request, contrast) = (context.request, context.contrast(id)?);
    let settings = &request.settings.test;
    let counts = context.shelf.counts(request, context.run)?;
    let labels = &counts.labels;
    let from = places(id, context.plan, context.run);
    let prepared = prepared::read(&from[0], &counts, contrast, request)?;
    let table = test::test(&prepared, contrast, labels, settings)?;
    let place = context.place.contrast(id);
    let filtered = if request.keep_filtered { untested::rows(&table, labels) } else { Vec::new() };
    test_table::write(&place.test(), &table, &filtered)?;
    rnk::write(&place.ranks(), &table.ranked_by(request.settings.enrich.rank_by))?;
    let mut warnings = Vec::new();
    if let Some(from) = &settings.bcv_from {
        warnings.push(format!("{id}: the dispersion was borrowed from {}", from.display()));
    }
    if let Some(assumed) = settings.assumed()? {
        let calls = test::sensitivity(&prepared, contrast, settings, assumed)?;
        sensitivity::write(&place.sensitivity(), &calls.rows)?;
        sensitivity::write_by_gene(&place.sensitivity_by_gene(), &calls.largest_bcv, labels)?;
        warnings.push(format!(
            "{id}: the dispersion was assumed (BCV {}), not estimated: P values are as good as that guess",
            assumed.sqrt()
        ));
    }
    let (up, down) = table.called();
    let outcome = format!("{up} up, {down} down of {} tested", table.rows.len());
    Ok(Said { outcome, warnings, ..Said::default() })
}
