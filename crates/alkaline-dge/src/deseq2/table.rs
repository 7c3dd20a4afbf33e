//! DESeq2's tests as alkaline's tables.

use alkaline_core::results::{DispersionSource, MethodColumns, TestFacts, TestRow, TestTable, Thresholds};
use alkaline_core::{CountMatrix, LibrarySizes};
use alkaline_math::special::{normal_from_ln_upper, student_upper_quantile};

use super::analysis::{Analysis, Fitted};
use super::filtering::{adjusted_above, filtered};
use super::model::Model;
use super::options::Deseq2Options;
use super::shrunken::{Shrunken, shrunken};
use super::wald::{Answer, likelihood_ratio, wald};
use crate::abundance::{DEFAULT_DISPERSION, average_log_cpm};
use crate::design::Contrast;
use crate::glm::{level_groups, without_contrast};
use crate::libraries::LibraryGroup;
use crate::table::{by_evidence, mean_cpm, put_in_order};
use crate::{DesignMatrix, DgeError};

/// The version whose numbers are reproduced.
const COMPAT: &str = "DESeq2-1.38";

/// Tests a contrast by the Wald statistic of its coefficients.
///
/// `sizes` serve for the columns of counts per million; the model has size factors of its own.
///
/// # Errors
/// [`DgeError::NotWhole`] for counts that are not whole; a design that leaves no degrees of freedom; no size factors or trend.
///
/// # References
/// Love, Huber & Anders (2014), doi:10.1186/s13059-014-0550-8. Upstream: DESeq2 `DESeq(test = "Wald")`, `results`.
pub fn deseq2_test(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    design: &DesignMatrix,
    contrast: &Contrast,
    options: &Deseq2Options,
) -> Result<TestTable, DgeError> {
    let question = Question::new(matrix, sizes, design, contrast, options)?;
    let answers = wald(&question.analysis, matrix, design, contrast, options);
    Ok(question.table("deseq2", "stat", &answers))
}

/// Tests a contrast by the likelihood that it adds to a model in which it is zero.
///
/// # Errors
/// As [`deseq2_test`].
///
/// # References
/// Love, Huber & Anders (2014), doi:10.1186/s13059-014-0550-8. Upstream: DESeq2 `DESeq(test = "LRT")`, `results`.
pub fn deseq2_likelihood_ratio_test(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    design: &DesignMatrix,
    contrast: &Contrast,
    options: &Deseq2Options,
) -> Result<TestTable, DgeError> {
    let question = Question::new(matrix, sizes, design, contrast, options)?;
    let reduced = Model::new(without_contrast(design.matrix(), &contrast.weights).view());
    let log_likelihoods = question.analysis.log_likelihoods(matrix, &reduced);
    let answers = likelihood_ratio(&question.analysis, &log_likelihoods, 1, contrast);
    Ok(question.table("deseq2-lrt", "stat", &answers))
}

/// What is asked, and the fits that answer it.
struct Question<'a> {
    matrix: &'a CountMatrix,
    contrast: &'a Contrast,
    options: &'a Deseq2Options,
    groups: Vec<(String, LibraryGroup)>,
    log2_cpm: Vec<f64>,
    analysis: Analysis,
    /// Shrunken fold changes of all genes, where they are wanted.
    shrunken: Option<Vec<Option<Shrunken>>>,
}

/// P values of all genes, in their order.
struct Evidence {
    p: Vec<f64>,
    ln_p: Vec<f64>,
    adjusted: Vec<f64>,
}

impl<'a> Question<'a> {
    fn new(
        matrix: &'a CountMatrix,
        sizes: &LibrarySizes,
        design: &DesignMatrix,
        contrast: &'a Contrast,
        options: &'a Deseq2Options,
    ) -> Result<Self, DgeError> {
        if !(options.interval > 0.0 && options.interval < 1.0) {
            return Err(DgeError::BadInterval { value: options.interval });
        }
        let effective = crate::checks::effective_sizes(matrix, sizes)?;
        let analysis = Analysis::new(matrix, design, options)?;
        let groups = level_groups(design, contrast, &effective);
        let log2_cpm = average_log_cpm(matrix, sizes, DEFAULT_DISPERSION).values().to_vec();
        let shrunken = options.shrink.map(|kind| shrunken(&analysis, matrix, contrast, kind)).transpose()?;
        Ok(Self { matrix, contrast, options, groups, log2_cpm, analysis, shrunken })
    }

    fn table(&self, method: &str, statistic: &str, answers: &[Answer]) -> TestTable {
        let evidence = self.evidence(answers);
        let order = by_evidence(&evidence.p, |gene| answers[gene].log2_fold_change);
        let thresholds = self.thresholds();
        let quantile = self.quantile();
        let row = |gene: usize| self.row(gene, &answers[gene], &evidence, quantile, &thresholds);
        let mut rows: Vec<TestRow> = (0..answers.len()).map(row).collect();
        put_in_order(&mut rows, order);
        let facts = self.facts(method, statistic, thresholds);
        TestTable { contrast: self.contrast.spec.clone(), facts, rows }
    }

    /// P values without those that an outlier spoils, and what correction leaves of them.
    fn evidence(&self, answers: &[Answer]) -> Evidence {
        let options = self.options;
        let ln_p = |(answer, gene): (&Answer, &Option<Fitted>)| {
            let is_spoilt = options.cooks && gene.as_ref().is_some_and(|gene| gene.is_spoilt);
            if is_spoilt { f64::NAN } else { answer.ln_p }
        };
        let ln_p: Vec<f64> = answers.iter().zip(&self.analysis.genes).map(ln_p).collect();
        let p: Vec<f64> = ln_p.iter().map(|ln_p| ln_p.exp()).collect();
        let base_means: Vec<f64> = self.analysis.genes.iter().map(base_mean).collect();
        let alpha = options.alpha.unwrap_or(options.thresholds.fdr);
        let adjusted = match options.independent_filtering {
            true => filtered(&base_means, &p, alpha, options.adjustment),
            false => adjusted_above(&base_means, &p, 0.0, options.adjustment),
        };
        Evidence { p, ln_p, adjusted }
    }

    fn row(
        &self,
        gene: usize,
        answer: &Answer,
        evidence: &Evidence,
        quantile: f64,
        thresholds: &Thresholds,
    ) -> TestRow {
        let Answer { log2_fold_change, standard_error: error, statistic, .. } = *answer;
        let (p_value, fdr) = (evidence.p[gene], evidence.adjusted[gene]);
        let is_there = !error.is_nan();
        let half = quantile * error;
        let shrunken = self.shrunken.as_ref().and_then(|all| all[gene]);
        let cpm = |(_, group): &(String, LibraryGroup)| mean_cpm(group, self.matrix.row(gene));
        TestRow {
            gene: self.matrix.genes().ids()[gene].clone(),
            name: None,
            log2_fold_change,
            standard_error: is_there.then_some(error),
            interval: is_there.then_some((log2_fold_change - half, log2_fold_change + half)),
            log2_cpm: self.log2_cpm[gene],
            statistic: Some(statistic),
            p_value,
            log10_p: evidence.ln_p[gene] / std::f64::consts::LN_10,
            fdr,
            direction: thresholds.call(log2_fold_change, p_value, fdr),
            group_cpm: self.groups.iter().map(cpm).collect(),
            of_method: MethodColumns {
                base_mean: Some(base_mean(&self.analysis.genes[gene])),
                fold_change_error: is_there.then_some(error),
                shrunken_fold_change: shrunken.map(|shrunken| shrunken.change),
                shrunken_error: shrunken.map(|shrunken| shrunken.error),
                ..MethodColumns::default()
            },
        }
    }

    /// A threshold in the null hypothesis needs no second one in the call.
    fn thresholds(&self) -> Thresholds {
        let lfc = if self.options.lfc > 0.0 { 0.0 } else { self.options.thresholds.lfc };
        Thresholds { lfc, ..self.options.thresholds }
    }

    fn quantile(&self) -> f64 {
        let tail = 0.5 * (1.0 - self.options.interval);
        match self.options.use_t {
            true => student_upper_quantile(tail, self.analysis.model.residual_df() as f64),
            false => normal_from_ln_upper(tail.ln()),
        }
    }

    fn facts(&self, method: &str, statistic: &str, thresholds: Thresholds) -> TestFacts {
        TestFacts {
            moderation: self.analysis.trend.in_words().map(str::to_owned).into_iter().collect(),
            method: method.to_owned(),
            statistic: Some(statistic.to_owned()),
            compat: COMPAT.to_owned(),
            adjustment: self.options.adjustment.name().to_owned(),
            dispersion: DispersionSource::Estimated,
            common_dispersion: None,
            prior_df: None,
            interval: Some(self.options.interval),
            thresholds,
            groups: self.groups.iter().map(|(name, _)| name.clone()).collect(),
            group_sizes: self.groups.iter().map(|(_, group)| group.members.len()).collect(),
            columns: Vec::new(),
            block_correlation: None,
            genes_total: self.matrix.genes().len(),
            genes_tested: self.matrix.genes().len(),
        }
    }
}

fn base_mean(gene: &Option<Fitted>) -> f64 {
    gene.as_ref().map_or(0.0, |gene| gene.base_mean)
}
