//! Tricube-weighted running mean over the nearest neighbours of every point. Upstream: edgeR `loessByCol`.

use ndarray::{Array2, ArrayView1, ArrayView2};
use rayon::prelude::*;

use crate::linear::RowSlices;
use crate::order_statistics::ascending_order;

/// The weighted mean of each column over the `neighbours` nearest covariate values, at every row.
///
/// Weights are `(1 - (d/d_max)³)³` with `d_max` the distance of the farthest neighbour. Work grows with rows × neighbours.
#[must_use]
pub fn running_tricube(curves: ArrayView2<'_, f64>, covariate: &[f64], neighbours: usize) -> Array2<f64> {
    let n = curves.nrows();
    let neighbours = neighbours.clamp(1, n.max(1));
    let order = ascending_order(covariate);
    let sorted: Vec<f64> = order.iter().map(|&i| covariate[i]).collect();
    let starts = frame_starts(&sorted, neighbours);
    let rows: Vec<Vec<f64>> = (0..n)
        .into_par_iter()
        .map(|t| {
            let start = starts[t];
            let farthest = (sorted[t] - sorted[start]).max(sorted[start + neighbours - 1] - sorted[t]);
            weighted_mean(curves, &order, &sorted, t, farthest)
        })
        .collect();
    let mut smoothed = Array2::zeros(curves.dim());
    for (row, values) in order.iter().zip(rows) {
        smoothed.row_mut(*row).assign(&ArrayView1::from(&values));
    }
    smoothed
}

/// First sorted position of the frame of `neighbours` rows whose farthest member is nearest to each row.
fn frame_starts(sorted: &[f64], neighbours: usize) -> Vec<usize> {
    let mut start = 0;
    sorted
        .iter()
        .map(|&x| {
            while start + neighbours < sorted.len() && sorted[start + neighbours] - x <= x - sorted[start] {
                start += 1;
            }
            start
        })
        .collect()
}

fn weighted_mean(
    curves: ArrayView2<'_, f64>,
    order: &[usize],
    sorted: &[f64],
    t: usize,
    farthest: f64,
) -> Vec<f64> {
    let x = sorted[t];
    let first = sorted.partition_point(|&other| x - other > farthest);
    let mut total = 0.0;
    let mut sums = vec![0.0; curves.ncols()];
    for (&other, &row) in
        sorted[first..].iter().zip(&order[first..]).take_while(|(other, _)| **other - x <= farthest)
    {
        let u = if farthest > 0.0 { (other - x).abs() / farthest } else { 0.0 };
        let weight = (1.0 - u * u * u).powi(3);
        total += weight;
        sums.iter_mut().zip(curves.row_slice(row)).for_each(|(s, y)| *s += weight * y);
    }
    sums.iter_mut().for_each(|s| *s /= total);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_data_keep_their_middle() {
        let x: Vec<f64> = (0..11).map(f64::from).collect();
        let y = ArrayView2::from_shape((11, 1), &x).unwrap();
        let smoothed = running_tricube(y, &x, 5);
        assert!((smoothed[[5, 0]] - 5.0).abs() < 1e-14);
        assert!(smoothed[[0, 0]] > 0.0);
    }
}
