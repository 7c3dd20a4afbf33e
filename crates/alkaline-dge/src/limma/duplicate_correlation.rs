//! How much samples of a block have in common, over all genes (limma `duplicateCorrelation`).
//!
//! References: Smyth, Michaud & Scott (2005), doi:10.1093/bioinformatics/bti270. Gene by gene, the squares of the residual effects
//! have an expectation that is linear in the variance within and between blocks; a gamma model of them is restricted maximum
//! likelihood. Its iteration stops early upstream, which the answers show, so it does here.

use alkaline_math::linear::{PivotedQr, RowSlices, symmetric_eigen};
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::gamma_regression::gamma_regression;
use super::weights::Weights;

/// Share of the genes that is cut off at either end before the mean is taken.
const TRIM: f64 = 0.15;
/// Eigenvalues below this share of one are rounding errors.
const NOTHING: f64 = 1e-14;

/// The correlation within blocks.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockCorrelation {
    /// That of all genes together.
    pub consensus: f64,
    /// Inverse hyperbolic tangent of each gene's own; NaN where it cannot be told.
    pub by_gene: Vec<f64>,
    /// What the user should know.
    pub notice: Option<String>,
}

/// The correlation of samples with equal `blocks`, under `design`.
#[must_use]
pub fn duplicate_correlation(
    values: ArrayView2<'_, f64>,
    design: ArrayView2<'_, f64>,
    blocks: &[usize],
    weights: &Weights,
) -> BlockCorrelation {
    let genes = values.nrows();
    let nothing = |notice: &str| BlockCorrelation {
        consensus: 0.0,
        by_gene: vec![0.0; genes],
        notice: Some(notice.to_owned()),
    };
    let largest =
        blocks.iter().map(|code| blocks.iter().filter(|other| *other == code).count()).max().unwrap_or(0);
    if largest < 2 {
        return nothing("every block has one sample: nothing is correlated");
    }
    if is_in_design(design, blocks) {
        return nothing("the design tells the blocks apart already: nothing is left to be correlated");
    }
    let bounds = (1.0 / (1.0 - largest as f64) + 0.01, 0.99);
    let design = design.as_standard_layout().into_owned();
    let shared = weights.shared(values.ncols()).map(|weights| {
        let all: Vec<usize> = (0..values.ncols()).collect();
        Residuals::new(&design, &all, &weights, blocks)
    });
    let of_gene = |gene: usize| {
        let row: Vec<f64> = values.row(gene).to_vec();
        let there: Vec<usize> = (0..row.len())
            .filter(|&i| row[i].is_finite() && weights.of(gene, i) > 0.0 && weights.of(gene, i).is_finite())
            .collect();
        let distinct = distinct(there.iter().map(|&i| blocks[i]));
        if there.len() <= design.ncols() + 2 || distinct < 2 || distinct >= there.len() - 1 {
            return f64::NAN;
        }
        let own: Vec<f64> = there.iter().map(|&i| weights.of(gene, i)).collect();
        let y: Vec<f64> = there.iter().map(|&i| row[i] * weights.of(gene, i).sqrt()).collect();
        let components = match &shared {
            Some(shared) if there.len() == row.len() => shared.components(&y),
            _ => Residuals::new(&design, &there, &own, blocks).components(&y),
        };
        let Some((within, between)) = components else { return f64::NAN };
        (between / (within + between)).max(bounds.0).min(bounds.1).atanh()
    };
    let by_gene: Vec<f64> = (0..genes).into_par_iter().map(of_gene).collect();
    BlockCorrelation { consensus: trimmed_mean(&by_gene).tanh(), by_gene, notice: None }
}

fn distinct(codes: impl Iterator<Item = usize>) -> usize {
    let mut codes: Vec<usize> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    codes.len()
}

/// Whether the indicators of the blocks are combinations of the columns of the design.
fn is_in_design(design: ArrayView2<'_, f64>, blocks: &[usize]) -> bool {
    let codes: Vec<usize> = {
        let mut codes = blocks.to_vec();
        codes.sort_unstable();
        codes.dedup();
        codes
    };
    let (n, p) = design.dim();
    let both = Array2::from_shape_fn((n, p + codes.len()), |(i, j)| {
        if j < p { design[[i, j]] } else { f64::from(u8::from(blocks[i] == codes[j - p])) }
    });
    PivotedQr::new(both.view()).rank() == PivotedQr::new(design).rank()
}

/// The mean of what is left when the ends are cut off.
fn trimmed_mean(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let cut = (TRIM * sorted.len() as f64).floor() as usize;
    alkaline_math::summation::mean(&sorted[cut..sorted.len() - cut])
}

/// The residual space of a design, turned so that the blocks are independent in it.
struct Residuals {
    qr: PivotedQr,
    /// One direction a row.
    directions: Array2<f64>,
    /// How much of the variance between blocks each direction has.
    shares: Vec<f64>,
}

impl Residuals {
    fn new(design: &Array2<f64>, there: &[usize], weights: &[f64], blocks: &[usize]) -> Self {
        let x = Array2::from_shape_fn((there.len(), design.ncols()), |(i, j)| {
            design[[there[i], j]] * weights[i].sqrt()
        });
        let qr = PivotedQr::new(x.view());
        let rank = qr.rank();
        let number = there.len() - rank;
        let mut codes: Vec<usize> = there.iter().map(|&i| blocks[i]).collect();
        codes.sort_unstable();
        codes.dedup();
        let mut common = Array2::<f64>::zeros((number, number));
        for code in codes {
            let indicator: Vec<f64> = there.iter().map(|&i| f64::from(u8::from(blocks[i] == code))).collect();
            let effects = qr.transposed_q_times(&indicator);
            for i in 0..number {
                for j in 0..number {
                    common[[i, j]] += effects[rank + i] * effects[rank + j];
                }
            }
        }
        let eigen = symmetric_eigen(common.view());
        let shares = eigen.values.iter().map(|v| if *v < NOTHING { 0.0 } else { *v }).collect();
        Self { qr, directions: eigen.vectors.t().as_standard_layout().into_owned(), shares }
    }

    /// The variances within and between blocks that the response `y` tells.
    fn components(&self, y: &[f64]) -> Option<(f64, f64)> {
        let effects = self.qr.transposed_q_times(y);
        let rest = &effects[self.qr.rank()..];
        let square = |k: usize| {
            let along: f64 = self.directions.row_slice(k).iter().zip(rest).map(|(u, e)| u * e).sum();
            along * along
        };
        let squares: Vec<f64> = (0..rest.len()).map(square).collect();
        gamma_regression(&self.shares, &squares)
    }
}
