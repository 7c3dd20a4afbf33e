//! Tests one contrast.

use alkaline_core::ContrastSpec;
use alkaline_core::results::TestTable;
use alkaline_io::results::{sensitivity, test_table};
use alkaline_io::rnk;

use super::context::Context;
use super::prepare::places;
use super::test_outcome::{called_by_p, in_words, leave_others};
use super::{prepared, test_values};
use crate::error::WorkflowError;
use crate::stages::test::samples_of_test;
use crate::stages::{test, untested};
use crate::store::receipt::Said;

/// Tests `contrast` with what was prepared for its design.
pub(super) fn perform(id: &str, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let (request, contrast) = (context.request, context.contrast(id)?);
    if request.experiment.has_values() {
        return test_values::perform(contrast, context);
    }
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
    warnings.extend(called_by_p(&table));
    let notices = further_tests(&table, contrast, context)?.into_iter().collect();
    Ok(Said { outcome: in_words(&table), warnings, notices, ..Said::default() })
}

/// Runs the tests that answer beside the first, and writes what all say of each gene; gives how far they agree.
fn further_tests(
    first: &TestTable,
    contrast: &ContrastSpec,
    context: &Context<'_>,
) -> Result<Option<String>, WorkflowError> {
    let request = context.request;
    let settings = &request.settings.test;
    if settings.also.is_empty() {
        return Ok(None);
    }
    let counts = context.shelf.counts(request, context.run)?;
    let sheet = &request.experiment.sheet;
    let part = samples_of_test(&counts.table, sheet, contrast, settings);
    let (table, sheet) = part.as_ref().map_or((&counts.table, sheet), |(table, sheet)| (table, sheet));
    let norm = &request.settings.normalize.factors;
    let others = test::test_by_others(table, sheet, contrast, &counts.labels, settings, norm)?;
    leave_others(&settings.method_for(contrast)?.word(), first, &others, context).map(Some)
}
