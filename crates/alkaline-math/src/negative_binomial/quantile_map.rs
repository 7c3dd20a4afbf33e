//! Maps a count to the same quantile of a negative binomial distribution with another mean.
//!
//! The average of a normal and a gamma approximation to both distributions, as in Robinson & Smyth (2008),
//! doi:10.1093/biostatistics/kxm030. The normal half is a straight line. The gamma half goes through the normal score by
//! asymptotic expansion where that is exact. Elsewhere it matches log tails: the Wilson-Hilferty cube root maps almost
//! exactly, and one Halley step on the log tail removes the rest, at the cost of one incomplete gamma function at either
//! end. Upstream: edgeR `q2qnbinom`.

use std::array::from_fn;

use super::one_group::fit_wide;
use crate::special::{GammaQuantiles, SMALLEST_SHAPE, WIDE, Wide, exp_wide, scaled_gamma_scores};
use crate::special::{ln_gamma, ln_one_plus_minus, lower_series_wide, stirling_error, upper_fraction};
use crate::vectors::in_widest_vectors;

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

in_widest_vectors! {
    /// Maps the counts of eight genes, one entry per library, to what they would be had all libraries the size `common_size`
    /// and each gene one rate in all of them.
    ///
    /// # Panics
    /// When there is not one size and one place for each entry.
    pub fn adjust_to_common_size(
        counts: &[Wide],
        sizes: &[f64],
        common_size: f64,
        dispersion: &Wide,
        adjusted: &mut [Wide],
    ) = adjust_wide;
}

#[inline(always)]
fn adjust_wide(counts: &[Wide], sizes: &[f64], common_size: f64, dispersion: &Wide, adjusted: &mut [Wide]) {
    assert!(counts.len() == sizes.len() && counts.len() == adjusted.len(), "one size and place per count");
    let rate = exp_wide(&fit_wide(counts, sizes, dispersion));
    let mut targets = QuantileTargets::new(&rate.map(|rate| rate * common_size), dispersion);
    for ((out, x), size) in adjusted.iter_mut().zip(counts).zip(sizes) {
        *out = targets.map(x, &rate.map(|rate| rate * size));
    }
}

/// The distributions that the counts of eight genes are mapped to.
#[derive(Clone, Copy, Debug)]
pub struct QuantileTargets {
    mean: Wide,
    dispersion: Wide,
    /// Scale and shape of the gamma distributions with the same means and variances.
    scale: Wide,
    shape: Wide,
    /// Present where a shape is large enough for the expansion.
    quantiles: Option<GammaQuantiles>,
    /// Those that were needed in full.
    gammas: [Option<Gamma>; WIDE],
}

impl QuantileTargets {
    /// The negative binomial distributions with these means and dispersions.
    #[inline(always)]
    #[must_use]
    pub fn new(mean: &Wide, dispersion: &Wide) -> Self {
        let mean = mean.map(raised);
        let scale: Wide = from_fn(|i| 1.0 + mean[i] * dispersion[i]);
        let shape: Wide = from_fn(|i| mean[i] / scale[i]);
        let any = shape.iter().any(|shape| *shape >= SMALLEST_SHAPE);
        let quantiles = any.then(|| GammaQuantiles::new(&shape));
        Self { mean, dispersion: *dispersion, scale, shape, quantiles, gammas: [None; WIDE] }
    }

    /// The values at which these distributions have the quantiles that those with means `source_mean` have at `x`.
    ///
    /// May be negative for counts far below their mean: the normal half has no bound.
    #[inline(always)]
    #[must_use]
    pub fn map(&mut self, x: &Wide, source_mean: &Wide) -> Wide {
        let source_mean = source_mean.map(raised);
        let scale: Wide = from_fn(|i| 1.0 + source_mean[i] * self.dispersion[i]);
        let shape: Wide = from_fn(|i| source_mean[i] / scale[i]);
        let normal: Wide = from_fn(|i| {
            let ratio = self.mean[i] * self.scale[i] / (source_mean[i] * scale[i]);
            self.mean[i] + (x[i] - source_mean[i]) * ratio.sqrt()
        });
        let mut gamma = match &self.quantiles {
            Some(quantiles) => {
                let scores = scaled_gamma_scores(&shape, &from_fn(|i| x[i] / scale[i]));
                let mapped = quantiles.at(&from_fn(|i| scores[i] * (shape[i] / self.shape[i]).sqrt()));
                from_fn(|i| self.scale[i] * mapped[i])
            }
            None => [f64::NAN; WIDE],
        };
        if gamma.iter().any(|value| value.is_nan()) {
            self.by_tails(x, &source_mean, &mut gamma);
        }
        from_fn(|i| 0.5 * (normal[i] + gamma[i]))
    }

    /// The gamma halves of the genes where the expansion does not reach: those that are no number yet.
    #[inline(never)]
    fn by_tails(&mut self, x: &Wide, source_mean: &Wide, gamma: &mut Wide) {
        let mut lower = LowerTails::default();
        for i in 0..WIDE {
            if !gamma[i].is_nan() {
                continue;
            }
            let (mean, dispersion) = (self.mean[i], self.dispersion[i]);
            let target = *self.gammas[i].get_or_insert_with(|| Gamma::of(mean, dispersion));
            let source = Gamma::of(source_mean[i], dispersion);
            let scaled = x[i] / source.scale;
            gamma[i] = if x[i] <= 0.0 {
                0.0
            } else if target.shape == source.shape {
                x[i]
            } else if scaled > source.shape + 1.0 + SERIES_REACH * source.root_shape {
                target.matching_upper(scaled, &source)
            } else {
                lower.push(i, target, source, scaled);
                continue;
            };
        }
        lower.match_all(gamma);
    }
}

/// Genes whose lower tails are matched, up to eight. Their series, which are most of the work, are summed abreast.
#[derive(Default)]
struct LowerTails {
    genes: [usize; WIDE],
    targets: [Gamma; WIDE],
    sources: [Gamma; WIDE],
    scaled: Wide,
    number: usize,
}

impl LowerTails {
    fn push(&mut self, gene: usize, target: Gamma, source: Gamma, scaled: f64) {
        let place = self.number;
        (self.genes[place], self.targets[place], self.sources[place]) = (gene, target, source);
        self.scaled[place] = scaled;
        self.number += 1;
    }

    /// Finds the values whose tails equal those of the sources.
    fn match_all(&self, gamma: &mut Wide) {
        if self.number == 0 {
            return;
        }
        let series = lower_series_wide(&self.sources.map(|source| source.shape), &self.scaled);
        let (mut ln_tails, mut q) = ([0.0; WIDE], [0.0; WIDE]);
        for i in 0..self.number {
            let (target, source) = (&self.targets[i], &self.sources[i]);
            ln_tails[i] = source.ln_kernel(self.scaled[i]) + series[i].ln();
            let guess = target.first_guess(self.scaled[i], source);
            let small = || ((ln_tails[i] + ln_gamma(target.shape + 1.0)) / target.shape).exp();
            q[i] = if guess > 0.0 { guess } else { small() };
        }
        self.solve(&mut q, &ln_tails);
        for (i, &gene) in self.genes[..self.number].iter().enumerate() {
            gamma[gene] = self.targets[i].scale * q[i];
        }
    }

    /// Halley's method in `ln q` on the logs of the lower tails, `kernel × series`. A value of zero stays.
    fn solve(&self, q: &mut Wide, ln_tails: &Wide) {
        let shapes = self.targets.map(|target| target.shape);
        let mut moving = q.map(|q| q != 0.0);
        for _ in 0..MAX_ROUNDS {
            let series = lower_series_wide(&shapes, &from_fn(|i| if moving[i] { q[i] } else { 0.0 }));
            for i in 0..self.number {
                if !moving[i] {
                    continue;
                }
                let step = self.targets[i].step_of_lower(q[i], series[i], ln_tails[i]);
                q[i] *= (-step).exp();
                moving[i] = step.abs() * (1.0 + self.targets[i].root_shape) >= CUBIC_STEP;
            }
            if moving[..self.number].iter().all(|moving| !moving) {
                break;
            }
        }
    }
}

/// A mean that is not zero.
#[inline(always)]
fn raised(mean: f64) -> f64 {
    if mean < NO_MEAN { mean + RAISE } else { mean }
}

/// A gamma distribution with the mean and variance of a negative binomial one, and its kernel's constants.
#[derive(Clone, Copy, Debug, Default)]
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

    /// The value whose upper tail equals that of `source` at `scaled`, in units of its scale.
    fn matching_upper(&self, scaled: f64, source: &Self) -> f64 {
        let kernel = source.ln_kernel(scaled);
        let ln_tail = kernel + (source.shape * upper_fraction(source.shape, scaled)).ln();
        self.scale * self.solve_upper(self.first_guess(scaled, source), ln_tail)
    }

    /// The cube-root normal approximation of Wilson & Hilferty (1931) through both distributions; zero when it fails.
    #[inline]
    fn first_guess(&self, scaled: f64, source: &Self) -> f64 {
        let root = (scaled / source.shape).cbrt();
        let z = source.root_shape * (root - 1.0) + 1.0 / (9.0 * source.root_shape);
        let mapped = 1.0 + (z - 1.0 / (9.0 * self.root_shape)) / self.root_shape;
        if mapped < 0.05 || root < 0.05 { 0.0 } else { self.shape * mapped * mapped * mapped }
    }

    /// The step of Halley's method from `q`, whose series is known.
    #[inline]
    fn step_of_lower(&self, q: f64, series: f64, ln_tail: f64) -> f64 {
        let a = self.shape;
        let newton = (self.ln_kernel(q) + series.ln() - ln_tail) * series / a;
        let bend = a - (a - q) * series;
        let step = newton / (1.0 + (newton * bend / (2.0 * series)).clamp(-0.5, 0.5));
        step.clamp(-2.0, 2.0)
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

    fn map(x: f64, source: f64, target: f64, phi: f64) -> f64 {
        QuantileTargets::new(&[target; WIDE], &[phi; WIDE]).map(&[x; WIDE], &[source; WIDE])[6]
    }

    /// `edgeR::q2qnbinom(x, input.mean, output.mean, dispersion)`, edgeR 3.40.2.
    #[test]
    fn mapping_is_that_of_edger() {
        for (x, source, target, phi, expected) in EDGER {
            let mapped = map(x, source, target, phi);
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
            assert!((map(x, 12.0, 12.0, 0.2) - x).abs() < 1e-13);
        }
    }
}
