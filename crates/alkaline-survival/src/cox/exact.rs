//! The exact partial likelihood of discrete times: which of all sets of as many patients had the event.
//!
//! The sum over all sets of `d` patients of the product of their risks follows from `B(d, j) = B(d, j-1) + r_j B(d-1, j-1)`, and its
//! derivatives from the same recursion differentiated. Reference: Gail, Lubin & Rubinstein (1981), doi:10.1093/biomet/68.3.703.

use ndarray::Array2;

use super::evaluation::Evaluation;
use super::model::CoxModel;

/// The sum over sets of one size, with its first and second derivatives.
#[derive(Clone)]
struct SetSum {
    value: f64,
    first: Vec<f64>,
    second: Array2<f64>,
}

impl SetSum {
    fn zero(p: usize) -> Self {
        Self { value: 0.0, first: vec![0.0; p], second: Array2::zeros((p, p)) }
    }

    /// Adds the sets of `smaller` joined by a patient of risk `r` and covariates `x`.
    fn join(&mut self, smaller: &Self, r: f64, x: &[f64]) {
        let p = x.len();
        for j in 0..p {
            for k in 0..p {
                let mixed = x[j] * smaller.first[k] + smaller.first[j] * x[k] + x[j] * x[k] * smaller.value;
                self.second[[j, k]] += r * (smaller.second[[j, k]] + mixed);
            }
            self.first[j] += r * (smaller.first[j] + x[j] * smaller.value);
        }
        self.value += r * smaller.value;
    }
}

/// The likelihood at the linear predictors `eta`.
pub fn evaluate(model: &CoxModel, eta: &[f64]) -> Evaluation {
    let p = model.columns();
    let mut at = model.observed(eta);
    let most = model.sets.blocks.iter().map(|block| block.deaths).max().unwrap_or(0);
    // sums over sets of 0, 1, 2, ... patients of those at risk
    let mut sums = Vec::new();
    for block in &model.sets.blocks {
        if block.opens_stratum {
            sums = vec![SetSum::zero(p); most + 1];
            sums[0].value = 1.0;
        }
        for place in block.rows.clone() {
            let row = model.sets.order[place];
            let x = model.x.row(row).to_vec();
            for size in (1..=most).rev() {
                let (smaller, larger) = sums.split_at_mut(size);
                larger[0].join(&smaller[size - 1], eta[row].exp(), &x);
            }
        }
        if block.deaths > 0 {
            subtract(&mut at, &sums[block.deaths]);
        }
    }
    at
}

/// Takes the logarithm of a sum over sets from the likelihood.
fn subtract(at: &mut Evaluation, sum: &SetSum) {
    at.log_likelihood -= sum.value.ln();
    let mean: Vec<f64> = sum.first.iter().map(|first| first / sum.value).collect();
    for (j, score) in at.score.iter_mut().enumerate() {
        *score -= mean[j];
    }
    for ((j, k), information) in at.information.indexed_iter_mut() {
        *information += sum.second[[j, k]] / sum.value - mean[j] * mean[k];
    }
}
