//! From per-gene results to a sorted test table with adjusted P values and calls.

use alkaline_core::results::{DispersionEstimates, MethodColumns, TestFacts, TestRow, TestTable, Thresholds};
use alkaline_core::{ContrastSpec, CountMatrix};
use alkaline_math::negative_binomial::PValue;
use alkaline_math::order_statistics::median;
use alkaline_math::{family_wise, multiple_testing};
use serde::{Deserialize, Serialize};

use crate::EdgerVersion;
use crate::libraries::LibraryGroup;

/// Correction for testing many genes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Adjustment {
    /// Benjamini & Hochberg (1995): the false discovery rate.
    #[default]
    Bh,
    /// Benjamini & Yekutieli (2001): the false discovery rate under any dependence.
    By,
    /// Holm (1979): the family-wise error rate.
    Holm,
    /// Bonferroni: the family-wise error rate.
    Bonferroni,
}

impl Adjustment {
    /// The name that R's `p.adjust` knows.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bh => "BH",
            Self::By => "BY",
            Self::Holm => "holm",
            Self::Bonferroni => "bonferroni",
        }
    }

    /// Adjusted P values, in the order given.
    #[must_use]
    pub fn adjust(self, p: &[f64]) -> Vec<f64> {
        match self {
            Self::Bh => multiple_testing::benjamini_hochberg(p),
            Self::By => family_wise::benjamini_yekutieli(p),
            Self::Holm => family_wise::holm(p),
            Self::Bonferroni => multiple_testing::bonferroni(p),
        }
    }

    /// [`adjust`](Self::adjust) where the order of the genes by P is known.
    pub(crate) fn adjust_in_order(self, p: &[f64], ascending: &[usize]) -> Vec<f64> {
        let is_whole = p.iter().all(|p| !p.is_nan());
        if self == Self::Bh && is_whole {
            return multiple_testing::benjamini_hochberg_in_order(p, ascending);
        }
        self.adjust(p)
    }
}

/// What a test says about one gene.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GeneResult {
    pub log2_fold_change: f64,
    /// On the log2 scale, where the model gives one.
    pub standard_error: Option<f64>,
    /// Confidence interval on the same scale.
    pub interval: Option<(f64, f64)>,
    pub statistic: Option<f64>,
    pub p: PValue,
}

/// Everything a table is made of.
pub(crate) struct TableParts<'a> {
    pub matrix: &'a CountMatrix,
    pub contrast: &'a ContrastSpec,
    pub dispersion: &'a DispersionEstimates,
    /// The result of each gene.
    pub results: &'a dyn Fn(usize) -> &'a GeneResult,
    /// The libraries whose mean CPM is shown, by the names of their groups; empty where a contrast compares no groups.
    pub groups: &'a [(String, LibraryGroup)],
    pub method: &'static str,
    pub statistic: Option<&'static str>,
    /// Coverage of the confidence intervals.
    pub interval: Option<f64>,
    pub adjustment: Adjustment,
    pub thresholds: Thresholds,
    pub compat: EdgerVersion,
}

/// Adjusts, calls and sorts (edgeR's `topTags`: by P, then by falling |logFC|).
pub(crate) fn test_table(parts: TableParts<'_>) -> TestTable {
    let p: Vec<f64> = (0..parts.matrix.genes().len()).map(|gene| (parts.results)(gene).p.value()).collect();
    let order = by_evidence(&p, |gene| (parts.results)(gene).log2_fold_change);
    let fdr = parts.adjustment.adjust_in_order(&p, &order);
    // in the order of the genes first, in which everything lies in memory
    let mut rows: Vec<TestRow> = (0..p.len()).map(|gene| row(&parts, gene, p[gene], fdr[gene])).collect();
    put_in_order(&mut rows, order);
    TestTable { contrast: parts.contrast.clone(), facts: facts(&parts), rows }
}

/// Genes by rising P, those of equal P (of zero, where it underflows) by falling |logFC|, and then as they came.
pub(crate) fn by_evidence(p: &[f64], log2_fold_change: impl Fn(usize) -> f64) -> Vec<usize> {
    // neither is negative, and the bits of such numbers have their order; a missing P comes last
    let key = |(gene, p): (usize, &f64)| (p.abs().to_bits(), !log2_fold_change(gene).abs().to_bits(), gene);
    let mut keys: Vec<(u64, u64, usize)> = p.iter().enumerate().map(key).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, _, gene)| gene).collect()
}

/// Puts at each place the row that `order` names for it.
pub(crate) fn put_in_order(rows: &mut [TestRow], mut order: Vec<usize>) {
    for start in 0..rows.len() {
        let mut place = start;
        loop {
            let wanted = std::mem::replace(&mut order[place], place);
            if wanted == start {
                break;
            }
            rows.swap(place, wanted);
            place = wanted;
        }
    }
}

fn row(parts: &TableParts<'_>, gene: usize, p_value: f64, fdr: f64) -> TestRow {
    let result = (parts.results)(gene);
    TestRow {
        gene: parts.matrix.genes().ids()[gene].clone(),
        name: None,
        log2_fold_change: result.log2_fold_change,
        standard_error: result.standard_error,
        interval: result.interval,
        log2_cpm: parts.dispersion.average_log_cpm[gene],
        statistic: result.statistic,
        p_value,
        log10_p: result.p.log10(),
        fdr,
        direction: parts.thresholds.call(result.log2_fold_change, p_value, fdr),
        group_cpm: parts.groups.iter().map(|(_, group)| mean_cpm(group, parts.matrix.row(gene))).collect(),
        of_method: MethodColumns::default(),
    }
}

/// Arithmetic mean of the members' CPM.
pub(crate) fn mean_cpm(group: &LibraryGroup, row: &[f64]) -> f64 {
    let cpm = group.members.iter().zip(&group.sizes).map(|(&i, size)| row[i] / size * 1e6);
    cpm.sum::<f64>() / group.members.len() as f64
}

fn facts(parts: &TableParts<'_>) -> TestFacts {
    let prior = &parts.dispersion.prior_df;
    TestFacts {
        method: parts.method.to_owned(),
        statistic: parts.statistic.map(str::to_owned),
        compat: parts.compat.name().to_owned(),
        adjustment: parts.adjustment.name().to_owned(),
        dispersion: parts.dispersion.source.clone(),
        common_dispersion: Some(parts.dispersion.common),
        prior_df: (!prior.is_empty()).then(|| median(&mut prior.clone())),
        interval: parts.interval,
        thresholds: parts.thresholds,
        groups: parts.groups.iter().map(|(name, _)| name.clone()).collect(),
        group_sizes: parts.groups.iter().map(|(_, group)| group.members.len()).collect(),
        columns: Vec::new(),
        block_correlation: None,
        moderation: Vec::new(),
        genes_total: parts.matrix.genes().len(),
        genes_tested: parts.matrix.genes().len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genes_are_sorted_by_p_and_then_by_fold_change() {
        let result = |log2_fold_change, ln: f64| GeneResult {
            log2_fold_change,
            standard_error: None,
            interval: None,
            statistic: None,
            p: PValue::from_ln(ln),
        };
        let results = [
            result(1.0, -900.0),
            result(0.5, 0.0),
            result(-3.0, -800.0),
            result(2.0, -5.0),
            result(0.5, 0.0),
        ];
        let p: Vec<f64> = results.iter().map(|result| result.p.value()).collect();
        assert_eq!(by_evidence(&p, |gene| results[gene].log2_fold_change), [2, 0, 3, 1, 4]);
    }
}
