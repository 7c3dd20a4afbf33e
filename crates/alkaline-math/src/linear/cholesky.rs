//! Cholesky factor of a small positive-definite matrix, and the log-determinant used by adjusted profile likelihoods.

use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::RowSlices;

/// Lower-triangular factor `L` with `L Lᵀ = A`.
#[derive(Clone, Debug)]
pub struct Cholesky {
    lower: Array2<f64>,
}

impl Cholesky {
    /// Factors `a`, reading its lower triangle; `None` when a pivot is not positive.
    #[must_use]
    pub fn new(a: ArrayView2<'_, f64>) -> Option<Self> {
        let n = a.nrows();
        let mut lower = Array2::<f64>::zeros((n, n));
        for i in 0..n {
            for j in 0..=i {
                let known = dot(&lower.row_slice(i)[..j], &lower.row_slice(j)[..j]);
                let rest = a[[i, j]] - known;
                if i > j {
                    lower[[i, j]] = rest / lower[[j, j]];
                } else if rest <= 0.0 || rest.is_nan() {
                    return None;
                } else {
                    lower[[i, i]] = rest.sqrt();
                }
            }
        }
        Some(Self { lower })
    }

    /// Solves `A x = b` in place.
    pub fn solve(&self, b: &mut [f64]) {
        let n = b.len();
        for i in 0..n {
            let row = self.lower.row_slice(i);
            b[i] = (b[i] - dot(&row[..i], &b[..i])) / row[i];
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n).map(|k| self.lower[[k, i]] * b[k]).sum();
            b[i] = (b[i] - known) / self.lower[[i, i]];
        }
    }

    /// The lower-triangular factor.
    #[must_use]
    pub fn lower(&self) -> ArrayView2<'_, f64> {
        self.lower.view()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `Σ ln max(pivot, floor)` over the pivots of an `L D Lᵀ` decomposition: the log-determinant of a matrix that may be
/// singular to rounding. Overwrites the lower triangle of `a`.
#[must_use]
pub fn ln_determinant_ldl(mut a: ArrayViewMut2<'_, f64>, floor: f64) -> f64 {
    let n = a.nrows();
    let mut total = 0.0;
    for j in 0..n {
        let pivot = a[[j, j]];
        if pivot < floor || pivot.is_nan() {
            total += floor.ln();
            continue;
        }
        total += pivot.ln();
        for i in j + 1..n {
            let factor = a[[i, j]] / pivot;
            for k in j + 1..=i {
                a[[i, k]] -= factor * a[[k, j]];
            }
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::linear::times;

    #[test]
    fn solves_and_measures() {
        let mut a = array![[4., 1., 0.5], [1., 3., 0.2], [0.5, 0.2, 2.]];
        let mut b = times(a.view(), &[1.0, -2.0, 3.0]);
        Cholesky::new(a.view()).unwrap().solve(&mut b);
        assert!(b.iter().zip([1.0, -2.0, 3.0]).all(|(x, e): (&f64, f64)| (x - e).abs() < 1e-14));
        let determinant: f64 = 4. * (6. - 0.04) - (2. - 0.1) + 0.5 * (0.2 - 1.5);
        assert!((ln_determinant_ldl(a.view_mut(), 1e-10) - determinant.ln()).abs() < 1e-14);
    }

    #[test]
    fn indefinite_matrices_are_refused() {
        assert!(Cholesky::new(array![[1., 2.], [2., 1.]].view()).is_none());
    }
}
