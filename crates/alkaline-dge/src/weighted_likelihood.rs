//! Gene-wise dispersions from likelihood grids: each gene's curve is shrunk to the curve of genes of like abundance.
//!
//! Reference: Chen, Lun & Smyth (2014), doi:10.1007/978-3-319-07212-8_3. Upstream: edgeR `estimateDisp`, `WLEB`.

use alkaline_math::linear::{RowSlices, RowSlicesMut};
use alkaline_math::order_statistics::{larger, smaller};
use alkaline_math::smoothing::{Degree, LocalRegression, SmoothCurves, moving_average, running_tricube};
use alkaline_math::special::ln_beta_tails;
use alkaline_math::splines::cubic::SplineMaximiser;
use alkaline_math::summation::CompensatedSum;
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use crate::DispersionOptions;
use crate::abundance::MIN_GENES_PER_JOB;
use crate::dispersion_options::Trend;

/// A prior weight beyond this leaves nothing of the gene's own likelihood.
const OVERWHELMING_WEIGHT: f64 = 1e6;
/// Up to this many genes the smoother spans them all.
const SMALL_GENE_NUMBER: f64 = 50.0;

/// The dispersions at which likelihoods are evaluated, as doublings of a base.
#[derive(Clone, Debug)]
pub(crate) struct DispersionGrid {
    base: f64,
    pub dispersions: Vec<f64>,
    spline: SplineMaximiser,
}

impl DispersionGrid {
    /// `length` dispersions, equally spaced in log2 over `range`, relative to `base`.
    pub(crate) fn new(base: f64, range: (f64, f64), length: usize) -> Self {
        let step = (range.1 - range.0) / (length - 1) as f64;
        let doublings: Vec<f64> = (0..length).map(|i| range.0 + step * i as f64).collect();
        let dispersions = doublings.iter().map(|s| base * s.exp2()).collect();
        Self { base, dispersions, spline: SplineMaximiser::new(&doublings) }
    }

    /// The dispersion at which the interpolated curve is highest.
    pub(crate) fn best(&self, curve: &[f64]) -> f64 {
        self.base * self.spline.argmax(curve).exp2()
    }

    /// [`best`](Self::best) of the curve that each gene shares with others.
    pub(crate) fn best_of_shared(&self, shared: &SharedCurves<'_>, genes: usize) -> Vec<f64> {
        let best = |curve: &mut Vec<f64>, gene| {
            shared.write(gene, curve);
            self.best(curve)
        };
        let buffer = || vec![0.0; self.dispersions.len()];
        (0..genes).into_par_iter().with_min_len(MIN_GENES_PER_JOB).map_init(buffer, best).collect()
    }

    /// The dispersion best for all rows together.
    pub(crate) fn best_of_total(&self, curves: ArrayView2<'_, f64>) -> f64 {
        self.best(&column_sums(curves))
    }
}

fn column_sums(curves: ArrayView2<'_, f64>) -> Vec<f64> {
    // row by row, as they lie in memory
    let mut sums = vec![CompensatedSum::default(); curves.ncols()];
    for row in 0..curves.nrows() {
        sums.iter_mut().zip(curves.row_slice(row)).for_each(|(sum, value)| sum.add(*value));
    }
    sums.iter().map(CompensatedSum::total).collect()
}

/// The span used: as asked for, or wide for few genes and narrower for many.
pub(crate) fn span(options: &DispersionOptions, genes: usize) -> f64 {
    options.span.unwrap_or_else(|| {
        let n = genes as f64;
        if n <= SMALL_GENE_NUMBER { 1.0 } else { 0.25 + 0.75 * (SMALL_GENE_NUMBER / n).sqrt() }
    })
}

/// The likelihood curve that each gene shares with genes of like abundance.
pub(crate) enum SharedCurves<'a> {
    /// All genes share one.
    Mean(Vec<f64>),
    /// It is smooth in these abundances, and worked out when asked for: all curves would be as much again as the genes' own.
    Smooth(SmoothCurves, &'a [f64]),
    /// One row per gene.
    Rows(Array2<f64>),
}

impl SharedCurves<'_> {
    /// Writes the curve of a gene to `curve`.
    fn write(&self, gene: usize, curve: &mut [f64]) {
        match self {
            Self::Mean(mean) => curve.copy_from_slice(mean),
            Self::Smooth(smooth, abundance) => smooth.at(abundance[gene], curve),
            Self::Rows(rows) => curve.copy_from_slice(rows.row_slice(gene)),
        }
    }
}

/// Likelihood curves shared by genes of like abundance.
pub(crate) fn shared_likelihood<'a>(
    curves: ArrayView2<'_, f64>,
    abundance: &'a [f64],
    trend: Trend,
    span: f64,
) -> SharedCurves<'a> {
    let genes = curves.nrows();
    let width = (span * genes as f64).floor() as usize;
    let smoother = |degree| LocalRegression::new(abundance, span, degree);
    let local = |degree| match smoother(degree) {
        Some(smoother) => smoother.smooth(curves),
        None => curves.to_owned(),
    };
    match trend {
        Trend::None => {
            SharedCurves::Mean(column_sums(curves).into_iter().map(|total| total / genes as f64).collect())
        }
        Trend::Locfit => match smoother(Degree::Constant) {
            Some(smoother) => SharedCurves::Smooth(smoother.fit(curves), abundance),
            None => SharedCurves::Rows(curves.to_owned()),
        },
        Trend::Movingave => SharedCurves::Rows(moving_average(curves, abundance, width)),
        Trend::Loess => SharedCurves::Rows(running_tricube(curves, abundance, width.min(genes))),
        Trend::LocfitMixed => {
            SharedCurves::Rows(mixed(&local(Degree::Constant), &local(Degree::Linear), abundance))
        }
    }
}

/// Degree one at low abundance, degree zero at high, blended by a beta(2, 2) distribution function.
fn mixed(constant: &Array2<f64>, linear: &Array2<f64>, abundance: &[f64]) -> Array2<f64> {
    let low = abundance.iter().copied().fold(f64::INFINITY, smaller);
    let high = abundance.iter().copied().fold(f64::NEG_INFINITY, larger);
    let mut out = Array2::zeros(constant.dim());
    for (i, &x) in abundance.iter().enumerate() {
        let u = (x - low) / (high - low);
        let weight = ln_beta_tails(u, 1.0 - u, 2.0, 2.0).ln_lower.exp();
        for (j, value) in out.row_mut(i).iter_mut().enumerate() {
            *value = weight * constant[[i, j]] + (1.0 - weight) * linear[[i, j]];
        }
        make_unimodal(out.row_slice_mut(i));
    }
    out
}

/// Lowers values so that the curve, read from its right end, never rises again once it has fallen.
fn make_unimodal(curve: &mut [f64]) {
    let mut falling = false;
    for j in (0..curve.len() - 1).rev() {
        falling |= curve[j] < curve[j + 1];
        if falling {
            curve[j] = curve[j].min(curve[j + 1]);
        }
    }
}

/// Gene-wise dispersions: the best of own curve plus `prior_n` times the shared curve.
pub(crate) fn tagwise(
    grid: &DispersionGrid,
    curves: ArrayView2<'_, f64>,
    shared: &SharedCurves<'_>,
    trended: &[f64],
    prior_n: &[f64],
) -> Vec<f64> {
    let weight = |i: usize| if prior_n.len() == 1 { prior_n[0] } else { prior_n[i] };
    let buffer = || vec![0.0; curves.ncols()];
    let overwhelmed = |w: f64| w.is_nan() || w > OVERWHELMING_WEIGHT;
    (0..curves.nrows())
        .into_par_iter()
        .with_min_len(MIN_GENES_PER_JOB)
        .map_init(buffer, |joint, i| {
            if overwhelmed(weight(i)) {
                return trended[i];
            }
            shared.write(i, joint);
            joint
                .iter_mut()
                .zip(curves.row_slice(i))
                .for_each(|(shared, own)| *shared = own + weight(i) * *shared);
            grid.best(joint)
        })
        .collect()
}
