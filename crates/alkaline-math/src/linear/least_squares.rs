//! Least squares for tens of thousands of small problems in a row: one workspace that is used again and again.
//!
//! The decomposition is that of [`PivotedQr`](super::PivotedQr), in place.

use super::qr::RANK_TOLERANCE;

/// Rows of a weighted design and their responses, then the solution.
///
/// A linear combination of the coefficients is had from [`combination`](Self::combination), without the coefficients themselves.
#[derive(Clone, Debug, Default)]
pub struct LeastSquares {
    observations: usize,
    /// Column after column; a column of R above the diagonal once it is decomposed.
    columns: Vec<f64>,
    response: Vec<f64>,
    lengths: Vec<f64>,
    reflector: Vec<f64>,
    pivot: Vec<usize>,
    rank: usize,
    solution: Vec<f64>,
}

/// A linear combination of coefficients, and its variance in units of the residual variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Combination {
    /// The estimate.
    pub estimate: f64,
    /// Its variance, where observations have variance one.
    pub variance: f64,
}

impl LeastSquares {
    /// Makes room for `observations` of `coefficients`; [`row`](Self::set_row) fills it.
    pub fn begin(&mut self, observations: usize, coefficients: usize) {
        self.observations = observations;
        self.columns.clear();
        self.columns.resize(observations * coefficients, 0.0);
        self.response.clear();
        self.response.resize(observations, 0.0);
        self.pivot.clear();
        self.pivot.extend(0..coefficients);
    }

    /// The observation number `place`: its row of the design and its response, both multiplied by `scale`.
    pub fn set_row(&mut self, place: usize, design: &[f64], response: f64, scale: f64) {
        for (column, value) in design.iter().enumerate() {
            self.columns[column * self.observations + place] = value * scale;
        }
        self.response[place] = response * scale;
    }

    /// The columns of the design and the response, each of which `change` may change: to multiply all by a matrix.
    pub fn for_each_column(&mut self, mut change: impl FnMut(&mut [f64])) {
        if self.observations > 0 {
            self.columns.chunks_exact_mut(self.observations).for_each(&mut change);
        }
        change(&mut self.response);
    }

    /// Decomposes the design and turns the response.
    pub fn solve(&mut self) {
        let (n, p) = (self.observations, self.pivot.len());
        self.lengths.clear();
        self.lengths.extend((0..p).map(|j| norm(&self.columns[j * n..(j + 1) * n]).max(f64::MIN_POSITIVE)));
        let (mut step, mut candidates) = (0, p);
        while step < candidates && step < n {
            let own = &self.columns[step * n + step..(step + 1) * n];
            if norm(own) < RANK_TOLERANCE * self.lengths[step] {
                self.columns[step * n..].rotate_left(n);
                self.pivot[step..].rotate_left(1);
                self.lengths[step..].rotate_left(1);
                candidates -= 1;
                continue;
            }
            self.reflect(step);
            step += 1;
        }
        self.rank = step;
    }

    /// Turns column `step` on the axis, and all that follow with it.
    fn reflect(&mut self, step: usize) {
        let (n, p) = (self.observations, self.pivot.len());
        self.reflector.clear();
        self.reflector.extend_from_slice(&self.columns[step * n + step..(step + 1) * n]);
        let v = &mut self.reflector;
        let length = norm(v);
        let signed = if v[0] < 0.0 { -length } else { length };
        v[0] += signed;
        let scale = 1.0 / (signed * v[0]).sqrt();
        v.iter_mut().for_each(|x| *x *= scale);
        self.columns[step * n + step] = -signed;
        for column in step + 1..p {
            turn(v, &mut self.columns[column * n + step..(column + 1) * n]);
        }
        turn(v, &mut self.response[step..]);
    }

    /// The number of independent columns.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Observations beyond the independent columns.
    #[must_use]
    pub fn residual_df(&self) -> usize {
        self.observations - self.rank
    }

    /// Sum of the squared residuals.
    #[must_use]
    pub fn residual_squares(&self) -> f64 {
        self.response[self.rank..].iter().map(|e| e * e).sum()
    }

    /// The combination of coefficients that `weights` tell; `None` where it touches a coefficient that cannot be estimated.
    pub fn combination(&mut self, weights: &[f64]) -> Option<Combination> {
        if self.pivot[self.rank..].iter().any(|&column| weights[column] != 0.0) {
            return None;
        }
        self.solution.clear();
        for i in 0..self.rank {
            // R' z = w, row after row
            let column = &self.columns[i * self.observations..];
            let known: f64 = column[..i].iter().zip(&self.solution).map(|(r, z)| r * z).sum();
            self.solution.push((weights[self.pivot[i]] - known) / column[i]);
        }
        let estimate = self.solution.iter().zip(&self.response).map(|(z, e)| z * e).sum();
        Some(Combination { estimate, variance: self.solution.iter().map(|z| z * z).sum() })
    }
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn turn(v: &[f64], target: &mut [f64]) {
    let along: f64 = v.iter().zip(target.iter()).map(|(a, b)| a * b).sum();
    target.iter_mut().zip(v).for_each(|(t, v)| *t -= along * v);
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::linear::PivotedQr;

    #[test]
    fn coefficients_and_residuals_are_those_of_the_qr_decomposition() {
        let x = Array2::from_shape_fn((7, 3), |(i, j)| ((i * (j + 2)) as f64).sin() + 1.0);
        let y: Vec<f64> = (0..7).map(|i| f64::from(i * i % 5)).collect();
        let mut squares = LeastSquares::default();
        squares.begin(7, 3);
        x.outer_iter().zip(&y).enumerate().for_each(|(i, (row, y))| {
            squares.set_row(i, row.as_slice().unwrap(), *y, 1.0);
        });
        squares.solve();
        let qr = PivotedQr::new(x.view());
        let beta = qr.solve(&y);
        for (j, beta) in beta.iter().enumerate() {
            let unit: Vec<f64> = (0..3).map(|i| f64::from(i == j)).collect();
            assert!((squares.combination(&unit).unwrap().estimate - beta).abs() < 1e-12);
        }
        let rest: f64 = qr.transposed_q_times(&y)[3..].iter().map(|e| e * e).sum();
        assert!((squares.residual_squares() - rest).abs() < 1e-12 && squares.residual_df() == 4);
    }

    #[test]
    fn a_combination_of_what_cannot_be_told_apart_is_none() {
        let mut squares = LeastSquares::default();
        for _ in 0..2 {
            squares.begin(3, 3);
            let rows = [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]];
            rows.iter().enumerate().for_each(|(i, row)| squares.set_row(i, row, i as f64, 2.0));
            squares.solve();
            assert_eq!((squares.rank(), squares.residual_df()), (2, 1));
            assert!(squares.combination(&[0.0, 1.0, 0.0]).is_none());
            let last = squares.combination(&[0.0, 0.0, 1.0]).unwrap();
            assert!((last.estimate - 1.5).abs() < 1e-14 && (last.variance - 0.375).abs() < 1e-14);
        }
    }
}
