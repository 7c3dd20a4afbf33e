//! The design as the fits of single genes use it: rows, cells of samples that it treats alike, and least squares.

use alkaline_math::linear::{Cholesky, PivotedQr};
use ndarray::{Array2, ArrayView2};

/// A design matrix of full rank with what is computed of it once.
pub(super) struct Model {
    pub design: Array2<f64>,
    /// Least-squares coefficients of a response: one row a coefficient, one column a sample.
    pseudo_inverse: Array2<f64>,
    /// The cell of each sample: samples of one cell have the same row.
    pub cells: Vec<usize>,
    /// Number of samples in each cell.
    pub cell_sizes: Vec<usize>,
    /// `ln det(GᵀG)` of the rows of the cells where there are as many cells as coefficients.
    pub ln_det_of_cells: Option<f64>,
}

impl Model {
    pub(super) fn new(design: ArrayView2<'_, f64>) -> Self {
        let (cells, cell_sizes) = cells_of(design);
        let (samples, coefficients) = design.dim();
        let ln_det_of_cells = (cell_sizes.len() == coefficients).then(|| ln_det(design, &cells)).flatten();
        let qr = PivotedQr::new(design);
        let mut pseudo_inverse = Array2::zeros((coefficients, samples));
        for sample in 0..samples {
            let unit: Vec<f64> = (0..samples).map(|i| f64::from(i == sample)).collect();
            for (place, value) in qr.solve(&unit).into_iter().enumerate() {
                pseudo_inverse[[place, sample]] = value;
            }
        }
        Self { design: design.to_owned(), pseudo_inverse, cells, cell_sizes, ln_det_of_cells }
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

    /// The linear predictor of each sample.
    pub(super) fn predictor(&self, beta: &[f64]) -> Vec<f64> {
        self.design.rows().into_iter().map(|row| dot(row.iter(), beta)).collect()
    }

    /// `XᵀWX`, all of it.
    pub(super) fn information(&self, weights: &[f64]) -> Array2<f64> {
        let p = self.coefficients();
        let mut sum = Array2::zeros((p, p));
        for (row, weight) in self.design.rows().into_iter().zip(weights) {
            for i in 0..p {
                for j in 0..=i {
                    sum[[i, j]] += weight * row[i] * row[j];
                }
            }
        }
        for i in 0..p {
            for j in 0..i {
                sum[[j, i]] = sum[[i, j]];
            }
        }
        sum
    }

    /// `XᵀWz`.
    pub(super) fn weighted_sums(&self, weights: &[f64], response: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.coefficients()];
        for ((row, weight), z) in self.design.rows().into_iter().zip(weights).zip(response) {
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x * z);
        }
        sums
    }
}

fn dot<'a>(a: impl Iterator<Item = &'a f64>, b: &[f64]) -> f64 {
    a.zip(b).map(|(a, b)| a * b).sum()
}

/// The cell of each sample, numbered as they come, and their sizes.
fn cells_of(design: ArrayView2<'_, f64>) -> (Vec<usize>, Vec<usize>) {
    let mut firsts: Vec<usize> = Vec::new();
    let mut sizes: Vec<usize> = Vec::new();
    let mut cells = Vec::new();
    for (sample, row) in design.rows().into_iter().enumerate() {
        let cell = firsts.iter().position(|&first| design.row(first) == row).unwrap_or_else(|| {
            firsts.push(sample);
            sizes.push(0);
            firsts.len() - 1
        });
        sizes[cell] += 1;
        cells.push(cell);
    }
    (cells, sizes)
}

/// `ln det(GᵀG)` where G holds one row of each cell.
fn ln_det(design: ArrayView2<'_, f64>, cells: &[usize]) -> Option<f64> {
    let firsts: Vec<usize> =
        (0..design.ncols()).filter_map(|cell| cells.iter().position(|&other| other == cell)).collect();
    let rows = design.select(ndarray::Axis(0), &firsts);
    let product = rows.t().dot(&rows);
    let factor = Cholesky::new(product.view())?;
    Some(factor.lower().diag().iter().map(|pivot| 2.0 * pivot.ln()).sum())
}
