//! What the workflow asks of a sample sheet: its samples as an index, and those that a contrast is tested with.

use std::borrow::Cow;
use std::sync::Arc;

use alkaline_core::samples::Exclusion;
use alkaline_core::{ContrastSpec, SampleIndex, SampleSheet};
use alkaline_dge::names_in_expression;

use crate::error::WorkflowError;

/// The variable of the short form `run --parental A.bam --resistant B.bam`.
pub(crate) const CONDITION: &str = "condition";

/// The column that tells how reads relate to the strand of the RNA, as nf-core calls it.
pub(crate) const STRANDEDNESS: &str = "strandedness";

/// The column of `sheet` that tells strand rules, in whatever case it is written.
pub(crate) fn strandedness_column(sheet: &SampleSheet) -> Option<&String> {
    sheet.variables.iter().find(|name| name.eq_ignore_ascii_case(STRANDEDNESS))
}

/// What the column of the samples' names is called.
const SAMPLE: &str = "sample";

/// The samples of a sheet as an index.
pub(crate) fn sample_index(sheet: &SampleSheet) -> Result<Arc<SampleIndex>, WorkflowError> {
    SampleIndex::new(sheet.samples.iter().map(|sample| sample.id.clone()).collect())
        .map_err(|error| WorkflowError::design(error.to_string()))
}

/// The samples whose counts `contrast` is tested with: all but those that it leaves out, or, where contrasts are tested apart
/// (`separate`), of these the ones that it compares.
pub(crate) fn samples_tested<'a>(
    sheet: &'a SampleSheet,
    contrast: &ContrastSpec,
    separate: bool,
) -> Cow<'a, SampleSheet> {
    if separate { Cow::Owned(samples_compared(sheet, contrast)) } else { samples_kept(sheet, contrast) }
}

/// The samples that `contrast` does not leave out.
pub fn samples_kept<'a>(sheet: &'a SampleSheet, contrast: &ContrastSpec) -> Cow<'a, SampleSheet> {
    let Some(Exclusion { column, values }) = &contrast.exclude else { return Cow::Borrowed(sheet) };
    let Some(told) = values_or_names(sheet, column) else { return Cow::Borrowed(sheet) };
    let rows = sheet.samples.iter().zip(told);
    let kept = rows.filter(|(_, value)| !values.iter().any(|excluded| excluded == value));
    Cow::Owned(SampleSheet {
        variables: sheet.variables.clone(),
        samples: kept.map(|(sample, _)| sample.clone()).collect(),
    })
}

/// The values of a column, or the names of the samples where `column` is what the first column is called everywhere.
pub(crate) fn values_or_names<'a>(sheet: &'a SampleSheet, column: &str) -> Option<Vec<&'a str>> {
    let names = || sheet.samples.iter().map(|sample| sample.id.as_str()).collect();
    sheet.values(column).or_else(|| (column == SAMPLE).then(names))
}

/// The samples of the levels that `contrast` compares, but for those that it leaves out; of an expression in coefficients all of them.
pub fn samples_compared(sheet: &SampleSheet, contrast: &ContrastSpec) -> SampleSheet {
    let sheet = samples_kept(sheet, contrast);
    let sheet = sheet.as_ref();
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
