//! Tests one contrast of expression values.

use alkaline_core::ContrastSpec;
use alkaline_io::results::test_table;
use alkaline_io::rnk;

use super::context::Context;
use super::test_outcome::{called_by_p, in_words, leave_others};
use crate::error::WorkflowError;
use crate::stages::test::{settings_of_others, test_values, values_of_test};
use crate::store::receipt::Said;

/// Tests `contrast` with the values of the run.
pub(super) fn perform(contrast: &ContrastSpec, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let settings = request.settings.test.of_values()?;
    let all = context.shelf.values(request, context.run)?;
    let part = values_of_test(&all, &request.experiment.sheet, contrast, &settings)?;
    let whole = (&*all, &request.experiment.sheet);
    let (values, sheet) = part.as_ref().map_or(whole, |(values, sheet)| (values, sheet));
    let table = test_values(values, sheet, contrast, &settings)?;
    let place = context.place.contrast(&contrast.id);
    test_table::write(&place.test(), &table, &[])?;
    rnk::write(&place.ranks(), &table.ranked_by(request.settings.enrich.rank_by))?;
    let mut notices = Vec::new();
    if !settings.also.is_empty() {
        let others: Result<Vec<_>, WorkflowError> = settings_of_others(&settings)
            .into_iter()
            .map(|(word, settings)| Ok((word, test_values(values, sheet, contrast, &settings)?)))
            .collect();
        notices.push(leave_others(&settings.method_for(contrast)?.word(), &table, &others?, context)?);
    }
    let warnings = called_by_p(&table).into_iter().collect();
    Ok(Said { outcome: in_words(&table), warnings, notices, ..Said::default() })
}
