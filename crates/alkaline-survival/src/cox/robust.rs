//! The variance that does not believe the model: score residuals, summed within clusters.
//!
//! Reference: Lin & Wei (1989), doi:10.1080/01621459.1989.10478874.

use ndarray::Array2;

use super::ldl::Ldl;
use super::model::{CoxModel, Ties};
use super::sums::dot;

/// What a patient contributes to the score: `Σ (x - x̄) dM` over the steps, and the martingale residual, by patient.
pub struct Contributions {
    pub score: Array2<f64>,
    pub martingale: Vec<f64>,
}

/// Hazard of one time, by whether a patient is one of those who die at it.
#[derive(Clone, Default)]
struct Hazard {
    all: f64,
    dying: f64,
    mean: Vec<f64>,
    mean_dying: Vec<f64>,
    plain_mean: Vec<f64>,
}

/// Contributions of all patients at the linear predictors `eta`, for standardised covariates.
pub fn contributions(model: &CoxModel, eta: &[f64]) -> Contributions {
    let p = model.columns();
    let hazards = hazards(model, eta);
    let mut found = Contributions {
        score: Array2::zeros((model.patients(), p)),
        martingale: vec![0.0; model.patients()],
    };
    let (mut sum, mut means) = (0.0, vec![0.0; p]);
    // forwards in time: the blocks are stored latest first
    for (at, block) in model.sets.blocks.iter().enumerate().rev() {
        let hazard = &hazards[at];
        for place in block.rows.clone() {
            let row = model.sets.order[place];
            let dies = block.dead().contains(&place);
            let (own, mean) =
                if dies { (hazard.dying, &hazard.mean_dying) } else { (hazard.all, &hazard.mean) };
            let risk = eta[row].exp();
            found.martingale[row] = f64::from(u8::from(dies)) - risk * (sum + own);
            for j in 0..p {
                let x = model.x[[row, j]];
                let event = if dies { x - hazard.plain_mean[j] } else { 0.0 };
                found.score[[row, j]] = event - risk * (x * (sum + own) - means[j] - mean[j]);
            }
        }
        sum += hazard.all;
        (0..p).for_each(|j| means[j] += hazard.mean[j]);
        if block.opens_stratum {
            sum = 0.0;
            means.fill(0.0);
        }
    }
    found
}

/// The hazards of every block, in the order of the blocks.
fn hazards(model: &CoxModel, eta: &[f64]) -> Vec<Hazard> {
    let p = model.columns();
    let zeros = || vec![0.0; p];
    let nothing = Hazard { mean: zeros(), mean_dying: zeros(), plain_mean: zeros(), ..Hazard::default() };
    let mut hazards = vec![nothing; model.sets.blocks.len()];
    let place = |start: usize| model.sets.blocks.partition_point(|block| block.rows.start < start);
    let breslow = model.ties == Ties::Breslow;
    model.for_each_step(eta, false, |step| {
        let hazard = &mut hazards[place(step.block.rows.start)];
        let increment = step.weight / step.total;
        let kept = 1.0 - step.fraction;
        let share = if breslow { 1.0 } else { 1.0 / step.block.deaths as f64 };
        hazard.all += increment;
        hazard.dying += kept * increment;
        for j in 0..p {
            hazard.mean[j] += increment * step.mean[j];
            hazard.mean_dying[j] += kept * increment * step.mean[j];
            hazard.plain_mean[j] += share * step.mean[j];
        }
    });
    hazards
}

/// The robust covariance of the coefficients of standardised covariates; `inverse` is the inverse information.
pub fn variance(model: &CoxModel, eta: &[f64], inverse: &Array2<f64>) -> Array2<f64> {
    let dfbeta = clustered(model, &contributions(model, eta).score).dot(inverse);
    dfbeta.t().dot(&dfbeta)
}

/// The robust score statistic at zero.
pub fn score_test(model: &CoxModel) -> f64 {
    let sums = clustered(model, &contributions(model, &vec![0.0; model.patients()]).score);
    let score: Vec<f64> = sums.columns().into_iter().map(|column| column.sum()).collect();
    dot(&Ldl::new(&sums.t().dot(&sums)).solve(&score), &score)
}

/// Weighted contributions, summed within clusters.
fn clustered(model: &CoxModel, score: &Array2<f64>) -> Array2<f64> {
    let own: Vec<usize> = (0..model.patients()).collect();
    let clusters = model.clusters.as_ref().unwrap_or(&own);
    let count = clusters.iter().max().map_or(0, |last| last + 1);
    let mut sums = Array2::zeros((count, score.ncols()));
    for (row, &cluster) in clusters.iter().enumerate() {
        sums.row_mut(cluster).scaled_add(model.weights[row], &score.row(row));
    }
    sums
}
