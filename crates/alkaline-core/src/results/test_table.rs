//! The table of differential expression: one row per tested gene.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CallBy, Direction, DispersionSource, RankBy, RankedGenes, Thresholds};
use crate::{ContrastSpec, GeneId};

/// One gene's result.
#[derive(Clone, Debug, PartialEq)]
pub struct TestRow {
    /// Gene identifier.
    pub gene: GeneId,
    /// Symbol, when known.
    pub name: Option<Arc<str>>,
    /// Log2 fold change, target minus reference (edgeR `logFC`).
    pub log2_fold_change: f64,
    /// Standard error of the log2 fold change, where the model gives one (tests under a linear model).
    pub standard_error: Option<f64>,
    /// Confidence interval of the log2 fold change, where there is a standard error; [`TestFacts::interval`] is its coverage.
    pub interval: Option<(f64, f64)>,
    /// Average log2 CPM over all samples (edgeR `logCPM`).
    pub log2_cpm: f64,
    /// F, t, Wald or likelihood-ratio statistic, where the test has one; [`TestFacts::statistic`] names it.
    pub statistic: Option<f64>,
    /// Two-sided P value; underflows to zero only where `f64` does.
    pub p_value: f64,
    /// log10 of P, computed in log space: finite even where `p_value` is zero.
    pub log10_p: f64,
    /// P adjusted for multiple testing.
    pub fdr: f64,
    /// Call at the thresholds of the run.
    pub direction: Direction,
    /// Mean CPM of each group, in the order of [`TestFacts::groups`].
    pub group_cpm: Vec<f64>,
    /// What only some tests tell.
    pub of_method: MethodColumns,
}

impl TestRow {
    /// How abundant the gene is, on a log2 scale: its CPM, or its average expression where there are no counts.
    pub fn abundance(&self) -> f64 {
        if self.log2_cpm.is_nan() {
            self.of_method.average_expression.unwrap_or(f64::NAN)
        } else {
            self.log2_cpm
        }
    }
}

/// What some tests tell of a gene beyond what all of them do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MethodColumns {
    /// Mean of the log values over all samples (limma `AveExpr`).
    pub average_expression: Option<f64>,
    /// Log odds that the gene changes (limma `B`).
    pub log_odds: Option<f64>,
    /// Mean of the normalised counts over all samples (DESeq2 `baseMean`).
    pub base_mean: Option<f64>,
    /// Standard error of the log2 fold change under the name that DESeq2's tables have for it (`lfcSE`).
    pub fold_change_error: Option<f64>,
    /// log2 fold change under a prior that pulls it to zero (DESeq2 `lfcShrink`).
    pub shrunken_fold_change: Option<f64>,
    /// Its standard error.
    pub shrunken_error: Option<f64>,
}

/// How a test table came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestFacts {
    /// The test, as edgeR names it (`exactTest`, `glmLRT`, `glmQLFTest`, `glmTreat`), or `limma`, `limma-trend`, `voom`, `deseq2`, `deseq2-lrt`.
    pub method: String,
    /// Column name of the statistic (`F`, `LR`, `t`, `stat`), where there is one.
    pub statistic: Option<String>,
    /// Whose rules were followed where versions differ (`edgeR-3`, `edgeR-4`, `limma-3.54`).
    pub compat: String,
    /// Multiple-testing correction (`BH`).
    pub adjustment: String,
    /// Estimated or assumed.
    pub dispersion: DispersionSource,
    /// Common dispersion, where the test has dispersions.
    pub common_dispersion: Option<f64>,
    /// Prior degrees of freedom (the median, where there is one per gene).
    pub prior_df: Option<f64>,
    /// Coverage of the confidence intervals, where there are any.
    #[serde(default)]
    pub interval: Option<f64>,
    /// Thresholds behind the `direction` column.
    pub thresholds: Thresholds,
    /// Names of the groups whose mean CPM the table shows.
    pub groups: Vec<String>,
    /// Number of samples in each of the groups.
    pub group_sizes: Vec<usize>,
    /// How the design read the columns of the sample sheet, where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnReading>,
    /// Correlation of samples that belong together, where the model has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_correlation: Option<f64>,
    /// How variances were moderated and values weighted beyond the default, in words (limma, the trend of DESeq2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moderation: Vec<String>,
    /// Genes in the count table.
    pub genes_total: usize,
    /// Genes that passed the expression filter and were tested.
    pub genes_tested: usize,
}

/// How a design read a column of the sample sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnReading {
    /// Name of the column.
    pub column: String,
    /// Its levels, the baseline first; `None` for a number.
    pub levels: Option<Vec<String>>,
    /// How it was read and why, where it could have been read otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Results of one contrast, sorted as edgeR's `topTags`: by P, then by falling |logFC|.
#[derive(Clone, Debug, PartialEq)]
pub struct TestTable {
    /// The question.
    pub contrast: ContrastSpec,
    /// How it was answered.
    pub facts: TestFacts,
    /// The tested genes.
    pub rows: Vec<TestRow>,
}

/// Numbers of genes without an answer, by the reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unanswered {
    /// Without any count: neither P nor FDR.
    pub silent: usize,
    /// With an outlying count (Cook's distance): neither P nor FDR.
    pub spoilt: usize,
    /// Too faint to be called (independent filtering): P but no FDR.
    pub faint: usize,
}

impl TestTable {
    /// Number of genes called up and down.
    pub fn called(&self) -> (usize, usize) {
        let number = |wanted| self.rows.iter().filter(|row| row.direction == wanted).count();
        (number(Direction::Up), number(Direction::Down))
    }

    /// Genes that the test left without a P value or a false discovery rate, as DESeq2's tests do.
    pub fn unanswered(&self) -> Unanswered {
        let number = |is_so: fn(&TestRow) -> bool| self.rows.iter().filter(|row| is_so(row)).count();
        Unanswered {
            silent: number(|row| row.of_method.base_mean == Some(0.0)),
            spoilt: number(|row| {
                row.p_value.is_nan() && row.of_method.base_mean.is_some_and(|mean| mean > 0.0)
            }),
            faint: number(|row| row.fdr.is_nan() && !row.p_value.is_nan()),
        }
    }

    /// What to know of calls by P alone, where those were made.
    pub fn warning_of_raw_p(&self) -> Option<String> {
        let thresholds = self.facts.thresholds;
        (thresholds.call_by == CallBy::P).then(|| {
            format!(
                "genes were called by P below {} without adjustment: about {} of {} tested genes have such a P where nothing changes, so \
                 this is no control of false discoveries",
                thresholds.p,
                (thresholds.p * self.rows.len() as f64).round(),
                self.rows.len()
            )
        })
    }

    /// All tested genes in the order that `by` gives them (see [`ranked_by`]).
    pub fn ranked_by(&self, by: RankBy) -> RankedGenes {
        ranked_by(&self.rows, by)
    }
}

/// Genes of a test table, highest score first; ties by falling |logFC|, then by identifier.
pub fn ranked_by(rows: &[TestRow], by: RankBy) -> RankedGenes {
    let score = |row: &TestRow| match by {
        RankBy::SignedLogP => -row.log10_p * row.log2_fold_change.signum(),
        RankBy::LogFc => row.log2_fold_change,
    };
    // An exact zero may carry a sign; + 0.0 removes it, so that equal scores compare as equal.
    let scores = rows.iter().map(|row| (score(row) + 0.0, row));
    // a gene without a P value (an outlier in DESeq2) has no place
    let mut scored: Vec<(f64, &TestRow)> = scores.filter(|(score, _)| !score.is_nan()).collect();
    scored.sort_by(|(a, row_a), (b, row_b)| {
        let magnitude = |row: &TestRow| row.log2_fold_change.abs();
        b.total_cmp(a)
            .then_with(|| magnitude(row_b).total_cmp(&magnitude(row_a)))
            .then_with(|| row_a.gene.cmp(&row_b.gene))
    });
    RankedGenes {
        genes: scored.iter().map(|(_, row)| row.gene.clone()).collect(),
        scores: scored.iter().map(|(score, _)| *score).collect(),
    }
}
