//! A linear model of the log values of every gene (limma `lmFit`, `contrasts.fit`).

use alkaline_math::linear::{LeastSquares, PivotedQr};
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::correlated::{Blocks, Whitening};
use super::weights::Weights;

/// How the standard error of a contrast comes about where genes differ in their weights or in their missing values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ContrastErrors {
    /// From the weights and values of the gene itself.
    #[default]
    Exact,
    /// From the correlation of coefficients that a gene without weights and missing values has, as limma before 4.0 does.
    Approximate,
}

/// What is fitted to every gene.
#[derive(Clone, Debug)]
pub struct LinearModel {
    /// One row a sample, one column a coefficient.
    pub design: Array2<f64>,
    /// One row a coefficient, one column a contrast.
    pub contrasts: Array2<f64>,
    /// How much each value counts.
    pub weights: Weights,
    /// Samples that belong together.
    pub blocks: Option<Blocks>,
    /// How standard errors of contrasts are found.
    pub errors: ContrastErrors,
}

/// Contrasts of all genes, with what is needed to test them.
#[derive(Clone, Debug)]
pub struct LinearFit {
    /// The contrasts, genes by contrasts; NaN where they cannot be estimated.
    pub estimates: Array2<f64>,
    /// Their standard errors in units of the residual standard deviation (limma `stdev.unscaled`).
    pub unscaled: Array2<f64>,
    /// Residual variance of each gene; NaN without degrees of freedom.
    pub variances: Vec<f64>,
    /// Residual degrees of freedom of each gene.
    pub df: Vec<f64>,
    /// Mean log value of each gene, missing values left out (limma `Amean`).
    pub averages: Vec<f64>,
    /// Correlation of the contrasts in a gene without weights and missing values.
    pub correlation: Array2<f64>,
    /// Whether the model can be estimated from complete data.
    pub is_full_rank: bool,
}

/// What is found of one gene.
struct Row<'a> {
    estimates: &'a mut [f64],
    unscaled: &'a mut [f64],
    variance: &'a mut f64,
    df: &'a mut f64,
}

/// Genes handled by one job.
const GENES_PER_JOB: usize = 512;

impl LinearModel {
    /// The model of `design` with equal weights, whose coefficients are the contrasts.
    #[must_use]
    pub fn of_coefficients(design: ArrayView2<'_, f64>) -> Self {
        Self::new(design, Array2::eye(design.ncols()))
    }

    /// The model of `design` with equal weights; one column of `contrasts` a contrast.
    #[must_use]
    pub fn new(design: ArrayView2<'_, f64>, contrasts: Array2<f64>) -> Self {
        Self {
            design: design.as_standard_layout().into_owned(),
            contrasts,
            weights: Weights::Equal,
            blocks: None,
            errors: ContrastErrors::default(),
        }
    }

    /// Fits the model to every row of `values`; what is no finite number is missing.
    #[must_use]
    pub fn fit(&self, values: ArrayView2<'_, f64>) -> LinearFit {
        let (genes, k) = (values.nrows(), self.contrasts.ncols());
        let plain = self.of_complete_data();
        let mut fit = LinearFit {
            estimates: Array2::from_elem((genes, k), f64::NAN),
            unscaled: Array2::from_elem((genes, k), f64::NAN),
            variances: vec![f64::NAN; genes],
            df: vec![0.0; genes],
            averages: averages(values),
            correlation: plain.correlation,
            is_full_rank: plain.is_full_rank,
        };
        let shared = self.weights.shared(values.ncols()).map(|weights| SharedFit::new(self, &weights));
        let rows = rows_of(&mut fit, k);
        rows.into_par_iter().with_min_len(GENES_PER_JOB).enumerate().for_each_init(
            || Workspace::new(self, values.ncols(), &plain.coefficients),
            |workspace, (gene, mut row)| {
                let own = values.row(gene);
                workspace.values.clear();
                workspace.values.extend(own.iter());
                match &shared {
                    // an infinite or missing value shows in the sum
                    Some(shared) if workspace.values.iter().sum::<f64>().is_finite() => {
                        shared.fit(&mut workspace.values, &mut row);
                    }
                    _ => workspace.fit(self, gene, &mut row),
                }
            },
        );
        fit
    }

    /// What complete data without weights would give.
    fn of_complete_data(&self) -> Complete {
        let n = self.design.nrows();
        let whitening = self.whitening(&vec![1.0; n]);
        let qr = PivotedQr::new(whitened(&self.design, &whitening).view());
        let coefficients = covariance(&qr, &Array2::eye(self.design.ncols()));
        Complete {
            correlation: correlation(&covariance(&qr, &self.contrasts)),
            coefficients: correlation(&coefficients),
            is_full_rank: qr.rank() == self.design.ncols(),
        }
    }

    /// What makes values with these `weights` uncorrelated.
    fn whitening(&self, weights: &[f64]) -> Whiten {
        let all: Vec<usize> = (0..weights.len()).collect();
        match self.blocks.as_ref().and_then(|blocks| blocks.factor(&all, weights)) {
            Some(factor) => Whiten::Factor(factor),
            None => Whiten::Roots(weights.iter().map(|w| w.sqrt()).collect()),
        }
    }
}

/// What complete data without weights would give.
struct Complete {
    correlation: Array2<f64>,
    coefficients: Array2<f64>,
    is_full_rank: bool,
}

/// Makes values uncorrelated, of variance one.
enum Whiten {
    Roots(Vec<f64>),
    Factor(Whitening),
}

impl Whiten {
    fn apply(&self, values: &mut [f64]) {
        match self {
            Self::Roots(roots) => values.iter_mut().zip(roots).for_each(|(v, root)| *v *= root),
            Self::Factor(factor) => factor.apply(values),
        }
    }
}

fn whitened(design: &Array2<f64>, whitening: &Whiten) -> Array2<f64> {
    let mut out = design.clone();
    for mut column in out.columns_mut() {
        let mut values = column.to_vec();
        whitening.apply(&mut values);
        column.iter_mut().zip(values).for_each(|(to, from)| *to = from);
    }
    out
}

/// `z` with `R' z = contrast`, in pivoted order; `None` where the contrast cannot be estimated.
fn solved(qr: &PivotedQr, contrast: &[f64]) -> Option<Vec<f64>> {
    let (pivot, r) = (qr.pivot(), qr.r());
    if pivot[qr.rank()..].iter().any(|&column| contrast[column] != 0.0) {
        return None;
    }
    let mut z: Vec<f64> = Vec::with_capacity(qr.rank());
    for i in 0..qr.rank() {
        let known: f64 = (0..i).map(|j| r[[j, i]] * z[j]).sum();
        z.push((contrast[pivot[i]] - known) / r[[i, i]]);
    }
    Some(z)
}

/// Covariance of the contrasts, in units of the residual variance; NaN where one cannot be estimated.
fn covariance(qr: &PivotedQr, contrasts: &Array2<f64>) -> Array2<f64> {
    let all: Vec<Option<Vec<f64>>> =
        contrasts.columns().into_iter().map(|contrast| solved(qr, &contrast.to_vec())).collect();
    let k = all.len();
    Array2::from_shape_fn((k, k), |(i, j)| match (&all[i], &all[j]) {
        (Some(a), Some(b)) => a.iter().zip(b).map(|(a, b)| a * b).sum(),
        _ => f64::NAN,
    })
}

fn correlation(covariance: &Array2<f64>) -> Array2<f64> {
    let scale: Vec<f64> = covariance.diag().iter().map(|v| v.sqrt()).collect();
    Array2::from_shape_fn(covariance.dim(), |(i, j)| covariance[[i, j]] / (scale[i] * scale[j]))
}

/// The fit of all genes that have the same weights and all their values: one decomposition.
struct SharedFit {
    whitening: Whiten,
    qr: PivotedQr,
    solved: Vec<Option<Vec<f64>>>,
    unscaled: Vec<f64>,
}

impl SharedFit {
    fn new(model: &LinearModel, weights: &[f64]) -> Self {
        let whitening = model.whitening(weights);
        let qr = PivotedQr::new(whitened(&model.design, &whitening).view());
        let solved: Vec<Option<Vec<f64>>> =
            model.contrasts.columns().into_iter().map(|contrast| solved(&qr, &contrast.to_vec())).collect();
        let root = |z: &Option<Vec<f64>>| {
            z.as_ref().map_or(f64::NAN, |z| z.iter().map(|z| z * z).sum::<f64>().sqrt())
        };
        Self { unscaled: solved.iter().map(root).collect(), whitening, qr, solved }
    }

    fn fit(&self, values: &mut [f64], row: &mut Row<'_>) {
        self.whitening.apply(values);
        self.qr.turn(values);
        for (estimate, z) in row.estimates.iter_mut().zip(&self.solved) {
            if let Some(z) = z {
                *estimate = z.iter().zip(values.iter()).map(|(z, e)| z * e).sum();
            }
        }
        row.unscaled.copy_from_slice(&self.unscaled);
        let rest = &values[self.qr.rank()..];
        *row.df = rest.len() as f64;
        if !rest.is_empty() {
            *row.variance = rest.iter().map(|e| e * e).sum::<f64>() / *row.df;
        }
    }
}

/// What one job needs to fit genes one by one.
struct Workspace {
    squares: LeastSquares,
    values: Vec<f64>,
    /// Places of the values that are there, and their weights.
    there: Vec<usize>,
    weights: Vec<f64>,
    units: Vec<Vec<f64>>,
    contrasts: Vec<Vec<f64>>,
    correlation: Array2<f64>,
    design: Vec<Vec<f64>>,
}

impl Workspace {
    fn new(model: &LinearModel, samples: usize, correlation: &Array2<f64>) -> Self {
        let p = model.design.ncols();
        Self {
            squares: LeastSquares::default(),
            values: Vec::with_capacity(samples),
            there: Vec::with_capacity(samples),
            weights: Vec::with_capacity(samples),
            units: (0..p).map(|j| (0..p).map(|i| f64::from(u8::from(i == j))).collect()).collect(),
            contrasts: model.contrasts.columns().into_iter().map(|column| column.to_vec()).collect(),
            correlation: correlation.clone(),
            design: model.design.outer_iter().map(|row| row.to_vec()).collect(),
        }
    }

    fn fit(&mut self, model: &LinearModel, gene: usize, row: &mut Row<'_>) {
        self.there.clear();
        self.weights.clear();
        for (sample, value) in self.values.iter().enumerate() {
            let weight = model.weights.of(gene, sample);
            if value.is_finite() && weight > 0.0 && weight.is_finite() {
                self.there.push(sample);
                self.weights.push(weight);
            }
        }
        self.decompose(model);
        let squares = &mut self.squares;
        for (place, contrast) in self.contrasts.iter().enumerate() {
            if let Some(found) = squares.combination(contrast) {
                row.estimates[place] = found.estimate;
                row.unscaled[place] = match model.errors {
                    ContrastErrors::Exact => found.variance.sqrt(),
                    ContrastErrors::Approximate => {
                        approximate_error(squares, contrast, &self.units, &self.correlation)
                    }
                };
            }
        }
        *row.df = squares.residual_df() as f64;
        if squares.residual_df() > 0 {
            *row.variance = squares.residual_squares() / *row.df;
        }
    }

    fn decompose(&mut self, model: &LinearModel) {
        self.squares.begin(self.there.len(), model.design.ncols());
        let factor = model.blocks.as_ref().and_then(|blocks| blocks.factor(&self.there, &self.weights));
        for (place, (&sample, weight)) in self.there.iter().zip(&self.weights).enumerate() {
            let scale = if factor.is_some() { 1.0 } else { weight.sqrt() };
            self.squares.set_row(place, &self.design[sample], self.values[sample], scale);
        }
        if let Some(factor) = factor {
            self.squares.for_each_column(|column| factor.apply(column));
        }
        self.squares.solve();
    }
}

/// The error of a contrast from those of the coefficients of the gene and their correlation in a complete gene.
fn approximate_error(
    squares: &mut LeastSquares,
    contrast: &[f64],
    units: &[Vec<f64>],
    correlation: &Array2<f64>,
) -> f64 {
    let own: Vec<f64> = contrast
        .iter()
        .zip(units)
        .map(|(weight, unit)| {
            if *weight == 0.0 {
                0.0
            } else {
                weight * squares.combination(unit).map_or(f64::NAN, |c| c.variance.sqrt())
            }
        })
        .collect();
    let mut total = 0.0;
    for (i, a) in own.iter().enumerate().filter(|(_, a)| **a != 0.0) {
        for (j, b) in own.iter().enumerate().filter(|(_, b)| **b != 0.0) {
            total += a * b * if i == j { 1.0 } else { correlation[[i, j]] };
        }
    }
    total.sqrt()
}

/// Means of the rows, missing values left out.
fn averages(values: ArrayView2<'_, f64>) -> Vec<f64> {
    let mean = |row: ndarray::ArrayView1<'_, f64>| {
        let (mut sum, mut number) = (0.0, 0);
        row.iter().filter(|v| !v.is_nan()).for_each(|v| {
            sum += v;
            number += 1;
        });
        if number == 0 { f64::NAN } else { sum / f64::from(number) }
    };
    values.outer_iter().map(mean).collect()
}

/// The places where the results of each gene go.
fn rows_of(fit: &mut LinearFit, contrasts: usize) -> Vec<Row<'_>> {
    let width = contrasts.max(1);
    let estimates = fit.estimates.as_slice_mut().unwrap_or_default().chunks_exact_mut(width);
    let unscaled = fit.unscaled.as_slice_mut().unwrap_or_default().chunks_exact_mut(width);
    let rest = fit.variances.iter_mut().zip(&mut fit.df);
    let rows = estimates.zip(unscaled).zip(rest);
    rows.map(|((estimates, unscaled), (variance, df))| Row { estimates, unscaled, variance, df }).collect()
}
