//! Inner products of the columns of a tall matrix whose rows are made when they are wanted, so that it is never in memory.

use ndarray::Array2;
use rayon::prelude::*;

/// Rows that are in memory at a time.
const ROWS: usize = 256;
/// Side of the square tiles in which products are summed: four by four sums fit into the registers of any processor.
const SIDE: usize = 4;

/// Sums of one tile, row after row.
type Tile = [[f64; SIDE]; SIDE];

/// `Aᵀ A` of a matrix of `rows` by `columns`; `fill` is given the number of a row, and room for its values.
///
/// Products are summed row after row: the number of threads changes nothing.
#[must_use]
pub fn inner_products(rows: usize, columns: usize, fill: impl Fn(usize, &mut [f64]) + Sync) -> Array2<f64> {
    let strips = columns.div_ceil(SIDE);
    // below the diagonal only: strip `i` has `i + 1` tiles
    let mut sums: Vec<Vec<Tile>> = (0..strips).map(|strip| vec![Tile::default(); strip + 1]).collect();
    let mut block = vec![0.0; ROWS * columns];
    let mut packed = vec![[0.0; SIDE]; strips * ROWS];
    for first in (0..rows).step_by(ROWS) {
        let height = ROWS.min(rows - first);
        let block = &mut block[..height * columns];
        block.par_chunks_mut(columns.max(1)).enumerate().for_each(|(row, values)| fill(first + row, values));
        let packed = &mut packed[..strips * height];
        packed
            .par_chunks_mut(height)
            .enumerate()
            .for_each(|(strip, packed)| pack(block, columns, strip, packed));
        let strip_of = |strip: usize| &packed[strip * height..(strip + 1) * height];
        sums.par_iter_mut().enumerate().for_each(|(strip, tiles)| {
            let own = strip_of(strip);
            tiles.iter_mut().enumerate().for_each(|(other, tile)| add_products(tile, own, strip_of(other)));
        });
    }
    Array2::from_shape_fn((columns, columns), |(i, j)| {
        let (i, j) = (i.max(j), i.min(j));
        sums[i / SIDE][j / SIDE][i % SIDE][j % SIDE]
    })
}

/// Puts the values of four neighbouring columns side by side, row after row; zeros where there is no column.
fn pack(block: &[f64], columns: usize, strip: usize, packed: &mut [[f64; SIDE]]) {
    for (row, packed) in block.chunks_exact(columns).zip(packed) {
        *packed = std::array::from_fn(|i| row.get(strip * SIDE + i).copied().unwrap_or(0.0));
    }
}

/// Adds the products of two strips to the sums of their tile.
fn add_products(tile: &mut Tile, left: &[[f64; SIDE]], right: &[[f64; SIDE]]) {
    let mut sums = *tile;
    for (a, b) in left.iter().zip(right) {
        for i in 0..SIDE {
            for j in 0..SIDE {
                sums[i][j] += a[i] * b[j];
            }
        }
    }
    *tile = sums;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_the_matrix_in_memory_at_any_number_of_threads() {
        let (rows, columns) = (2 * ROWS + 3, 11);
        let a = Array2::from_shape_fn((rows, columns), |(i, j)| ((i * 17 + j * 31) % 23) as f64 - 11.0);
        let expected = a.t().dot(&a);
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let found = pool.install(|| {
                inner_products(rows, columns, |row, values| {
                    values.iter_mut().zip(a.row(row)).for_each(|(value, a)| *value = *a);
                })
            });
            assert_eq!(found, expected, "whole numbers have exact sums");
        }
    }

    #[test]
    fn nothing_has_no_products() {
        assert_eq!(inner_products(0, 3, |_, _| ()), Array2::<f64>::zeros((3, 3)));
        assert_eq!(inner_products(4, 0, |_, _| ()).len(), 0);
    }
}
