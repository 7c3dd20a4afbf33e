//! A local quadratic of evenly spread points, evaluated at the corners of a tree of cells and blended between them by cubics.
//!
//! Cleveland, Devlin & Grosse (1988), doi:10.1016/0304-4076(88)90077-2; upstream R's `loess(surface = "interpolate")`, whose answers
//! differ from direct fits by more than the step of the search that uses them.

use ndarray::Array2;

/// Share of a span that a cell may hold.
const CELL: f64 = 0.2;
/// Margin of the outer cells, as a share of the range.
const MARGIN: f64 = 0.005;

/// The smoothed curve.
pub(super) struct LocalQuadratic {
    /// Place, value and slope, in ascending order.
    corners: Vec<(f64, f64, f64)>,
}

impl LocalQuadratic {
    /// Smooths `y` over ascending `x` with a share `span` of the points in each fit.
    pub(super) fn new(x: &[f64], y: &[f64], span: f64) -> Self {
        let n = x.len();
        let neighbours = (n as f64 * span + 1e-5).floor() as usize;
        let most_in_cell = (n as f64 * span * CELL).floor() as usize;
        let margin = MARGIN * (x[n - 1] - x[0]);
        let mut places = vec![x[0] - margin, x[n - 1] + margin];
        split(x, 1, n, most_in_cell, &mut places);
        places.sort_unstable_by(f64::total_cmp);
        let corner = |at: f64| {
            let (value, slope) = local_fit(x, y, at, neighbours);
            (at, value, slope)
        };
        Self { corners: places.into_iter().map(corner).collect() }
    }

    /// The curve's value.
    pub(super) fn at(&self, x: f64) -> f64 {
        let after = self.corners.partition_point(|corner| corner.0 < x).clamp(1, self.corners.len() - 1);
        let ((x0, y0, d0), (x1, y1, d1)) = (self.corners[after - 1], self.corners[after]);
        let width = x1 - x0;
        let h = (x - x0) / width;
        let (rest, twice) = (1.0 - h, h * h);
        rest * rest * (1.0 + 2.0 * h) * y0 + twice * (3.0 - 2.0 * h) * y1 + h * rest * rest * width * d0
            - twice * rest * width * d1
    }
}

/// Cuts the points `low` to `high` (from one) at the middle one for as long as there are too many.
fn split(x: &[f64], low: usize, high: usize, most: usize, places: &mut Vec<f64>) {
    if high - low < most {
        return;
    }
    let middle = usize::midpoint(low, high);
    places.push(x[middle - 1]);
    split(x, low, middle, most, places);
    split(x, middle + 1, high, most, places);
}

/// Value and slope of the quadratic around `at`, by least squares with tricube weights of the nearest points.
fn local_fit(x: &[f64], y: &[f64], at: f64, neighbours: usize) -> (f64, f64) {
    let mut distances: Vec<f64> = x.iter().map(|x| (x - at).abs()).collect();
    distances.sort_unstable_by(f64::total_cmp);
    let bandwidth = distances[neighbours.min(x.len()) - 1];
    let mut information = Array2::<f64>::zeros((3, 3));
    let mut sums = vec![0.0; 3];
    for (x, y) in x.iter().zip(y) {
        let distance = (x - at).abs() / bandwidth;
        if distance >= 1.0 {
            continue;
        }
        let weight = (1.0 - distance.powi(3)).powi(3);
        let scaled = (x - at) / bandwidth;
        let row = [1.0, scaled, scaled * scaled];
        for i in 0..3 {
            (0..3).for_each(|j| information[[i, j]] += weight * row[i] * row[j]);
            sums[i] += weight * row[i] * y;
        }
    }
    match alkaline_math::linear::Cholesky::new(information.view()) {
        Some(factor) => {
            factor.solve(&mut sums);
            (sums[0], sums[1] / bandwidth)
        }
        None => (f64::NAN, f64::NAN),
    }
}
