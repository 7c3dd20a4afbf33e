//! Maps a count to the same quantile of a negative binomial distribution with another mean.
//!
//! The average of a normal and a gamma approximation to both distributions, as in Robinson & Smyth (2008),
//! doi:10.1093/biostatistics/kxm030. The normal half is a straight line. The gamma half goes through the normal score by
//! asymptotic expansion where that is exact. Elsewhere it matches log tails: the Wilson-Hilferty cube root maps almost
//! exactly, and one Halley step on the log tail removes the rest, at the cost of one incomplete gamma function at either
//! end. Upstream: edgeR `q2qnbinom`.

use crate::special::{GammaQuantile, scaled_gamma_score};
use crate::special::{ln_gamma, ln_one_plus_minus, lower_series, stirling_error, upper_fraction};

/// A mean below this is taken as zero and raised. Both means are a rate times a library size, so they vanish together.
const NO_MEAN: f64 = 1e-14;
/// What is added to means of zero.
const RAISE: f64 = 0.25;
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;
/// From this shape on the gamma kernel is evaluated in saddle-point form.
const SADDLE_FROM: f64 = 5.0;
/// A relative step, in standard deviations, whose cube (the error that Halley's method leaves) is negligible: 1e-12.
const CUBIC_STEP: f64 = 1e-4;
/// Standard deviations above the mean up to which the series of the lower tail is shorter than the upper fraction, while
/// the upper tail it leaves is still too large to have lost digits.
const SERIES_REACH: f64 = 1.5;
const MAX_ROUNDS: usize = 200;

/// The distribution that counts are mapped to.
#[derive(Clone, Copy, Debug)]
pub struct QuantileTarget {
    mean: f64,
    dispersion: f64,
    gamma: Gamma,
    /// Present where the shape is large enough for the expansion.
    quantile: Option<GammaQuantile>,
}

impl QuantileTarget {
    /// The negative binomial distribution with this mean and dispersion.
    #[must_use]
    pub fn new(mean: f64, dispersion: f64) -> Self {
        let mean = if mean < NO_MEAN { mean + RAISE } else { mean };
        let gamma = Gamma::of(mean, dispersion);
        Self { mean, dispersion, quantile: GammaQuantile::new(gamma.shape), gamma }
    }

    /// [`map`](Self::map) of the counts of libraries of the given sizes, whose means are the rate times the size.
    ///
    /// # Panics
    /// When there is not one size and one place for each count.
    pub fn map_each(&self, counts: &[f64], sizes: &[f64], rate: f64, mapped: &mut [f64]) {
        assert!(counts.len() == sizes.len() && counts.len() == mapped.len(), "one size and place per count");
        for ((out, &y), size) in mapped.iter_mut().zip(counts).zip(sizes) {
            *out = self.map(y, rate * size);
        }
    }

    /// The value at which this distribution has the quantile that the one with mean `source_mean` has at `x`.
    ///
    /// May be negative for counts far below their mean: the normal half has no bound.
    #[must_use]
    pub fn map(&self, x: f64, source_mean: f64) -> f64 {
        let source_mean = if source_mean < NO_MEAN { source_mean + RAISE } else { source_mean };
        let scale = 1.0 + source_mean * self.dispersion;
        let ratio = self.mean * self.gamma.scale / (source_mean * scale);
        let normal = self.mean + (x - source_mean) * ratio.sqrt();
        let by_scores = || self.by_scores(source_mean / scale, x / scale);
        let gamma =
            by_scores().unwrap_or_else(|| self.gamma.matching(x, &Gamma::of(source_mean, self.dispersion)));
        0.5 * (normal + gamma)
    }

    /// The gamma half by way of the normal score of `x` (in units of its scale) under the source's shape.
    #[inline]
    fn by_scores(&self, shape: f64, x: f64) -> Option<f64> {
        let quantile = self.quantile.as_ref()?;
        let scaled_score = scaled_gamma_score(shape, x)?;
        let mapped = quantile.at(scaled_score * (shape / self.gamma.shape).sqrt())?;
        Some(self.gamma.scale * mapped)
    }
}

/// A gamma distribution with the mean and variance of a negative binomial one, and its kernel's constants.
#[derive(Clone, Copy, Debug)]
struct Gamma {
    shape: f64,
    scale: f64,
    /// `ln Γ(shape + 1)`, or in saddle-point form the part of it that is not in the exponent.
    normaliser: f64,
    root_shape: f64,
}

impl Gamma {
    #[inline]
    fn of(mean: f64, dispersion: f64) -> Self {
        let scale = 1.0 + mean * dispersion;
        let shape = mean / scale;
        let normaliser = if shape < SADDLE_FROM {
            ln_gamma(shape) + shape.ln()
        } else {
            HALF_LN_TWO_PI + 0.5 * shape.ln() + stirling_error(shape)
        };
        Self { shape, scale, normaliser, root_shape: shape.sqrt() }
    }

    /// `ln(x^a e^-x / Γ(a + 1))` for `x` in units of the scale.
    #[inline]
    fn ln_kernel(&self, x: f64) -> f64 {
        if self.shape < SADDLE_FROM {
            return self.shape * x.ln() - x - self.normaliser;
        }
        self.shape * ln_one_plus_minus((x - self.shape) / self.shape) - self.normaliser
    }

    /// The value whose tail equals the tail of `source` at `x`.
    fn matching(&self, x: f64, source: &Self) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        if self.shape == source.shape {
            return x;
        }
        let scaled = x / source.scale;
        let kernel = source.ln_kernel(scaled);
        if scaled > source.shape + 1.0 + SERIES_REACH * source.root_shape {
            let ln_tail = kernel + (source.shape * upper_fraction(source.shape, scaled)).ln();
            self.scale * self.solve_upper(self.first_guess(scaled, source), ln_tail)
        } else {
            let ln_tail = kernel + lower_series(source.shape, scaled).ln();
            let guess = self.first_guess(scaled, source);
            let guess =
                if guess > 0.0 { guess } else { ((ln_tail + ln_gamma(self.shape + 1.0)) / self.shape).exp() };
            if guess == 0.0 {
                return 0.0;
            }
            self.scale * self.solve_lower(guess, ln_tail)
        }
    }

    /// The cube-root normal approximation of Wilson & Hilferty (1931) through both distributions; zero when it fails.
    #[inline]
    fn first_guess(&self, scaled: f64, source: &Self) -> f64 {
        let root = (scaled / source.shape).cbrt();
        let z = source.root_shape * (root - 1.0) + 1.0 / (9.0 * source.root_shape);
        let mapped = 1.0 + (z - 1.0 / (9.0 * self.root_shape)) / self.root_shape;
        if mapped < 0.05 || root < 0.05 { 0.0 } else { self.shape * mapped * mapped * mapped }
    }

    /// Halley's method in `ln q` on the log of the lower tail, `kernel × series`.
    #[inline]
    fn solve_lower(&self, mut q: f64, ln_tail: f64) -> f64 {
        let a = self.shape;
        for _ in 0..MAX_ROUNDS {
            let series = lower_series(a, q);
            let newton = (self.ln_kernel(q) + series.ln() - ln_tail) * series / a;
            let bend = a - (a - q) * series;
            let step = newton / (1.0 + (newton * bend / (2.0 * series)).clamp(-0.5, 0.5));
            let step = step.clamp(-2.0, 2.0);
            q *= (-step).exp();
            if step.abs() * (1.0 + self.root_shape) < CUBIC_STEP {
                break;
            }
        }
        q
    }

    /// Halley's method in `ln q` on the log of the upper tail, `kernel × shape × fraction`.
    #[inline]
    fn solve_upper(&self, guess: f64, ln_tail: f64) -> f64 {
        let a = self.shape;
        let mut q = if guess > 0.0 { guess } else { a + 1.0 };
        for _ in 0..MAX_ROUNDS {
            let fraction = upper_fraction(a, q);
            let newton = -(self.ln_kernel(q) + (a * fraction).ln() - ln_tail) * fraction;
            let slope = -1.0 - (a - q) * fraction;
            let bend = newton * slope / (2.0 * fraction);
            let step = (newton / (1.0 + bend.clamp(-0.5, 0.5))).clamp(-2.0, 2.0);
            q *= (-step).exp();
            if step.abs() * (1.0 + self.root_shape) < CUBIC_STEP {
                break;
            }
        }
        q
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `edgeR::q2qnbinom(x, input.mean, output.mean, dispersion)`, edgeR 3.40.2.
    #[test]
    fn mapping_is_that_of_edger() {
        for (x, source, target, phi, expected) in EDGER {
            let mapped = QuantileTarget::new(target, phi).map(x, source);
            assert!(
                (mapped - expected).abs() < 1e-9 * expected.abs().max(1.0),
                "{x} {source} {target} {phi}: {mapped:.16} {expected:.16}"
            );
        }
    }
    const EDGER: [(f64, f64, f64, f64, f64); 15] = [
        (0.0, 10.0, 12.0, 0.1, 0.2554373534619714),
        (3.0, 10.0, 12.0, 0.1, 3.9000695170371174),
        (40.0, 10.0, 8.0, 0.1, 33.76080264360614),
        (1.0, 0.01, 0.02, 0.4, 1.4379277932305405),
        (7.0, 0.3, 0.2, 0.01, 6.044151148169436),
        (200.0, 900.0, 500.0, 0.05, 108.51996971740542),
        (1.0, 2.0, 9.0, 1.5, 5.109061226025998),
        (12.0, 0.0, 0.0, 0.2, 12.000000000000002),
        (100000.0, 90000.0, 110000.0, 0.01, 122220.98683969898),
        (900.0, 1000.0, 1400.0, 0.0, 1281.3855731058832),
        (1001.0, 1000.0, 400.0, 0.02, 400.36304690376596),
        (2.0, 60.0, 50.0, 0.01, -0.024344439896184733),
        (0.3, 5.0, 50.0, 0.3, 9.516813380166358),
        (150.0, 8.0, 9.0, 0.002, 156.55531745421786),
        (11.0, 10.0, 30.0, 0.1, 32.600651968084854),
    ];

    #[test]
    fn mapping_to_the_same_mean_changes_nothing() {
        for x in [0.5, 3.0, 90.0] {
            assert!((QuantileTarget::new(12.0, 0.2).map(x, 12.0) - x).abs() < 1e-13);
        }
    }
}
