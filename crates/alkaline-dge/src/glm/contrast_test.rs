//! A contrast as a single coefficient: the design is rotated so that the contrast becomes its first column's coefficient.

use std::borrow::Cow;

use alkaline_math::linear::{PivotedQr, RowSlices, selected};
use alkaline_math::negative_binomial::NbModel;
use ndarray::{Array2, ArrayView2, s};

use crate::abundance::PriorCounts;

/// A design, a contrast over it, and the designs that leave the contrast out.
pub(super) struct ContrastModel {
    /// The full model.
    pub full: NbModel,
    /// The model in which the contrast is zero.
    pub null: NbModel,
    /// The full model over counts with a prior, for shrunken log fold changes.
    shrunken: NbModel,
    prior: PriorCounts,
    prior_count: f64,
    /// The column whose coefficient is the contrast.
    pub direction: Vec<f64>,
    weights: Vec<f64>,
}

impl ContrastModel {
    pub(super) fn new(design: ArrayView2<'_, f64>, sizes: &[f64], weights: &[f64], prior_count: f64) -> Self {
        let (direction, rest) = rotate(design, weights);
        let prior = PriorCounts::new(sizes, prior_count);
        Self {
            full: NbModel::new(design.to_owned(), sizes.to_vec()),
            null: NbModel::new(rest, sizes.to_vec()),
            shrunken: NbModel::new(design.to_owned(), prior.augmented_sizes.clone()),
            prior,
            prior_count,
            direction,
            weights: weights.to_vec(),
        }
    }

    /// The null model in which the contrast is `value` (natural log) instead of zero.
    pub(super) fn null_at(&self, value: f64) -> NbModel {
        let shifted = self.full.sizes().iter().zip(&self.direction).map(|(size, x)| size * (value * x).exp());
        NbModel::new(self.null.design().to_owned(), shifted.collect())
    }

    /// The log2 fold change after adding a prior count, which keeps it finite.
    ///
    /// Its standard error is that of the same fit, from the expected information (Wald).
    pub(super) fn shrunken_log2_fold_change(
        &self,
        counts: &[f64],
        factors: Option<&[f64]>,
        phi: f64,
    ) -> LogFoldChange {
        let own = factors.map(|factors| {
            let sizes = self.full.sizes().iter().zip(factors).map(|(size, factor)| size * factor);
            PriorCounts::new(&sizes.collect::<Vec<_>>(), self.prior_count)
        });
        let prior = own.as_ref().unwrap_or(&self.prior);
        let model = match &own {
            Some(own) => Cow::Owned(self.shrunken.with_sizes(own.augmented_sizes.clone())),
            None => Cow::Borrowed(&self.shrunken),
        };
        let augmented: Vec<f64> = prior.added_to(counts.iter().copied()).collect();
        let fit = model.fit(&augmented, phi, None);
        let variance = model.variance_of_contrast(&fit.means, phi, &self.weights);
        LogFoldChange {
            estimate: self.log2_fold_change(&fit.coefficients),
            standard_error: variance.map_or(f64::NAN, f64::sqrt) / std::f64::consts::LN_2,
        }
    }

    /// The contrast of natural-log coefficients, in log2.
    pub(super) fn log2_fold_change(&self, coefficients: &[f64]) -> f64 {
        let change: f64 = coefficients.iter().zip(&self.weights).map(|(b, w)| b * w).sum();
        change / std::f64::consts::LN_2
    }
}

/// A contrast on the log2 scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogFoldChange {
    pub estimate: f64,
    pub standard_error: f64,
}

/// The design in which the contrast is zero.
pub(crate) fn without_contrast(design: ArrayView2<'_, f64>, weights: &[f64]) -> Array2<f64> {
    rotate(design, weights).1
}

/// The column whose coefficient is the contrast, and the columns orthogonal to it in coefficient space.
fn rotate(design: ArrayView2<'_, f64>, weights: &[f64]) -> (Vec<f64>, Array2<f64>) {
    let p = design.ncols();
    if let Some(single) = single_coefficient(weights) {
        let others: Vec<usize> = (0..p).filter(|&j| j != single).collect();
        let rows: Vec<usize> = (0..design.nrows()).collect();
        return (design.column(single).to_vec(), selected(design, &rows, &others));
    }
    let column = ArrayView2::from_shape((p, 1), weights).expect("one weight a coefficient");
    let qr = PivotedQr::new(column);
    let basis: Vec<Vec<f64>> = (0..p)
        .map(|j| {
            let mut unit = vec![0.0; p];
            unit[j] = 1.0;
            qr.q_times(&unit)
        })
        .collect();
    let rotated = Array2::from_shape_fn((design.nrows(), p), |(i, j)| {
        design.row_slice(i).iter().zip(&basis[j]).map(|(x, q)| x * q).sum()
    });
    let scale = qr.r()[[0, 0]];
    let direction = rotated.column(0).iter().map(|x| x / scale).collect();
    (direction, rotated.slice(s![.., 1..]).as_standard_layout().into_owned())
}

/// The coefficient that a contrast picks, when it has a weight of one there and none elsewhere.
fn single_coefficient(weights: &[f64]) -> Option<usize> {
    let place = weights.iter().position(|&w| w != 0.0)?;
    let alone = weights[place] == 1.0 && weights.iter().filter(|&&w| w != 0.0).count() == 1;
    alone.then_some(place)
}

#[cfg(test)]
mod tests {
    use alkaline_math::linear::times;
    use ndarray::array;

    use super::*;

    #[test]
    fn rotation_keeps_the_column_space() {
        let design = array![[1., 0., 0.], [0., 1., 0.], [0., 0., 1.], [0., 0., 1.]];
        let (direction, rest) = rotate(design.view(), &[-1.0, 1.0, 0.0]);
        // moving along the direction by d changes the contrast by d and nothing orthogonal to it
        let joined =
            Array2::from_shape_fn((4, 3), |(i, j)| if j == 0 { direction[i] } else { rest[[i, j - 1]] });
        let predictor = times(design.view(), &[2.0, 5.0, 7.0]);
        let coefficients = PivotedQr::new(joined.view()).solve(&predictor);
        assert!((coefficients[0] - 3.0).abs() < 1e-12);
    }
}
