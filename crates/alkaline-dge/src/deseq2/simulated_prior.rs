//! The prior variance where there are one to three residual degrees of freedom: the one whose simulated spread looks most like the
//! spread that was seen.
//!
//! With so few degrees of freedom the logarithm of a chi-square is far from normal, and subtracting its variance misleads. Upstream
//! draws from R's generator with a fixed seed, so the histograms of its draws are constants: `draws.bin` holds them (see `draws.R`
//! beside the golden cases), 200 prior variances from 0 to 8 by 40 bins for each number of degrees of freedom.

use super::local_quadratic::LocalQuadratic;

/// 16-bit numbers, the low byte first: degrees of freedom, prior variance, bin.
static DRAWS: &[u8] = include_bytes!("draws.bin");
const BINS: usize = 40;
const VARIANCES: usize = 200;
const BIN_WIDTH: f64 = 0.5;
const LARGEST_VARIANCE: f64 = 8.0;
/// Points at which the smoothed divergence is looked at.
const CANDIDATES: usize = 1000;

/// The variance whose simulated residuals diverge least from those found.
pub(super) fn prior_variance_by_simulation(residuals: &[f64], residual_df: usize) -> f64 {
    let found = densities(&histogram(residuals));
    let step = |i: usize, n: usize| LARGEST_VARIANCE * i as f64 / (n - 1) as f64;
    let variances: Vec<f64> = (0..VARIANCES).map(|i| step(i, VARIANCES)).collect();
    let divergences: Vec<f64> =
        (0..VARIANCES).map(|i| divergence(&found, &densities(&drawn(residual_df, i)))).collect();
    let smooth = LocalQuadratic::new(&variances, &divergences, 0.2);
    let mut best = (0.0, f64::INFINITY);
    for candidate in 0..CANDIDATES {
        let variance = step(candidate, CANDIDATES);
        let value = smooth.at(variance);
        if value < best.1 {
            best = (variance, value);
        }
    }
    best.0
}

/// The histogram of the draws for a variance.
fn drawn(residual_df: usize, variance: usize) -> [f64; BINS] {
    let first = ((residual_df - 1) * VARIANCES + variance) * BINS;
    std::array::from_fn(|bin| {
        let place = 2 * (first + bin);
        f64::from(u16::from_le_bytes([DRAWS[place], DRAWS[place + 1]]))
    })
}

/// Numbers of values between -10 and 10 by bins that own their upper end, the first also its lower one.
fn histogram(values: &[f64]) -> [f64; BINS] {
    let mut counts = [0.0; BINS];
    for value in values.iter().filter(|value| value.abs() < BIN_WIDTH * BINS as f64 / 2.0) {
        let bin = ((value + BIN_WIDTH * BINS as f64 / 2.0) / BIN_WIDTH).ceil() as usize;
        counts[bin.clamp(1, BINS) - 1] += 1.0;
    }
    counts
}

fn densities(counts: &[f64; BINS]) -> [f64; BINS] {
    let total: f64 = counts.iter().sum();
    counts.map(|count| count / (total * BIN_WIDTH))
}

/// Kullback and Leibler's, the smallest positive density added to both.
fn divergence(found: &[f64; BINS], drawn: &[f64; BINS]) -> f64 {
    let positive = found.iter().chain(drawn).copied().filter(|density| *density > 0.0);
    let smallest = positive.fold(f64::INFINITY, f64::min);
    let term = |(h, d): (&f64, &f64)| h * ((h + smallest).ln() - (d + smallest).ln());
    found.iter().zip(drawn).map(term).sum()
}

#[cfg(test)]
mod tests {
    use alkaline_math::special::normal_from_ln_upper;

    use super::*;

    /// Quantiles of chi-square by bisection of the simplest closed forms are not at hand for odd numbers of degrees of freedom: two
    /// degrees have one.
    #[test]
    fn the_prior_variance_at_two_degrees_of_freedom_is_that_of_r() {
        let u = |k: usize| (k as f64 - 0.5) / 2000.0;
        let normal = |p: f64| -normal_from_ln_upper(p.ln());
        let residual = |k: usize| {
            let chi_square = -2.0 * (1.0 - u(k)).ln();
            (chi_square / 2.0).ln() + 1.2 * normal(u((7919 * k) % 2000 + 1))
        };
        let residuals: Vec<f64> = (1..=2000).map(residual).collect();
        let found = prior_variance_by_simulation(&residuals, 2);
        assert!((found - 1.353_353_353_353_35).abs() < 1e-12, "{found}");
    }
}
