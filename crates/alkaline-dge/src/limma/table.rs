//! From moderated statistics to a test table (limma `topTable`, in the order of alkaline's tables).

use std::sync::Arc;

use alkaline_core::results::{DispersionSource, MethodColumns, TestFacts, TestRow, TestTable, Thresholds};
use alkaline_core::{CountMatrix, GeneIndex};
use alkaline_math::order_statistics::median;
use alkaline_math::special::student_upper_quantile;

use super::fit::LinearFit;
use super::moderation::{Moderated, TTest};
use super::options::LimmaOptions;
use crate::design::Contrast;
use crate::libraries::LibraryGroup;
use crate::table::{by_evidence, mean_cpm, put_in_order};

/// The version whose numbers are reproduced.
const COMPAT: &str = "limma-3.54";

/// What was found of every gene.
pub(super) struct Answer {
    pub fit: LinearFit,
    pub moderated: Moderated,
    pub test: TTest,
    /// Correlation within blocks, where there are any.
    pub block_correlation: Option<f64>,
}

/// Everything a table is made of.
pub(super) struct LimmaParts<'a> {
    pub genes: &'a Arc<GeneIndex>,
    pub contrast: &'a Contrast,
    pub answer: &'a Answer,
    pub options: &'a LimmaOptions,
    pub method: &'static str,
    /// Average log2 CPM of each gene, where there are counts.
    pub log2_cpm: Option<&'a [f64]>,
    /// The libraries whose mean CPM is shown.
    pub groups: &'a [(String, LibraryGroup)],
    pub counts: Option<&'a CountMatrix>,
}

/// Adjusts, calls and sorts: by P, then by falling |logFC|.
pub(super) fn limma_table(parts: &LimmaParts<'_>) -> TestTable {
    let p: Vec<f64> = parts.answer.test.p.iter().map(|p| p.value()).collect();
    let order = by_evidence(&p, |gene| parts.answer.fit.estimates[[gene, 0]]);
    let fdr = parts.options.adjustment.adjust_in_order(&p, &order);
    let quantiles = Quantiles::new(parts.options.interval, &parts.answer.moderated.df);
    let thresholds = thresholds(parts.options);
    let row = |gene: usize| row(parts, gene, (p[gene], fdr[gene]), &quantiles, &thresholds);
    let mut rows: Vec<TestRow> = (0..p.len()).map(row).collect();
    put_in_order(&mut rows, order);
    TestTable { contrast: parts.contrast.spec.clone(), facts: facts(parts, thresholds), rows }
}

/// A threshold in the null hypothesis needs no second one in the call.
fn thresholds(options: &LimmaOptions) -> Thresholds {
    let lfc = if options.lfc > 0.0 { 0.0 } else { options.thresholds.lfc };
    Thresholds { lfc, ..options.thresholds }
}

fn row(
    parts: &LimmaParts<'_>,
    gene: usize,
    (p_value, fdr): (f64, f64),
    quantiles: &Quantiles,
    thresholds: &Thresholds,
) -> TestRow {
    let Answer { fit, moderated, test, .. } = parts.answer;
    let log2_fold_change = fit.estimates[[gene, 0]];
    let error = moderated.standard_error(fit, 0, gene);
    let half = quantiles.of(moderated.df[gene]) * error;
    let is_there = !error.is_nan();
    let cpm = |(_, group): &(String, LibraryGroup)| {
        parts.counts.map_or(f64::NAN, |counts| mean_cpm(group, counts.row(gene)))
    };
    TestRow {
        gene: parts.genes.ids()[gene].clone(),
        name: None,
        log2_fold_change,
        standard_error: is_there.then_some(error),
        interval: is_there.then_some((log2_fold_change - half, log2_fold_change + half)),
        log2_cpm: parts.log2_cpm.map_or(f64::NAN, |values| values[gene]),
        statistic: Some(test.t[gene]),
        p_value,
        log10_p: test.p[gene].log10(),
        fdr,
        direction: thresholds.call(log2_fold_change, p_value, fdr),
        group_cpm: parts.groups.iter().map(cpm).collect(),
        of_method: MethodColumns {
            average_expression: Some(fit.averages[gene]),
            log_odds: test.log_odds.as_ref().map(|odds| odds[gene]),
            ..MethodColumns::default()
        },
    }
}

fn facts(parts: &LimmaParts<'_>, thresholds: Thresholds) -> TestFacts {
    let prior_df = median(&mut parts.answer.moderated.prior.df.clone());
    TestFacts {
        method: parts.method.to_owned(),
        statistic: Some("t".to_owned()),
        compat: COMPAT.to_owned(),
        adjustment: parts.options.adjustment.name().to_owned(),
        dispersion: DispersionSource::NotUsed,
        common_dispersion: None,
        prior_df: prior_df.is_finite().then_some(prior_df),
        interval: Some(parts.options.interval),
        thresholds,
        groups: parts.groups.iter().map(|(name, _)| name.clone()).collect(),
        group_sizes: parts.groups.iter().map(|(_, group)| group.members.len()).collect(),
        columns: Vec::new(),
        block_correlation: parts.answer.block_correlation,
        moderation: moderation_in_words(parts.options),
        genes_total: parts.genes.len(),
        genes_tested: parts.genes.len(),
    }
}

/// What differs from the plain test.
fn moderation_in_words(options: &LimmaOptions) -> Vec<String> {
    let told = [
        (options.trend, "trend".to_owned()),
        (options.robust, "robust".to_owned()),
        (options.quality_weights, "quality weights".to_owned()),
        (options.lfc > 0.0, format!("treat {}", options.lfc)),
    ];
    told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| words).collect()
}

/// Quantiles of t, one for all genes where their degrees of freedom do not differ.
struct Quantiles {
    tail: f64,
    common: (f64, f64),
}

impl Quantiles {
    fn new(coverage: f64, df: &[f64]) -> Self {
        let tail = 0.5 * (1.0 - coverage);
        let first = df.first().copied().unwrap_or(f64::NAN);
        Self { tail, common: (first, student_upper_quantile(tail, first)) }
    }

    fn of(&self, df: f64) -> f64 {
        if self.common.0 == df { self.common.1 } else { student_upper_quantile(self.tail, df) }
    }
}
