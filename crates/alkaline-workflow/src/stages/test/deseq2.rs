//! The family of DESeq2's tests: negative binomial counts with its own size factors and dispersions.

use alkaline_core::ContrastSpec;
use alkaline_core::results::{DispersionEstimates, TestTable};
use alkaline_dge::DgeError;
use alkaline_dge::deseq2::{Deseq2Options, deseq2_likelihood_ratio_test, deseq2_test};

use super::family::{Family, Filtered, Question};
use super::method::TestMethod;
use super::prepared::Prepared;
use super::settings::TestSettings;
use crate::error::WorkflowError;

/// DESeq2's tests.
pub(super) struct Deseq2;

impl Family for Deseq2 {
    fn dispersion(
        &self,
        _: &Filtered<'_>,
        _: &TestSettings,
    ) -> Result<Option<DispersionEstimates>, WorkflowError> {
        Ok(None)
    }

    fn check(&self, question: &Question<'_>) -> Result<String, WorkflowError> {
        let Question { contrast, method, design, settings, .. } = question;
        let refused = |what: &str, hint: &str| {
            let words = format!("contrast `{}`: {what}", contrast.id);
            Err(WorkflowError::design_with_hint(words, hint))
        };
        if settings.is_dispersion_given() {
            return refused(
                &format!("a dispersion is given, and `{}` estimates its own", method.word()),
                "leave --bcv, --dispersion and --bcv-from away, or test with --method lrt",
            );
        }
        if *method == TestMethod::Deseq2Lrt && settings.deseq2.lfc > 0.0 {
            return refused(
                "the likelihood ratio has no threshold of the fold change",
                "--method deseq2 tests against one, or leave --lfc-threshold away",
            );
        }
        if let Some(design) = design
            && design.residual_df() == 0
        {
            return Err(DgeError::NoReplicatesInDeseq2 { samples: design.samples().len() }.into());
        }
        Ok("dispersions estimated and shrunken".to_owned())
    }

    fn test(
        &self,
        method: TestMethod,
        prepared: &Prepared,
        contrast: &ContrastSpec,
        settings: &TestSettings,
    ) -> Result<TestTable, WorkflowError> {
        let Prepared { filter, sizes, .. } = prepared;
        let design = prepared.design_for(contrast, "DESeq2")?;
        let run = if method == TestMethod::Deseq2Lrt { deseq2_likelihood_ratio_test } else { deseq2_test };
        Ok(run(&filter.matrix, sizes, design, &design.contrast(contrast)?, &options(settings))?)
    }
}

/// DESeq2's options at the thresholds of the run.
fn options(settings: &TestSettings) -> Deseq2Options {
    Deseq2Options { thresholds: settings.thresholds, ..settings.deseq2.clone() }
}
