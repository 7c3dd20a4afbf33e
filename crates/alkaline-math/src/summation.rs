//! Sums that do not depend on the order of magnitude of their parts (Neumaier 1974).
//!
//! R accumulates `sum`, `mean` and `rowSums` in extended precision; a compensated sum is at least as close to the truth.

/// A running compensated sum.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    /// Adds one value.
    #[inline]
    pub fn add(&mut self, value: f64) {
        let total = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() {
            (self.sum - total) + value
        } else {
            (value - total) + self.sum
        };
        self.sum = total;
    }

    /// The sum so far.
    #[inline]
    #[must_use]
    pub fn total(&self) -> f64 {
        if self.lost.is_finite() { self.sum + self.lost } else { self.sum }
    }
}

/// The compensated sum of some values.
#[must_use]
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut running = CompensatedSum::default();
    values.into_iter().for_each(|value| running.add(value));
    running.total()
}

/// The arithmetic mean of a slice; `NaN` when it is empty.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    sum(values.iter().copied()) / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_parts_survive_large_ones() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
    }

    #[test]
    fn infinities_stay_infinite() {
        assert_eq!(sum([1.0, f64::NEG_INFINITY, 2.0]), f64::NEG_INFINITY);
    }
}
