//! Cholesky factor of a small positive-definite matrix, and the log-determinant used by adjusted profile likelihoods.

use super::Matrix;

/// Lower-triangular factor `L` with `L Lᵀ = A`.
#[derive(Clone, Debug)]
pub struct Cholesky {
    lower: Matrix,
}

impl Cholesky {
    /// Factors `a`, reading its lower triangle; `None` when a pivot is not positive.
    #[must_use]
    pub fn new(a: &Matrix) -> Option<Self> {
        let n = a.rows();
        let mut lower = Matrix::zeros(n, n);
        for j in 0..n {
            let dot =
                |lower: &Matrix, i: usize| (0..j).map(|k| lower.get(i, k) * lower.get(j, k)).sum::<f64>();
            let pivot = a.get(j, j) - dot(&lower, j);
            if pivot <= 0.0 || pivot.is_nan() {
                return None;
            }
            let root = pivot.sqrt();
            lower.set(j, j, root);
            for i in j + 1..n {
                let value = (a.get(i, j) - dot(&lower, i)) / root;
                lower.set(i, j, value);
            }
        }
        Some(Self { lower })
    }

    /// Solves `A x = b` in place.
    pub fn solve(&self, b: &mut [f64]) {
        let n = b.len();
        for i in 0..n {
            let known: f64 = (0..i).map(|k| self.lower.get(i, k) * b[k]).sum();
            b[i] = (b[i] - known) / self.lower.get(i, i);
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n).map(|k| self.lower.get(k, i) * b[k]).sum();
            b[i] = (b[i] - known) / self.lower.get(i, i);
        }
    }

    /// The lower-triangular factor.
    #[must_use]
    pub fn lower(&self) -> &Matrix {
        &self.lower
    }
}

/// `Σ ln max(pivot, floor)` over the pivots of an `L D Lᵀ` decomposition: the log-determinant of a matrix that may be
/// singular to rounding. Overwrites the lower triangle of `a`.
#[must_use]
pub fn ln_determinant_ldl(a: &mut Matrix, floor: f64) -> f64 {
    let n = a.rows();
    let mut total = 0.0;
    for j in 0..n {
        let pivot = a.get(j, j);
        if pivot < floor || pivot.is_nan() {
            total += floor.ln();
            continue;
        }
        total += pivot.ln();
        for i in j + 1..n {
            let factor = a.get(i, j) / pivot;
            for k in j + 1..=i {
                let reduced = a.get(i, k) - factor * a.get(k, j);
                a.set(i, k, reduced);
            }
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_measures() {
        let mut a = Matrix::from_rows(3, 3, vec![4., 1., 0.5, 1., 3., 0.2, 0.5, 0.2, 2.]);
        let mut b = a.times(&[1.0, -2.0, 3.0]);
        Cholesky::new(&a).unwrap().solve(&mut b);
        assert!(b.iter().zip([1.0, -2.0, 3.0]).all(|(x, e): (&f64, f64)| (x - e).abs() < 1e-14));
        let determinant: f64 = 4. * (6. - 0.04) - (2. - 0.1) + 0.5 * (0.2 - 1.5);
        assert!((ln_determinant_ldl(&mut a, 1e-10) - determinant.ln()).abs() < 1e-14);
    }

    #[test]
    fn indefinite_matrices_are_refused() {
        assert!(Cholesky::new(&Matrix::from_rows(2, 2, vec![1., 2., 2., 1.])).is_none());
    }
}
