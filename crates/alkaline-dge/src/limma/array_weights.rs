//! How well each sample fits the model, as a weight (limma `arrayWeights`).
//!
//! Reference: Ritchie et al. (2006), doi:10.1186/1471-2105-7-261. The log variances of the samples are estimated by restricted
//! maximum likelihood with a prior worth ten genes: gene by gene in the order of the table, where there are weights or missing values,
//! else over all genes at once.

use alkaline_math::linear::{Cholesky, PivotedQr, times};
use ndarray::{Array2, ArrayView2};

use super::weights::Weights;

/// Genes that the prior of equal variances is worth.
const PRIOR_GENES: f64 = 10.0;
/// Residual variances below this are none.
const NO_VARIANCE: f64 = 1e-15;
/// Rounds over all genes at most, and what a further one must promise.
const MAX_ROUNDS: usize = 50;
const TOLERANCE: f64 = 1e-5;

/// The weights of the samples; their product is one.
#[must_use]
pub fn array_weights(
    values: ArrayView2<'_, f64>,
    design: ArrayView2<'_, f64>,
    weights: &Weights,
) -> Vec<f64> {
    let samples = values.ncols();
    let estimable = PivotedQr::new(design).rank();
    if samples < estimable + 2 || values.nrows() < 2 {
        return vec![1.0; samples];
    }
    let is_plain = *weights == Weights::Equal && values.iter().all(|value| value.is_finite());
    let mut variances = LogVariances::new(samples);
    if is_plain {
        variances.of_all(values, design)
    } else {
        variances.gene_by_gene(values, design, weights)
    }
    variances.weights()
}

/// The log variances of the samples, but for the last, which makes their sum zero.
struct LogVariances {
    logs: Vec<f64>,
    information: Array2<f64>,
}

impl LogVariances {
    fn new(samples: usize) -> Self {
        let free = samples - 1;
        let prior = |(i, j): (usize, usize)| PRIOR_GENES * if i == j { 2.0 } else { 1.0 };
        Self { logs: vec![0.0; free], information: Array2::from_shape_fn((free, free), prior) }
    }

    fn weights(&self) -> Vec<f64> {
        let own = self.logs.iter().map(|log| (-log).exp());
        own.chain([self.logs.iter().sum::<f64>().exp()]).collect()
    }

    /// One pass over the genes.
    fn gene_by_gene(&mut self, values: ArrayView2<'_, f64>, design: ArrayView2<'_, f64>, weights: &Weights) {
        let samples = values.ncols();
        for gene in 0..values.nrows() {
            let of_samples = self.weights();
            let there: Vec<usize> = (0..samples)
                .filter(|&i| values[[gene, i]].is_finite() && weights.of(gene, i) > 0.0)
                .collect();
            if there.len() <= 2 {
                continue;
            }
            let own: Vec<f64> = there.iter().map(|&i| of_samples[i] * weights.of(gene, i)).collect();
            let y: Vec<f64> = there.iter().zip(&own).map(|(&i, w)| values[[gene, i]] * w.sqrt()).collect();
            let (qr, rank) = weighted(design, &there, &own);
            let df = there.len() - rank;
            if df < 2 {
                continue;
            }
            let residuals = residual_squares(&qr, &y);
            let variance = residuals.iter().sum::<f64>() / df as f64;
            if variance.is_nan() || variance < NO_VARIANCE {
                continue;
            }
            let spare: Vec<f64> = qr.leverages(there.len()).iter().map(|h| 1.0 - h).collect();
            let (mut room, mut surplus) = (vec![0.0; samples], vec![0.0; samples]);
            for (place, &sample) in there.iter().enumerate() {
                room[sample] = spare[place];
                surplus[sample] = residuals[place] / variance - spare[place];
            }
            self.inform(&Array2::from_diag(&ndarray::Array1::from(room)), 1.0);
            let step = self.step(&surplus);
            self.logs.iter_mut().zip(step).for_each(|(log, step)| *log += step);
        }
    }

    /// All genes at once, until nothing moves.
    fn of_all(&mut self, values: ArrayView2<'_, f64>, design: ArrayView2<'_, f64>) {
        let samples = values.ncols();
        let all: Vec<usize> = (0..samples).collect();
        let prior = self.information.clone();
        for _ in 0..MAX_ROUNDS {
            let weights = self.weights();
            let (qr, rank) = weighted(design, &all, &weights);
            let roots: Vec<f64> = weights.iter().map(|w| w.sqrt()).collect();
            let mut relative = vec![0.0; samples];
            let mut number = 0.0;
            for row in values.outer_iter() {
                let y: Vec<f64> = row.iter().zip(&roots).map(|(v, root)| v * root).collect();
                let residuals = residual_squares(&qr, &y);
                let variance = residuals.iter().sum::<f64>() / (samples - rank) as f64;
                // a gene that does not vary says nothing of the samples
                if variance >= NO_VARIANCE {
                    number += 1.0;
                    relative.iter_mut().zip(residuals).for_each(|(sum, r)| *sum += r / variance);
                }
            }
            let hat = hat_matrix(&qr, samples);
            let room = Array2::from_shape_fn((samples, samples), |(i, j)| {
                let square = hat[[i, j]] * hat[[i, j]];
                if i == j { 1.0 - 2.0 * hat[[i, i]] + square } else { square }
            });
            self.information.assign(&prior);
            self.inform(&room, number);
            let surplus: Vec<f64> = (0..samples)
                .map(|i| relative[i] - number * (1.0 - hat[[i, i]]) + PRIOR_GENES * (weights[i] - 1.0))
                .collect();
            let step = self.step(&surplus);
            let last = surplus[samples - 1];
            let promise: f64 = step.iter().zip(&surplus).map(|(step, s)| step * (s - last)).sum();
            self.logs.iter_mut().zip(step).for_each(|(log, step)| *log += step);
            if promise / (samples - 1) as f64 / (number + PRIOR_GENES) < TOLERANCE {
                break;
            }
        }
    }

    /// Adds what `times` genes tell, whose residuals have this information between samples, their own variance being unknown.
    fn inform(&mut self, room: &Array2<f64>, times: f64) {
        let n = room.nrows();
        let last = n - 1;
        let sums: Vec<f64> = room.rows().into_iter().map(|row| row.sum()).collect();
        let total: f64 = sums.iter().sum();
        for i in 0..last {
            for j in 0..last {
                let own = room[[i, j]] - room[[i, last]] - room[[last, j]] + room[[last, last]];
                let with_scale = (sums[i] - sums[last]) * (sums[j] - sums[last]) / total;
                self.information[[i, j]] += times * (own - with_scale);
            }
        }
    }

    /// The step that a score asks for, given for all samples.
    fn step(&self, surplus: &[f64]) -> Vec<f64> {
        let last = surplus[surplus.len() - 1];
        let mut step: Vec<f64> = surplus[..surplus.len() - 1].iter().map(|s| s - last).collect();
        match Cholesky::new(self.information.view()) {
            Some(factor) => factor.solve(&mut step),
            None => step.fill(0.0),
        }
        step
    }
}

/// The decomposition of the design at these samples and weights, and its rank.
fn weighted(design: ArrayView2<'_, f64>, there: &[usize], weights: &[f64]) -> (PivotedQr, usize) {
    let x = Array2::from_shape_fn((there.len(), design.ncols()), |(i, j)| {
        design[[there[i], j]] * weights[i].sqrt()
    });
    let qr = PivotedQr::new(x.view());
    let rank = qr.rank();
    (qr, rank)
}

/// Squared residuals of a weighted response.
fn residual_squares(qr: &PivotedQr, y: &[f64]) -> Vec<f64> {
    let mut effects = qr.transposed_q_times(y);
    effects[..qr.rank()].fill(0.0);
    qr.q_times(&effects).iter().map(|r| r * r).collect()
}

/// The projection on the columns.
fn hat_matrix(qr: &PivotedQr, n: usize) -> Array2<f64> {
    let mut basis = Array2::zeros((n, qr.rank()));
    for k in 0..qr.rank() {
        let mut unit = vec![0.0; n];
        unit[k] = 1.0;
        basis.column_mut(k).iter_mut().zip(qr.q_times(&unit)).for_each(|(to, from)| *to = from);
    }
    let rows: Vec<Vec<f64>> = basis.outer_iter().map(|row| times(basis.view(), &row.to_vec())).collect();
    Array2::from_shape_fn((n, n), |(i, j)| rows[i][j])
}
