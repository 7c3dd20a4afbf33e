//! What this crate does with matrices itself, because the answer must be the same bytes on every machine.
//!
//! Matrices are `ndarray`'s. Its products multiply in blocks whose size and instructions depend on the processor, and its
//! sums take eight terms abreast in an order that depends on how the matrix lies in memory; here terms are added from the
//! first to the last. Rows are slices, so that inner loops are as fast as over plain vectors (docs/adr/0004).

use ndarray::{Array2, ArrayBase, ArrayView2, ArrayViewMut1, Data, DataMut, Ix2};

/// Rows whose values lie side by side, as in every matrix of the workspace.
pub trait RowSlices {
    /// The values of row `i`.
    ///
    /// # Panics
    /// When the values of a row do not lie side by side, as after a transposition.
    fn row_slice(&self, i: usize) -> &[f64];
}

impl<S: Data<Elem = f64>> RowSlices for ArrayBase<S, Ix2> {
    #[inline]
    fn row_slice(&self, i: usize) -> &[f64] {
        self.row(i).to_slice().expect(SIDE_BY_SIDE)
    }
}

/// Rows to write to.
pub trait RowSlicesMut {
    /// The values of row `i`.
    ///
    /// # Panics
    /// When the values of a row do not lie side by side.
    fn row_slice_mut(&mut self, i: usize) -> &mut [f64];
}

impl<S: DataMut<Elem = f64>> RowSlicesMut for ArrayBase<S, Ix2> {
    #[inline]
    fn row_slice_mut(&mut self, i: usize) -> &mut [f64] {
        slice_mut(self.row_mut(i))
    }
}

const SIDE_BY_SIDE: &str = "the values of a row lie side by side";

/// The values of a row as a slice to write to.
///
/// # Panics
/// When they do not lie side by side.
#[inline]
#[must_use]
pub fn slice_mut(row: ArrayViewMut1<'_, f64>) -> &mut [f64] {
    row.into_slice().expect(SIDE_BY_SIDE)
}

/// `matrix · vector`.
///
/// # Panics
/// When the vector is not as long as the matrix is wide.
#[must_use]
pub fn times(matrix: ArrayView2<'_, f64>, vector: &[f64]) -> Vec<f64> {
    assert_eq!(vector.len(), matrix.ncols(), "one element per column");
    let along = |i: usize| matrix.row_slice(i).iter().zip(vector).map(|(a, b)| a * b).sum();
    (0..matrix.nrows()).map(along).collect()
}

/// The chosen rows and columns, in the order given.
#[must_use]
pub fn selected(matrix: ArrayView2<'_, f64>, rows: &[usize], columns: &[usize]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), columns.len()), |(i, j)| matrix[[rows[i], columns[j]]])
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn products_add_from_first_to_last() {
        // from the first to the last: 1e16 swallows the one; any other order keeps it
        let matrix = array![[1e16, 1.0, -1e16], [1.0, 2.0, 3.0]];
        assert_eq!(times(matrix.view(), &[1.0; 3]), [0.0, 6.0]);
    }

    #[test]
    fn rows_and_columns_are_chosen_together() {
        let matrix = array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]];
        assert_eq!(selected(matrix.view(), &[1, 0], &[2, 2]), array![[5.0, 5.0], [2.0, 2.0]]);
        assert_eq!(matrix.row_slice(1), [3.0, 4.0, 5.0]);
    }
}
