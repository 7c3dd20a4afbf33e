//! Moving average over rows ordered by a covariate, shrinking at both ends. Upstream: edgeR `movingAverageByCol`.

use ndarray::{Array2, ArrayView2};

use crate::order_statistics::ascending_order;
use crate::summation::CompensatedSum;

/// Averages each column over `width` neighbouring rows in covariate order (fewer at the ends).
///
/// Row `t` of the sorted matrix averages the `width` rows that end with `t + floor(width/2)`.
#[must_use]
pub fn moving_average(curves: ArrayView2<'_, f64>, covariate: &[f64], width: usize) -> Array2<f64> {
    let n = curves.nrows();
    let width = width.clamp(1, n.max(1));
    let order = ascending_order(covariate);
    let prefix = prefix_sums(curves, &order);
    let mut smoothed = Array2::zeros(curves.dim());
    for (t, &row) in order.iter().enumerate() {
        let start = (t + width / 2 + 1).saturating_sub(width);
        let end = (t + width / 2 + 1).min(n);
        let count = (end - start) as f64;
        for (j, out) in smoothed.row_mut(row).iter_mut().enumerate() {
            *out = (prefix[[end, j]] - prefix[[start, j]]) / count;
        }
    }
    smoothed
}

/// Cumulative column sums over rows in the given order, starting with zero.
fn prefix_sums(curves: ArrayView2<'_, f64>, order: &[usize]) -> Array2<f64> {
    let mut prefix = Array2::zeros((order.len() + 1, curves.ncols()));
    let mut running = vec![CompensatedSum::default(); curves.ncols()];
    for (t, &row) in order.iter().enumerate() {
        for (j, (sum, &value)) in running.iter_mut().zip(curves.row(row)).enumerate() {
            sum.add(value);
            prefix[[t + 1, j]] = sum.total();
        }
    }
    prefix
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn windows_shrink_at_the_ends() {
        let y = array![[1.0], [2.0], [3.0], [4.0], [5.0]];
        let smoothed = moving_average(y.view(), &[0.0, 1.0, 2.0, 3.0, 4.0], 3);
        assert_eq!(smoothed, array![[1.5], [2.0], [3.0], [4.0], [4.5]]);
        let even = moving_average(y.view(), &[0.0, 1.0, 2.0, 3.0, 4.0], 4);
        assert_eq!(even, array![[2.0], [2.5], [3.5], [4.0], [4.5]]);
    }
}
