//! Assertions on numbers that say by how much they are off.

/// How far two numbers may be apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// Difference divided by the larger magnitude.
    Relative(f64),
    /// Plain difference.
    Absolute(f64),
}

impl Tolerance {
    /// Whether `actual` is as good as `expected`; equal infinities and two NaN are.
    pub fn accepts(self, expected: f64, actual: f64) -> bool {
        if expected == actual || (expected.is_nan() && actual.is_nan()) {
            return true;
        }
        let difference = (expected - actual).abs();
        match self {
            Self::Relative(limit) => difference <= limit * expected.abs().max(actual.abs()),
            Self::Absolute(limit) => difference <= limit,
        }
    }
}

/// Fails unless `actual` is within `tolerance` of `expected`.
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn assert_close(expected: f64, actual: f64, tolerance: Tolerance) {
    assert!(
        tolerance.accepts(expected, actual),
        "expected {expected:e}, found {actual:e}: off by {:e}, allowed {tolerance:?}",
        (expected - actual).abs()
    );
}

/// Fails unless every value is within `tolerance`; the place of the first offender is told.
///
/// # Panics
/// When a value is off, when the lengths differ, or when there is nothing to compare.
#[track_caller]
pub fn assert_all_close(expected: &[f64], actual: &[f64], tolerance: Tolerance) {
    assert_eq!(expected.len(), actual.len(), "number of values");
    assert!(!expected.is_empty(), "nothing to compare");
    for (place, (&expected, &actual)) in expected.iter().zip(actual).enumerate() {
        assert!(
            tolerance.accepts(expected, actual),
            "value {place}: expected {expected:e}, found {actual:e}: off by {:e}, allowed {tolerance:?}",
            (expected - actual).abs()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_tolerance_scales_with_the_numbers() {
        assert!(Tolerance::Relative(1e-6).accepts(1e9, 1e9 + 100.0));
        assert!(!Tolerance::Relative(1e-6).accepts(1.0, 1.0 + 1e-5));
        assert!(!Tolerance::Relative(1e-6).accepts(0.0, 1e-300));
    }

    #[test]
    fn missing_equals_missing_only() {
        assert!(Tolerance::Absolute(1.0).accepts(f64::NAN, f64::NAN));
        assert!(!Tolerance::Absolute(1.0).accepts(f64::NAN, 0.0));
    }
}
