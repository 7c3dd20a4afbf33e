//! One model a marker, for thousands of markers: the order of the patients is found once, and a model with one covariate needs no matrix.
//!
//! The same likelihood, the same stopping rule and the same estimates as [`fit`](super::fit) gives, marker by marker.

use alkaline_math::special::{WIDE, Wide, exp_wide};
use ndarray::ArrayView2;
use rayon::prelude::*;

use super::model::Ties;
use super::risk_sets::RiskSets;
use crate::probability::normal_p;
use crate::{Outcomes, SurvivalError};

/// The relative change of the log-likelihood that ends the search.
const ENOUGH: f64 = 1e-9;
/// Evaluations at most.
const MOST_ROUNDS: usize = 20;
/// One more step larger than this part of the coefficient means that it has not settled.
const FAR_FROM_DONE: f64 = 3.162_277_660_168_379_5e-5;
/// Spread, relative to the mean, below which a marker is constant.
const CONSTANT: f64 = 1e-14;

/// What one marker says about survival.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScanRow {
    /// Patients with a value.
    pub patients: usize,
    /// Events among them.
    pub events: usize,
    /// The log hazard ratio a unit; NaN where it cannot be estimated.
    pub coefficient: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Wald's P.
    pub p: f64,
    /// The log-likelihood without the marker and with it.
    pub log_likelihoods: (f64, f64),
    /// The statistic of the score test.
    pub score: f64,
    /// Evaluations of the likelihood.
    pub iterations: usize,
    /// Whether the coefficient may be infinite.
    pub infinite: bool,
}

/// The order of the patients, found once for all markers.
#[derive(Clone, Debug)]
pub struct Scan {
    rows: Vec<usize>,
    blocks: Vec<Block>,
    efron: bool,
}

/// Patients of one time: how many, how many with the event, and whether a stratum begins.
#[derive(Clone, Copy, Debug)]
struct Block {
    length: usize,
    deaths: usize,
    opens_stratum: bool,
}

impl Scan {
    /// Prepares the outcomes.
    ///
    /// # Errors
    /// When strata are not one a patient, or ties are to be treated exactly.
    pub fn new(outcomes: &Outcomes, strata: Option<&[usize]>, ties: Ties) -> Result<Self, SurvivalError> {
        if ties == Ties::Exact {
            return Err(SurvivalError::NotForExact { what: "the scan over markers" });
        }
        let strata = strata.map_or_else(|| vec![0; outcomes.len()], <[usize]>::to_vec);
        outcomes.expect_length("the list of strata", strata.len())?;
        let sets = RiskSets::new(outcomes, &strata);
        let blocks = sets.blocks.iter().map(|block| Block {
            length: block.rows.len(),
            deaths: block.deaths,
            opens_stratum: block.opens_stratum,
        });
        Ok(Self { blocks: blocks.collect(), rows: sets.order, efron: ties == Ties::Efron })
    }

    /// One model for each row of `markers`, whose columns are the patients; missing values are NaN.
    #[must_use]
    pub fn all(&self, markers: ArrayView2<'_, f64>) -> Vec<ScanRow> {
        let rows: Vec<_> = markers.rows().into_iter().collect();
        rows.into_par_iter().map(|row| self.marker(&row.to_vec())).collect()
    }

    /// The model of one marker, given for each patient; missing values are NaN.
    #[must_use]
    pub fn marker(&self, values: &[f64]) -> ScanRow {
        let mut x: Vec<f64> = self.rows.iter().map(|&row| values[row]).collect();
        let mut blocks = std::borrow::Cow::Borrowed(&self.blocks);
        if x.iter().any(|value| !value.is_finite()) {
            blocks = std::borrow::Cow::Owned(self.without_missing(&x));
            x.retain(|value| value.is_finite());
        }
        let scale = standardise(&mut x);
        let events = blocks.iter().map(|block| block.deaths).sum();
        Kernel { x: &x, blocks: &blocks, efron: self.efron }.fit(scale, events)
    }

    /// The blocks of those with a value.
    fn without_missing(&self, x: &[f64]) -> Vec<Block> {
        let mut left = Vec::with_capacity(self.blocks.len());
        let (mut start, mut opens) = (0, false);
        for block in &self.blocks {
            opens |= block.opens_stratum;
            let kept = |from: usize, to: usize| x[from..to].iter().filter(|value| value.is_finite()).count();
            let length = kept(start, start + block.length);
            let deaths = kept(start, start + block.deaths);
            start += block.length;
            if length > 0 {
                left.push(Block { length, deaths, opens_stratum: opens });
                opens = false;
            }
        }
        left
    }
}

/// Centres and scales, unless the values are indicators; the scale, or `None` where the values do not vary.
fn standardise(x: &mut [f64]) -> Option<f64> {
    let n = x.len() as f64;
    let first = *x.first()?;
    if x.iter().all(|&value| value == first) {
        return None;
    }
    if x.iter().all(|&value| value == 0.0 || value.abs() == 1.0) {
        return Some(1.0);
    }
    let mean = x.iter().sum::<f64>() / n;
    let spread = x.iter().map(|value| (value - mean).abs()).sum::<f64>() / n;
    if spread.is_nan() || spread <= CONSTANT * mean.abs() {
        return None;
    }
    x.iter_mut().for_each(|value| *value = (*value - mean) / spread);
    Some(spread)
}

/// The log-likelihood with its first derivative and minus its second.
#[derive(Clone, Copy)]
struct At {
    height: f64,
    score: f64,
    information: f64,
}

struct Kernel<'a> {
    x: &'a [f64],
    blocks: &'a [Block],
    efron: bool,
}

impl Kernel<'_> {
    fn fit(&self, scale: Option<f64>, events: usize) -> ScanRow {
        let mut risks = vec![1.0; self.x.len()];
        let start = self.at(0.0, &risks);
        let mut row = ScanRow {
            patients: self.x.len(),
            events,
            coefficient: f64::NAN,
            standard_error: f64::NAN,
            p: f64::NAN,
            log_likelihoods: (start.height, start.height),
            score: f64::NAN,
            iterations: 0,
            infinite: false,
        };
        let Some(scale) = scale.filter(|_| events > 0 && start.information > 0.0) else { return row };
        row.score = start.score * start.score / start.information;
        let (mut old, mut best) = (0.0, start);
        let mut beta = start.score / start.information;
        let mut halvings = 0.0;
        for round in 1..=MOST_ROUNDS {
            self.risks(beta, &mut risks);
            let at = self.at(beta, &risks);
            row.iterations = round;
            if at.height.is_finite() && (1.0 - best.height / at.height).abs() <= ENOUGH {
                (old, best) = (beta, at);
                break;
            }
            if !at.height.is_finite() || at.height < best.height {
                halvings += 1.0;
                beta = (beta + halvings * old) / (halvings + 1.0);
                continue;
            }
            halvings = 0.0;
            (old, best) = (beta, at);
            beta += at.score / at.information;
        }
        row.coefficient = old / scale;
        row.standard_error = (1.0 / best.information).sqrt() / scale;
        row.p = normal_p(row.coefficient / row.standard_error);
        row.log_likelihoods.1 = best.height;
        let rest = (best.score / best.information / scale).abs();
        row.infinite = rest > ENOUGH && rest > FAR_FROM_DONE * row.coefficient.abs();
        row
    }

    /// The risks `exp(βx)`, eight at a time.
    fn risks(&self, beta: f64, risks: &mut [f64]) {
        for (x, out) in self.x.chunks(WIDE).zip(risks.chunks_mut(WIDE)) {
            let mut wide: Wide = [0.0; WIDE];
            wide.iter_mut().zip(x).for_each(|(eta, x)| *eta = beta * x);
            out.copy_from_slice(&exp_wide(&wide)[..x.len()]);
        }
    }

    fn at(&self, beta: f64, risks: &[f64]) -> At {
        let mut at = At { height: 0.0, score: 0.0, information: 0.0 };
        let mut risk = [0.0; 3];
        let mut place = 0;
        for block in self.blocks {
            if block.opens_stratum {
                risk = [0.0; 3];
            }
            let mut dying = [0.0; 3];
            let alive = place + block.deaths;
            for (&x, &r) in self.x[place..alive].iter().zip(&risks[place..alive]) {
                add(&mut dying, r, x);
                at.height += beta * x;
                at.score += x;
            }
            (0..3).for_each(|k| risk[k] += dying[k]);
            place += block.length;
            for (&x, &r) in self.x[alive..place].iter().zip(&risks[alive..place]) {
                add(&mut risk, r, x);
            }
            if block.deaths > 0 {
                self.subtract(&mut at, &risk, &dying, block.deaths);
            }
        }
        at
    }

    /// Takes the terms of one event time from the likelihood.
    fn subtract(&self, at: &mut At, risk: &[f64; 3], dying: &[f64; 3], deaths: usize) {
        let steps = if self.efron { deaths } else { 1 };
        let weight = deaths as f64 / steps as f64;
        for step in 0..steps {
            let share = step as f64 / steps as f64;
            let sum = |k: usize| risk[k] - share * dying[k];
            let total = sum(0);
            let mean = sum(1) / total;
            at.height -= weight * total.ln();
            at.score -= weight * mean;
            at.information += weight * (sum(2) / total - mean * mean);
        }
    }
}

fn add(sums: &mut [f64; 3], risk: f64, x: f64) {
    sums[0] += risk;
    sums[1] += risk * x;
    sums[2] += risk * x * x;
}
