//! The cubic spline through given points whose ends follow the cubics of the four outermost points.
//!
//! Forsythe, Malcolm & Moler (1977), Computer Methods for Mathematical Computations, ch. 4; R's `splinefun(method = "fmm")`.

/// A curve through all its points; beyond them the outermost cubics go on.
#[derive(Clone, Debug)]
pub struct InterpolatingSpline {
    x: Vec<f64>,
    y: Vec<f64>,
    /// A sixth of the second derivative at each point.
    bends: Vec<f64>,
}

impl InterpolatingSpline {
    /// Through at least four points of ascending `x`.
    ///
    /// # Panics
    /// With fewer points, or `y` of another length.
    #[must_use]
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        assert!(x.len() >= 4 && x.len() == y.len(), "four points or more, with one value each");
        let bends = bends(&x, &y);
        Self { x, y, bends }
    }

    /// The curve's value.
    #[must_use]
    pub fn at(&self, at: f64) -> f64 {
        let right = self.x.partition_point(|x| *x <= at).clamp(1, self.x.len() - 1);
        let (i, width) = (right - 1, self.x[right] - self.x[right - 1]);
        let (t, u) = ((at - self.x[i]) / width, (self.x[right] - at) / width);
        let bend = |bend: f64, share: f64| bend * (share * share * share - share);
        u * self.y[i]
            + t * self.y[right]
            + width * width * (bend(self.bends[i], u) + bend(self.bends[right], t))
    }
}

/// Solves the tridiagonal system of continuous slopes.
fn bends(x: &[f64], y: &[f64]) -> Vec<f64> {
    let n = x.len();
    let width: Vec<f64> = x.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let slope: Vec<f64> = y.windows(2).zip(&width).map(|(pair, width)| (pair[1] - pair[0]) / width).collect();
    let second = |i: usize| (slope[i + 1] - slope[i]) / (x[i + 2] - x[i]);
    let third = |i: usize| (second(i + 1) - second(i)) / (x[i + 3] - x[i]);
    let mut diagonal: Vec<f64> = (1..n - 1).map(|i| 2.0 * (width[i - 1] + width[i])).collect();
    diagonal.insert(0, -width[0]);
    diagonal.push(-width[n - 2]);
    let mut right: Vec<f64> = slope.windows(2).map(|pair| pair[1] - pair[0]).collect();
    right.insert(0, width[0] * width[0] * third(0));
    right.push(-width[n - 2] * width[n - 2] * third(n - 4));
    for i in 1..n {
        let factor = width[i - 1] / diagonal[i - 1];
        diagonal[i] -= factor * width[i - 1];
        right[i] -= factor * right[i - 1];
    }
    right[n - 1] /= diagonal[n - 1];
    for i in (0..n - 1).rev() {
        right[i] = (right[i] - width[i] * right[i + 1]) / diagonal[i];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `splinefun(x, y)(c(-1, 0.3, 1.7, 4, 9.5))`, printed by R with 16 digits.
    #[test]
    fn curves_are_those_of_splinefun() {
        let x = vec![0.0, 1.0, 1.5, 3.0, 4.2, 7.0, 8.0];
        let y = vec![1.0, 0.4, 2.0, 2.5, -1.0, 3.0, 0.0];
        let spline = InterpolatingSpline::new(x, y);
        for (at, value) in SPLINEFUN {
            assert!((spline.at(at) - value).abs() < 1e-12 * value.abs().max(1.0), "{at}: {}", spline.at(at));
        }
    }
    const SPLINEFUN: [(f64, f64); 5] = [
        (-1.0, 13.670_034_486_548_73),
        (0.3, -0.086_386_954_420_950_12),
        (1.7, 2.529_264_033_452_226),
        (4.0, -0.597_550_696_592_933_1),
        (9.5, -18.930_947_746_844_616),
    ];
}
