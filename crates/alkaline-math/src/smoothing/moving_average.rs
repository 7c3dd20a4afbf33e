//! Moving average over rows ordered by a covariate, shrinking at both ends. Upstream: edgeR `movingAverageByCol`.

use crate::linear::Matrix;
use crate::order_statistics::ascending_order;
use crate::summation::CompensatedSum;

/// Averages each column over `width` neighbouring rows in covariate order (fewer at the ends).
///
/// Row `t` of the sorted matrix averages the `width` rows that end with `t + floor(width/2)`.
#[must_use]
pub fn moving_average(curves: &Matrix, covariate: &[f64], width: usize) -> Matrix {
    let n = curves.rows();
    let width = width.clamp(1, n.max(1));
    let order = ascending_order(covariate);
    let prefix = prefix_sums(curves, &order);
    let mut smoothed = Matrix::zeros(n, curves.columns());
    for (t, &row) in order.iter().enumerate() {
        let start = (t + width / 2 + 1).saturating_sub(width);
        let end = (t + width / 2 + 1).min(n);
        let count = (end - start) as f64;
        for (j, out) in smoothed.row_mut(row).iter_mut().enumerate() {
            *out = (prefix.get(end, j) - prefix.get(start, j)) / count;
        }
    }
    smoothed
}

/// Cumulative column sums over rows in the given order, starting with zero.
fn prefix_sums(curves: &Matrix, order: &[usize]) -> Matrix {
    let mut prefix = Matrix::zeros(order.len() + 1, curves.columns());
    let mut running = vec![CompensatedSum::default(); curves.columns()];
    for (t, &row) in order.iter().enumerate() {
        for (j, (sum, &value)) in running.iter_mut().zip(curves.row(row)).enumerate() {
            sum.add(value);
            prefix.set(t + 1, j, sum.total());
        }
    }
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_shrink_at_the_ends() {
        let y = Matrix::from_rows(5, 1, vec![1.0, 2.0, 3.0, 4.0, 5.0]);
        let smoothed = moving_average(&y, &[0.0, 1.0, 2.0, 3.0, 4.0], 3);
        assert_eq!(smoothed.values(), [1.5, 2.0, 3.0, 4.0, 4.5]);
        let even = moving_average(&y, &[0.0, 1.0, 2.0, 3.0, 4.0], 4);
        assert_eq!(even.values(), [2.0, 2.5, 3.5, 4.0, 4.5]);
    }
}
