//! Eigenvalues and eigenvectors of a symmetric matrix: Householder tridiagonalisation, then implicit-shift QL.
//!
//! Reference: Golub & Van Loan (2013), Matrix Computations, 4th ed., sections 8.3.1 and 8.3.3.

use ndarray::{Array2, ArrayView2, s};

use super::{RowSlices, RowSlicesMut, slice_mut};

/// Eigenvalues in descending order and the matching unit eigenvectors (columns).
#[derive(Clone, Debug)]
pub struct SymmetricEigen {
    /// Eigenvalues, largest first.
    pub values: Vec<f64>,
    /// Eigenvectors, one per column, in the order of the values.
    pub vectors: Array2<f64>,
}

/// Decomposes a symmetric matrix; each eigenvector's largest element in absolute value is positive, so signs are stable.
#[must_use]
pub fn symmetric_eigen(a: ArrayView2<'_, f64>) -> SymmetricEigen {
    let n = a.nrows();
    let (mut diagonal, mut off, mut vectors) = tridiagonalise(a);
    ql_implicit(&mut diagonal, &mut off, &mut vectors);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| diagonal[j].total_cmp(&diagonal[i]));
    let signs: Vec<f64> = (0..n).map(|i| sign_of_largest(vectors.row_slice(i))).collect();
    SymmetricEigen {
        values: order.iter().map(|&i| diagonal[i]).collect(),
        vectors: Array2::from_shape_fn((n, n), |(row, j)| vectors[[order[j], row]] * signs[order[j]]),
    }
}

pub(super) fn sign_of_largest(vector: &[f64]) -> f64 {
    let largest = vector.iter().fold(0.0_f64, |best, &v| if v.abs() > best.abs() + 1e-12 { v } else { best });
    if largest < 0.0 { -1.0 } else { 1.0 }
}

/// Reduces to tridiagonal form; returns diagonal, off-diagonal and the accumulated basis, one basis vector per ROW.
fn tridiagonalise(a: ArrayView2<'_, f64>) -> (Vec<f64>, Vec<f64>, Array2<f64>) {
    let n = a.nrows();
    let mut work = a.as_standard_layout().into_owned();
    let mut basis = Array2::eye(n);
    for k in 0..n.saturating_sub(2) {
        let column: Vec<f64> = (k + 1..n).map(|i| work[[i, k]]).collect();
        let length = column.iter().map(|v| v * v).sum::<f64>().sqrt();
        if column[1..].iter().all(|&v| v == 0.0) {
            continue;
        }
        let signed = if column[0] < 0.0 { -length } else { length };
        let mut v = column;
        v[0] += signed;
        let scale = (signed * v[0]).sqrt();
        v.iter_mut().for_each(|x| *x /= scale);
        reflect_both_sides(&mut work, &v, k + 1);
        reflect_rows(&mut basis, &v, k + 1);
    }
    let diagonal = work.diag().to_vec();
    let off = (1..n).map(|i| work[[i, i - 1]]).chain([0.0]).collect();
    (diagonal, off, basis)
}

/// `A <- H A H` for the reflector `H = I - v vᵀ` acting on indices from `start`.
fn reflect_both_sides(a: &mut Array2<f64>, v: &[f64], start: usize) {
    let n = a.nrows();
    reflect_rows(a, v, start);
    for i in 0..n {
        let row = &mut a.row_slice_mut(i)[start..];
        let along: f64 = row.iter().zip(v).map(|(a, b)| a * b).sum();
        row.iter_mut().zip(v).for_each(|(a, b)| *a -= along * b);
    }
}

/// `A <- H A`.
fn reflect_rows(a: &mut Array2<f64>, v: &[f64], start: usize) {
    let n = a.ncols();
    let mut along = vec![0.0; n];
    for (offset, &weight) in v.iter().enumerate() {
        along.iter_mut().zip(a.row_slice(start + offset)).for_each(|(s, x)| *s += weight * x);
    }
    for (offset, &weight) in v.iter().enumerate() {
        a.row_slice_mut(start + offset).iter_mut().zip(&along).for_each(|(x, s)| *x -= weight * s);
    }
}

/// Diagonalises a tridiagonal matrix, rotating the rows of `basis` along.
fn ql_implicit(diagonal: &mut [f64], off: &mut [f64], basis: &mut Array2<f64>) {
    const MAX_ROUNDS: usize = 60;
    let n = diagonal.len();
    for l in 0..n {
        for _ in 0..MAX_ROUNDS {
            let split = (l..n.saturating_sub(1))
                .find(|&m| off[m].abs() <= f64::EPSILON * (diagonal[m].abs() + diagonal[m + 1].abs()))
                .unwrap_or(n - 1);
            if split == l {
                break;
            }
            ql_step(diagonal, off, basis, l, split);
        }
    }
}

/// One implicit QL sweep with Wilkinson's shift on the block `l..=m`.
fn ql_step(diagonal: &mut [f64], off: &mut [f64], basis: &mut Array2<f64>, l: usize, m: usize) {
    let mut g = (diagonal[l + 1] - diagonal[l]) / (2.0 * off[l]);
    let r = g.hypot(1.0);
    g = diagonal[m] - diagonal[l] + off[l] / (g + r.copysign(g));
    let (mut sine, mut cosine, mut p) = (1.0, 1.0, 0.0);
    for i in (l..m).rev() {
        let f = sine * off[i];
        let b = cosine * off[i];
        let r = f.hypot(g);
        off[i + 1] = r;
        if r == 0.0 {
            diagonal[i + 1] -= p;
            off[m] = 0.0;
            return;
        }
        sine = f / r;
        cosine = g / r;
        g = diagonal[i + 1] - p;
        let r = (diagonal[i] - g) * sine + 2.0 * cosine * b;
        p = sine * r;
        diagonal[i + 1] = g + p;
        g = cosine * r - b;
        rotate_rows(basis, i, sine, cosine);
    }
    diagonal[l] -= p;
    off[l] = g;
    off[m] = 0.0;
}

fn rotate_rows(basis: &mut Array2<f64>, i: usize, sine: f64, cosine: f64) {
    let (upper, lower) = basis.multi_slice_mut((s![i, ..], s![i + 1, ..]));
    for (a, b) in slice_mut(upper).iter_mut().zip(slice_mut(lower)) {
        let f = *b;
        *b = sine * *a + cosine * f;
        *a = cosine * *a - sine * f;
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn vectors_and_values_rebuild_the_matrix() {
        let n = 7;
        let a = Array2::from_shape_fn((n, n), |(i, j)| ((i * j) as f64).sin() + ((i + j) as f64).cos());
        let a = &a + &a.t();
        let e = symmetric_eigen(a.view());
        for i in 0..n {
            for j in 0..n {
                let rebuilt: f64 = (0..n).map(|k| e.vectors[[i, k]] * e.values[k] * e.vectors[[j, k]]).sum();
                assert!((rebuilt - a[[i, j]]).abs() < 1e-12);
            }
        }
        assert!(e.values.windows(2).all(|pair| pair[0] >= pair[1]));
    }

    #[test]
    fn diagonal_matrices_are_their_own_answer() {
        let a = Array2::from_diag(&array![1.0, 5.0, 3.0]);
        assert_eq!(symmetric_eigen(a.view()).values, [5.0, 3.0, 1.0]);
    }
}
