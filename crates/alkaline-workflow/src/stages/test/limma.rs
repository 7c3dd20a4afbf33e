//! The family of limma's tests: moderated t tests of log values.

use alkaline_core::ContrastSpec;
use alkaline_core::results::{DispersionEstimates, TestTable};
use alkaline_dge::limma::{LimmaOptions, limma_trend_test, voom_test};

use super::family::{Family, Filtered, Question};
use super::method::TestMethod;
use super::prepared::Prepared;
use super::settings::TestSettings;
use crate::error::WorkflowError;

/// limma's tests.
pub(super) struct Limma;

impl Family for Limma {
    fn dispersion(
        &self,
        _: &Filtered<'_>,
        _: &TestSettings,
    ) -> Result<Option<DispersionEstimates>, WorkflowError> {
        Ok(None)
    }

    fn check(&self, question: &Question<'_>) -> Result<String, WorkflowError> {
        if question.settings.is_dispersion_given() {
            return Err(WorkflowError::design_with_hint(
                format!(
                    "contrast `{}`: a dispersion is given, and `{}` has none: it models the variance of log values",
                    question.contrast.id,
                    question.method.word()
                ),
                "leave --bcv, --dispersion and --bcv-from away, or test with --method lrt",
            ));
        }
        if question.method == TestMethod::Limma {
            return Err(counts_given(&question.contrast.id));
        }
        question.replicates().map_err(|error| unreplicated(&question.contrast.id, &error))?;
        Ok("variances moderated".to_owned())
    }

    fn test(
        &self,
        method: TestMethod,
        prepared: &Prepared,
        contrast: &ContrastSpec,
        settings: &TestSettings,
    ) -> Result<TestTable, WorkflowError> {
        let Prepared { filter, sizes, .. } = prepared;
        let design = prepared.design_for(contrast, "limma")?;
        let run = match method {
            TestMethod::Voom => voom_test,
            TestMethod::LimmaTrend => limma_trend_test,
            _ => return Err(counts_given(&contrast.id)),
        };
        let blocks = prepared.blocks.as_deref();
        Ok(run(&filter.matrix, sizes, design, &design.contrast(contrast)?, &options(settings), blocks)?)
    }
}

/// Counts are no log values.
fn counts_given(contrast: &str) -> WorkflowError {
    WorkflowError::design_with_hint(
        format!("contrast `{contrast}`: `limma` tests values on a log scale, and these are counts"),
        "--method limma-trend or voom take logs of counts; `alkaline test --expression` tests log values",
    )
}

/// Without replicates limma has nothing to say but fold changes; an assumed dispersion is edgeR's.
fn unreplicated(contrast: &str, error: &WorkflowError) -> WorkflowError {
    WorkflowError::design_with_hint(
        format!("contrast `{contrast}`: {error}"),
        "limma needs replicates and has no dispersion to assume: --method exact or lrt with --bcv tests counts without them",
    )
}

/// limma's options at the thresholds of the run.
fn options(settings: &TestSettings) -> LimmaOptions {
    LimmaOptions { thresholds: settings.thresholds, ..settings.limma.clone() }
}
