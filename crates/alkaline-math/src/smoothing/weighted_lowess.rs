//! Lowess with prior weights: local lines at anchor points, straight lines between them.
//!
//! Reference: Cleveland (1979), doi:10.1080/01621459.1979.10481038. The generalisation to weights is the one that limma's
//! manual describes (`?weightedLowess`): a window holds the nearest points whose weights add up to the span's share of the
//! total, and the weights of a local line are prior weight times tricube. How the distance of anchors follows from their
//! number was found by asking limma for its `delta` on chosen data: see [`WeightedLowess::anchors`].

use crate::order_statistics::ascending_order;

/// Squared spread of a window below which it has no slope.
const NO_SPREAD: f64 = 1e-14;

/// What to smooth with. One round, without robustness weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedLowess {
    /// Share of the total weight that each local fit uses.
    pub span: f64,
    /// About how many local lines to fit. Anchors are at least `delta` apart, the smallest value for which `k` gaps larger
    /// than it and `anchors - k` steps of its length cover the range, over all `k`.
    pub anchors: usize,
}

/// Fitted values, in the order of the input.
///
/// # Panics
/// When the slices differ in length.
#[must_use]
pub fn weighted_lowess_fit(x: &[f64], y: &[f64], weights: &[f64], settings: &WeightedLowess) -> Vec<f64> {
    assert!(x.len() == y.len() && x.len() == weights.len(), "one value and one weight per point");
    if x.len() < 2 {
        return y.to_vec();
    }
    let order = ascending_order(x);
    let sorted = |values: &[f64]| -> Vec<f64> { order.iter().map(|&i| values[i]).collect() };
    let points = Points { x: sorted(x), y: sorted(y), weights: sorted(weights) };
    let wanted = settings.span * points.weights.iter().sum::<f64>();
    let mut fitted = vec![0.0; x.len()];
    let mut previous = 0;
    for anchor in anchors(&points.x, settings.anchors) {
        fitted[anchor] = points.local_line(anchor, wanted);
        points.interpolate(&mut fitted, previous, anchor);
        previous = anchor;
    }
    let mut out = vec![0.0; x.len()];
    order.iter().zip(fitted).for_each(|(&i, value)| out[i] = value);
    out
}

/// Fitted values of the weighted regression line through all points.
#[must_use]
pub fn weighted_line(x: &[f64], y: &[f64], weights: &[f64]) -> Vec<f64> {
    let line = Line::through(x, y, weights);
    x.iter().map(|x| line.at(*x)).collect()
}

/// A straight line in terms of the weighted means it goes through.
struct Line {
    mean_x: f64,
    mean_y: f64,
    slope: f64,
}

impl Line {
    fn through(x: &[f64], y: &[f64], weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mean = |values: &[f64]| weights.iter().zip(values).map(|(k, v)| k * v).sum::<f64>() / total;
        let (mean_x, mean_y) = (mean(x), mean(y));
        let (mut spread, mut joint) = (0.0, 0.0);
        for ((weight, x), y) in weights.iter().zip(x).zip(y) {
            let offset = x - mean_x;
            spread += weight / total * offset * offset;
            joint += weight / total * offset * y;
        }
        Self { mean_x, mean_y, slope: if spread < NO_SPREAD { 0.0 } else { joint / spread } }
    }

    fn at(&self, x: f64) -> f64 {
        self.mean_y + self.slope * (x - self.mean_x)
    }
}

/// Places in the sorted covariate at which local lines are fitted: the first, each next beyond reach of the one before, the last.
fn anchors(x: &[f64], wanted: usize) -> Vec<usize> {
    let reach = anchor_distance(x, wanted);
    let mut places = vec![0];
    for i in 1..x.len() - 1 {
        if x[i] - x[places[places.len() - 1]] > reach {
            places.push(i);
        }
    }
    places.push(x.len() - 1);
    places
}

/// The distance of anchors that makes about `wanted` of them; zero when there are no more distinct values.
fn anchor_distance(x: &[f64], wanted: usize) -> f64 {
    let mut gaps: Vec<f64> = x.windows(2).map(|pair| pair[1] - pair[0]).collect();
    if gaps.iter().filter(|gap| **gap > 0.0).count() < wanted {
        return 0.0;
    }
    gaps.sort_unstable_by(f64::total_cmp);
    let mut covered = 0.0;
    let totals: Vec<f64> = gaps
        .iter()
        .map(|gap| {
            covered += gap;
            covered
        })
        .collect();
    let jumps = 0..wanted.min(totals.len());
    jumps.map(|k| totals[totals.len() - 1 - k] / (wanted - k) as f64).fold(f64::INFINITY, f64::min)
}

/// Points in the order of their covariate.
struct Points {
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
}

impl Points {
    /// The nearest points of `at` whose weights reach `wanted`, and all that tie with the outermost.
    fn window(&self, at: usize, wanted: f64) -> (usize, usize) {
        let (x, last) = (&self.x, self.x.len() - 1);
        let (mut left, mut right) = (at, at);
        let mut total = self.weights[at];
        while total < wanted && (left > 0 || right < last) {
            let leftwards = right == last || left > 0 && x[at] - x[left - 1] < x[right + 1] - x[at];
            if leftwards {
                left -= 1;
                total += self.weights[left];
            } else {
                right += 1;
                total += self.weights[right];
            }
        }
        while left > 0 && x[left - 1] == x[left] {
            left -= 1;
        }
        while right < last && x[right + 1] == x[right] {
            right += 1;
        }
        (left, right)
    }

    /// The value at `at` of the weighted line through its window.
    fn local_line(&self, at: usize, wanted: f64) -> f64 {
        let (left, right) = self.window(at, wanted);
        let centre = self.x[at];
        let reach = (centre - self.x[left]).max(self.x[right] - centre);
        let near = |i: usize| {
            let distance = if reach > 0.0 { (self.x[i] - centre).abs() / reach } else { 0.0 };
            (1.0 - distance.powi(3)).max(0.0).powi(3) * self.weights[i]
        };
        let kernel: Vec<f64> = (left..=right).map(near).collect();
        if kernel.iter().all(|weight| *weight <= 0.0) {
            return self.y[at];
        }
        Line::through(&self.x[left..=right], &self.y[left..=right], &kernel).at(centre)
    }

    fn interpolate(&self, fitted: &mut [f64], from: usize, to: usize) {
        let distance = self.x[to] - self.x[from];
        for j in from + 1..to {
            let share = if distance > 0.0 { (self.x[j] - self.x[from]) / distance } else { 1.0 };
            fitted[j] = fitted[from] + share * (fitted[to] - fitted[from]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let x = (1..=300).map(|i| f64::from(i * i) / 90.0 + f64::from(i * 37 % 11)).collect();
        let y = (1..=300).map(|i| f64::from(i * 7 % 11) + f64::from(i) / 50.0).collect();
        let weights = (1..=300).map(|i| if i % 20 == 0 { 1e-8 } else { f64::from(1 + i * 5 % 13) }).collect();
        (x, y, weights)
    }

    /// `weightedLowess(x, y, w, span = 0.3, iterations = 1, npts = N)$fitted` of limma 3.54.
    #[test]
    fn fit_is_that_of_limma() {
        let (x, y, weights) = example();
        for (anchors, expected) in LIMMA {
            let fitted = weighted_lowess_fit(&x, &y, &weights, &WeightedLowess { span: 0.3, anchors });
            for (i, value) in [(0, expected[0]), (150, expected[1]), (299, expected[2])] {
                assert!((fitted[i] - value).abs() < 1e-11, "{i}: {:.16} {value}", fitted[i]);
            }
        }
    }
    const LIMMA: [(usize, [f64; 3]); 2] = [
        (200, [5.489_221_420_989_402, 8.207_915_771_105_022, 10.791_791_668_817_593]),
        (20, [5.500_906_797_718_108, 8.193_717_549_802_448, 10.791_791_668_817_593]),
    ];

    #[test]
    fn lines_are_kept() {
        let (x, _, weights) = example();
        let y: Vec<f64> = x.iter().map(|x| 2.0 - 0.5 * x).collect();
        let fitted = weighted_lowess_fit(&x, &y, &weights, &WeightedLowess { span: 0.4, anchors: 30 });
        assert!(fitted.iter().zip(&y).all(|(f, y)| (f - y).abs() < 1e-9));
    }
}
