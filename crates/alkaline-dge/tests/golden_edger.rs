//! The committed experiments of `tests/golden/edger`, every step against edgeR 3.40.2. A new case is a new directory.
#![cfg(test)]

mod against_edger;

use std::path::{Path, PathBuf};

use against_edger::case::Case;

fn all_cases(check: fn(&Case)) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/edger");
    let mut directories: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    directories.sort();
    assert!(directories.len() >= 8, "golden cases are missing: {directories:?}");
    let within = |directory: &&PathBuf| {
        let case = Case::golden(directory);
        check(&case);
        case.finish()
    };
    let failed: Vec<&PathBuf> = directories.iter().filter(|directory| !within(directory)).collect();
    assert!(failed.is_empty(), "beyond tolerance: {failed:?}");
}

#[test]
fn library_factors_equal_edger() {
    all_cases(against_edger::normalisation::library_factors_equal_edger);
}

#[test]
fn expression_values_equal_edger() {
    all_cases(against_edger::normalisation::expression_values_equal_edger);
}

#[test]
fn classic_dispersions_equal_edger() {
    all_cases(against_edger::classic::classic_dispersions_equal_edger);
}

#[test]
fn common_then_tagwise_dispersions_equal_edger() {
    all_cases(against_edger::classic::common_then_tagwise_dispersions_equal_edger);
}

#[test]
fn exact_tests_equal_edger() {
    all_cases(against_edger::classic::exact_tests_equal_edger);
}

#[test]
fn sample_maps_equal_limma() {
    all_cases(against_edger::normalisation::sample_maps_equal_limma);
}

#[test]
fn glm_dispersions_equal_edger() {
    all_cases(against_edger::linear::glm_dispersions_equal_edger);
}

#[test]
fn glm_tests_equal_edger() {
    all_cases(against_edger::linear::glm_tests_equal_edger);
}

#[test]
fn robust_estimates_equal_edger() {
    all_cases(against_edger::linear::robust_estimates_equal_edger);
}

#[test]
fn exact_tests_at_the_dispersions_of_edger_are_edgers() {
    all_cases(against_edger::classic::exact_tests_at_the_dispersions_of_edger_are_edgers);
}

#[test]
fn quasi_likelihood_from_counts_equals_edger_4() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/edger_4");
    let case = Case::golden(&root.join("quasi_from_counts"));
    against_edger::edger_4::quasi_likelihood_of_driven_genes_equals_edger(&case);
    assert!(case.finish(), "beyond tolerance");
}
