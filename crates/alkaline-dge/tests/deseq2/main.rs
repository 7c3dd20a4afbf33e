//! DESeq2's tests against numbers of DESeq2 1.38.3 on counts that are made here.

#![cfg(test)]

mod tables;
mod transformations;

use alkaline_core::CountMatrix;
use alkaline_core::results::Thresholds;
use alkaline_dge::DgeError;
use alkaline_dge::deseq2::{
    Alternative, Deseq2Options, DispersionTrend, Shrinkage, SizeFactors, deseq2_likelihood_ratio_test,
    deseq2_test,
};
use tables::{Question, agree, expected, question};

const ALL: [usize; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const FOUR_BY_FOUR: [usize; 8] = [1, 2, 3, 4, 9, 10, 11, 12];
const THREE_BY_THREE: [usize; 6] = [1, 2, 3, 9, 10, 11];
/// P values, fold changes and their errors.
const TOLERANCE: f64 = 1e-6;

/// DESeq2's defaults: the filter makes most calls at an FDR of 0.1.
fn defaults() -> Deseq2Options {
    Deseq2Options { alpha: Some(0.1), thresholds: Thresholds::by_fdr(0.05, 0.0), ..Deseq2Options::default() }
}

#[track_caller]
fn wald_agrees(case: &str, of: &Question, options: &Deseq2Options) {
    let Question { matrix, sizes, design, contrast } = of;
    let table = deseq2_test(matrix, sizes, design, contrast, options).unwrap();
    agree(&table, case, TOLERANCE, &[]);
}

#[track_caller]
fn likelihood_ratio_agrees(case: &str, of: &Question) {
    let Question { matrix, sizes, design, contrast } = of;
    let table = deseq2_likelihood_ratio_test(matrix, sizes, design, contrast, &defaults()).unwrap();
    agree(&table, case, TOLERANCE, &[]);
}

#[test]
fn three_by_three_is_that_of_deseq2() {
    wald_agrees("three_by_three", &question(&THREE_BY_THREE, "~ group", "group"), &defaults());
}

#[test]
fn outliers_are_replaced_where_there_are_seven_replicates() {
    wald_agrees("eight_by_eight", &question(&ALL, "~ group", "group"), &defaults());
}

#[test]
fn few_degrees_of_freedom_have_the_simulated_prior() {
    wald_agrees("three_by_two", &question(&[1, 2, 3, 9, 10], "~ group", "group"), &defaults());
    wald_agrees("two_by_two", &question(&[1, 2, 9, 10], "~ group", "group"), &defaults());
}

#[test]
fn covariates_and_contrasts_of_levels_are_those_of_deseq2() {
    let options = Deseq2Options { alpha: Some(0.05), ..defaults() };
    wald_agrees("batch_and_group", &question(&FOUR_BY_FOUR, "~ batch + group", "group"), &options);
    wald_agrees("three_levels", &question(&ALL, "~ third", "third"), &defaults());
}

/// Without the genes of an outlier: the fit of one of them runs away, and where upstream's optimiser leaves it changes the trend.
#[test]
fn a_continuous_covariate_is_that_of_deseq2() {
    let Question { matrix, sizes, design, contrast } = question(&ALL, "~ age + group", "group");
    let regular: Vec<usize> = (0..matrix.genes().len()).filter(|gene| (gene + 1) % 50 != 0).collect();
    let matrix = matrix.select_genes(&regular);
    let table = deseq2_test(&matrix, &sizes, &design, &contrast, &defaults()).unwrap();
    agree(&table, "with_age", TOLERANCE, &[]);
}

#[test]
fn thresholds_of_the_fold_change_are_those_of_deseq2() {
    let of = question(&ALL, "~ group", "group");
    for (case, alternative) in [
        ("threshold_greater_abs", Alternative::GreaterAbs),
        ("threshold_less_abs", Alternative::LessAbs),
        ("threshold_greater", Alternative::Greater),
        ("threshold_less", Alternative::Less),
    ] {
        wald_agrees(case, &of, &Deseq2Options { lfc: 0.5, alternative, ..defaults() });
    }
}

#[test]
fn likelihood_ratios_are_those_of_deseq2() {
    likelihood_ratio_agrees("eight_by_eight_lrt", &question(&ALL, "~ group", "group"));
    likelihood_ratio_agrees("batch_and_group_lrt", &question(&FOUR_BY_FOUR, "~ batch + group", "group"));
}

#[test]
fn student_s_t_a_mean_trend_and_positive_counts_are_those_of_deseq2() {
    wald_agrees(
        "eight_by_eight_t",
        &question(&ALL, "~ group", "group"),
        &Deseq2Options { use_t: true, ..defaults() },
    );
    let of = question(&THREE_BY_THREE, "~ group", "group");
    wald_agrees("mean_trend", &of, &Deseq2Options { trend: DispersionTrend::Mean, ..defaults() });
    let poscounts = SizeFactors::Poscounts;
    let options = Deseq2Options { size_factors: poscounts, independent_filtering: false, ..defaults() };
    wald_agrees("poscounts_unfiltered", &of, &options);
}

/// The upstream's columns under the names of a result: `lfcShrink` has no statistic of its own.
#[track_caller]
fn shrunken_agrees(case: &str, of: &Question) {
    let Question { matrix, sizes, design, contrast } = of;
    let options = Deseq2Options { shrink: Some(Shrinkage::NormalOriginal), ..defaults() };
    let table = deseq2_test(matrix, sizes, design, contrast, &options).unwrap();
    let plain = deseq2_test(matrix, sizes, design, contrast, &defaults()).unwrap();
    let expected = expected(case);
    for (row, unshrunken) in table.rows.iter().zip(&plain.rows) {
        let gene = row.gene.as_str();
        let of_method = row.of_method;
        for (column, value, scale) in [
            ("log2FoldChange", of_method.shrunken_fold_change, 0.01),
            ("lfcSE", of_method.shrunken_error, 0.0),
        ] {
            let wanted: f64 = expected[column][gene];
            assert_eq!(value.is_none(), wanted.is_nan(), "{case} {gene}");
            let apart = value.map_or(0.0, |value| (value - wanted).abs());
            assert!(
                apart <= TOLERANCE * wanted.abs().max(scale),
                "{case} {gene} {column}: {value:?} for {wanted}"
            );
        }
        assert_eq!(
            (row.p_value.to_bits(), row.log2_fold_change),
            (unshrunken.p_value.to_bits(), unshrunken.log2_fold_change)
        );
    }
}

#[test]
fn shrunken_fold_changes_stand_beside_the_others_and_are_those_of_deseq2() {
    shrunken_agrees("three_by_three_shrunken", &question(&THREE_BY_THREE, "~ group", "group"));
    shrunken_agrees("eight_by_eight_shrunken", &question(&ALL, "~ group", "group"));
    shrunken_agrees("batch_and_group_shrunken", &question(&FOUR_BY_FOUR, "~ batch + group", "group"));
}

#[test]
fn fold_changes_of_replaced_outliers_are_shrunken_from_the_counts_that_were_tested() {
    let Question { matrix, sizes, design, contrast } = question(&ALL, "~ group", "group");
    let shrunken_by = |kind: Shrinkage| {
        let options = Deseq2Options { shrink: Some(kind), ..defaults() };
        deseq2_test(&matrix, &sizes, &design, &contrast, &options).unwrap().rows
    };
    let (own, upstream) = (shrunken_by(Shrinkage::Normal), shrunken_by(Shrinkage::NormalOriginal));
    let differing: Vec<_> = own.iter().zip(&upstream).filter(|(a, b)| a.of_method != b.of_method).collect();
    assert_eq!(differing.len(), 12, "the genes with an outlier");
    let turned = differing.iter().filter(|(_, upstream)| {
        upstream.log2_fold_change * upstream.of_method.shrunken_fold_change.unwrap() < 0.0
    });
    assert!(turned.count() >= 3, "upstream shrinks some of them to the other side");
    for (own, _) in &differing {
        assert!(own.log2_fold_change * own.of_method.shrunken_fold_change.unwrap() > 0.0, "{own:?}");
    }
}

#[test]
fn contrasts_of_two_coefficients_are_not_shrunken() {
    let Question { matrix, sizes, design, contrast } = question(&ALL, "~ third", "third");
    let options = Deseq2Options { shrink: Some(Shrinkage::Normal), ..defaults() };
    let error = deseq2_test(&matrix, &sizes, &design, &contrast, &options).unwrap_err();
    assert!(error.to_string().contains("cannot be shrunken"), "{error}");
}

#[test]
fn a_local_trend_is_that_of_deseq2() {
    let local = Deseq2Options { trend: DispersionTrend::Local, ..defaults() };
    wald_agrees("local_trend", &question(&THREE_BY_THREE, "~ group", "group"), &local);
    wald_agrees("local_trend_eight_by_eight", &question(&ALL, "~ group", "group"), &local);
}

#[test]
fn where_no_parametric_curve_fits_the_local_one_takes_its_place_and_the_table_says_so() {
    let Question { matrix, sizes, design, contrast } = question(&THREE_BY_THREE, "~ group", "group");
    let mut values = matrix.as_slice().to_vec();
    for counts in values.chunks_exact_mut(6).filter(|counts| counts.iter().sum::<f64>() > 2000.0) {
        let factors = [0.1, 2.0, 1.0, 1.9, 0.2, 0.9];
        counts.iter_mut().zip(factors).for_each(|(count, factor)| *count = (*count * factor).floor());
    }
    let restless = CountMatrix::new(matrix.genes().clone(), matrix.samples().clone(), values).unwrap();
    let table = deseq2_test(&restless, &sizes, &design, &contrast, &defaults()).unwrap();
    agree(&table, "local_where_no_curve_fits", TOLERANCE, &[]);
    assert_eq!(table.facts.moderation, ["trend local, since no parametric curve fits"]);
}

#[test]
fn the_filter_makes_most_calls_at_the_fdr_of_the_run() {
    let of_the_run = Deseq2Options { thresholds: Thresholds::by_fdr(0.05, 0.0), ..Deseq2Options::default() };
    wald_agrees("batch_and_group", &question(&FOUR_BY_FOUR, "~ batch + group", "group"), &of_the_run);
}

#[test]
fn counts_that_are_not_whole_are_refused_with_gene_and_sample() {
    let Question { matrix, sizes, design, contrast } = question(&THREE_BY_THREE, "~ group", "group");
    let mut values = matrix.as_slice().to_vec();
    values[6] += 0.5;
    values[8] += 0.25;
    let fractional = CountMatrix::new(matrix.genes().clone(), matrix.samples().clone(), values).unwrap();
    let error = deseq2_test(&fractional, &sizes, &design, &contrast, &defaults()).unwrap_err();
    let words = error.to_string();
    assert!(words.contains("gene `g2` of sample `s1`") && words.contains("and 1 other values"), "{words}");
}

#[test]
fn one_sample_a_side_is_refused() {
    let Question { matrix, sizes, design, contrast } = question(&[1, 9], "~ group", "group");
    let error = deseq2_test(&matrix, &sizes, &design, &contrast, &defaults()).unwrap_err();
    assert!(matches!(error, DgeError::NoReplicatesInDeseq2 { samples: 2 }), "{error}");
}

#[test]
fn genes_without_counts_and_huge_counts_are_rows_like_others() {
    let Question { matrix, sizes, design, contrast } = question(&THREE_BY_THREE, "~ group", "group");
    let mut values = matrix.as_slice().to_vec();
    values[..6].fill(0.0);
    values[6..12].copy_from_slice(&[3e9, 4e9, 5e9, 3e9, 5e9, 4e9]);
    let awkward = CountMatrix::new(matrix.genes().clone(), matrix.samples().clone(), values).unwrap();
    let table = deseq2_test(&awkward, &sizes, &design, &contrast, &defaults()).unwrap();
    let row = |id: &str| table.rows.iter().find(|row| row.gene.as_str() == id).unwrap();
    let silent = row("g1");
    assert_eq!(silent.of_method.base_mean, Some(0.0));
    assert!(silent.p_value.is_nan() && silent.fdr.is_nan() && silent.log2_fold_change.is_nan());
    let huge = row("g2");
    assert!(huge.of_method.base_mean.unwrap() > 1e9 && (0.0..=1.0).contains(&huge.p_value));
}
