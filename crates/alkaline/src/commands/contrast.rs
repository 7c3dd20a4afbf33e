//! A contrast on the command line.

use alkaline_core::samples::ContrastSpec;

/// A contrast as it is typed: `VARIABLE,REFERENCE,TARGET`, or an expression in coefficients.
pub fn parse_contrast(text: &str) -> Result<ContrastSpec, String> {
    ContrastSpec::typed(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contrast_is_variable_reference_target() {
        let contrast = parse_contrast("condition, parental ,resistant").unwrap();
        assert_eq!(
            (contrast.id.as_str(), contrast.reference.as_str()),
            ("resistant_vs_parental", "parental")
        );
        assert!(parse_contrast("parental,resistant").unwrap_err().contains("VARIABLE,REFERENCE,TARGET"));
        let expression = parse_contrast("(A + B)/2 - C").unwrap();
        assert_eq!(expression, ContrastSpec::of_expression("_A_B__2-C", "(A + B)/2 - C"));
    }
}
