//! What the workflow asks of a sample sheet: its samples as an index, and those that a contrast is tested with.

use std::borrow::Cow;
use std::sync::Arc;

use alkaline_core::{ContrastSpec, SampleIndex, SampleSheet};
use alkaline_dge::names_in_expression;

use crate::error::WorkflowError;

/// The variable of the short form `run --parental A.bam --resistant B.bam`.
pub(crate) const CONDITION: &str = "condition";

/// The samples of a sheet as an index.
pub(crate) fn sample_index(sheet: &SampleSheet) -> Result<Arc<SampleIndex>, WorkflowError> {
    SampleIndex::new(sheet.samples.iter().map(|sample| sample.id.clone()).collect())
        .map_err(|error| WorkflowError::design(error.to_string()))
}

/// The samples whose counts `contrast` is tested with: all, or, where contrasts are tested apart (`separate`), those that
/// it compares.
pub(crate) fn samples_tested<'a>(
    sheet: &'a SampleSheet,
    contrast: &ContrastSpec,
    separate: bool,
) -> Cow<'a, SampleSheet> {
    if separate { Cow::Owned(samples_compared(sheet, contrast)) } else { Cow::Borrowed(sheet) }
}

/// The samples of the levels that `contrast` compares; all of them for an expression in coefficients.
pub fn samples_compared(sheet: &SampleSheet, contrast: &ContrastSpec) -> SampleSheet {
    let Some(values) = sheet.values(&contrast.variable) else { return sheet.clone() };
    let levels = match &contrast.expression {
        Some(expression) => match names_in_expression(expression) {
            Ok(names) if names.iter().all(|name| values.contains(&name.as_str())) => names,
            _ => return sheet.clone(),
        },
        None => vec![contrast.reference.clone(), contrast.target.clone()],
    };
    let rows = sheet.samples.iter().zip(&values);
    let wanted = rows.filter(|(_, value)| levels.iter().any(|level| level == *value));
    SampleSheet {
        variables: sheet.variables.clone(),
        samples: wanted.map(|(sample, _)| sample.clone()).collect(),
    }
}
