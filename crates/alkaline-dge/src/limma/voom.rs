//! Precision weights for log counts: how much a log count varies follows from its size (limma `voom`).
//!
//! Reference: Law, Chen, Shi & Smyth (2014), doi:10.1186/gb-2014-15-2-r29.

use alkaline_math::order_statistics::ascending_order;
use alkaline_math::smoothing::{Lowess, lowess_fit};
use alkaline_math::splines::BrokenLine;
use alkaline_math::summation::mean;
use ndarray::{Array2, ArrayView2, Axis};

use super::array_weights::array_weights;
use super::fit::{LinearFit, LinearModel};
use super::weights::Weights;

/// Added to a count before logs are taken, and to a library.
const COUNT_OFFSET: f64 = 0.5;
const LIBRARY_OFFSET: f64 = 1.0;
/// Share of the genes that each local fit of the trend uses.
const SPAN: f64 = 0.5;

/// Log counts and how precise each is.
#[derive(Clone, Debug)]
pub struct Voom {
    /// log2 counts per million.
    pub values: Array2<f64>,
    /// Precision weights.
    pub weights: Array2<f64>,
    /// The trend: average log2 count and root of the residual standard deviation, by rising log2 count.
    pub trend: Vec<(f64, f64)>,
}

/// log2 counts per million of libraries of these effective sizes, as voom takes them.
#[must_use]
pub fn voom_values(counts: ArrayView2<'_, f64>, sizes: &[f64]) -> Array2<f64> {
    let mut values = counts.to_owned();
    let shifts: Vec<f64> = sizes.iter().map(|size| (size + LIBRARY_OFFSET).log2() - 1e6f64.log2()).collect();
    values.axis_iter_mut(Axis(0)).for_each(|mut row| {
        row.iter_mut()
            .zip(&shifts)
            .for_each(|(value, shift)| *value = (*value + COUNT_OFFSET).log2() - shift);
    });
    values
}

/// Log counts with precision weights; `model` tells the design, blocks, and weights that the samples have beforehand.
#[must_use]
pub fn voom(counts: ArrayView2<'_, f64>, sizes: &[f64], model: &LinearModel) -> Voom {
    let values = voom_values(counts, sizes);
    let coefficients = LinearModel { contrasts: Array2::eye(model.design.ncols()), ..model.clone() };
    let fit = coefficients.fit(values.view());
    let library: Vec<f64> = sizes.iter().map(|size| (size + LIBRARY_OFFSET).log2()).collect();
    let shift = mean(&library) - 1e6f64.log2();
    let usable: Vec<usize> = (0..fit.df.len())
        .filter(|&gene| fit.df[gene] > 0.0 && counts.row(gene).iter().any(|count| *count > 0.0))
        .collect();
    if usable.len() < 2 {
        let weights = Array2::ones(values.dim());
        return Voom { values, weights, trend: Vec::new() };
    }
    let x: Vec<f64> = usable.iter().map(|&gene| fit.averages[gene] + shift).collect();
    let y: Vec<f64> = usable.iter().map(|&gene| fit.variances[gene].powf(0.25)).collect();
    let order = ascending_order(&x);
    let (x, y): (Vec<f64>, Vec<f64>) = order.iter().map(|&i| (x[i], y[i])).unzip();
    let settings = Lowess { span: SPAN, robust_rounds: 3, delta: 0.01 * (x[x.len() - 1] - x[0]) };
    let fitted = lowess_fit(&x, &y, &settings);
    let line = BrokenLine::new(&x, &fitted);
    let weights = precision(&fit, model, &library, &line);
    Voom { values, weights, trend: x.into_iter().zip(fitted).collect() }
}

/// Log counts weighted by their own precision and by how well each sample fits (limma `voomWithQualityWeights`); with the weights of the
/// samples.
#[must_use]
pub fn voom_with_quality_weights(
    counts: ArrayView2<'_, f64>,
    sizes: &[f64],
    model: &LinearModel,
) -> (Voom, Vec<f64>) {
    let quality = |found: &Voom| {
        let weights = Weights::Values(found.weights.clone());
        array_weights(found.values.view(), model.design.view(), &weights)
    };
    let first = quality(&voom(counts, sizes, model));
    let model_with_quality = LinearModel { weights: Weights::Samples(first), ..model.clone() };
    let mut second = voom(counts, sizes, &model_with_quality);
    let of_samples = quality(&second);
    let rows = second.weights.axis_iter_mut(Axis(0));
    rows.for_each(|mut row| row.iter_mut().zip(&of_samples).for_each(|(weight, own)| *weight *= own));
    (second, of_samples)
}

/// The weight of each value, from the size of its fitted count.
fn precision(fit: &LinearFit, model: &LinearModel, library: &[f64], line: &BrokenLine) -> Array2<f64> {
    use rayon::prelude::*;
    let samples = model.design.nrows();
    let mut weights = Array2::zeros((fit.df.len(), samples));
    let rows = weights.as_slice_mut().unwrap_or_default().par_chunks_exact_mut(samples);
    rows.enumerate().with_min_len(512).for_each(|(gene, row)| {
        let own = fit.estimates.row(gene);
        for (sample, weight) in row.iter_mut().enumerate() {
            let design = model.design.row(sample);
            // a coefficient that cannot be estimated explains nothing
            let terms = own.iter().zip(design).filter(|(b, _)| !b.is_nan());
            let log_cpm: f64 = terms.map(|(b, x)| b * x).sum();
            let root = line.at(log_cpm - 1e6f64.log2() + library[sample]);
            *weight = 1.0 / (root * root * root * root);
        }
    });
    weights
}
