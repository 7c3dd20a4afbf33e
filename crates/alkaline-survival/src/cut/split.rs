//! Splits that do not look at the outcome: at quantiles of the marker, or at a value.

use alkaline_math::order_statistics::quantile;
use serde::{Deserialize, Serialize};

/// How a marker becomes groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// Above the median is high.
    #[default]
    Median,
    /// Three groups of about the same size.
    Tertiles,
    /// Four groups of about the same size.
    Quartiles,
    /// Above the value is high.
    At(f64),
}

impl Split {
    /// The values that part the groups, ascending.
    #[must_use]
    pub fn cuts(self, marker: &[f64]) -> Vec<f64> {
        let parts = match self {
            Self::Median => 2,
            Self::Tertiles => 3,
            Self::Quartiles => 4,
            Self::At(value) => return vec![value],
        };
        let mut values: Vec<f64> = marker.iter().copied().filter(|value| value.is_finite()).collect();
        (1..parts).map(|part| quantile(&mut values, f64::from(part) / f64::from(parts))).collect()
    }
}

/// The group of each patient, from zero for the lowest; a value at a cut belongs to the lower group. `None` without a value.
#[must_use]
pub fn split(marker: &[f64], cuts: &[f64]) -> Vec<Option<usize>> {
    let group = |value: f64| cuts.iter().filter(|&&cut| value > cut).count();
    marker.iter().map(|&value| value.is_finite().then(|| group(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcomes::tests_support::example_marker;

    #[test]
    fn values_at_a_cut_belong_below_it() {
        let cuts = Split::Median.cuts(&[1.0, 2.0, 2.0, 2.0, 3.0, 4.0]);
        let high = split(&[1.0, 2.0, 2.0, 2.0, 3.0, 4.0], &cuts);
        assert_eq!(high.iter().filter(|&&group| group == Some(1)).count(), 2);
        let thirds = split(&example_marker(), &Split::Tertiles.cuts(&example_marker()));
        let size = |group| thirds.iter().filter(|&&own| own == Some(group)).count();
        assert_eq!([size(0), size(1), size(2)], [6, 5, 5]);
        assert_eq!(split(&[f64::NAN], &[1.0]), [None]);
    }
}
