//! The design as the fits of single genes use it: rows, cells of samples that it treats alike, and least squares.

use std::f64::consts::LN_2;

use alkaline_math::linear::{Cholesky, PivotedQr};
use ndarray::{Array2, ArrayView2};

/// Precision of a coefficient's faint prior on the natural scale: variance 1e6 on the log2 scale.
pub(super) const RIDGE: f64 = 1e-6 / (LN_2 * LN_2);

/// A design matrix of full rank with what is computed of it once.
#[derive(Clone)]
pub(super) struct Model {
    pub design: Array2<f64>,
    /// Least-squares coefficients of a response: one row a coefficient, one column a sample.
    pseudo_inverse: Array2<f64>,
    /// The cell of each sample: samples of one cell have the same row.
    pub cells: Vec<usize>,
    /// Number of samples in each cell.
    pub cell_sizes: Vec<usize>,
    /// The row of each cell, one after the other: sums over samples are made within cells first.
    cell_rows: Vec<f64>,
    /// The samples of each cell.
    members: Vec<Vec<usize>>,
    /// Precision of each coefficient's prior on the natural scale.
    pub ridges: Vec<f64>,
    /// `ln det(GᵀG)` of the rows of the cells where there are as many cells as coefficients.
    pub ln_det_of_cells: Option<f64>,
}

impl Model {
    pub(super) fn new(design: ArrayView2<'_, f64>) -> Self {
        let (cells, members) = cells_of(design);
        let (samples, coefficients) = design.dim();
        let cell_sizes: Vec<usize> = members.iter().map(Vec::len).collect();
        let cell_rows = members.iter().flat_map(|of_cell| design.row(of_cell[0]).to_vec()).collect();
        let ln_det_of_cells = (cell_sizes.len() == coefficients).then(|| ln_det(design, &members)).flatten();
        let qr = PivotedQr::new(design);
        let mut pseudo_inverse = Array2::zeros((coefficients, samples));
        for sample in 0..samples {
            let unit: Vec<f64> = (0..samples).map(|i| f64::from(i == sample)).collect();
            for (place, value) in qr.solve(&unit).into_iter().enumerate() {
                pseudo_inverse[[place, sample]] = value;
            }
        }
        let (design, ridges) = (design.to_owned(), vec![RIDGE; coefficients]);
        Self { design, pseudo_inverse, cells, cell_sizes, cell_rows, members, ridges, ln_det_of_cells }
    }

    /// The same design with other priors of its coefficients.
    pub(super) fn with_ridges(&self, ridges: Vec<f64>) -> Self {
        Self { ridges, ..self.clone() }
    }

    pub(super) fn samples(&self) -> usize {
        self.design.nrows()
    }

    pub(super) fn coefficients(&self) -> usize {
        self.design.ncols()
    }

    pub(super) fn residual_df(&self) -> usize {
        self.samples() - self.coefficients()
    }

    /// Whether means are those of groups, that is as many cells as coefficients.
    pub(super) fn is_of_groups(&self) -> bool {
        self.cell_sizes.len() == self.coefficients()
    }

    /// The largest dispersion that is believed.
    pub(super) fn largest_dispersion(&self) -> f64 {
        10.0_f64.max(self.samples() as f64)
    }

    /// Least-squares coefficients of a response.
    pub(super) fn least_squares(&self, response: &[f64]) -> Vec<f64> {
        self.pseudo_inverse.rows().into_iter().map(|row| dot(row.iter(), response)).collect()
    }

    /// The row of each cell.
    pub(super) fn cell_rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cell_rows.chunks_exact(self.coefficients())
    }

    /// The samples of each cell.
    pub(super) fn members(&self) -> impl Iterator<Item = &[usize]> {
        self.members.iter().map(Vec::as_slice)
    }

    /// The linear predictor of each sample.
    pub(super) fn predictor(&self, beta: &[f64]) -> Vec<f64> {
        let of_cells = self.predictor_of_cells(beta);
        self.cells.iter().map(|&cell| of_cells[cell]).collect()
    }

    /// The linear predictor of each cell.
    pub(super) fn predictor_of_cells(&self, beta: &[f64]) -> Vec<f64> {
        self.cell_rows().map(|row| dot(row.iter(), beta)).collect()
    }

    /// `XᵀWX`, all of it.
    pub(super) fn information(&self, weights: &[f64]) -> Array2<f64> {
        let p = self.coefficients();
        let mut sum = vec![0.0; p * p];
        for (row, members) in self.cell_rows().zip(&self.members) {
            let weight: f64 = members.iter().map(|&sample| weights[sample]).sum();
            for (of_row, x) in sum.chunks_exact_mut(p).zip(row) {
                of_row.iter_mut().zip(row).for_each(|(sum, other)| *sum += weight * x * other);
            }
        }
        Array2::from_shape_fn((p, p), |(i, j)| sum[i * p + j])
    }

    /// `XᵀWz`.
    pub(super) fn weighted_sums(&self, weights: &[f64], response: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.coefficients()];
        for (row, members) in self.cell_rows().zip(&self.members) {
            let of_cell: f64 = members.iter().map(|&sample| weights[sample] * response[sample]).sum();
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += of_cell * x);
        }
        sums
    }
}

fn dot<'a>(a: impl Iterator<Item = &'a f64>, b: &[f64]) -> f64 {
    a.zip(b).map(|(a, b)| a * b).sum()
}

/// The cell of each sample, numbered as they come, and the samples of each cell.
fn cells_of(design: ArrayView2<'_, f64>) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut cells = Vec::new();
    for (sample, row) in design.rows().into_iter().enumerate() {
        let known = members.iter().position(|of_cell| design.row(of_cell[0]) == row);
        let cell = known.unwrap_or_else(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        members[cell].push(sample);
        cells.push(cell);
    }
    (cells, members)
}

/// `ln det(GᵀG)` where G holds one row of each cell.
fn ln_det(design: ArrayView2<'_, f64>, members: &[Vec<usize>]) -> Option<f64> {
    let firsts: Vec<usize> = members.iter().map(|of_cell| of_cell[0]).collect();
    let rows = design.select(ndarray::Axis(0), &firsts);
    let product = rows.t().dot(&rows);
    let factor = Cholesky::new(product.view())?;
    Some(factor.lower().diag().iter().map(|pivot| 2.0 * pivot.ln()).sum())
}
