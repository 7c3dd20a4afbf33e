//! The tables of a comparison: a row for two experiments, for two lists, for a gene, for a pair of cut-offs.

use std::f64::consts::LN_10;
use std::path::Path;

use alkaline_compare::association::{Association, Line};
use alkaline_compare::combine::{fisher, fisher_with_direction, stouffer, wilkinson};
use alkaline_compare::meta::{Estimate, pooled};
use alkaline_compare::overlap::Overlap;
use alkaline_compare::rank_overlap::RankOverlap;
use alkaline_compare::{Gene, Side};
use alkaline_core::file_names::file_stem;
use alkaline_io::WriteError;
use alkaline_io::results::table::{header, write_rows};
use alkaline_math::multiple_testing::benjamini_hochberg;

use super::comparison::Comparison;

const PAIRS: [&str; 21] = [
    "first",
    "second",
    "genes",
    "genes_first",
    "genes_second",
    "matched_by",
    "pearson",
    "spearman",
    "kendall",
    "slope",
    "intercept",
    "deming_slope",
    "deming_intercept",
    "called_in_both",
    "same_sign",
    "same_sign_share",
    "by_chance",
    "rrho_max",
    "rrho_first",
    "rrho_second",
    "verdict",
];

const OVERLAPS: [&str; 13] = [
    "first",
    "second",
    "direction_first",
    "direction_second",
    "both",
    "first_only",
    "second_only",
    "neither",
    "expected",
    "log10_p",
    "odds_ratio",
    "OR.CI.L",
    "OR.CI.R",
];

const GENES: [&str; 22] = [
    "gene",
    "logFC_first",
    "logFC_second",
    "log10_p_first",
    "log10_p_second",
    "FDR_first",
    "FDR_second",
    "direction_first",
    "direction_second",
    "stouffer_z",
    "stouffer_log10_p",
    "stouffer_FDR",
    "fisher_log10_p",
    "fisher_directed_log10_p",
    "in_both_log10_p",
    "in_both_FDR",
    "fixed_logFC",
    "fixed_SE",
    "random_logFC",
    "random_SE",
    "I2",
    "Q",
];

const MAP: [&str; 4] = ["first_top", "second_top", "log10_p", "more_than_expected"];

/// Writes all tables into `out`.
pub(super) fn write(out: &Path, comparisons: &[Comparison]) -> Result<(), WriteError> {
    write_pairs(&out.join("pairs.tsv"), comparisons)?;
    write_overlaps(&out.join("overlaps.tsv"), comparisons)?;
    for comparison in comparisons {
        let (first, second) = &comparison.names;
        let name = file_stem(&format!("{first}_vs_{second}"));
        write_genes(&out.join(format!("{name}.genes.tsv")), comparison)?;
        if let Some(map) = &comparison.ranks {
            write_map(&out.join(format!("{name}.rrho.tsv")), map)?;
        }
    }
    Ok(())
}

fn write_pairs(path: &Path, comparisons: &[Comparison]) -> Result<(), WriteError> {
    write_rows(path, &header(&PAIRS), comparisons, |line, comparison| {
        let Association { genes, pearson, spearman, kendall, total_least_squares, deming, agreement } =
            comparison.association;
        let (first, second) = &comparison.names;
        let (tested_first, tested_second) = comparison.pairing.tested;
        line.text(first)
            .text(second)
            .whole(genes as u64)
            .whole(tested_first as u64)
            .whole(tested_second as u64);
        line.text(comparison.by.in_words()).reals([pearson, spearman, kendall]);
        for fitted in [total_least_squares, deming] {
            let (slope, intercept) = fitted.map(|Line { slope, intercept }| (slope, intercept)).unzip();
            line.optional_real(slope).optional_real(intercept);
        }
        line.whole(agreement.called as u64)
            .whole(agreement.same as u64)
            .real(agreement.share())
            .real(agreement.by_chance);
        let largest = comparison.ranks.as_ref().map(|map| map.largest);
        line.optional_real(largest.map(|peak| peak.value));
        line.optional_real(largest.map(|peak| peak.first as f64))
            .optional_real(largest.map(|peak| peak.second as f64));
        line.text(comparison.verdict.in_words().split(':').next().unwrap_or_default());
    })
}

fn write_overlaps(path: &Path, comparisons: &[Comparison]) -> Result<(), WriteError> {
    let rows = comparisons
        .iter()
        .flat_map(|comparison| comparison.overlaps.iter().map(move |overlap| (comparison, overlap)));
    let mut names = header(&OVERLAPS);
    names.push("jaccard".to_owned());
    write_rows(path, &names, rows, |line, (comparison, overlap)| {
        let Overlap { calls, both, first_only, second_only, neither, ln_p, odds_ratio, interval, jaccard } =
            **overlap;
        line.text(&comparison.names.0).text(&comparison.names.1).text(calls.0.word()).text(calls.1.word());
        line.whole(both).whole(first_only).whole(second_only).whole(neither).real(overlap.expected());
        line.real(ln_p / LN_10).real(odds_ratio).reals([interval.0, interval.1, jaccard]);
    })
}

/// What both experiments together say of a gene.
struct Together {
    z: f64,
    stouffer: f64,
    fisher: f64,
    directed: f64,
    in_both: f64,
    pooled: Option<alkaline_compare::meta::Pooled>,
}

impl Together {
    fn of(gene: &Gene, weights: &[f64; 2]) -> Self {
        let sides = [gene.first, gene.second];
        let (z, ln_p) = stouffer(&sides, weights);
        let estimate = |side: &Side| {
            Some(Estimate { effect: side.log2_fold_change, standard_error: side.standard_error? })
        };
        let estimates: Option<Vec<Estimate>> = sides.iter().map(estimate).collect();
        Self {
            z,
            stouffer: ln_p,
            fisher: fisher(&sides),
            directed: fisher_with_direction(&sides),
            in_both: wilkinson(&sides, sides.len()),
            pooled: estimates.and_then(|estimates| pooled(&estimates)),
        }
    }
}

fn write_genes(path: &Path, comparison: &Comparison) -> Result<(), WriteError> {
    let genes = &comparison.pairing.genes;
    let together: Vec<Together> = genes.iter().map(|gene| Together::of(gene, &comparison.weights)).collect();
    let adjusted = |ln_p: fn(&Together) -> f64| -> Vec<f64> {
        benjamini_hochberg(&together.iter().map(|gene| ln_p(gene).exp()).collect::<Vec<_>>())
    };
    let (stouffer_fdr, both_fdr) = (adjusted(|gene| gene.stouffer), adjusted(|gene| gene.in_both));
    // Those first of which both experiments together are surest.
    let mut order: Vec<usize> = (0..genes.len()).collect();
    order.sort_by(|&a, &b| together[a].stouffer.total_cmp(&together[b].stouffer));
    write_rows(path, &header(&GENES), order, |line, &at| {
        let (Gene { key, first, second }, told) = (&genes[at], &together[at]);
        line.text(key).real(first.log2_fold_change).real(second.log2_fold_change);
        line.real(first.ln_p / LN_10).real(second.ln_p / LN_10).real(first.fdr).real(second.fdr);
        line.text(first.direction.word()).text(second.direction.word());
        line.real(told.z).real(told.stouffer / LN_10).real(stouffer_fdr[at]);
        line.reals([told.fisher, told.directed, told.in_both].map(|ln_p| ln_p / LN_10)).real(both_fdr[at]);
        let pooled = told.pooled.as_ref();
        for estimate in [pooled.map(|pooled| pooled.fixed), pooled.map(|pooled| pooled.random)] {
            line.optional_real(estimate.map(|estimate| estimate.effect));
            line.optional_real(estimate.map(|estimate| estimate.standard_error));
        }
        line.optional_real(pooled.map(|pooled| pooled.i_squared))
            .optional_real(pooled.map(|pooled| pooled.q));
    })
}

fn write_map(path: &Path, map: &RankOverlap) -> Result<(), WriteError> {
    let cells = map.map.indexed_iter();
    write_rows(path, &header(&MAP), cells, |line, ((first, second), value)| {
        line.whole(map.cuts[*first] as u64).whole(map.cuts[*second] as u64).real(-value.abs());
        line.text(if **value >= 0.0 { "yes" } else { "no" });
    })
}
