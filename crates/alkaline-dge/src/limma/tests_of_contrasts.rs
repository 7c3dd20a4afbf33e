//! Tests of a contrast of log values: of expression values, or of counts whose logs are taken.

use alkaline_core::results::TestTable;
use alkaline_core::{CountMatrix, ExpressionMatrix, LibrarySizes};
use ndarray::{Array2, ArrayView2};

use super::array_weights::array_weights;
use super::correlated::Blocks;
use super::duplicate_correlation::duplicate_correlation;
use super::fit::LinearModel;
use super::moderation::{Moderation, moderate};
use super::options::LimmaOptions;
use super::table::{Answer, LimmaParts, limma_table};
use super::voom::{Voom, voom, voom_with_quality_weights};
use super::weights::Weights;
use crate::abundance::{DEFAULT_DISPERSION, PriorCounts, average_log_cpm};
use crate::design::Contrast;
use crate::glm::level_groups;
use crate::{DesignMatrix, DgeError};

/// Tests a contrast of expression values on a log scale; values that are not finite are missing. Samples of equal `blocks` are taken as
/// correlated.
///
/// # Errors
/// Values that belong to other samples, options that make no sense, a design that leaves no degrees of freedom to any gene.
///
/// # References
/// Ritchie et al. (2015), doi:10.1093/nar/gkv007; Smyth (2004), doi:10.2202/1544-6115.1027. Upstream: limma `lmFit`,
/// `contrasts.fit`, `eBayes` or `treat`, `topTable`.
pub fn limma_test(
    values: &ExpressionMatrix,
    design: &DesignMatrix,
    contrast: &Contrast,
    options: &LimmaOptions,
    blocks: Option<&[usize]>,
) -> Result<TestTable, DgeError> {
    if design.samples() != values.samples() {
        return Err(DgeError::OtherSamples { what: "the design" });
    }
    let question = Question { design, contrast, options, blocks, method: "limma" };
    let answer = question.answer(values.view(), question.sample_weights(values.view()))?;
    Ok(limma_table(&LimmaParts {
        genes: values.genes(),
        contrast,
        answer: &answer,
        options,
        method: question.method,
        log2_cpm: None,
        groups: &[],
        counts: None,
    }))
}

/// Tests a contrast of log2 counts per million, the prior variance following the average (limma-trend).
///
/// # Errors
/// As [`limma_test`].
///
/// # References
/// Law et al. (2014), doi:10.1186/gb-2014-15-2-r29. Upstream: edgeR `cpm(log = TRUE)`, limma `eBayes(trend = TRUE)`.
pub fn limma_trend_test(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    design: &DesignMatrix,
    contrast: &Contrast,
    options: &LimmaOptions,
    blocks: Option<&[usize]>,
) -> Result<TestTable, DgeError> {
    let effective = crate::checks::effective_sizes(matrix, sizes)?;
    crate::checks::design_matches(matrix, design)?;
    let options = &LimmaOptions { trend: true, ..options.clone() };
    let question = Question { design, contrast, options, blocks, method: "limma-trend" };
    let values = log_cpm(matrix.view(), &effective, options.prior_count);
    let answer = question.answer(values.view(), question.sample_weights(values.view()))?;
    Ok(question.table_of_counts(&answer, matrix, sizes, &effective))
}

/// Tests a contrast of log counts that are weighted by their precision (voom).
///
/// # Errors
/// As [`limma_test`].
///
/// # References
/// Law et al. (2014), doi:10.1186/gb-2014-15-2-r29. Upstream: limma `voom`, `lmFit`, `contrasts.fit`, `eBayes`.
pub fn voom_test(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    design: &DesignMatrix,
    contrast: &Contrast,
    options: &LimmaOptions,
    blocks: Option<&[usize]>,
) -> Result<TestTable, DgeError> {
    let effective = crate::checks::effective_sizes(matrix, sizes)?;
    crate::checks::design_matches(matrix, design)?;
    let question = Question { design, contrast, options, blocks, method: "voom" };
    let found = question.voom(matrix.view(), &effective)?;
    let answer = question.answer(found.values.view(), Weights::Values(found.weights))?;
    Ok(question.table_of_counts(&answer, matrix, sizes, &effective))
}

/// What is asked of the values.
struct Question<'a> {
    design: &'a DesignMatrix,
    contrast: &'a Contrast,
    options: &'a LimmaOptions,
    blocks: Option<&'a [usize]>,
    method: &'static str,
}

impl Question<'_> {
    fn answer(&self, values: ArrayView2<'_, f64>, weights: Weights) -> Result<Answer, DgeError> {
        let options = self.options;
        check(options)?;
        let own = &self.contrast.weights;
        let column = Array2::from_shape_fn((own.len(), 1), |(i, _)| own[i]);
        let blocks = self.correlated(values, &weights)?;
        let block_correlation = blocks.as_ref().map(Blocks::correlation);
        let model = LinearModel {
            weights,
            blocks,
            errors: options.contrast_errors,
            ..LinearModel::new(self.design.matrix(), column)
        };
        let fit = model.fit(values);
        let moderation =
            Moderation { trend: options.trend, robust: options.robust, proportion: options.proportion };
        let moderated = moderate(&fit, &moderation)?;
        let test = match options.lfc > 0.0 {
            true => moderated.threshold_test(&fit, 0, options.lfc),
            false => moderated.t_test(&fit, 0, options.proportion),
        };
        Ok(Answer { fit, moderated, test, block_correlation })
    }

    /// The weights of samples of log values, where they are wanted.
    fn sample_weights(&self, values: ArrayView2<'_, f64>) -> Weights {
        match self.options.quality_weights {
            true => Weights::Samples(array_weights(values, self.design.matrix(), &Weights::Equal)),
            false => Weights::Equal,
        }
    }

    /// How much samples of a block have in common, where there are blocks.
    fn correlated(&self, values: ArrayView2<'_, f64>, weights: &Weights) -> Result<Option<Blocks>, DgeError> {
        let Some(codes) = self.blocks else { return Ok(None) };
        let found = duplicate_correlation(values, self.design.matrix(), codes, weights);
        Blocks::new(codes.to_vec(), found.consensus).map(Some)
    }

    /// Log counts with their weights; with blocks twice, since weights and correlation need each other.
    fn voom(&self, counts: ArrayView2<'_, f64>, sizes: &[f64]) -> Result<Voom, DgeError> {
        let mut model = LinearModel::of_coefficients(self.design.matrix());
        let run = |model: &LinearModel| match self.options.quality_weights {
            true => voom_with_quality_weights(counts, sizes, model).0,
            false => voom(counts, sizes, model),
        };
        let first = run(&model);
        model.blocks = self.correlated(first.values.view(), &Weights::Values(first.weights.clone()))?;
        Ok(if model.blocks.is_some() { run(&model) } else { first })
    }

    /// The table of counts, with their CPM.
    fn table_of_counts(
        &self,
        answer: &Answer,
        matrix: &CountMatrix,
        sizes: &LibrarySizes,
        effective: &[f64],
    ) -> TestTable {
        let abundance = average_log_cpm(matrix, sizes, DEFAULT_DISPERSION);
        let groups = level_groups(self.design, self.contrast, effective);
        limma_table(&LimmaParts {
            genes: matrix.genes(),
            contrast: self.contrast,
            answer,
            options: self.options,
            method: self.method,
            log2_cpm: Some(abundance.values()),
            groups: &groups,
            counts: Some(matrix),
        })
    }
}

/// Refuses options that make no sense.
fn check(options: &LimmaOptions) -> Result<(), DgeError> {
    if !(options.interval > 0.0 && options.interval < 1.0) {
        return Err(DgeError::BadInterval { value: options.interval });
    }
    if !(options.proportion > 0.0 && options.proportion < 1.0) {
        return Err(DgeError::BadProportion { value: options.proportion });
    }
    Ok(())
}

/// log2 counts per million after adding a prior count in proportion to the library.
fn log_cpm(counts: ArrayView2<'_, f64>, sizes: &[f64], prior_count: f64) -> Array2<f64> {
    let priors = PriorCounts::new(sizes, prior_count);
    let mut values = counts.to_owned();
    for mut row in values.outer_iter_mut() {
        let logs: Vec<f64> = priors
            .added_to(row.iter().copied())
            .zip(&priors.augmented_sizes)
            .map(|(count, size)| (count / size * 1e6).log2())
            .collect();
        row.iter_mut().zip(logs).for_each(|(value, log)| *value = log);
    }
    values
}
