//! Dispersions and quasi-likelihood by edgeR 4's rules.

use alkaline_core::results::DispersionEstimates;
use alkaline_dge::{
    DispersionMethod, DispersionOptions, EdgerVersion, GlmTestOptions, estimate_dispersion_glm,
    quasi_likelihood_test,
};
use alkaline_math::shrinkage::unequal_df::fit_variance_prior_unequal_df;

use super::case::{Case, design, values};
use super::classic::classic;
use super::difference;
use super::tables::check_table_within;
use super::tolerances::ROBUST;

/// Prior degrees of freedom and gene-wise dispersions by edgeR 4's rules.
pub fn new_dispersions_equal_edger(case: &Case) {
    let newer = DispersionOptions { compat: EdgerVersion::EdgeR4, ..DispersionOptions::default() };
    let robust = DispersionOptions { robust: true, ..newer.clone() };
    let scalars = case.scalars();
    let (design, _) = design(case);
    let linear = |options| estimate_dispersion_glm(&case.matrix, &case.sizes, &design, options).unwrap();
    for (file, scalar, estimates) in [
        ("classic_disp", "classic.prior.df", classic(case, &newer)),
        ("glm_disp", "glm.prior.df", linear(&newer)),
        ("classic_disp_robust", "", classic(case, &robust)),
        ("glm_disp_robust", "", linear(&robust)),
    ] {
        if case.table(file).is_none() || case.name == "e02_ties" {
            continue;
        }
        if let Some(value) = scalars.get(scalar) {
            let golden = [value.parse::<f64>().unwrap_or(f64::INFINITY)];
            let found = difference(&golden, &estimates.prior_df);
            case.check(scalar, found, |d| d.relative, ROBUST);
        } else {
            case.check_column(file, "prior.df", &estimates.prior_df, ROBUST);
        }
        case.check_column(file, "tagwise", &values(estimates.tagwise.as_ref()), ROBUST);
    }
}

/// The bias-adjusted quasi-likelihood test. Upstream takes the moments of deviances from polynomial tables, here they are
/// exact (deviation D-11), so P values differ by what those tables are off.
pub fn new_quasi_likelihood_equals_edger(case: &Case) {
    let (design, contrast) = design(case);
    let estimates =
        estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &DispersionOptions::default()).unwrap();
    let options =
        |lfc: f64| GlmTestOptions { lfc, compat: EdgerVersion::EdgeR4, ..GlmTestOptions::default() };
    if case.name == "e02_ties" {
        return; // Deviances of tied counts are rounding noise.
    }
    let shifted = case.name == "e04_paired"; // As in `glm_tests_equal_edger`.
    for (file, options) in [("ql_new_test", options(0.0)), ("ql_new_treat1.2", options(1.2f64.log2()))] {
        let table =
            quasi_likelihood_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options)
                .unwrap();
        if !(shifted && options.lfc > 0.0) {
            check_table_within(case, file, &table, 1e-6);
        }
    }
}

/// From upstream's own adjusted deviances and degrees of freedom: prior and posterior quasi-dispersions.
pub fn squeezed_quasi_dispersions_equal_edger(case: &Case) {
    for (kind, robust) in [("ql_new", false), ("ql_new_nodisp", false), ("ql_new_robust", true)] {
        let (Some(fit), Some(test)) =
            (case.table(&format!("{kind}_fit")), case.table(&format!("{kind}_test")))
        else {
            continue;
        };
        // Deviances of tied counts are rounding noise, and so are their outliers.
        if case.name == "e02_ties" {
            continue;
        }
        let df = fit.numbers("df.residual");
        let mean = |(deviance, df): (f64, &f64)| if *df < 1e-4 { 0.0 } else { deviance / df };
        let variances: Vec<f64> = fit.numbers("deviance").into_iter().zip(&df).map(mean).collect();
        let abundance = test.numbers("logCPM");
        let prior = fit_variance_prior_unequal_df(&variances, &df, Some(&abundance), robust);
        let posterior = prior.posterior(&variances, &df);
        for (column, actual) in [("df.prior", &prior.df), ("s2.prior", &prior.scale), ("s2.post", &posterior)]
        {
            case.check_column(&format!("{kind}_fit"), column, actual, 1e-7);
        }
    }
}

/// Where the search for the dispersion of abundant genes ends when it is carried out in thirty digits (mpmath); edgeR 4.5.1 ends at
/// 0.16745592 and 0.1077011551.
const THIRTY_DIGITS: [(&str, f64); 2] =
    [("e01_1v3", 0.167_450_128_744_785_4), ("e03_libs", 0.107_701_150_567_837_1)];

/// Quasi-likelihood without `estimateDisp`: one dispersion, that of abundant genes, found by the test itself; plain and robust.
pub fn new_quasi_likelihood_from_counts_equals_edger(case: &Case) {
    if case.name == "e02_ties" {
        return; // Deviances of tied counts are rounding noise.
    }
    let dispersion = abundant_dispersion(case);
    if let Some((_, exact)) = THIRTY_DIGITS.iter().find(|(name, _)| *name == case.name) {
        let found = difference(&[*exact], &[dispersion.common]);
        case.check("common, thirty digits", found, |d| d.relative, 5e-8);
    }
    // Counts of millions: upstream's rounding moves the end of its search (deviation D-13).
    let tolerance = if case.name == "e01_1v3" { 4e-4 } else { 1e-6 };
    from_counts(case, &dispersion, ["ql_new_nodisp_test", "ql_new_robust_test"], 0.0, tolerance);
    // As in `glm_tests_equal_edger`.
    if case.name != "e04_paired" {
        let files = ["ql_new_nodisp_treat1.2", "ql_new_robust_treat1.2"];
        from_counts(case, &dispersion, files, 1.2f64.log2(), tolerance);
    }
}

/// The same in a committed case, where one sample drives some genes.
pub fn quasi_likelihood_of_driven_genes_equals_edger(case: &Case) {
    let dispersion = abundant_dispersion(case);
    let golden: f64 = case.scalars()["dispersion"].parse().unwrap();
    let found = difference(&[golden], &[dispersion.common]);
    case.check("dispersion", found, |d| d.relative, case.tolerances.dispersion);
    let tolerance = case.tolerances.log_fold_change;
    from_counts(case, &dispersion, ["ql_plain", "ql_robust"], 0.0, tolerance);
    from_counts(case, &dispersion, ["ql_plain_treat", "ql_robust_treat"], 1.2f64.log2(), tolerance);
}

fn abundant_dispersion(case: &Case) -> DispersionEstimates {
    let method = DispersionMethod::AbundantGenes;
    let options = DispersionOptions { method, compat: EdgerVersion::EdgeR4, ..DispersionOptions::default() };
    estimate_dispersion_glm(&case.matrix, &case.sizes, &design(case).0, &options).unwrap()
}

/// The plain and the robust test against two files.
fn from_counts(case: &Case, dispersion: &DispersionEstimates, files: [&str; 2], lfc: f64, tolerance: f64) {
    let (design, contrast) = design(case);
    for (file, robust) in files.into_iter().zip([false, true]) {
        let compat = EdgerVersion::EdgeR4;
        let options = GlmTestOptions { robust, lfc, compat, ..GlmTestOptions::default() };
        let table =
            quasi_likelihood_test(&case.matrix, &case.sizes, &design, dispersion, &contrast, &options)
                .unwrap();
        check_table_within(case, file, &table, tolerance);
    }
}
