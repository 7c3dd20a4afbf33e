//! The partial likelihood with its derivatives, one event time after another.
//!
//! With `r = w·exp(η)`, Breslow's event time contributes `Σ w η - W ln Σ r`. Efron's has a step for each of its `D` deaths, in which those
//! who die count with the factor `1 - k/D` and the weight is `W/D`. Everything that is derived from a fit is a sum over the same steps.

use ndarray::Array2;

use super::evaluation::Evaluation;
use super::exact;
use super::model::{CoxModel, Ties};
use super::risk_sets::Block;

/// One term of the likelihood: a set of patients at risk.
pub struct Step<'a> {
    /// The time that it belongs to.
    pub block: &'a Block,
    /// By how much those who die count less.
    pub fraction: f64,
    /// Its weight.
    pub weight: f64,
    /// The sum of the risks.
    pub total: f64,
    /// Means of the covariates, weighted by risk.
    pub mean: Vec<f64>,
    /// Their covariance.
    pub covariance: Array2<f64>,
    /// Their third central moments, where they were asked for: `[j][k][l]` in one row.
    pub third: Vec<f64>,
}

/// Sums over patients of risk, times covariates, times their products.
#[derive(Clone)]
struct Sums {
    s0: f64,
    s1: Vec<f64>,
    s2: Vec<f64>,
    s3: Vec<f64>,
}

impl Sums {
    fn new(p: usize, third: bool) -> Self {
        let cubes = if third { p * p * p } else { 0 };
        Self { s0: 0.0, s1: vec![0.0; p], s2: vec![0.0; p * p], s3: vec![0.0; cubes] }
    }

    fn add(&mut self, r: f64, x: &[f64]) {
        let p = x.len();
        self.s0 += r;
        for j in 0..p {
            let rx = r * x[j];
            self.s1[j] += rx;
            for k in 0..p {
                let rxx = rx * x[k];
                self.s2[j * p + k] += rxx;
                if !self.s3.is_empty() {
                    (0..p).for_each(|l| self.s3[(j * p + k) * p + l] += rxx * x[l]);
                }
            }
        }
    }

    /// These sums less a share of others.
    fn less(&self, share: f64, others: &Self) -> Self {
        let less = |own: &[f64], theirs: &[f64]| own.iter().zip(theirs).map(|(a, b)| a - share * b).collect();
        Self {
            s0: self.s0 - share * others.s0,
            s1: less(&self.s1, &others.s1),
            s2: less(&self.s2, &others.s2),
            s3: less(&self.s3, &others.s3),
        }
    }

    fn into_step(self, block: &Block, fraction: f64, weight: f64) -> Step<'_> {
        let p = self.s1.len();
        let mean: Vec<f64> = self.s1.iter().map(|sum| sum / self.s0).collect();
        let raw = |j: usize, k: usize| self.s2[j * p + k] / self.s0;
        let covariance = Array2::from_shape_fn((p, p), |(j, k)| raw(j, k) - mean[j] * mean[k]);
        let mut third = vec![0.0; self.s3.len()];
        for (at, value) in third.iter_mut().enumerate() {
            let (j, k, l) = (at / (p * p), at / p % p, at % p);
            *value = self.s3[at] / self.s0 - mean[j] * raw(k, l) - mean[k] * raw(j, l) - mean[l] * raw(j, k)
                + 2.0 * mean[j] * mean[k] * mean[l];
        }
        Step { block, fraction, weight, total: self.s0, mean, covariance, third }
    }
}

impl CoxModel {
    /// Linear predictors of the standardised covariates.
    pub(super) fn predictors(&self, beta: &[f64]) -> Vec<f64> {
        self.x.rows().into_iter().map(|row| row.iter().zip(beta).map(|(x, b)| x * b).sum()).collect()
    }

    /// Visits every step of the likelihood at the linear predictors `eta`, latest times first.
    pub(super) fn for_each_step(&self, eta: &[f64], third: bool, mut visit: impl FnMut(Step<'_>)) {
        let p = self.columns();
        let mut at_risk = Sums::new(p, third);
        for block in &self.sets.blocks {
            if block.opens_stratum {
                at_risk = Sums::new(p, third);
            }
            let mut dying = Sums::new(p, third);
            let mut weight = 0.0;
            for place in block.rows.clone() {
                let row = self.sets.order[place];
                let r = self.weights[row] * eta[row].exp();
                let x = self.x.row(row).to_vec();
                at_risk.add(r, &x);
                if block.dead().contains(&place) {
                    dying.add(r, &x);
                    weight += self.weights[row];
                }
            }
            let steps = if self.ties == Ties::Breslow { block.deaths.min(1) } else { block.deaths };
            for step in 0..steps {
                let fraction = step as f64 / steps as f64;
                let sums = at_risk.less(fraction, &dying);
                visit(sums.into_step(block, fraction, weight / steps as f64));
            }
        }
    }

    /// The likelihood at `beta`, for standardised covariates.
    pub(super) fn evaluate(&self, beta: &[f64]) -> Evaluation {
        let eta = self.predictors(beta);
        if self.ties == Ties::Exact { exact::evaluate(self, &eta) } else { self.evaluate_steps(&eta) }
    }

    fn evaluate_steps(&self, eta: &[f64]) -> Evaluation {
        let p = self.columns();
        let mut at = self.observed(eta);
        self.for_each_step(eta, false, |step| {
            at.log_likelihood -= step.weight * step.total.ln();
            (0..p).for_each(|j| at.score[j] -= step.weight * step.mean[j]);
            at.information.scaled_add(step.weight, &step.covariance);
        });
        at
    }

    /// What the patients with the event contribute.
    pub(super) fn observed(&self, eta: &[f64]) -> Evaluation {
        let p = self.columns();
        let mut sum =
            Evaluation { log_likelihood: 0.0, score: vec![0.0; p], information: Array2::zeros((p, p)) };
        for row in (0..self.patients()).filter(|&row| self.outcomes.events()[row]) {
            sum.log_likelihood += self.weights[row] * eta[row];
            (0..p).for_each(|j| sum.score[j] += self.weights[row] * self.x[[row, j]]);
        }
        sum
    }
}
