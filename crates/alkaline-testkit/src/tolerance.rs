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

/// The largest of some differences, which no missing number passes: `f64::max` forgets a NaN, and a test that compares one
/// with a limit would pass.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Largest {
    value: f64,
    number: usize,
}

impl Largest {
    /// Takes note of a difference, by its magnitude; NaN stays for good.
    pub fn add(&mut self, difference: f64) {
        let magnitude = difference.abs();
        if magnitude.is_nan() || magnitude > self.value {
            self.value = magnitude;
        }
        self.number += 1;
    }

    /// The largest so far; NaN where one was among them, or where there was none at all.
    pub fn value(self) -> f64 {
        if self.number == 0 { f64::NAN } else { self.value }
    }

    /// Fails unless every difference was below `limit`, and there was one.
    ///
    /// # Panics
    /// When it is not so.
    #[track_caller]
    pub fn assert_below(self, limit: f64, what: &str) {
        assert!(self.number > 0, "{what}: nothing was compared");
        assert!(self.value < limit, "{what}: off by {:e}, allowed {limit:e}", self.value);
    }
}

impl FromIterator<f64> for Largest {
    fn from_iter<I: IntoIterator<Item = f64>>(differences: I) -> Self {
        let mut largest = Self::default();
        differences.into_iter().for_each(|difference| largest.add(difference));
        largest
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
    fn a_missing_number_among_differences_is_never_forgotten() {
        let of = |differences: &[f64]| differences.iter().copied().collect::<Largest>();
        assert_eq!(of(&[1e-9, -3e-9, 2e-9]).value(), 3e-9);
        for differences in [[f64::NAN, 1.0], [1.0, f64::NAN]] {
            let largest = of(&differences);
            assert!(largest.value().is_nan());
            assert!(std::panic::catch_unwind(|| largest.assert_below(f64::INFINITY, "a test")).is_err());
        }
        assert!(of(&[]).value().is_nan());
        of(&[1e-9]).assert_below(1e-8, "a test");
    }

    #[test]
    fn missing_equals_missing_only() {
        assert!(Tolerance::Absolute(1.0).accepts(f64::NAN, f64::NAN));
        assert!(!Tolerance::Absolute(1.0).accepts(f64::NAN, 0.0));
    }
}
