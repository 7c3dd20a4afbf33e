//! The leading eigenvectors of a large symmetric matrix, without the others.
//!
//! Householder tridiagonalisation with one pass over the matrix a step, eigenvalues by bisection (Sturm counts),
//! eigenvectors of the tridiagonal matrix by inverse iteration, turned back by the reflectors. The whole decomposition
//! ([`symmetric_eigen`](super::symmetric_eigen)) takes several times as long, and as much memory again.
//! Reference: Golub & Van Loan (2013), Matrix Computations, 4th ed., sections 8.3.1, 8.4.1 and 8.4.2.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::SymmetricEigen;
use super::eigen::sign_of_largest;

/// The `wanted` largest eigenvalues of a symmetric matrix, largest first, with their unit eigenvectors (columns), whose
/// largest elements are positive.
///
/// The number of threads changes nothing.
#[must_use]
pub fn leading_eigen(a: ArrayView2<'_, f64>, wanted: usize) -> SymmetricEigen {
    let n = a.nrows();
    let wanted = wanted.min(n);
    let (tridiagonal, reflectors) = tridiagonalise(a.iter().copied().collect(), n);
    let mut vectors: Vec<Vec<f64>> = Vec::with_capacity(wanted);
    let mut values = Vec::with_capacity(wanted);
    for place in 0..wanted {
        let value = tridiagonal.eigenvalue(place);
        vectors.push(tridiagonal.eigenvector(value, &vectors));
        values.push(value);
    }
    for vector in &mut vectors {
        turn_back(&reflectors, vector);
        let sign = sign_of_largest(vector);
        vector.iter_mut().for_each(|x| *x *= sign);
    }
    SymmetricEigen { values, vectors: Array2::from_shape_fn((n, wanted), |(row, j)| vectors[j][row]) }
}

/// Rows that one job handles, so that threads have something to do.
const ROWS_PER_JOB: usize = 64;

/// Reduces a matrix, row after row in `a`, to tridiagonal form, and gives the reflectors `I - v vᵀ` that did it.
///
/// The update that a reflector asks for is made in the pass that multiplies the matrix by the next one.
fn tridiagonalise(mut a: Vec<f64>, n: usize) -> (Tridiagonal, Vec<Vec<f64>>) {
    let mut tridiagonal = Tridiagonal { diagonal: vec![0.0; n], off: vec![0.0; n.saturating_sub(1)] };
    let mut reflectors = Vec::with_capacity(n);
    // what is still to be taken from the rows from `k` on: `v wᵀ + w vᵀ`
    let (mut v, mut w) = (vec![0.0; n], vec![0.0; n]);
    for k in 0..n {
        let row: Vec<f64> = (k..n).map(|j| a[k * n + j] - (v[0] * w[j - k] + w[0] * v[j - k])).collect();
        tridiagonal.diagonal[k] = row[0];
        if k + 1 == n {
            break;
        }
        let (off, reflector) = reflector(&row[1..]);
        tridiagonal.off[k] = off;
        let rest = &mut a[(k + 1) * n..];
        let mut products = vec![0.0; n - k - 1];
        let jobs =
            rest.par_chunks_mut(n * ROWS_PER_JOB).zip(products.par_chunks_mut(ROWS_PER_JOB)).enumerate();
        jobs.for_each(|(job, (rows, products))| {
            for (i, (row, product)) in rows.chunks_mut(n).zip(products).enumerate() {
                let i = 1 + job * ROWS_PER_JOB + i;
                let row = &mut row[k + 1..];
                row.iter_mut()
                    .zip(v[1..].iter().zip(&w[1..]))
                    .for_each(|(x, (vj, wj))| *x -= v[i] * wj + w[i] * vj);
                *product = dot(row, &reflector);
            }
        });
        let half = dot(&products, &reflector) / 2.0;
        w = products.iter().zip(&reflector).map(|(p, u)| p - half * u).collect();
        v.clone_from(&reflector);
        reflectors.push(reflector);
    }
    (tridiagonal, reflectors)
}

/// The vector `v` for which `I - v vᵀ` turns `x` into its first element alone, and that element; zeros where nothing is to do.
fn reflector(x: &[f64]) -> (f64, Vec<f64>) {
    if x[1..].iter().all(|value| *value == 0.0) {
        return (x[0], vec![0.0; x.len()]);
    }
    let length = dot(x, x).sqrt();
    let signed = if x[0] < 0.0 { -length } else { length };
    let mut v = x.to_vec();
    v[0] += signed;
    let scale = (signed * v[0]).sqrt();
    v.iter_mut().for_each(|value| *value /= scale);
    (-signed, v)
}

/// Turns an eigenvector of the tridiagonal matrix into one of the matrix itself.
fn turn_back(reflectors: &[Vec<f64>], vector: &mut [f64]) {
    for (k, v) in reflectors.iter().enumerate().rev() {
        let part = &mut vector[k + 1..];
        let along = dot(part, v);
        part.iter_mut().zip(v).for_each(|(x, v)| *x -= along * v);
    }
}

/// The inner product in eight sums side by side: one alone would wait for itself.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (left, right) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = left.remainder().iter().zip(right.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in left.zip(right) {
        for i in 0..8 {
            sums[i] += x[i] * y[i];
        }
    }
    ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7])) + rest
}

/// A symmetric tridiagonal matrix.
struct Tridiagonal {
    diagonal: Vec<f64>,
    /// `off[i]` couples `i` and `i + 1`.
    off: Vec<f64>,
}

/// A matrix of nothing but zeros is treated as if its largest element were so large.
const SMALLEST: f64 = 1e-100;

/// Rounds of inverse iteration: the second already has all digits, the others are for clusters.
const ROUNDS: usize = 4;

impl Tridiagonal {
    /// The largest absolute value that an eigenvalue can have (Gershgorin).
    fn reach(&self) -> f64 {
        let coupled = |i: usize| self.off.get(i).map_or(0.0, |off| off.abs());
        let row = |i: usize| self.diagonal[i].abs() + coupled(i) + i.checked_sub(1).map_or(0.0, coupled);
        (0..self.diagonal.len()).map(row).fold(SMALLEST, f64::max)
    }

    /// How many eigenvalues are larger than `x` (signs of the pivots of `T - x I`).
    fn larger_than(&self, x: f64) -> usize {
        let tiny = f64::EPSILON * self.reach() * f64::EPSILON;
        let mut pivot = 1.0;
        let mut larger = 0;
        for (i, diagonal) in self.diagonal.iter().enumerate() {
            let coupling = if i == 0 { 0.0 } else { self.off[i - 1] * self.off[i - 1] / pivot };
            pivot = diagonal - x - coupling;
            if pivot.abs() < tiny {
                pivot = -tiny;
            }
            larger += usize::from(pivot > 0.0);
        }
        larger
    }

    /// The eigenvalue that `place` others are larger than, by bisection to the last digits.
    fn eigenvalue(&self, place: usize) -> f64 {
        let reach = self.reach() * (1.0 + 4.0 * f64::EPSILON);
        let (mut low, mut high) = (-reach, reach);
        while high - low > 2.0 * f64::EPSILON * (low.abs() + high.abs()) + f64::EPSILON * f64::EPSILON * reach
        {
            let middle = low + (high - low) / 2.0;
            if middle <= low || middle >= high {
                break;
            }
            if self.larger_than(middle) > place { low = middle } else { high = middle }
        }
        low + (high - low) / 2.0
    }

    /// The unit eigenvector of `value`, at right angles to `others`.
    fn eigenvector(&self, value: f64, others: &[Vec<f64>]) -> Vec<f64> {
        let factors = Factors::of(self, value);
        // any start will do that is not at right angles to what is sought
        let start = |i: usize| 0.5 + ((i * 2_654_435_761 + others.len() * 40_503) % 1_000) as f64 / 1_000.0;
        let mut vector: Vec<f64> = (0..self.diagonal.len())
            .map(|i| if (i + others.len()).is_multiple_of(3) { -start(i) } else { start(i) })
            .collect();
        for _ in 0..ROUNDS {
            factors.solve(&mut vector);
            for other in others.iter().chain(others) {
                let along = dot(&vector, other);
                vector.iter_mut().zip(other).for_each(|(x, o)| *x -= along * o);
            }
            let largest = vector.iter().fold(f64::MIN_POSITIVE, |largest, x| largest.max(x.abs()));
            vector.iter_mut().for_each(|x| *x /= largest);
            let length = dot(&vector, &vector).sqrt();
            vector.iter_mut().for_each(|x| *x /= length);
        }
        vector
    }
}

/// `T - x I` as a product of triangular matrices, rows exchanged where the pivot would be the smaller one.
struct Factors {
    /// Diagonal, first and second superdiagonal of the upper factor.
    upper: Vec<[f64; 3]>,
    /// Multiplier of each step, and whether its rows were exchanged.
    steps: Vec<(f64, bool)>,
}

impl Factors {
    fn of(matrix: &Tridiagonal, x: f64) -> Self {
        let n = matrix.diagonal.len();
        let tiny = f64::EPSILON * matrix.reach();
        let off = |i: usize| matrix.off.get(i).copied().unwrap_or(0.0);
        let (mut upper, mut steps) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let mut row = [matrix.diagonal[0] - x, off(0), 0.0];
        for i in 1..n {
            let below = [off(i - 1), matrix.diagonal[i] - x, off(i)];
            let exchanged = below[0].abs() > row[0].abs();
            let (mut pivot, other) = if exchanged { (below, row) } else { (row, below) };
            if pivot[0].abs() < tiny {
                pivot[0] = tiny;
            }
            let factor = other[0] / pivot[0];
            row = [other[1] - factor * pivot[1], other[2] - factor * pivot[2], 0.0];
            upper.push(pivot);
            steps.push((factor, exchanged));
        }
        if row[0].abs() < tiny {
            row[0] = tiny;
        }
        upper.push(row);
        Self { upper, steps }
    }

    /// Solves in place.
    fn solve(&self, b: &mut [f64]) {
        for (i, &(factor, exchanged)) in self.steps.iter().enumerate() {
            if exchanged {
                b.swap(i, i + 1);
            }
            b[i + 1] -= factor * b[i];
        }
        for i in (0..b.len()).rev() {
            let known = |offset: usize| b.get(i + offset).map_or(0.0, |x| self.upper[i][offset] * x);
            b[i] = (b[i] - known(1) - known(2)) / self.upper[i][0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::symmetric_eigen;

    /// A matrix of inner products, whose eigenvalues are spread over some decades.
    fn example(n: usize) -> Array2<f64> {
        let part = |i: usize, j: usize| ((i * 37 + j * j * 11) % 101) as f64 / 101.0 - 0.5;
        let points = Array2::from_shape_fn((n, 7), |(i, j)| part(i, j) * 3.0 / (1.0 + j as f64));
        points.dot(&points.t())
    }

    #[test]
    fn the_leading_ones_are_those_of_the_whole_decomposition() {
        let a = example(90);
        let (some, all) = (leading_eigen(a.view(), 5), symmetric_eigen(a.view()));
        for place in 0..5 {
            let relative = some.values[place] / all.values[place] - 1.0;
            assert!(relative.abs() < 1e-12, "value {place}: {relative}");
            for row in 0..90 {
                let difference = some.vectors[[row, place]] - all.vectors[[row, place]];
                assert!(difference.abs() < 1e-9, "vector {place}: {difference}");
            }
        }
    }

    #[test]
    fn equal_eigenvalues_have_vectors_at_right_angles() {
        let a =
            Array2::from_diag(&ndarray::Array1::from_shape_fn(40, |i| if i % 8 == 0 { 2.0 } else { 0.5 }));
        let some = leading_eigen(a.view(), 7);
        assert!(some.values[..5].iter().all(|value| (value - 2.0).abs() < 1e-14), "{:?}", some.values);
        let products = some.vectors.t().dot(&some.vectors);
        for ((i, j), product) in products.indexed_iter() {
            assert!((product - f64::from(i == j)).abs() < 1e-12, "{i} {j}: {product}");
        }
    }

    #[test]
    fn small_matrices_and_more_than_there_are_will_do() {
        let one = leading_eigen(Array2::from_elem((1, 1), 3.0).view(), 4);
        assert!(one.values.len() == 1 && (one.values[0] - 3.0).abs() < 1e-14, "{:?}", one.values);
        let two = leading_eigen(ndarray::array![[2.0, 1.0], [1.0, 2.0]].view(), 4);
        assert!(
            (two.values[0] - 3.0).abs() < 1e-14 && (two.values[1] - 1.0).abs() < 1e-14,
            "{:?}",
            two.values
        );
        assert!(leading_eigen(Array2::zeros((3, 3)).view(), 2).vectors.iter().all(|x| x.is_finite()));
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let a = example(150);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| leading_eigen(a.view(), 3).vectors)
        };
        assert_eq!(with(1), with(3));
    }
}
