//! The decomposition `LDL'` of an information matrix that may be singular.
//!
//! A pivot below the tolerance, relative to the largest diagonal element, marks a column that the ones before it explain: it is set aside,
//! its solution is zero and its variance zero, as R's survival does for aliased coefficients.

use ndarray::Array2;

/// Relative size below which a pivot is zero: the rounding unit to the power of three quarters (R's `toler.chol`).
const TOLERANCE: f64 = 1.818_989_403_545_856_5e-12;

/// A decomposed symmetric matrix.
#[derive(Clone, Debug)]
pub struct Ldl {
    /// Below the diagonal `L`, whose diagonal is one.
    lower: Array2<f64>,
    /// `D`, zero where a column was set aside.
    pivots: Vec<f64>,
}

impl Ldl {
    /// Decomposes `matrix`, of which the lower half is read.
    #[must_use]
    pub fn new(matrix: &Array2<f64>) -> Self {
        let p = matrix.nrows();
        let largest = (0..p).map(|i| matrix[[i, i]]).fold(0.0, f64::max);
        let smallest = if largest == 0.0 { TOLERANCE } else { largest * TOLERANCE };
        let mut lower = Array2::zeros((p, p));
        let mut pivots = vec![0.0; p];
        for j in 0..p {
            let used: f64 = (0..j).map(|k| lower[[j, k]] * lower[[j, k]] * pivots[k]).sum();
            let pivot = matrix[[j, j]] - used;
            if !(pivot.is_finite() && pivot >= smallest) {
                continue;
            }
            pivots[j] = pivot;
            for i in j + 1..p {
                let used: f64 = (0..j).map(|k| lower[[i, k]] * lower[[j, k]] * pivots[k]).sum();
                lower[[i, j]] = (matrix[[i, j]] - used) / pivot;
            }
        }
        Self { lower, pivots }
    }

    /// Whether a column was set aside.
    #[must_use]
    pub fn is_aliased(&self, column: usize) -> bool {
        self.pivots[column] == 0.0
    }

    /// The logarithm of the determinant; minus infinity when a column was set aside.
    #[must_use]
    pub fn ln_determinant(&self) -> f64 {
        self.pivots.iter().map(|pivot| pivot.ln()).sum()
    }

    /// The solution for the right-hand side `b`, zero in columns set aside.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let p = b.len();
        let mut x = b.to_vec();
        for i in 0..p {
            x[i] -= (0..i).map(|k| self.lower[[i, k]] * x[k]).sum::<f64>();
        }
        for (value, &pivot) in x.iter_mut().zip(&self.pivots) {
            *value = if pivot == 0.0 { 0.0 } else { *value / pivot };
        }
        for i in (0..p).rev() {
            x[i] -= (i + 1..p).map(|k| self.lower[[k, i]] * x[k]).sum::<f64>();
            if self.pivots[i] == 0.0 {
                x[i] = 0.0;
            }
        }
        x
    }

    /// The inverse, with zeros in rows and columns set aside.
    #[must_use]
    pub fn inverse(&self) -> Array2<f64> {
        let p = self.pivots.len();
        let mut inverse = Array2::zeros((p, p));
        for j in (0..p).filter(|&j| !self.is_aliased(j)) {
            let mut unit = vec![0.0; p];
            unit[j] = 1.0;
            for (i, value) in self.solve(&unit).into_iter().enumerate() {
                inverse[[i, j]] = value;
            }
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_column_that_another_explains_is_set_aside() {
        let ldl = Ldl::new(&array![[4.0, 2.0, 4.0], [2.0, 3.0, 2.0], [4.0, 2.0, 4.0]]);
        assert!(ldl.is_aliased(2) && !ldl.is_aliased(0) && !ldl.is_aliased(1));
        let x = ldl.solve(&[2.0, 1.0, 2.0]);
        assert!((4.0 * x[0] + 2.0 * x[1] - 2.0).abs() < 1e-15 && x[2] == 0.0);
        assert_eq!(ldl.inverse().row(2).sum(), 0.0);
        assert_eq!(ldl.ln_determinant(), f64::NEG_INFINITY);
    }
}
