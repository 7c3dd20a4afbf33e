//! Tests of expression values: whether they can be made, with which samples, and how.

use std::borrow::Cow;
use std::sync::Arc;

use alkaline_core::results::TestTable;
use alkaline_core::{
    ContrastSpec, ExpressionMatrix, ExpressionUnit, IndexError, SampleId, SampleIndex, SampleSheet,
};
use alkaline_dge::DesignMatrix;
use alkaline_dge::limma::{LimmaOptions, limma_test};
use ndarray::Axis;

use super::expression::LogValues;
use super::method::TestMethod;
use super::prepared::{blocks_of, design_of};
use super::settings::TestSettings;
use crate::error::WorkflowError;
use crate::spec::sheet::{sample_index, samples_tested};

/// The part of `values` and `sheet` that `contrast` is tested with; `None` where that is all.
pub fn values_of_test(
    values: &LogValues,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Result<Option<(LogValues, SampleSheet)>, WorkflowError> {
    let Cow::Owned(part) = samples_tested(sheet, contrast, settings.separate) else { return Ok(None) };
    let ids: Vec<SampleId> = part.samples.iter().map(|sample| sample.id.clone()).collect();
    let columns: Vec<usize> =
        ids.iter().filter_map(|id| values.matrix.samples().position(id.as_str())).collect();
    let wrong = |error: IndexError| WorkflowError::design(error.to_string());
    let samples = SampleIndex::new(ids).map_err(wrong)?;
    let genes = Arc::clone(values.matrix.genes());
    let chosen = values.matrix.view().select(Axis(1), &columns);
    let matrix = ExpressionMatrix::from_array(ExpressionUnit::Log2, genes, samples, chosen).map_err(wrong)?;
    Ok(Some((LogValues { matrix, labels: values.labels.clone(), notices: Vec::new() }, part)))
}

/// Whether `contrast` can be answered with values of these samples: there must be replicates.
///
/// # Errors
/// [`WorkflowError::Design`] with what can be said without.
pub fn check_values(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    settings: &TestSettings,
) -> Result<String, WorkflowError> {
    let settings = settings.of_values()?;
    let sheet = samples_tested(sheet, contrast, settings.separate);
    let samples = sample_index(&sheet)?;
    let design = limma_design(contrast, &sheet, &samples, &settings)?;
    design.contrast(contrast)?;
    if design.residual_df() == 0 {
        return Err(WorkflowError::design_with_hint(
            format!(
                "contrast `{}`: no replicates, so there is no variance to test with: a difference of two arrays is all there is",
                contrast.id
            ),
            "take samples that are alike as replicates of one group, or rank genes by their differences (enrich gsea --ranks)",
        ));
    }
    let (df, method) = (design.residual_df(), settings.method.unwrap_or(TestMethod::Limma));
    Ok(format!(
        "contrast {}: {} by {}, design {}, {df} residual degrees of freedom",
        contrast.id,
        contrast.question(),
        method.word(),
        design.formula()
    ))
}

/// Tests one contrast of log values, by limma where no method is told.
///
/// # Errors
/// [`WorkflowError`] for a test that needs counts, a design that does not fit, or groups without replicates.
pub fn test_values(
    values: &LogValues,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Result<TestTable, WorkflowError> {
    let settings = settings.of_values()?;
    let method = settings.method.unwrap_or(TestMethod::Limma);
    let samples = values.matrix.samples();
    let design = limma_design(contrast, sheet, samples, &settings)?;
    let blocks = blocks_of(&settings, sheet, samples)?;
    let trend = settings.limma.trend || method == TestMethod::LimmaTrend;
    let options = LimmaOptions { trend, thresholds: settings.thresholds, ..settings.limma.clone() };
    let question = design.contrast(contrast)?;
    let mut table = limma_test(&values.matrix, &design, &question, &options, blocks.as_deref())?;
    method.word().clone_into(&mut table.facts.method);
    for row in &mut table.rows {
        row.name = values.labels.get(row.gene.as_str()).and_then(|label| label.name.clone());
    }
    Ok(table)
}

/// The design of a contrast, without which limma has no answer.
fn limma_design(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &Arc<SampleIndex>,
    settings: &TestSettings,
) -> Result<DesignMatrix, WorkflowError> {
    design_of(contrast, sheet, samples, settings)?
        .ok_or_else(|| WorkflowError::design(format!("contrast `{}`: limma needs a design", contrast.id)))
}
