//! The family of edgeR's tests: negative binomial counts, exactly or under a linear model.

use alkaline_core::ContrastSpec;
use alkaline_core::results::{DispersionEstimates, TestTable, Thresholds};
use alkaline_dge::{
    DgeError, DispersionOptions, ExactTestOptions, GlmTestOptions, assumed_dispersion, borrowed_dispersion,
    estimate_dispersion, estimate_dispersion_glm, exact_test, likelihood_ratio_test, quasi_likelihood_test,
};

use super::family::{Family, Filtered, Question};
use super::method::TestMethod;
use super::prepared::Prepared;
use super::settings::TestSettings;
use crate::error::WorkflowError;
use crate::stages::dispersions;

/// edgeR's tests.
pub(super) struct EdgeR;

impl Family for EdgeR {
    fn dispersion(
        &self,
        data: &Filtered<'_>,
        settings: &TestSettings,
    ) -> Result<Option<DispersionEstimates>, WorkflowError> {
        let Filtered { matrix, sizes, groups, design } = *data;
        let estimate = DispersionOptions { compat: settings.compat, ..settings.estimate.clone() };
        let borrowed = settings.bcv_from.as_deref().map(dispersions::borrow).transpose()?;
        Ok(Some(match (settings.assumed()?, borrowed, design) {
            (Some(dispersion), ..) => assumed_dispersion(matrix, sizes, dispersion)?,
            (None, Some(borrowed), _) => borrowed_dispersion(matrix, sizes, &borrowed)?,
            (None, None, Some(design)) => estimate_dispersion_glm(matrix, sizes, design, &estimate)?,
            (None, None, None) => estimate_dispersion(matrix, sizes, groups, &estimate)?,
        }))
    }

    fn check(&self, question: &Question<'_>) -> Result<String, WorkflowError> {
        let Question { design, settings, .. } = question;
        let assumed = settings.assumed()?;
        if let Some(design) = design
            && design.residual_df() == 0
            && matches!(question.method, TestMethod::Ql | TestMethod::Treat)
            && settings.is_dispersion_given()
        {
            return Err(DgeError::NoQuasiDf { samples: design.samples().len() }.into());
        }
        if !settings.is_dispersion_given() {
            question.replicates()?;
        }
        Ok(match (assumed, &settings.bcv_from) {
            (Some(value), _) => format!("dispersion assumed (BCV {})", value.sqrt()),
            (None, Some(table)) => format!("dispersion borrowed from {}", table.display()),
            (None, None) => "dispersion estimated".to_owned(),
        })
    }

    fn test(
        &self,
        method: TestMethod,
        prepared: &Prepared,
        contrast: &ContrastSpec,
        settings: &TestSettings,
    ) -> Result<TestTable, WorkflowError> {
        let dispersion = prepared.dispersion.as_ref().ok_or_else(|| {
            WorkflowError::design(format!("contrast `{}`: its dispersions were not estimated", contrast.id))
        })?;
        let mut table = test_at(method, prepared, dispersion, contrast, settings)?;
        settings.compat.name().clone_into(&mut table.facts.compat);
        Ok(table)
    }
}

/// Tests one contrast at these dispersions.
pub(super) fn test_at(
    method: TestMethod,
    prepared: &Prepared,
    dispersion: &DispersionEstimates,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Result<TestTable, WorkflowError> {
    let Prepared { groups, design, filter, sizes, .. } = prepared;
    let Some(design) = design else {
        let options = exact_options(settings);
        return Ok(exact_test(&filter.matrix, sizes, groups, dispersion, contrast, &options)?);
    };
    let options = glm_options(settings, method);
    let run = if method == TestMethod::Lrt { likelihood_ratio_test } else { quasi_likelihood_test };
    Ok(run(&filter.matrix, sizes, design, dispersion, &design.contrast(contrast)?, &options)?)
}

/// Options of the exact test at the thresholds of the run.
fn exact_options(settings: &TestSettings) -> ExactTestOptions {
    ExactTestOptions { thresholds: settings.thresholds, ..settings.exact.clone() }
}

/// Options of a test under a linear model at the thresholds of the run.
///
/// TREAT puts the fold-change threshold into the null hypothesis; calling then needs no second one.
fn glm_options(settings: &TestSettings, method: TestMethod) -> GlmTestOptions {
    let thresholds = settings.thresholds;
    if method == TestMethod::Treat {
        let lfc = if settings.glm.lfc > 0.0 { settings.glm.lfc } else { thresholds.lfc };
        return GlmTestOptions {
            lfc,
            thresholds: Thresholds { lfc: 0.0, ..thresholds },
            compat: settings.compat,
            ..settings.glm.clone()
        };
    }
    GlmTestOptions { lfc: 0.0, thresholds, compat: settings.compat, ..settings.glm.clone() }
}
