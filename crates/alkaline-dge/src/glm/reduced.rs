//! Samples that say nothing about a gene: fitted and observed zero. They are left out of its degrees of freedom.

use std::collections::HashMap;

use alkaline_math::linear::{PivotedQr, selected};
use alkaline_math::negative_binomial::{NbModel, ZERO_FIT};
use ndarray::{ArrayView2, Axis};

/// Which samples of one gene have a zero fit.
pub(super) fn zero_fits(counts: &[f64], means: &[f64]) -> Vec<bool> {
    counts.iter().zip(means).map(|(y, mu)| *y < ZERO_FIT && *mu < ZERO_FIT).collect()
}

/// Residual degrees of freedom by pattern of zero fits.
#[derive(Default)]
pub(super) struct ResidualDf {
    known: HashMap<Vec<bool>, f64>,
}

impl ResidualDf {
    /// Informative samples minus the rank of the design restricted to them.
    pub(super) fn of(&mut self, zeros: Vec<bool>, design: ArrayView2<'_, f64>) -> f64 {
        *self.known.entry(zeros).or_insert_with_key(|zeros| {
            let rows = informative(zeros);
            if rows.is_empty() {
                return 0.0;
            }
            let rank = PivotedQr::new(design.select(Axis(0), &rows).view()).rank();
            rows.len().saturating_sub(rank) as f64
        })
    }
}

fn informative(zeros: &[bool]) -> Vec<usize> {
    (0..zeros.len()).filter(|&i| !zeros[i]).collect()
}

/// A model without the samples of zero fit.
pub(super) struct Reduced {
    /// The samples that are left.
    pub rows: Vec<usize>,
    pub model: NbModel,
}

impl Reduced {
    /// The design restricted to informative samples and independent columns; `None` when it is saturated.
    pub(super) fn new(zeros: &[bool], design: ArrayView2<'_, f64>, sizes: &[f64]) -> Option<Self> {
        let rows = informative(zeros);
        let qr = PivotedQr::new(design.select(Axis(0), &rows).view());
        if qr.rank() >= rows.len() {
            return None;
        }
        let mut columns = qr.pivot()[..qr.rank()].to_vec();
        columns.sort_unstable();
        let model = NbModel::new(selected(design, &rows, &columns), rows.iter().map(|&i| sizes[i]).collect());
        Some(Self { rows, model })
    }
}
