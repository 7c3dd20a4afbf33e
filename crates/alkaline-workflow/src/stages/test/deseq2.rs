//! The family of DESeq2's tests: negative binomial counts with its own size factors and dispersions.

use alkaline_core::ContrastSpec;
use alkaline_core::results::{DispersionEstimates, TestTable, Unanswered};
use alkaline_dge::deseq2::{Deseq2Options, deseq2_likelihood_ratio_test, deseq2_test};
use alkaline_dge::{DesignMatrix, DgeError};

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
        // estimated counts that come with lengths are rounded, as DESeq2 does with those of tximport
        let own = filter.matrix.has_lengths().then(|| filter.matrix.rounded());
        let matrix = own.as_ref().unwrap_or(&filter.matrix);
        let design = prepared.design_for(contrast, "DESeq2")?;
        let options = options(settings);
        let run = if method == TestMethod::Deseq2Lrt { deseq2_likelihood_ratio_test } else { deseq2_test };
        let mut table = run(matrix, sizes, design, &design.contrast(contrast)?, &options)?;
        table.facts.moderation = told(&table, &options, design, matrix.has_lengths());
        Ok(table)
    }
}

/// What was really done, for those who write of it: a few words each, in the order of the steps.
fn told(table: &TestTable, options: &Deseq2Options, design: &DesignMatrix, has_lengths: bool) -> Vec<String> {
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let sizes = word(serde_json::json!(options.size_factors));
    let mut told = vec![format!("size factors {sizes}")];
    told.extend(has_lengths.then(|| "lengths".to_owned()));
    // the table itself says where the trend is not the parametric one, also where that did not fit
    let trend = table.facts.moderation.iter().find(|words| words.starts_with("trend"));
    told.push(trend.cloned().unwrap_or_else(|| "trend parametric".to_owned()));
    let Unanswered { spoilt, faint, .. } = table.unanswered();
    told.extend(options.cooks.then(|| format!("cooks {spoilt}")));
    let largest = largest_cell(design);
    let replaces = options.replace_from > 0 && largest >= options.replace_from;
    told.extend(replaces.then(|| format!("replaced {}", options.replace_from)));
    let alpha = options.alpha.unwrap_or(options.thresholds.fdr);
    told.extend(options.independent_filtering.then(|| format!("filtered {faint} at {alpha}")));
    told.extend(options.shrink.map(|kind| format!("shrunken {}", word(serde_json::json!(kind)))));
    told.extend(options.use_t.then(|| "t".to_owned()));
    let alternative = word(serde_json::json!(options.alternative));
    told.extend((options.lfc > 0.0).then(|| format!("threshold {} {alternative}", options.lfc)));
    told
}

/// Samples of the largest group that the design treats alike.
fn largest_cell(design: &DesignMatrix) -> usize {
    design.alike().sizes().into_iter().max().unwrap_or(0)
}

/// DESeq2's options at the thresholds of the run.
fn options(settings: &TestSettings) -> Deseq2Options {
    Deseq2Options { thresholds: settings.thresholds, ..settings.deseq2.clone() }
}
