//! Householder QR with LINPACK's limited pivoting: a column that is (nearly) a combination of earlier ones moves to the end.
//!
//! This is the decomposition behind R's `qr()`, whose tolerance decides what statistical software calls full rank.

use ndarray::{Array2, ArrayView2};

/// Fraction of a column's original length below which it counts as dependent (R's `qr(tol = 1e-7)`).
pub(super) const RANK_TOLERANCE: f64 = 1e-7;

/// The decomposition `X[, pivot] = Q R`.
#[derive(Clone, Debug)]
pub struct PivotedQr {
    /// Upper triangle: R. The reflectors are kept apart.
    r: Array2<f64>,
    reflectors: Vec<Vec<f64>>,
    pivot: Vec<usize>,
    rank: usize,
}

impl PivotedQr {
    /// Decomposes a matrix.
    #[must_use]
    pub fn new(x: ArrayView2<'_, f64>) -> Self {
        let (n, p) = x.dim();
        let mut columns: Vec<Vec<f64>> = x.columns().into_iter().map(|column| column.to_vec()).collect();
        let original: Vec<f64> = columns.iter().map(|column| norm(column).max(f64::MIN_POSITIVE)).collect();
        let mut pivot: Vec<usize> = (0..p).collect();
        let mut reflectors = Vec::new();
        let mut candidates = p;
        let mut step = 0;
        while step < candidates && step < n {
            if norm(&columns[step][step..]) < RANK_TOLERANCE * original[pivot[step]] {
                columns[step..].rotate_left(1);
                pivot[step..].rotate_left(1);
                candidates -= 1;
                continue;
            }
            let reflector = householder(&columns[step][step..]);
            columns[step..].iter_mut().for_each(|column| reflect(&reflector, &mut column[step..]));
            reflectors.push(reflector);
            step += 1;
        }
        let r = Array2::from_shape_fn((p, p), |(i, j)| if i <= j && i < n { columns[j][i] } else { 0.0 });
        Self { r, reflectors, pivot, rank: step }
    }

    /// The number of independent columns.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Column order: the first [`rank`](Self::rank) are independent, the rest are combinations of them.
    #[must_use]
    pub fn pivot(&self) -> &[usize] {
        &self.pivot
    }

    /// The triangular factor, in pivoted order.
    #[must_use]
    pub fn r(&self) -> ArrayView2<'_, f64> {
        self.r.view()
    }

    /// `Qᵀ y`, full length.
    #[must_use]
    pub fn transposed_q_times(&self, y: &[f64]) -> Vec<f64> {
        let mut out = y.to_vec();
        for (step, reflector) in self.reflectors.iter().enumerate() {
            reflect(reflector, &mut out[step..]);
        }
        out
    }

    /// [`transposed_q_times`](Self::transposed_q_times) in place.
    pub fn turn(&self, y: &mut [f64]) {
        for (step, reflector) in self.reflectors.iter().enumerate() {
            reflect(reflector, &mut y[step..]);
        }
    }

    /// `Q v`, full length.
    #[must_use]
    pub fn q_times(&self, v: &[f64]) -> Vec<f64> {
        let mut out = v.to_vec();
        for (step, reflector) in self.reflectors.iter().enumerate().rev() {
            reflect(reflector, &mut out[step..]);
        }
        out
    }

    /// Least-squares coefficients in the original column order; zero for dependent columns.
    #[must_use]
    pub fn solve(&self, y: &[f64]) -> Vec<f64> {
        let effects = self.transposed_q_times(y);
        let mut solution = vec![0.0; self.pivot.len()];
        for i in (0..self.rank).rev() {
            let known: f64 = (i + 1..self.rank).map(|j| self.r[[i, j]] * solution[self.pivot[j]]).sum();
            solution[self.pivot[i]] = (effects[i] - known) / self.r[[i, i]];
        }
        solution
    }

    /// Diagonal of the projection on the columns: the leverages of the `n` observations.
    #[must_use]
    pub fn leverages(&self, n: usize) -> Vec<f64> {
        let mut leverages = vec![0.0; n];
        let mut unit = vec![0.0; n];
        for k in 0..self.rank {
            unit.fill(0.0);
            unit[k] = 1.0;
            for (leverage, q) in leverages.iter_mut().zip(self.q_times(&unit)) {
                *leverage += q * q;
            }
        }
        leverages
    }

    /// How a dependent column (in original numbering) is made of the independent ones: `(column, coefficient)` pairs.
    #[must_use]
    pub fn dependency(&self, column: usize) -> Vec<(usize, f64)> {
        let Some(place) = self.pivot[self.rank..].iter().position(|&c| c == column) else {
            return Vec::new();
        };
        let place = place + self.rank;
        let mut coefficients = vec![0.0; self.rank];
        for i in (0..self.rank).rev() {
            let known: f64 = (i + 1..self.rank).map(|j| self.r[[i, j]] * coefficients[j]).sum();
            coefficients[i] = (self.r[[i, place]] - known) / self.r[[i, i]];
        }
        let negligible = |c: &f64| c.abs() > RANK_TOLERANCE;
        coefficients
            .into_iter()
            .enumerate()
            .filter(|(_, c)| negligible(c))
            .map(|(i, c)| (self.pivot[i], c))
            .collect()
    }
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// The vector `v`, scaled so that `I - v vᵀ` maps the column on a multiple of the first unit vector.
fn householder(column: &[f64]) -> Vec<f64> {
    let length = norm(column);
    let signed = if column[0] < 0.0 { -length } else { length };
    let mut v = column.to_vec();
    v[0] += signed;
    let scale = (signed * v[0]).sqrt();
    v.iter_mut().for_each(|x| *x /= scale);
    v
}

fn reflect(v: &[f64], target: &mut [f64]) {
    let along: f64 = v.iter().zip(target.iter()).map(|(a, b)| a * b).sum();
    target.iter_mut().zip(v).for_each(|(t, v)| *t -= along * v);
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::linear::times;

    fn design() -> Array2<f64> {
        array![[1., 0., 1.], [1., 0., 1.], [1., 1., 0.], [1., 1., 0.]]
    }

    #[test]
    fn dependent_columns_move_to_the_end_and_explain_themselves() {
        let qr = PivotedQr::new(design().view());
        assert_eq!((qr.rank(), qr.pivot()), (2, &[0, 1, 2][..]));
        let made_of = qr.dependency(2);
        assert!((made_of[0].1 - 1.0).abs() < 1e-12 && (made_of[1].1 + 1.0).abs() < 1e-12);
    }

    #[test]
    fn least_squares_reproduces_exact_coefficients() {
        let x = Array2::from_shape_fn((6, 3), |(i, j)| (i as f64 + 1.0).powi(j as i32));
        let y = times(x.view(), &[2.0, -1.0, 0.5]);
        let beta = PivotedQr::new(x.view()).solve(&y);
        assert!(beta.iter().zip([2.0, -1.0, 0.5]).all(|(b, e)| (b - e).abs() < 1e-11));
    }

    #[test]
    fn leverages_add_to_the_rank() {
        let qr = PivotedQr::new(design().view());
        assert!((qr.leverages(4).iter().sum::<f64>() - 2.0).abs() < 1e-14);
    }
}
