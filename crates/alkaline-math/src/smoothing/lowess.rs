//! Robust locally weighted regression (lowess) of one curve.
//!
//! Reference: Cleveland (1979), J Am Stat Assoc 74:829, doi:10.1080/01621459.1979.10481038, for the fits and the weights; R's
//! manual (`?lowess`) for `delta`: local lines are fitted at points more than that apart, the rest is interpolated. What neither
//! tells was found by comparison with the answers of R's `lowess`: which share of a distance counts as nothing or all of it,
//! from which spread of its points a window has a slope, and that the fit stops when residuals are rounding noise.

use crate::order_statistics::ascending_order;

/// Shares of a window, or of six median residuals, below and above which a distance counts as none and as all of it.
const INNER: f64 = 0.001;
const OUTER: f64 = 0.999;

/// What to smooth with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lowess {
    /// Share of the points that each local fit uses (R's `f`).
    pub span: f64,
    /// Robustifying rounds (R's `iter`).
    pub robust_rounds: usize,
    /// Points this near the last fitted one are interpolated.
    pub delta: f64,
}

/// Fitted values, in the order of the input.
#[must_use]
pub fn lowess_fit(x: &[f64], y: &[f64], settings: &Lowess) -> Vec<f64> {
    let order = ascending_order(x);
    let sorted_x: Vec<f64> = order.iter().map(|&i| x[i]).collect();
    let sorted_y: Vec<f64> = order.iter().map(|&i| y[i]).collect();
    let fitted = fit_sorted(&sorted_x, &sorted_y, settings);
    let mut out = vec![0.0; x.len()];
    order.iter().zip(fitted).for_each(|(&i, value)| out[i] = value);
    out
}

fn fit_sorted(x: &[f64], y: &[f64], settings: &Lowess) -> Vec<f64> {
    let n = x.len();
    if n < 2 {
        return y.to_vec();
    }
    let neighbours = ((settings.span * n as f64 + 1e-7) as usize).clamp(2, n);
    let mut weights: Option<Vec<f64>> = None;
    let mut fitted = Vec::new();
    for round in 0..=settings.robust_rounds {
        fitted = one_round(x, y, neighbours, settings.delta, weights.as_deref());
        if round < settings.robust_rounds {
            match robustness_weights(y, &fitted) {
                Some(new) => weights = Some(new),
                None => break,
            }
        }
    }
    fitted
}

/// Local fits at anchors at least `delta` apart, straight lines between them.
fn one_round(x: &[f64], y: &[f64], neighbours: usize, delta: f64, robustness: Option<&[f64]>) -> Vec<f64> {
    let n = x.len();
    let mut fitted = vec![0.0; n];
    let mut left = 0;
    let mut last: Option<usize> = None;
    let mut i = 0;
    loop {
        while left + neighbours < n && x[i] - x[left] > x[left + neighbours] - x[i] {
            left += 1;
        }
        fitted[i] = local_line(x, y, i, left, left + neighbours - 1, robustness).unwrap_or(y[i]);
        if let Some(from) = last {
            interpolate(x, &mut fitted, from, i);
        }
        let mut anchor = i;
        let limit = x[anchor] + delta;
        let mut next = anchor + 1;
        while next < n && x[next] <= limit {
            if x[next] == x[anchor] {
                fitted[next] = fitted[anchor];
                anchor = next;
            }
            next += 1;
        }
        last = Some(anchor);
        if anchor + 1 >= n {
            return fitted;
        }
        i = (anchor + 1).max(next - 1);
    }
}

fn interpolate(x: &[f64], fitted: &mut [f64], from: usize, to: usize) {
    let span = x[to] - x[from];
    for j in from + 1..to {
        let share = (x[j] - x[from]) / span;
        fitted[j] = share * fitted[to] + (1.0 - share) * fitted[from];
    }
}

/// The value at `x[at]` of the line through its neighbours; `None` when no point has a weight.
///
/// Points that tie with the outermost neighbour belong to the window too. Weights are tricube in the distance over that of
/// the furthest neighbour (Cleveland 1979, section 2).
fn local_line(
    x: &[f64],
    y: &[f64],
    at: usize,
    left: usize,
    right: usize,
    robustness: Option<&[f64]>,
) -> Option<f64> {
    let centre = x[at];
    let reach = (centre - x[left]).max(x[right] - centre);
    let end = x.partition_point(|x| x - centre <= OUTER * reach);
    let mut weights: Vec<f64> = (left..end)
        .map(|j| tricube((x[j] - centre).abs(), reach) * robustness.map_or(1.0, |weights| weights[j]))
        .collect();
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return None;
    }
    weights.iter_mut().for_each(|w| *w /= total);
    if reach > 0.0 {
        tilt(&mut weights, &x[left..], centre, x[x.len() - 1] - x[0]);
    }
    Some(weights.iter().zip(&y[left..]).map(|(w, y)| w * y).sum())
}

/// Tricube weight; distances at the very ends of the window count as nothing and as all of it.
fn tricube(distance: f64, reach: f64) -> f64 {
    if distance > OUTER * reach {
        0.0
    } else if distance <= INNER * reach {
        1.0
    } else {
        (1.0 - (distance / reach).powi(3)).powi(3)
    }
}

/// Turns weights of a mean into weights of a line's value at `centre`, when the points spread enough for a slope.
fn tilt(weights: &mut [f64], x: &[f64], centre: f64, range: f64) {
    let mean: f64 = weights.iter().zip(x).map(|(w, x)| w * x).sum();
    let spread: f64 = weights.iter().zip(x).map(|(w, x)| w * (x - mean) * (x - mean)).sum();
    if spread.sqrt() > 0.001 * range {
        let slope = (centre - mean) / spread;
        weights.iter_mut().zip(x).for_each(|(w, x)| *w *= slope * (x - mean) + 1.0);
    }
}

/// Bisquare weights from residuals; `None` when the fit is already exact.
fn robustness_weights(y: &[f64], fitted: &[f64]) -> Option<Vec<f64>> {
    let mut residuals: Vec<f64> = y.iter().zip(fitted).map(|(y, f)| (y - f).abs()).collect();
    let scale = residuals.iter().sum::<f64>() / residuals.len() as f64;
    let six_mad = 6.0 * crate::order_statistics::median(&mut residuals.clone());
    if six_mad < 1e-7 * scale {
        return None;
    }
    residuals.iter_mut().for_each(|r| *r = bisquare(*r, six_mad));
    Some(residuals)
}

/// Bisquare weight (Cleveland 1979, section 2); the ends as for [`tricube`].
fn bisquare(residual: f64, limit: f64) -> f64 {
    if residual > OUTER * limit {
        0.0
    } else if residual <= INNER * limit {
        1.0
    } else {
        let u = residual / limit;
        (1.0 - u * u) * (1.0 - u * u)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `lowess(x, y, f = 0.5, iter = 3, delta = 0.2)$y` in R.
    #[test]
    fn robust_fit_is_that_of_r() {
        let x: Vec<f64> = (1..=30).map(|i| f64::from(i * i) / 90.0).collect();
        let y: Vec<f64> = (1..=30).map(|i| f64::from(i * 7 % 11) + if i == 9 { 40.0 } else { 0.0 }).collect();
        let fitted = lowess_fit(&x, &y, &Lowess { span: 0.5, robust_rounds: 3, delta: 0.2 });
        for (i, expected) in
            [(0, 6.003_580_727_258_307), (8, 4.402_189_778_434_697), (29, 4.314_413_037_277_238)]
        {
            assert!((fitted[i] - expected).abs() < 1e-12, "{i}: {:.16}", fitted[i]);
        }
    }
}
