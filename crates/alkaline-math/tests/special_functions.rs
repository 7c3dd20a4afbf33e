//! Special functions and tails against 45-digit values, from the middle to far beyond the smallest 64-bit float.
#![cfg(test)]

mod special;

/// Error that is allowed, relative to the value (to one where that is smaller): not twice the largest that was measured.
const TOLERANCES: [(&str, f64); 14] = [
    ("digamma", 2e-15),
    ("ln_beta_lower", 2e-14),
    ("ln_beta_upper", 2e-14),
    ("ln_chi_square_upper", 1e-14),
    // 1e-13 is what rounding the argument costs with thousands of degrees of freedom
    ("ln_f_upper", 2e-13),
    ("ln_gamma", 4e-15),
    ("ln_gamma_lower", 1e-14),
    ("ln_gamma_upper", 1e-13),
    ("ln_hypergeometric_upper", 4e-15),
    ("ln_normal_upper", 4e-15),
    ("ln_student_upper", 2e-13),
    ("normal_quantile", 1e-15),
    ("student_quantile", 1e-13),
    ("trigamma", 1e-15),
];

#[test]
fn every_function_equals_its_45_digits() {
    let mut compared = 0;
    for value in special::values() {
        let Some(answer) = value.ours() else { continue };
        let (_, tolerance) = TOLERANCES.iter().find(|(name, _)| *name == value.function).unwrap();
        let error = value.error_of(answer);
        assert!(
            error <= *tolerance,
            "{} {:?}: {answer}, not {}: {error:e}",
            value.function,
            value.arguments,
            value.exact
        );
        compared += 1;
    }
    assert!(compared > 300, "{compared}");
}
