//! Dispersions and tests under a design against edgeR 3.

use alkaline_dge::{
    DispersionOptions, GlmTestOptions, TreatNull, estimate_dispersion_glm, likelihood_ratio_test,
    quasi_likelihood_test,
};

use super::case::{Case, design, values};
use super::classic::classic;
use super::difference;
use super::tables::{check_table, check_table_within};

pub fn glm_dispersions_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let (design, _) = design(case);
    let options = DispersionOptions::default();
    let estimates = estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &options).unwrap();
    let scalars = case.scalars();
    let scalar = |name: &str| scalars[name].parse::<f64>().unwrap_or(f64::INFINITY);
    case.check(
        "common",
        difference(&[scalar("glm.common")], &[estimates.common]),
        |d| d.relative,
        case.tolerances.dispersion,
    );
    let noise = if case.name == "e02_ties" { f64::INFINITY } else { 1e-7 };
    let prior = difference(&[scalar("glm.prior.df")], &estimates.prior_df);
    case.check("prior.df", prior, |d| d.relative, noise);
    case.check_column("glm_disp", "trended", &values(estimates.trended.as_ref()), case.tolerances.dispersion);
    case.check_column("glm_disp", "tagwise", &values(estimates.tagwise.as_ref()), case.tolerances.dispersion);
}

pub fn glm_tests_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let (design, contrast) = design(case);
    let options = DispersionOptions::default();
    let estimates = estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &options).unwrap();
    let lfc = |lfc: f64| GlmTestOptions { lfc, ..GlmTestOptions::default() };
    let log2 = 1.2f64.log2();
    let worst = GlmTestOptions { treat_null: TreatNull::WorstCase, ..lfc(log2) };
    for (file, options) in [
        ("lrt", lfc(0.0)),
        ("treat_lrt_1.2", lfc(log2)),
        ("treat_lrt_lfc1", lfc(1.0)),
        ("treat_lrt_1.2_worst", worst.clone()),
    ] {
        // A gene without statistic shifts upstream's threshold P values of the genes after it.
        if case.name == "e04_paired" && options.lfc > 0.0 {
            continue;
        }
        let table =
            likelihood_ratio_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options)
                .unwrap();
        check_table(case, file, &table);
    }
    for (file, options) in [
        ("ql_legacy_test", lfc(0.0)),
        ("ql_legacy_treat1.2", lfc(log2)),
        ("treat_ql_1.2", lfc(log2)),
        ("treat_ql_1.2_worst", worst),
    ] {
        if case.name == "e04_paired" && options.lfc > 0.0 {
            continue;
        }
        let table =
            quasi_likelihood_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options)
                .unwrap();
        check_table(case, file, &table);
    }
}

/// The log fold change of every coefficient, shrunk by a prior count: edgeR's `predFC`.
pub fn shrunken_coefficients_equal_edger(case: &Case) {
    let Some(expected) = case.table("predFC") else { return };
    let (design, _) = design(case);
    let options = DispersionOptions::default();
    let estimates = estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &options).unwrap();
    let genes = case.matrix.genes();
    for (place, column) in expected.columns.iter().enumerate() {
        let weights = (0..design.coefficients().len()).map(|j| f64::from(j == place)).collect();
        let contrast = design.contrast_of_weights(column, weights).unwrap();
        let options = GlmTestOptions::default();
        let table =
            likelihood_ratio_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options)
                .unwrap();
        let mut ours = vec![0.0; genes.len()];
        for row in &table.rows {
            ours[genes.position(row.gene.as_str()).unwrap()] = row.log2_fold_change;
        }
        // Where all counts are zero upstream's coefficients are those of the prior too, but for the intercept.
        let golden = expected.numbers(column);
        let known = golden.iter().zip(&ours).filter(|(golden, _)| !golden.is_nan());
        let (golden, ours): (Vec<f64>, Vec<f64>) = known.unzip();
        let found = difference(&golden, &ours);
        case.check(&format!("predFC.{column}"), found, |d| d.absolute, case.tolerances.log_fold_change);
    }
}

pub fn robust_estimates_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let options = DispersionOptions { robust: true, ..DispersionOptions::default() };
    if case.table("classic_disp_robust").is_some() {
        let estimates = classic(case, &options);
        let tagwise = values(estimates.tagwise.as_ref());
        case.check_column(
            "classic_disp_robust",
            "tagwise",
            &tagwise,
            case.tolerances.robust.max(case.tolerances.dispersion),
        );
        // Counts that are all tied leave deviances of pure rounding noise.
        if case.name != "e02_ties" {
            case.check_column("classic_disp_robust", "prior.df", &estimates.prior_df, case.tolerances.robust);
        }
    }
    let (design, contrast) = design(case);
    let estimates =
        estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &DispersionOptions::default()).unwrap();
    let options = GlmTestOptions { robust: true, ..GlmTestOptions::default() };
    let table =
        quasi_likelihood_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options).unwrap();
    check_table_within(case, "ql_legacy_robust_test", &table, case.tolerances.robust);
}
