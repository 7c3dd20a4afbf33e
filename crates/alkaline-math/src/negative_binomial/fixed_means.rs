//! Log-likelihood of the dispersion at means that are held fixed, and its derivative: one gene, eight samples at a time.
//!
//! With `r = 1/φ` it is `Σ ln Γ(y + r) - ln Γ(r) - y ln(μ + r) - r ln(1 + μφ)`; what φ does not change is left out. The terms are
//! taken apart as they stand there, also where they cancel: searches whose stopping rules are part of the numbers see the same sums.

use crate::special::{Raised, WIDE, Wide, ln_wide, stirling_tails};
use crate::vectors::in_widest_vectors;

/// Samples of one gene, padded with counts and means of zero, which add nothing.
#[derive(Clone, Debug)]
pub struct FixedMeans {
    samples: Vec<(Wide, Wide)>,
}

in_widest_vectors! {
    fn likelihood_of(samples: &[(Wide, Wide)], dispersion: f64) -> f64 = likelihood_wide;
}

in_widest_vectors! {
    fn slope_of(samples: &[(Wide, Wide)], dispersion: f64) -> f64 = slope_wide;
}

impl FixedMeans {
    /// Counts and means of the samples, in one order.
    #[must_use]
    pub fn new(counts: &[f64], means: &[f64]) -> Self {
        let padded = |values: &[f64]| std::array::from_fn(|i| values.get(i).copied().unwrap_or(0.0));
        let samples = counts.chunks(WIDE).zip(means.chunks(WIDE));
        Self { samples: samples.map(|(counts, means)| (padded(counts), padded(means))).collect() }
    }

    /// The log-likelihood at a dispersion.
    #[must_use]
    pub fn likelihood(&self, dispersion: f64) -> f64 {
        likelihood_of(&self.samples, dispersion)
    }

    /// Its derivative by the dispersion.
    #[must_use]
    pub fn slope(&self, dispersion: f64) -> f64 {
        let size = 1.0 / dispersion;
        size * size * slope_of(&self.samples, dispersion)
    }
}

#[inline(always)]
fn likelihood_wide(samples: &[(Wide, Wide)], dispersion: f64) -> f64 {
    let size = 1.0 / dispersion;
    let (of_size, product_of_size) = {
        let mut raised = Raised::default();
        (stirling(&[size; WIDE], &mut raised)[0], raised.total()[0])
    };
    let mut sums = [0.0; WIDE];
    let mut raised = Raised::default();
    for (y, mu) in samples {
        let gammas = stirling(&y.map(|y| y + size), &mut raised);
        let logs = ln_wide(&mu.map(|mu| mu + size));
        let logs_of_one = ln_wide(&mu.map(|mu| 1.0 + mu * dispersion));
        for i in 0..WIDE {
            sums[i] += (gammas[i] - of_size) - y[i] * logs[i] - size * logs_of_one[i];
        }
    }
    let lanes = samples.len() as f64;
    let products = raised.total();
    (0..WIDE).map(|i| sums[i] - (products[i] - lanes * product_of_size)).sum()
}

/// `ln Γ`, but for the logarithms of the products that raised small arguments.
#[inline(always)]
fn stirling(x: &Wide, raised: &mut Raised) -> Wide {
    const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;
    let mut x = *x;
    raised.raise(&mut x, &mut [0.0; WIDE]);
    let (logs, tails) = (ln_wide(&x), stirling_tails(&x));
    std::array::from_fn(|i| (x[i] - 0.5) * logs[i] - x[i] + (HALF_LN_TWO_PI + tails[i]))
}

#[inline(always)]
fn slope_wide(samples: &[(Wide, Wide)], dispersion: f64) -> f64 {
    let size = 1.0 / dispersion;
    let of_size = digamma_wide(&[size; WIDE])[0];
    let mut sums = [0.0; WIDE];
    for (y, mu) in samples {
        let digammas = digamma_wide(&y.map(|y| y + size));
        let logs = ln_wide(&mu.map(|mu| 1.0 + mu * dispersion));
        for i in 0..WIDE {
            let product = mu[i] * dispersion;
            sums[i] += (of_size - digammas[i]) + logs[i] - product / (1.0 + product) + y[i] / (mu[i] + size);
        }
    }
    sums.iter().sum()
}

/// Digamma by its asymptotic series (Abramowitz & Stegun 6.3.18), small arguments raised by ten steps.
#[inline(always)]
fn digamma_wide(x: &Wide) -> Wide {
    let mut x = *x;
    let mut reciprocals = [0.0; WIDE];
    if x.iter().fold(f64::INFINITY, |least, x| least.min(*x)) < Raised::STEPS {
        for step in 0..Raised::STEPS as u32 {
            for i in 0..WIDE {
                let small = x[i] < Raised::STEPS;
                reciprocals[i] += if small { 1.0 / (x[i] + f64::from(step)) } else { 0.0 };
            }
        }
        x = x.map(|x| if x < Raised::STEPS { x + Raised::STEPS } else { x });
    }
    let logs = ln_wide(&x);
    std::array::from_fn(|i| {
        let y = 1.0 / (x[i] * x[i]);
        let high = 1.0 / 240.0 - y * (1.0 / 132.0 - y * (691.0 / 32_760.0 - y / 12.0));
        let tail = 0.5 / x[i] + y * (1.0 / 12.0 - y * (1.0 / 120.0 - y * (1.0 / 252.0 - y * high)));
        logs[i] - tail - reciprocals[i]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::{digamma, ln_gamma};

    const COUNTS: [f64; 11] = [0.0, 3.0, 17.0, 250.0, 0.0, 91_000.0, 12.0, 5.0, 1.0, 0.0, 40.0];
    const MEANS: [f64; 11] = [0.5, 4.0, 12.0, 300.0, 0.7, 88_000.0, 15.0, 4.4, 0.9, 2.0, 33.0];

    #[test]
    fn the_likelihood_is_the_sum_of_its_terms() {
        let samples = FixedMeans::new(&COUNTS, &MEANS);
        for dispersion in [1e-3, 0.02, 0.3, 1.0, 9.0] {
            let r = 1.0 / dispersion;
            let term = |(y, mu): (&f64, &f64)| {
                ln_gamma(y + r) - ln_gamma(r) - y * (mu + r).ln() - r * (1.0 + mu * dispersion).ln()
            };
            let plain: f64 = COUNTS.iter().zip(&MEANS).map(term).sum();
            let ours = samples.likelihood(dispersion);
            assert!((ours - plain).abs() < 1e-14 * plain.abs() * 11.0, "{dispersion}: {ours} {plain}");
        }
    }

    #[test]
    fn the_slope_is_that_of_the_likelihood() {
        let samples = FixedMeans::new(&COUNTS, &MEANS);
        for dispersion in [0.02, 0.3, 1.0, 9.0] {
            let r = 1.0 / dispersion;
            let term = |(y, mu): (&f64, &f64)| {
                let product = mu * dispersion;
                digamma(r) - digamma(y + r) + product.ln_1p() - product / (1.0 + product) + y / (mu + r)
            };
            let plain: f64 = r * r * COUNTS.iter().zip(&MEANS).map(term).sum::<f64>();
            let ours = samples.slope(dispersion);
            assert!((ours - plain).abs() < 1e-12 * plain.abs().max(r), "{dispersion}: {ours} {plain}");
        }
    }

    #[test]
    fn samples_without_counts_or_means_add_nothing() {
        let zeros = FixedMeans::new(&[0.0; 3], &[0.0; 3]);
        for dispersion in [1e-8, 0.05, 0.5, 20.0] {
            assert!(zeros.likelihood(dispersion).abs() < 1e-12);
            assert!(slope_of(&zeros.samples, dispersion).abs() < 1e-14);
        }
    }
}
