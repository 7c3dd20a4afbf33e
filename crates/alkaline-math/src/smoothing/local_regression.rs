//! Local regression evaluated on an adaptive tree of vertices and interpolated between them.
//!
//! Loader (1999), Local Regression and Likelihood, ch. 12: the range of the covariate is halved until every cell is
//! shorter than a fixed fraction of the bandwidth at its ends; a local fit is made at each cell end ("vertex") only. The
//! tree depends on the covariate alone, so it is built once for all columns: 60,000 rows need some 17 weighted sums.
//! Upstream: edgeR `locfitByCol`, that is `locfit(y ~ x, alpha = span, deg = 0)`.

use ndarray::{Array2, ArrayView2};

use super::local_fit::{Degree, Sums, VertexFit};
use crate::linear::{RowSlices, RowSlicesMut};

/// A cell longer than this fraction of its bandwidth is halved (locfit's `cut`).
const CUT: f64 = 0.8;

/// The smoother for one covariate, span and degree.
#[derive(Clone, Debug)]
pub struct LocalRegression {
    covariate: Vec<f64>,
    sorted: Vec<f64>,
    vertices: Vec<Vertex>,
    cells: Vec<Cell>,
    degree: Degree,
}

#[derive(Clone, Copy, Debug)]
struct Vertex {
    at: f64,
    bandwidth: f64,
}

/// A leaf of the tree: its ends as indices of vertices.
#[derive(Clone, Copy, Debug)]
struct Cell {
    left: usize,
    right: usize,
}

impl LocalRegression {
    /// Builds the tree; `None` when the span holds fewer than two points, where smoothing leaves the data as they are.
    #[must_use]
    pub fn new(covariate: &[f64], span: f64, degree: Degree) -> Option<Self> {
        let n = covariate.len();
        if n <= 1 || span * (n as f64) < 2.0 {
            return None;
        }
        let mut sorted = covariate.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let covariate = covariate.to_vec();
        let mut smoother = Self { covariate, sorted, vertices: Vec::new(), cells: Vec::new(), degree };
        let (left, right) = (
            smoother.add_vertex(smoother.sorted[0], span),
            smoother.add_vertex(smoother.sorted[n - 1], span),
        );
        smoother.split(Cell { left, right }, span);
        Some(smoother)
    }

    fn add_vertex(&mut self, at: f64, span: f64) -> usize {
        let bandwidth = nearest_neighbour_bandwidth(&self.sorted, at, span);
        self.vertices.push(Vertex { at, bandwidth });
        self.vertices.len() - 1
    }

    /// Halves a cell for as long as it is long against its bandwidth; leaves are stored from left to right.
    fn split(&mut self, cell: Cell, span: f64) {
        let (a, b) = (self.vertices[cell.left], self.vertices[cell.right]);
        let range = self.sorted[self.sorted.len() - 1] - self.sorted[0];
        let smallest =
            [a.bandwidth, b.bandwidth].into_iter().filter(|&h| h > 0.0).fold(f64::INFINITY, f64::min);
        let relative =
            if smallest.is_finite() { (b.at - a.at) / smallest } else { 2.0 * (b.at - a.at) / range };
        if relative.is_nan() || relative <= CUT {
            self.cells.push(cell);
            return;
        }
        let middle = self.add_vertex(0.5 * (a.at + b.at), span);
        self.split(Cell { left: cell.left, right: middle }, span);
        self.split(Cell { left: middle, right: cell.right }, span);
    }

    /// Smooths every column of `curves` (one row per covariate value).
    #[must_use]
    pub fn smooth(self, curves: ArrayView2<'_, f64>) -> Array2<f64> {
        let covariate = self.covariate.clone();
        let smooth = self.fit(curves);
        let mut smoothed = Array2::zeros(curves.dim());
        for (row, x) in covariate.into_iter().enumerate() {
            smooth.at(x, smoothed.row_slice_mut(row));
        }
        smoothed
    }

    /// Makes the local fits to every column of `curves` (one row per covariate value).
    ///
    /// All of them are made in one pass over the rows, as they lie in memory: there are many rows and few vertices.
    #[must_use]
    pub fn fit(self, curves: ArrayView2<'_, f64>) -> SmoothCurves {
        self.fit_weighted(curves, None)
    }

    /// [`LocalRegression::fit`] where some points count for more than others: a weight for each covariate value.
    #[must_use]
    pub fn fit_weighted(self, curves: ArrayView2<'_, f64>, weights: Option<&[f64]>) -> SmoothCurves {
        let mut sums: Vec<Sums> =
            self.vertices.iter().map(|_| Sums::new(curves.ncols(), self.degree)).collect();
        for (row, &x) in self.covariate.iter().enumerate() {
            let y = curves.row_slice(row);
            let own = weights.map_or(1.0, |weights| weights[row]);
            for (vertex, sums) in self.vertices.iter().zip(&mut sums) {
                let weight = own * tricube(x - vertex.at, vertex.bandwidth);
                if weight > 0.0 {
                    sums.add(weight, x - vertex.at, y);
                }
            }
        }
        let fits = sums.into_iter().map(Sums::into_fit).collect();
        let bends = if self.degree == Degree::Quadratic { self.bends(curves, weights) } else { Vec::new() };
        SmoothCurves { vertices: self.vertices, cells: self.cells, degree: self.degree, fits, bends }
    }

    /// The quadratic coefficients of the parabolas through all points.
    fn bends(&self, curves: ArrayView2<'_, f64>, weights: Option<&[f64]>) -> Vec<f64> {
        let mut sums = Sums::new(curves.ncols(), self.degree);
        let centre = self.covariate.iter().sum::<f64>() / self.covariate.len() as f64;
        for (row, &x) in self.covariate.iter().enumerate() {
            let weight = weights.map_or(1.0, |weights| weights[row]);
            sums.add(weight, x - centre, curves.row_slice(row));
        }
        let columns = curves.ncols();
        sums.parabolas().map_or_else(
            || vec![0.0; columns],
            |parabolas| parabolas.iter().map(|parabola| parabola[2]).collect(),
        )
    }

    /// The number of local fits the tree asks for.
    #[must_use]
    pub fn vertex_count(&self) -> usize {
        self.vertices.len()
    }
}

/// Smoothed curves, which are evaluated where they are asked for.
#[derive(Clone, Debug)]
pub struct SmoothCurves {
    vertices: Vec<Vertex>,
    cells: Vec<Cell>,
    degree: Degree,
    fits: Vec<VertexFit>,
    /// Where parabolas are fitted: how the curves bend beyond the points, as a parabola through all of them does.
    bends: Vec<f64>,
}

impl SmoothCurves {
    /// Writes the smoothed value of each column at `x` to `out`.
    pub fn at(&self, x: f64, out: &mut [f64]) {
        let cell = self.cells.partition_point(|cell| self.vertices[cell.right].at <= x);
        self.interpolate(self.cells[cell.min(self.cells.len() - 1)], x, out);
    }

    fn interpolate(&self, cell: Cell, x: f64, out: &mut [f64]) {
        let (a, b) = (self.vertices[cell.left].at, self.vertices[cell.right].at);
        let (left, right) = (&self.fits[cell.left], &self.fits[cell.right]);
        let width = b - a;
        if width <= 0.0 {
            out.copy_from_slice(&left.values);
            return;
        }
        let t = x - a;
        match self.degree {
            Degree::Constant => {
                for (out, (fa, fb)) in out.iter_mut().zip(left.values.iter().zip(&right.values)) {
                    *out = ((width - t) * fa + t * fb) / width;
                }
            }
            Degree::Quadratic if t < 0.0 || t > width => self.extrapolate(cell, x, out),
            Degree::Linear | Degree::Quadratic => {
                let basis = hermite_basis(t / width);
                for (j, out) in out.iter_mut().enumerate() {
                    *out = basis[0] * left.values[j]
                        + basis[1] * right.values[j]
                        + width * (basis[2] * left.slopes[j] + basis[3] * right.slopes[j]);
                }
            }
        }
    }
}

impl SmoothCurves {
    /// Value and slope of the outermost vertex go on, with the bend of the parabola through all points.
    fn extrapolate(&self, cell: Cell, x: f64, out: &mut [f64]) {
        let vertex = if x < self.vertices[cell.left].at { cell.left } else { cell.right };
        let (fit, t) = (&self.fits[vertex], x - self.vertices[vertex].at);
        for (j, out) in out.iter_mut().enumerate() {
            *out = fit.values[j] + t * (fit.slopes[j] + t * self.bends[j]);
        }
    }
}

/// Cubic Hermite basis at `u` in [0, 1]: weights of left value, right value, left slope, right slope.
fn hermite_basis(u: f64) -> [f64; 4] {
    let right = u * u * (3.0 - 2.0 * u);
    [1.0 - right, right, u * (1.0 - u) * (1.0 - u), -u * u * (1.0 - u)]
}

/// Tricube weight at a distance; with no bandwidth only the point itself counts.
fn tricube(distance: f64, bandwidth: f64) -> f64 {
    if bandwidth == 0.0 {
        return f64::from(distance == 0.0);
    }
    let u = distance.abs() / bandwidth;
    if u >= 1.0 {
        return 0.0;
    }
    let rest = 1.0 - u * u * u;
    rest * rest * rest
}

/// Distance from `at` to its k-th nearest covariate value, `k` the share `span` of all.
fn nearest_neighbour_bandwidth(sorted: &[f64], at: f64, span: f64) -> f64 {
    /// Guards a product that is whole but for rounding (locfit's constant).
    const FUZZ: f64 = 1e-12;
    let n = sorted.len();
    let k = (n as f64 * span + FUZZ) as usize;
    let farthest = (at - sorted[0]).abs().max((sorted[n - 1] - at).abs());
    if k >= n {
        return farthest * if k > n { k as f64 / n as f64 } else { 1.0 };
    }
    let mut right = sorted.partition_point(|&x| x < at);
    let mut left = right;
    let mut reach = 0.0;
    for _ in 0..k {
        let below = if left > 0 { at - sorted[left - 1] } else { f64::INFINITY };
        let above = if right < n { sorted[right] - at } else { f64::INFINITY };
        if below <= above {
            left -= 1;
            reach = below;
        } else {
            right += 1;
            reach = above;
        }
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_column(y: &[f64]) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((y.len(), 1), y).unwrap()
    }

    #[test]
    fn constants_stay_constant_and_lines_stay_lines() {
        let x: Vec<f64> = (0..200).map(|i| (f64::from(i) * 0.37).sin() * 3.0 + f64::from(i) * 0.01).collect();
        let flat = LocalRegression::new(&x, 0.3, Degree::Constant).unwrap().smooth(one_column(&[2.5; 200]));
        assert!(flat.iter().all(|v| (v - 2.5).abs() < 1e-13));
        let line: Vec<f64> = x.iter().map(|x| 1.0 - 0.7 * x).collect();
        let smoothed = LocalRegression::new(&x, 0.3, Degree::Linear).unwrap().smooth(one_column(&line));
        assert!(smoothed.iter().zip(&line).all(|(a, b)| (a - b).abs() < 1e-11));
    }

    /// `fitted(locfit::locfit(y ~ x, alpha = 0.4, deg = 0))` printed by R with 15 digits.
    #[test]
    fn vertices_and_interpolation_are_those_of_locfit() {
        let x: Vec<f64> = (1..=40).map(|i| f64::from(i * i) / 100.0).collect();
        let y: Vec<f64> = (1..=40).map(|i| f64::from(i * 7 % 11)).collect();
        for (degree, expected) in [(Degree::Constant, DEGREE_ZERO), (Degree::Linear, DEGREE_ONE)] {
            let smoothed = LocalRegression::new(&x, 0.4, degree).unwrap().smooth(one_column(&y));
            for (i, value) in expected {
                assert!((smoothed[[i, 0]] - value).abs() < 1e-12, "{i}: {}", smoothed[[i, 0]]);
            }
        }
    }
    const DEGREE_ZERO: [(usize, f64); 3] =
        [(0, 5.236_536_315_543_662), (17, 5.090_033_217_603_102), (35, 5.126_934_291_140_417)];
    const DEGREE_ONE: [(usize, f64); 3] =
        [(0, 5.882_526_458_851_491), (17, 5.011_058_424_595_936), (35, 5.391_579_443_502_787)];

    /// `locfit(y ~ x, alpha = 0.4, deg = 2)`, printed by R with 16 digits; its own solution is good to eight of them.
    #[test]
    fn parabolas_are_those_of_locfit() {
        let x: Vec<f64> = (1..=40).map(|i| f64::from(i * i) / 100.0).collect();
        let y: Vec<f64> = (1..=40).map(|i| f64::from(i * 7 % 11)).collect();
        let smoothed = LocalRegression::new(&x, 0.4, Degree::Quadratic).unwrap().smooth(one_column(&y));
        for (i, value) in
            [(0, 6.628_633_783_760_51), (17, 5.324_333_386_258_751), (35, 5.201_573_616_509_949)]
        {
            assert!((smoothed[[i, 0]] - value).abs() < 5e-8, "{i}: {}", smoothed[[i, 0]]);
        }
    }

    /// `predict(locfit(y ~ x, weights = w), ...)`, within the points and, the second time, beyond them and with ties.
    #[test]
    fn weighted_parabolas_are_those_of_locfit_also_between_and_beyond_the_points() {
        let value_at = |curves: &SmoothCurves, x: f64| {
            let mut value = [0.0];
            curves.at(x, &mut value);
            value[0]
        };
        let x: Vec<f64> = (1..=40).map(|i| f64::from(i * i) / 100.0).collect();
        let y: Vec<f64> = (1..=40).map(|i| f64::from(i * 7 % 11)).collect();
        let weights: Vec<f64> = (1..=40).map(|i| f64::from(1 + i % 5)).collect();
        let smoother = LocalRegression::new(&x, 0.7, Degree::Quadratic).unwrap();
        let curve = smoother.fit_weighted(one_column(&y), Some(&weights));
        for (x, value) in
            [(0.2, 5.984_801_952_989_836), (3.3, 4.416_143_521_427_307), (15.9, 6.814_852_373_730_575)]
        {
            assert!((value_at(&curve, x) - value).abs() < 5e-8, "{x}: {}", value_at(&curve, x));
        }
        let x: Vec<f64> = [0.0; 3].into_iter().chain((1..=12).map(f64::from)).collect();
        let y: Vec<f64> = [1.0, 2.0, 3.0].into_iter().chain((1..=12).map(|i| f64::from(i % 4))).collect();
        let weights: Vec<f64> = x.iter().map(|x| x + 1.0).collect();
        let smoother = LocalRegression::new(&x, 0.7, Degree::Quadratic).unwrap();
        let curve = smoother.fit_weighted(one_column(&y), Some(&weights));
        for (x, value) in [
            (0.0, 1.816_570_712_899_548),
            (4.0, 1.447_901_092_429_303),
            (12.0, 0.947_584_458_257_575_5),
            (-1.0, 1.627_345_878_845_313),
            (14.0, -0.065_694_053_254_479_86),
        ] {
            assert!((value_at(&curve, x) - value).abs() < 5e-8, "{x}: {}", value_at(&curve, x));
        }
    }
}
