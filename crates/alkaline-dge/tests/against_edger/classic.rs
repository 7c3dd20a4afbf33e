//! Dispersions without a design, and the exact test, against edgeR.

use std::collections::HashMap;
use std::sync::Arc;

use alkaline_core::PerGene;
use alkaline_core::results::{DispersionEstimates, TestRow};
use alkaline_dge::{
    DispersionMethod, DispersionOptions, ExactTestOptions, Trend, assumed_dispersion, estimate_dispersion,
    exact_test,
};

use super::case::{Case, values};
use super::difference;
use super::tables::{check_table, check_table_within};

pub fn classic(case: &Case, options: &DispersionOptions) -> DispersionEstimates {
    estimate_dispersion(&case.matrix, &case.sizes, &case.groups, options).unwrap()
}

pub fn classic_dispersions_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let scalars = case.scalars();
    let estimates = classic(case, &DispersionOptions::default());
    let scalar = |name: &str| scalars[name].parse::<f64>().unwrap_or(f64::INFINITY);
    case.check(
        "common",
        difference(&[scalar("classic.common")], &[estimates.common]),
        |d| d.relative,
        case.tolerances.dispersion,
    );
    // Counts that are all tied leave deviances of pure rounding noise.
    let noise = if case.name == "e02_ties" { f64::INFINITY } else { case.tolerances.dispersion };
    case.check(
        "prior.df",
        difference(&[scalar("classic.prior.df")], &estimates.prior_df),
        |d| d.relative,
        noise,
    );
    case.check_column(
        "classic_disp",
        "AveLogCPM",
        estimates.average_log_cpm.values(),
        case.tolerances.dispersion,
    );
    case.check_column(
        "classic_disp",
        "trended",
        &values(estimates.trended.as_ref()),
        case.tolerances.dispersion,
    );
    case.check_column(
        "classic_disp",
        "tagwise",
        &values(estimates.tagwise.as_ref()),
        case.tolerances.dispersion,
    );
    for (name, trend) in [
        ("movingave", Trend::Movingave),
        ("loess", Trend::Loess),
        ("none", Trend::None),
        ("locfit.mixed", Trend::LocfitMixed),
    ] {
        let file = format!("classic_disp_{name}");
        if case.table(&file).is_some() {
            let estimates = classic(case, &DispersionOptions { trend, ..DispersionOptions::default() });
            if estimates.trended.is_some() {
                case.check_column(
                    &file,
                    "trended",
                    &values(estimates.trended.as_ref()),
                    case.tolerances.dispersion,
                );
            }
            case.check_column(
                &file,
                "tagwise",
                &values(estimates.tagwise.as_ref()),
                case.tolerances.dispersion,
            );
        }
    }
}

pub fn common_then_tagwise_dispersions_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let options =
        DispersionOptions { method: DispersionMethod::CommonThenTagwise, ..DispersionOptions::default() };
    let estimates = classic(case, &options);
    let common = case.scalars()["old.common"].parse::<f64>().unwrap();
    case.check(
        "old.common",
        difference(&[common], &[estimates.common]),
        |d| d.relative,
        case.tolerances.search,
    );
    case.check_column("old_disp", "tagwise", &values(estimates.tagwise.as_ref()), case.tolerances.search);
    let contrast = case.contrast();
    let options = ExactTestOptions::default();
    let table = exact_test(&case.matrix, &case.sizes, &case.groups, &estimates, &contrast, &options).unwrap();
    check_table_within(case, "exact_old_tagwise", &table, case.tolerances.search);
}

pub fn exact_tests_equal_edger(case: &Case) {
    if let Some(bcv) = case.assumed_bcv() {
        let dispersion = assumed_dispersion(&case.matrix, &case.sizes, bcv * bcv).unwrap();
        let (contrast, options) = (case.contrast(), ExactTestOptions::default());
        let table =
            exact_test(&case.matrix, &case.sizes, &case.groups, &dispersion, &contrast, &options).unwrap();
        return check_table(case, "exact_assumed", &table);
    }
    let tagwise = classic(case, &DispersionOptions::default());
    let trended = DispersionEstimates { tagwise: None, ..tagwise.clone() };
    let common = DispersionEstimates { trended: None, ..trended.clone() };
    let default = ExactTestOptions::default();
    let never_beta = ExactTestOptions { big_count: 1e9, ..default.clone() };
    for (file, dispersion, options) in [
        ("exact_tagwise", &tagwise, &default),
        ("exact_trended", &trended, &default),
        ("exact_common", &common, &default),
        ("exact_bigcount1e9", &tagwise, &never_beta),
    ] {
        let contrast = case.contrast();
        let table =
            exact_test(&case.matrix, &case.sizes, &case.groups, dispersion, &contrast, options).unwrap();
        check_table(case, file, &table);
    }
}

/// The exact test at edgeR's own dispersions: differences that are left are the test's, not those of the dispersions.
pub fn exact_tests_at_the_dispersions_of_edger_are_edgers(case: &Case) {
    for (dispersions, tests) in [("classic_disp", "exact_tagwise"), ("old_disp", "exact_old_tagwise")] {
        let (Some(told), Some(expected)) = (case.table(dispersions), case.table(tests)) else { continue };
        let ours = assumed_dispersion(&case.matrix, &case.sizes, 0.1).unwrap();
        let told = told.numbers("tagwise");
        let tagwise = PerGene::from_fn(Arc::clone(case.matrix.genes()), |gene| told[gene]);
        let estimates = DispersionEstimates { tagwise: Some(tagwise), ..ours };
        let (contrast, options) = (case.contrast(), ExactTestOptions::default());
        let table =
            exact_test(&case.matrix, &case.sizes, &case.groups, &estimates, &contrast, &options).unwrap();
        let rows: HashMap<&str, _> = table.rows.iter().map(|row| (row.gene.as_str(), row)).collect();
        let names = expected.names();
        let column =
            |f: fn(&TestRow) -> f64| names.iter().map(|name| f(rows[name.as_str()])).collect::<Vec<_>>();
        let changes = difference(&expected.numbers("logFC"), &column(|row| row.log2_fold_change));
        case.check(&format!("{tests}.logFC"), changes, |d| d.absolute, 1e-10);
        let p = difference(&expected.numbers("PValue"), &column(|row| row.p_value));
        case.check(&format!("{tests}.P"), p, |d| d.relative, 1e-6);
    }
}
