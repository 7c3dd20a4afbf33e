//! Quantile normalisation: all columns get the same distribution.
//!
//! Reference: Bolstad, Irizarry, Åstrand & Speed (2003), doi:10.1093/bioinformatics/19.2.185. Ties get the value that belongs to
//! their mean rank; columns with missing values are stretched to full length (limma `normalizeQuantiles`).

use ndarray::ArrayViewMut2;

use crate::order_statistics::average_ranks;

/// Normalises the columns in place; missing values (NaN) stay missing.
pub fn normalise_quantiles(mut values: ArrayViewMut2<'_, f64>) {
    let (n, columns) = values.dim();
    if n < 2 || columns < 2 {
        return;
    }
    let mut target = vec![0.0; n];
    for column in values.columns() {
        let mut sorted: Vec<f64> = column.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        if sorted.is_empty() {
            target.iter_mut().for_each(|value| *value = f64::NAN);
        } else {
            let place = |i: usize| i as f64 / (n - 1) as f64;
            target.iter_mut().enumerate().for_each(|(i, value)| *value += interpolated(&sorted, place(i)));
        }
    }
    target.iter_mut().for_each(|value| *value /= columns as f64);
    for mut column in values.columns_mut() {
        let own: Vec<f64> = column.iter().copied().filter(|value| !value.is_nan()).collect();
        let last = own.len().saturating_sub(1).max(1) as f64;
        let mut ranks = average_ranks(&own).into_iter();
        column.iter_mut().filter(|value| !value.is_nan()).for_each(|value| {
            let rank = ranks.next().unwrap_or(1.0);
            *value = interpolated(&target, (rank - 1.0) / last);
        });
    }
}

/// The value at a share of the way through `sorted`.
fn interpolated(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    // a place that is a whole number but for rounding is one
    let nearest = at.round();
    if (at - nearest).abs() < 1e-9 {
        return sorted[nearest as usize];
    }
    let left = at.floor() as usize;
    let fraction = at - at.floor();
    sorted[left] + (sorted[left + 1] - sorted[left]) * fraction
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// `limma::normalizeQuantiles` of limma 3.54.
    #[test]
    fn ties_and_gaps_are_those_of_limma() {
        let mut values = array![[5., 4., 3.], [2., 1., 4.], [3., f64::NAN, 6.], [4., 2., 8.], [2., 6., 8.]];
        normalise_quantiles(values.view_mut());
        let expected = [
            [6.333_333_333_333_33, 5.0, 2.0],
            [2.291_666_666_666_66, 2.0, 2.583_333_333_333_33],
            [4.0, f64::NAN, 4.0],
            [5.5, 3.055_555_555_555_56, 5.916_666_666_666_67],
            [2.291_666_666_666_66, 6.333_333_333_333_33, 5.916_666_666_666_67],
        ];
        for (found, expected) in values.iter().zip(expected.as_flattened()) {
            assert!((found - expected).abs() < 1e-12 || (found.is_nan() && expected.is_nan()), "{values:?}");
        }
    }
}
