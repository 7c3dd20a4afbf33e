//! Random numbers that are the same on every machine.
//!
//! Each item (a gene, a gene in a sample) draws from a stream of its own, so the order of the work does not matter.
//! Logarithms and exponentials come from the `libm` crate: those of the standard library are the platform's and may differ
//! in the last digit. Sampling methods: normal by Marsaglia's polar method (1964); gamma by Marsaglia & Tsang (2000),
//! doi:10.1145/358407.358414; Poisson by Hörmann's transformed rejection PTRS (1993), doi:10.1016/0167-6687(93)90997-4.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream of random numbers is for; no two purposes share a stream.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// Which genes are expressed, and how much; one stream a gene.
    Expression = 1,
    /// Dispersion of a gene.
    Dispersion,
    /// Fold change of a gene.
    FoldChange,
    /// Library size of a sample.
    LibrarySize,
    /// Count of a gene in a sample.
    Count,
    /// Fragments of a gene in a sample.
    Fragments,
    /// Fragments of a sample that no gene's exons explain.
    Background,
    /// Fragments of a sample that fit two genes.
    MultiMapped,
    /// Patients, their courses and their markers.
    Cohort,
}

/// A stream of random numbers.
pub(crate) struct Stream(ChaCha8Rng);

/// Below this mean a Poisson number is counted out; above, PTRS is valid (it needs at least 10) and faster.
const POISSON_REJECTION_FROM: f64 = 12.0;

impl Stream {
    /// The stream of one item of one sample; `sample` below 2^16, `item` below 2^40.
    pub fn new(seed: u64, purpose: Purpose, sample: usize, item: usize) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream((purpose as u64) << 56 | (sample as u64) << 40 | item as u64);
        Self(generator)
    }

    /// Sixty-four random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.bits() >> 11) as f64 * STEP
    }

    /// Uniform whole number below `bound`; zero when `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * libm::log(square) / square).sqrt();
            }
        }
    }

    /// Exponential with mean one.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.uniform())
    }

    /// Gamma with the given shape and scale one.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = libm::pow(1.0 - self.uniform(), 1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            if libm::log(1.0 - self.uniform()) < 0.5 * x * x + d * (1.0 - v + libm::log(v)) {
                return d * v;
            }
        }
    }

    /// Poisson with the given mean.
    pub fn poisson(&mut self, mean: f64) -> f64 {
        if mean >= POISSON_REJECTION_FROM {
            return self.poisson_by_rejection(mean);
        }
        let limit = libm::exp(-mean);
        let mut product = self.uniform();
        let mut count = 0.0;
        while product > limit {
            product *= self.uniform();
            count += 1.0;
        }
        count
    }

    /// PTRS; constants as in the paper.
    fn poisson_by_rejection(&mut self, mean: f64) -> f64 {
        let b = 0.931 + 2.53 * mean.sqrt();
        let a = -0.059 + 0.02483 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let accepted_below = 0.9277 - 3.6224 / (b - 2.0);
        let ln_mean = libm::log(mean);
        loop {
            let u = self.uniform() - 0.5;
            let v = 1.0 - self.uniform();
            let edge = 0.5 - u.abs();
            let count = ((2.0 * a / edge + b) * u + mean + 0.43).floor();
            if edge >= 0.07 && v <= accepted_below {
                return count;
            }
            if count < 0.0 || (edge < 0.013 && v > edge) {
                continue;
            }
            let density = count * ln_mean - mean - libm::lgamma(count + 1.0);
            if libm::log(v * inverse_alpha / (a / (edge * edge) + b)) <= density {
                return count;
            }
        }
    }

    /// Negative binomial with the given mean and dispersion (variance `mean + dispersion * mean²`).
    pub fn negative_binomial(&mut self, mean: f64, dispersion: f64) -> f64 {
        if mean <= 0.0 {
            return 0.0;
        }
        if dispersion <= 0.0 {
            return self.poisson(mean);
        }
        let rate = self.gamma(1.0 / dispersion) * dispersion * mean;
        self.poisson(rate)
    }
}

/// Spreads the bits of `x` so that neighbours look unrelated (the finaliser of SplitMix64, Steele et al. 2014,
/// doi:10.1145/2660193.2660195): for bases and qualities, where a stream a read would cost too much.
pub(crate) fn scramble(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of 40,000 draws.
    fn moments(mut draw: impl FnMut(&mut Stream) -> f64) -> (f64, f64) {
        let mut stream = Stream::new(7, Purpose::Count, 0, 0);
        let draws: Vec<f64> = (0..40_000).map(|_| draw(&mut stream)).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let squares: f64 = draws.iter().map(|x| (x - mean) * (x - mean)).sum();
        (mean, squares / (draws.len() - 1) as f64)
    }

    fn assert_near(found: f64, expected: f64, relative: f64) {
        assert!((found - expected).abs() <= relative * expected, "{found} is not near {expected}");
    }

    #[test]
    fn poisson_numbers_have_equal_mean_and_variance_on_both_branches() {
        for expected in [0.3, 4.0, 11.9, 12.1, 80.0, 5_000.0] {
            let (mean, variance) = moments(|stream| stream.poisson(expected));
            assert_near(mean, expected, 0.02);
            assert_near(variance, expected, 0.04);
        }
    }

    #[test]
    fn negative_binomial_numbers_have_the_variance_of_their_dispersion() {
        for (expected, dispersion) in [(5.0, 0.4), (100.0, 0.05), (40.0, 2.0)] {
            let (mean, variance) = moments(|stream| stream.negative_binomial(expected, dispersion));
            assert_near(mean, expected, 0.03);
            assert_near(variance, expected + dispersion * expected * expected, 0.08);
        }
    }

    #[test]
    fn normal_and_gamma_numbers_have_their_moments() {
        let (mean, variance) = moments(|stream| 10.0 + stream.normal());
        assert_near(mean, 10.0, 0.002);
        assert_near(variance, 1.0, 0.03);
        for shape in [0.5, 1.0, 6.0] {
            let (mean, variance) = moments(|stream| stream.gamma(shape));
            assert_near(mean, shape, 0.02);
            assert_near(variance, shape, 0.06);
        }
    }

    #[test]
    fn streams_of_different_items_differ_and_repeat() {
        let first = |sample, item| Stream::new(1, Purpose::Count, sample, item).bits();
        assert_eq!(first(0, 0), first(0, 0));
        assert_ne!(first(0, 0), first(0, 1));
        assert_ne!(first(0, 0), first(1, 0));
    }
}
