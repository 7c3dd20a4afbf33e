//! A gamma regression with a straight line: the expectation of `y` is `a + b x`, its standard deviation is in proportion to it.

/// Rounds at most.
const MAX_ROUNDS: usize = 21;
/// What a further step must promise to be taken.
const TOLERANCE: f64 = 1e-6;
/// Variances are raised to this share of the largest.
const LEAST_VARIANCE: f64 = 1e-3;

/// `(a, b)`: by least squares where there is too little to iterate with; `None` where even that has no answer.
pub(super) fn gamma_regression(x: &[f64], y: &[f64]) -> Option<(f64, f64)> {
    let n = y.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let spread: f64 = x.iter().map(|x| (x - mean_x) * (x - mean_x)).sum();
    if y.is_empty() || spread <= 0.0 {
        return None;
    }
    let slope = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / spread;
    let least_squares = (mean_y - slope * mean_x, slope);
    let different = x.iter().filter(|x| x.abs() > 1e-15).count();
    if y.len() <= 2 || different < 2 || spread / (n - 1.0) <= 1e-15 {
        return Some(least_squares);
    }
    let line = Line { x, y };
    let start = if x.iter().all(|x| least_squares.0 + least_squares.1 * x >= 0.0) {
        least_squares
    } else {
        (mean_y, 0.0)
    };
    Some(line.iterate(start))
}

struct Line<'a> {
    x: &'a [f64],
    y: &'a [f64],
}

impl Line<'_> {
    /// Scoring with a damped information (Levenberg).
    fn iterate(&self, start: (f64, f64)) -> (f64, f64) {
        let mut at = start;
        let mut deviance = self.deviance(at);
        let mut damping = None;
        for _ in 0..MAX_ROUNDS {
            let (score, information) = self.slopes(at);
            let largest = information.0.max(information.2);
            let mut own = damping.unwrap_or(0.5 * (information.0 + information.2) / 2.0);
            let mut tries = 0;
            let step = loop {
                tries += 1;
                let step = solve(information, own, score);
                let there = (at.0 + step.0, at.1 + step.1);
                let found = self.deviance(there);
                if found <= deviance {
                    (at, deviance) = (there, found);
                    break step;
                }
                own *= 2.0;
                if own / largest > 1e15 || own.is_nan() {
                    return at;
                }
            };
            if score.0 * step.0 + score.1 * step.1 < TOLERANCE {
                break;
            }
            damping = Some(if tries == 1 { own / 10.0 } else { own });
        }
        at
    }

    /// Twice the loss of log likelihood; infinite where an expectation is negative.
    fn deviance(&self, (a, b): (f64, f64)) -> f64 {
        let mut total = 0.0;
        for (x, y) in self.x.iter().zip(self.y) {
            let mean = a + b * x;
            if mean < 0.0 {
                return f64::INFINITY;
            }
            if *y < 1e-15 && mean < 1e-15 {
                continue;
            }
            total += 2.0 * ((y - mean) / mean - (y / mean).ln());
        }
        total
    }

    fn slopes(&self, (a, b): (f64, f64)) -> ((f64, f64), (f64, f64, f64)) {
        let means: Vec<f64> = self.x.iter().map(|x| a + b * x).collect();
        let floor = means.iter().map(|m| m * m).fold(0.0, f64::max) * LEAST_VARIANCE;
        let (mut score, mut information) = ((0.0, 0.0), (0.0, 0.0, 0.0));
        for ((x, y), mean) in self.x.iter().zip(self.y).zip(means) {
            let variance = (mean * mean).max(floor);
            let residual = (y - mean) / variance;
            score.0 += residual;
            score.1 += residual * x;
            information.0 += 1.0 / variance;
            information.1 += x / variance;
            information.2 += x * x / variance;
        }
        (score, information)
    }
}

/// Solves the damped symmetric system.
fn solve((a, b, c): (f64, f64, f64), damping: f64, (u, v): (f64, f64)) -> (f64, f64) {
    let (a, c) = (a + damping, c + damping);
    let determinant = a * c - b * b;
    ((c * u - b * v) / determinant, (a * v - b * u) / determinant)
}
