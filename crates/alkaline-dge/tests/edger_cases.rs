//! Small nasty experiments (one sample against three, ties, libraries of very different size, fractional counts, three genes,
//! one gene), every step against edgeR 3.40.2.

#![cfg(test)]

mod against_edger;

use against_edger::case::Case;

const CASES: [&str; 8] = [
    "e01_1v3",
    "e02_ties",
    "e03_libs",
    "e04_paired",
    "e05_fractional",
    "e06_three_genes",
    "e07_one_gene",
    "gse60450",
];

fn all_cases(check: fn(&Case)) {
    all_cases_of("edgeR-3.40.2", check);
}

fn all_cases_of(version: &str, check: fn(&Case)) {
    let Some(cases) = alkaline_testkit::external_cases("edgeR's answers") else { return };
    let Some(data) = alkaline_testkit::external_data("edgeR's answers") else { return };
    let within = |name: &&&str| {
        let case = Case::external(&cases, &data, name, version);
        check(&case);
        case.finish()
    };
    let failed: Vec<&&str> = CASES.iter().filter(|name| !within(name)).collect();
    assert!(failed.is_empty(), "beyond tolerance: {failed:?}");
}

#[test]
fn library_factors_equal_edger_needs_data() {
    all_cases(against_edger::normalisation::library_factors_equal_edger);
}

#[test]
fn expression_values_equal_edger_needs_data() {
    all_cases(against_edger::normalisation::expression_values_equal_edger);
}

#[test]
fn classic_dispersions_equal_edger_needs_data() {
    all_cases(against_edger::classic::classic_dispersions_equal_edger);
}

#[test]
fn common_then_tagwise_dispersions_equal_edger_needs_data() {
    all_cases(against_edger::classic::common_then_tagwise_dispersions_equal_edger);
}

#[test]
fn exact_tests_equal_edger_needs_data() {
    all_cases(against_edger::classic::exact_tests_equal_edger);
}

#[test]
fn sample_maps_equal_limma_needs_data() {
    all_cases(against_edger::normalisation::sample_maps_equal_limma);
}

#[test]
fn glm_dispersions_equal_edger_needs_data() {
    all_cases(against_edger::linear::glm_dispersions_equal_edger);
}

#[test]
fn glm_tests_equal_edger_needs_data() {
    all_cases(against_edger::linear::glm_tests_equal_edger);
}

#[test]
fn shrunken_coefficients_equal_edger_needs_data() {
    all_cases(against_edger::linear::shrunken_coefficients_equal_edger);
}

#[test]
fn robust_estimates_equal_edger_needs_data() {
    all_cases(against_edger::linear::robust_estimates_equal_edger);
}

#[test]
fn new_dispersions_equal_edger_4_needs_data() {
    all_cases_of("edgeR-4.5.1", against_edger::edger_4::new_dispersions_equal_edger);
}

#[test]
fn new_quasi_likelihood_equals_edger_4_needs_data() {
    all_cases_of("edgeR-4.5.1", against_edger::edger_4::new_quasi_likelihood_equals_edger);
}

#[test]
fn squeezed_quasi_dispersions_equal_edger_4_needs_data() {
    all_cases_of("edgeR-4.5.1", against_edger::edger_4::squeezed_quasi_dispersions_equal_edger);
}

#[test]
fn new_quasi_likelihood_from_counts_equals_edger_4_needs_data() {
    all_cases_of("edgeR-4.5.1", against_edger::edger_4::new_quasi_likelihood_from_counts_equals_edger);
}

#[test]
fn exact_tests_at_the_dispersions_of_edger_are_edgers_needs_data() {
    all_cases(against_edger::classic::exact_tests_at_the_dispersions_of_edger_are_edgers);
}
