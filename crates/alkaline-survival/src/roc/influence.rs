//! What each patient contributes to a weighted area: as a case, as a control, and through the weights of all others.

use super::curve::distinct;

/// The martingale of censoring, by which the estimated weights depend on each patient.
///
/// timeROC counts those at risk by *rows* of the ordered table, so that with ties the order of the rows matters; Score counts them by time.
/// Without ties the two are the same.
pub struct Martingale<'a> {
    pub times: &'a [f64],
    pub events: &'a [bool],
    pub by_row: bool,
}

/// How one patient moves the weight of another: a jump where the one is censored no later, less the drift while both are followed.
struct Movement {
    /// How many steps the weight of a patient has seen.
    seen: Vec<usize>,
    /// How many steps a patient has taken part in.
    shared: Vec<usize>,
    /// What a censored patient adds to the weights that have seen its censoring.
    jump: Vec<f64>,
    /// The step of its censoring; beyond all for the others.
    censored_at: Vec<usize>,
    /// Sums over the first so many steps.
    drift: Vec<f64>,
}

impl Movement {
    fn still(n: usize, steps: usize) -> Self {
        let nowhere = || vec![usize::MAX; n];
        let zeros = || vec![0; n];
        let drift = vec![0.0; steps + 1];
        Self { seen: zeros(), shared: zeros(), jump: vec![0.0; n], censored_at: nowhere(), drift }
    }

    /// The relative change of the weight of the patient `of`, due to the patient `by`.
    fn between(&self, of: usize, by: usize) -> f64 {
        let jump = if self.censored_at[by] <= self.seen[of] { self.jump[by] } else { 0.0 };
        jump - self.drift[self.seen[of].min(self.shared[by])]
    }
}

impl Martingale<'_> {
    fn movement(&self) -> Movement {
        if self.by_row { self.movement_by_row() } else { self.movement_by_time() }
    }

    /// Steps are rows of the ordered table, and a weight has seen its own.
    fn movement_by_row(&self) -> Movement {
        let n = self.times.len();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| self.times[a].total_cmp(&self.times[b]));
        let left = |row: usize| (n - row) as f64;
        let mut movement = Movement::still(n, n);
        let mut first = 0;
        for (row, &patient) in order.iter().enumerate() {
            if self.times[patient] != self.times[order[first]] {
                first = row;
            }
            movement.seen[patient] = row + 1;
            movement.shared[patient] = row + 1;
            let step = if self.events[patient] { 0.0 } else { n as f64 / (left(row) * left(row)) };
            movement.drift[row + 1] = movement.drift[row] + step;
            if !self.events[patient] {
                movement.jump[patient] = n as f64 / left(first);
                movement.censored_at[patient] = first + 1;
            }
        }
        movement
    }

    /// Steps are distinct times, and a weight has seen those before its own.
    fn movement_by_time(&self) -> Movement {
        let n = self.times.len();
        let times = distinct(self.times);
        let mut movement = Movement::still(n, times.len());
        let mut at_risk = n as f64;
        for (at, &time) in times.iter().enumerate() {
            let here: Vec<usize> = (0..n).filter(|&patient| self.times[patient] == time).collect();
            let censored = here.iter().filter(|&&patient| !self.events[patient]).count() as f64;
            movement.drift[at + 1] = movement.drift[at] + censored * n as f64 / (at_risk * at_risk);
            for &patient in &here {
                movement.seen[patient] = at;
                movement.shared[patient] = at + 1;
                if !self.events[patient] {
                    movement.jump[patient] = n as f64 / at_risk;
                    movement.censored_at[patient] = at + 1;
                }
            }
            at_risk -= here.len() as f64;
        }
        movement
    }
}

/// The influence function of the area, patient by patient.
pub fn influence(marker: &[f64], cases: &[f64], controls: &[f64], martingale: &Martingale<'_>) -> Vec<f64> {
    let n = marker.len() as f64;
    let (by_case, by_control) = pair_sums(marker, cases, controls);
    let psi = by_case.iter().sum::<f64>() / (n * n);
    let case_mean = cases.iter().sum::<f64>() / n;
    let control_mean = controls.iter().sum::<f64>() / n;
    let is_control = controls.iter().filter(|&&weight| weight > 0.0).count() as f64 / n;
    let movement = martingale.movement();
    let moved: Vec<usize> = (0..marker.len()).filter(|&i| cases[i] > 0.0).collect();
    let one = |k: usize| {
        // the weights of the cases, which the patient takes part in estimating
        let through_weights: f64 = moved
            .iter()
            .map(|&i| (by_case[i] / n - psi * cases[i] / case_mean) * movement.between(i, k))
            .sum();
        let as_control = by_control[k] - n * psi;
        let own = if controls[k] > 0.0 { 1.0 / is_control } else { 0.0 };
        let as_case = by_case[k] - n * psi * (own + (cases[k] - case_mean) / case_mean);
        (through_weights + as_control + as_case) / (n * case_mean * control_mean)
    };
    (0..marker.len()).map(one).collect()
}

/// For each patient the weighted pairs that it wins as a case, and those that it loses as a control.
fn pair_sums(marker: &[f64], cases: &[f64], controls: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (mut by_case, mut by_control) = (vec![0.0; marker.len()], vec![0.0; marker.len()]);
    for i in (0..marker.len()).filter(|&i| cases[i] > 0.0) {
        for j in (0..marker.len()).filter(|&j| controls[j] > 0.0) {
            let won = if marker[i] > marker[j] {
                1.0
            } else if marker[i] == marker[j] {
                0.5
            } else {
                continue;
            };
            let pair = cases[i] * controls[j] * won;
            by_case[i] += pair;
            by_control[j] += pair;
        }
    }
    (by_case, by_control)
}
