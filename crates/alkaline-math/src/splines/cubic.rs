//! The cubic spline through equally informative knots, and the maximum of it.
//!
//! End conditions of Forsythe, Malcolm & Moler (1977), Computer Methods for Mathematical Computations, ch. 4: the third
//! derivative at each end is that of the cubic through the four end points. The spline is linear in the ordinates, so the
//! tridiagonal system is factored once for all curves over the same knots. Upstream: edgeR `maximizeInterpolant`.

/// Factored spline over fixed knots.
#[derive(Clone, Debug)]
pub struct SplineMaximiser {
    knots: Vec<f64>,
    widths: Vec<f64>,
    inverse_widths: Vec<f64>,
    /// Elimination multipliers and reciprocals of the pivots.
    multipliers: Vec<f64>,
    inverse_pivots: Vec<f64>,
}

/// `y + b h + c h² + d h³` on one segment, `h` from its left knot.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cubic {
    y: f64,
    b: f64,
    c: f64,
    d: f64,
}

impl SplineMaximiser {
    /// Factors the system for strictly increasing `knots`.
    ///
    /// # Panics
    /// With fewer than four knots.
    #[must_use]
    pub fn new(knots: &[f64]) -> Self {
        let n = knots.len();
        assert!(n >= 4, "a spline needs four knots, got {n}");
        let widths: Vec<f64> = knots.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let mut pivots: Vec<f64> = (0..n)
            .map(|i| match i {
                0 => -widths[0],
                _ if i == n - 1 => -widths[n - 2],
                _ => 2.0 * (widths[i - 1] + widths[i]),
            })
            .collect();
        let mut multipliers = vec![0.0; n];
        for i in 1..n {
            multipliers[i] = widths[i - 1] / pivots[i - 1];
            pivots[i] -= multipliers[i] * widths[i - 1];
        }
        let inverse_pivots = pivots.iter().map(|pivot| 1.0 / pivot).collect();
        let inverse_widths = widths.iter().map(|width| 1.0 / width).collect();
        Self { knots: knots.to_vec(), widths, inverse_widths, multipliers, inverse_pivots }
    }

    /// The knots.
    #[must_use]
    pub fn knots(&self) -> &[f64] {
        &self.knots
    }

    /// The abscissa at which the spline through `values` is largest, looking beside the largest knot value.
    ///
    /// A maximum at an end knot is returned as that knot exactly.
    ///
    /// # Panics
    /// When there is not one value per knot.
    #[must_use]
    pub fn argmax(&self, values: &[f64]) -> f64 {
        assert_eq!(values.len(), self.knots.len(), "one value per knot");
        let peak = first_maximum(values);
        if !values[peak].is_finite() {
            return self.knots[peak];
        }
        let sigma = self.solve(values);
        let mut best = (values[peak], self.knots[peak]);
        if peak > 0 {
            self.consider(peak - 1, values, &sigma, &mut best);
        }
        if peak + 1 < values.len() {
            self.consider(peak, values, &sigma, &mut best);
        }
        best.1
    }

    /// Replaces `best` when the inner maximum of a segment is higher.
    fn consider(&self, segment: usize, values: &[f64], sigma: &[f64], best: &mut (f64, f64)) {
        let cubic = self.cubic(segment, values, sigma);
        if let Some(h) = cubic.inner_maximum(self.widths[segment]) {
            let height = cubic.at(h);
            if height > best.0 {
                *best = (height, self.knots[segment] + h);
            }
        }
    }

    /// Solves the tridiagonal system for the scaled second derivatives.
    fn solve(&self, values: &[f64]) -> Vec<f64> {
        let n = values.len();
        let (x, w) = (&self.knots, &self.widths);
        let slope = |i: usize| (values[i + 1] - values[i]) * self.inverse_widths[i];
        let mut sigma: Vec<f64> = vec![0.0; n];
        let mut before = slope(0);
        for (i, bend) in sigma.iter_mut().enumerate().take(n - 1).skip(1) {
            let after = slope(i);
            *bend = after - before;
            before = after;
        }
        let first = sigma[2] / (x[3] - x[1]) - sigma[1] / (x[2] - x[0]);
        let last = sigma[n - 2] / (x[n - 1] - x[n - 3]) - sigma[n - 3] / (x[n - 2] - x[n - 4]);
        sigma[0] = first * w[0] * w[0] / (x[3] - x[0]);
        sigma[n - 1] = -last * w[n - 2] * w[n - 2] / (x[n - 1] - x[n - 4]);
        for i in 1..n {
            sigma[i] -= self.multipliers[i] * sigma[i - 1];
        }
        sigma[n - 1] *= self.inverse_pivots[n - 1];
        for i in (0..n - 1).rev() {
            sigma[i] = (sigma[i] - w[i] * sigma[i + 1]) * self.inverse_pivots[i];
        }
        sigma
    }

    fn cubic(&self, i: usize, values: &[f64], sigma: &[f64]) -> Cubic {
        let w = self.widths[i];
        Cubic {
            y: values[i],
            b: (values[i + 1] - values[i]) / w - w * (sigma[i + 1] + 2.0 * sigma[i]),
            c: 3.0 * sigma[i],
            d: (sigma[i + 1] - sigma[i]) / w,
        }
    }
}

impl Cubic {
    fn at(&self, h: f64) -> f64 {
        self.y + h * (self.b + h * (self.c + h * self.d))
    }

    /// The local maximum strictly inside `(0, width)`.
    fn inner_maximum(&self, width: f64) -> Option<f64> {
        let discriminant = self.c * self.c - 3.0 * self.d * self.b;
        if discriminant < 0.0 {
            return None;
        }
        let root = discriminant.sqrt();
        // Two forms of one root: each is free of cancellation where the other is not.
        let h = if self.c < 0.0 { self.b / (root - self.c) } else { (-self.c - root) / (3.0 * self.d) };
        (h > 0.0 && h < width).then_some(h)
    }
}

/// Index of the first largest value; zero when none is larger than minus infinity.
fn first_maximum(values: &[f64]) -> usize {
    let mut best = 0;
    for (i, &value) in values.iter().enumerate() {
        if value > values[best] || (values[best].is_nan() && !value.is_nan()) {
            best = i;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `splinefun(x, y, method = "fmm")` in R 4.2.
    #[test]
    fn spline_is_that_of_forsythe_malcolm_moler() {
        let x = [0.0, 1.0, 2.5, 3.0, 4.2, 6.0];
        let y = [1.0, 3.0, 2.0, 5.0, 4.0, 4.5];
        let spline = SplineMaximiser::new(&x);
        let sigma = spline.solve(&y);
        for (segment, at, expected) in R_VALUES {
            let cubic = spline.cubic(segment, &y, &sigma);
            assert!((cubic.at(at - x[segment]) - expected).abs() < 1e-13, "{at}");
        }
    }
    const R_VALUES: [(usize, f64, f64); 4] = [
        (0, 0.5, 3.120_675_997_595_125),
        (1, 2.0, 0.970_929_786_328_440_1),
        (3, 3.5, 5.885_846_872_751_237),
        (4, 5.0, 1.660_517_236_737_892_4),
    ];

    #[test]
    fn parabola_peaks_where_it_should() {
        let x: Vec<f64> = (0..21).map(|i| f64::from(i) - 10.0).collect();
        let y: Vec<f64> = x.iter().map(|x| -(x - 1.3) * (x - 1.3)).collect();
        assert!((SplineMaximiser::new(&x).argmax(&y) - 1.3).abs() < 1e-12);
    }

    #[test]
    fn monotone_curves_peak_at_their_end() {
        let x: Vec<f64> = (0..8).map(f64::from).collect();
        assert_eq!(SplineMaximiser::new(&x).argmax(&x), 7.0);
        assert_eq!(SplineMaximiser::new(&x).argmax(&[f64::NEG_INFINITY; 8]), 0.0);
    }
}
