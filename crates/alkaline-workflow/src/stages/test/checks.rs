//! What can be told of a test before anything is counted.

use std::sync::Arc;

use alkaline_core::results::CountTable;
use alkaline_core::{ContrastSpec, SampleIndex, SampleSheet};
use alkaline_dge::distinct_replicates;
use alkaline_norm::{NormMethod, library_sizes};

use super::families::family_of;
use super::family::Question;
use super::prepared::{design_of, groups_of, groups_of_test, samples_of_test};
use super::settings::TestSettings;
use crate::error::WorkflowError;
use crate::spec::sheet::samples_tested;

/// Whether a contrast can be tested: both sides have samples, and there are replicates or an assumed dispersion.
///
/// # Errors
/// [`WorkflowError::Design`] with what to do.
pub fn check(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &Arc<SampleIndex>,
    settings: &TestSettings,
) -> Result<String, WorkflowError> {
    let sheet = samples_tested(sheet, contrast, settings.separate);
    let sheet = sheet.as_ref();
    let ids = samples.ids().iter().filter(|id| sheet.samples.iter().any(|sample| sample.id == **id));
    let samples =
        SampleIndex::new(ids.cloned().collect()).map_err(|error| WorkflowError::design(error.to_string()))?;
    let design = design_of(contrast, sheet, &samples, settings)?;
    let method = settings.method_for(contrast)?;
    let question = Question { method, contrast, sheet, samples: &samples, design: design.as_ref(), settings };
    let variability = family_of(method).check(&question)?;
    if let Some(design) = &design {
        design.contrast(contrast)?;
    }
    let model =
        design.map_or_else(|| "exact test".to_owned(), |design| format!("design {}", design.formula()));
    Ok(format!("contrast {}: {}, {model}, {variability}", contrast.id, compared(contrast, sheet, &samples)?))
}

/// Whether the counts themselves allow the test of `contrast`: no sample is empty, no replicate a copy.
///
/// # Errors
/// [`WorkflowError`] as `prepare` would give it.
pub fn check_counts(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Result<(), WorkflowError> {
    let part = samples_of_test(table, sheet, contrast, settings);
    let (table, sheet) = part.unwrap_or_else(|| (table.clone(), sheet.clone()));
    let samples = table.matrix.samples();
    library_sizes(&table.matrix, &NormMethod::None.into())?;
    let design = design_of(contrast, &sheet, samples, settings)?;
    let groups = groups_of_test(design.as_ref(), &sheet, contrast, samples)?;
    Ok(distinct_replicates(&table.matrix, &groups)?)
}

/// "3 samples of resistant against 3 of parental", or the expression.
fn compared(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &Arc<SampleIndex>,
) -> Result<String, WorkflowError> {
    if let Some(expression) = &contrast.expression {
        return Ok(expression.clone());
    }
    let groups = groups_of(sheet, &contrast.variable, samples)?;
    let size = |level: &str| groups.level(level).map_or(0, |level| groups.sizes()[level]);
    let (reference, target) = (&contrast.reference, &contrast.target);
    Ok(format!("{} samples of {target} against {} of {reference}", size(target), size(reference)))
}
