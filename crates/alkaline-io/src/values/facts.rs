//! What can be said of values without knowing what they mean.

use super::table::ValueTable;

/// Facts about the values of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueFacts {
    /// Values that are there.
    pub present: usize,
    /// Values that are missing.
    pub missing: usize,
    /// Values below zero.
    pub negative: usize,
    /// Values that are zero.
    pub zero: usize,
    /// Values that are whole numbers.
    pub whole: usize,
    /// R's quantiles (type 7) of all values at 0, 0.25, 0.5, 0.75, 0.99 and 1.
    pub quantiles: [f64; 6],
    /// The sum of each column.
    pub sums: Vec<f64>,
    /// The largest value of each column.
    pub largest: Vec<f64>,
    /// The mean over rows of the mean of their values, and of their standard deviation, where rows have three values or more.
    pub row_mean_and_deviation: Option<(f64, f64)>,
}

/// Where the quantiles stand.
const PROBABILITIES: [f64; 6] = [0.0, 0.25, 0.5, 0.75, 0.99, 1.0];

impl ValueFacts {
    /// The facts of a table.
    pub fn of(table: &ValueTable) -> Self {
        let mut sorted: Vec<f64> = table.values.iter().copied().filter(|value| value.is_finite()).collect();
        let count = |is: &dyn Fn(f64) -> bool| sorted.iter().filter(|value| is(**value)).count();
        let columns = table.samples.len();
        let fold = |start: f64, of: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            (0..columns)
                .map(|column| table.column(column).filter(|v| v.is_finite()).fold(start, of))
                .collect()
        };
        let facts = Self {
            present: sorted.len(),
            missing: table.values.len() - sorted.len(),
            negative: count(&|value| value < 0.0),
            zero: count(&|value| value == 0.0),
            whole: count(&|value| value.fract() == 0.0),
            quantiles: [f64::NAN; 6],
            sums: fold(0.0, &|sum, value| sum + value),
            largest: fold(f64::NEG_INFINITY, &f64::max),
            row_mean_and_deviation: row_mean_and_deviation(table),
        };
        sorted.sort_unstable_by(f64::total_cmp);
        Self { quantiles: PROBABILITIES.map(|at| quantile(&sorted, at)), ..facts }
    }

    /// The share of the values that are there for which `number` was counted.
    pub fn share(&self, number: usize) -> f64 {
        number as f64 / self.present.max(1) as f64
    }

    /// The smallest value.
    pub fn smallest(&self) -> f64 {
        self.quantiles[0]
    }

    /// The largest value.
    pub fn largest(&self) -> f64 {
        self.quantiles[5]
    }

    /// The value in the middle.
    pub fn median(&self) -> f64 {
        self.quantiles[2]
    }
}

/// R's quantile of type 7 of sorted values; NaN of none.
fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = probability * last as f64;
    let below = at.floor();
    let (low, high) = (sorted[below as usize], sorted[(at.ceil() as usize).min(last)]);
    low + (at - below) * (high - low)
}

/// Means over the complete rows of their mean and their standard deviation; rows that do not vary say nothing.
fn row_mean_and_deviation(table: &ValueTable) -> Option<(f64, f64)> {
    let number = table.samples.len();
    if number < 3 {
        return None;
    }
    let (mut means, mut deviations, mut rows) = (0.0, 0.0, 0.0);
    for row in 0..table.rows.len() {
        let values = table.row(row);
        let mean = values.iter().sum::<f64>() / number as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (squares / (number - 1) as f64).sqrt();
        if deviation.is_finite() && deviation > 0.0 {
            means += mean.abs();
            deviations += deviation;
            rows += 1.0;
        }
    }
    (rows > 0.0).then(|| (means / rows, deviations / rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_r() {
        // quantile(c(3, 1, 7, 2), c(0, .25, .5, .75, .99, 1))
        let table = ValueTable {
            rows: vec!["a".into(), "b".into()],
            samples: vec!["x".into(), "y".into()],
            values: vec![3.0, 1.0, 7.0, 2.0],
            ..ValueTable::default()
        };
        let facts = ValueFacts::of(&table);
        let expected = [1.0, 1.75, 2.5, 4.0, 6.88, 7.0];
        assert!(facts.quantiles.iter().zip(expected).all(|(found, wanted)| (found - wanted).abs() < 1e-12));
        assert_eq!(facts.sums, [10.0, 3.0]);
        assert_eq!((facts.whole, facts.present, facts.missing), (4, 4, 0));
    }
}
