//! The Cox-Reid adjusted profile likelihood without its large constant, for searches that compare values close together.
//!
//! With counts of millions the log-likelihood is a sum of numbers of the order of 1e7 that nearly cancel, and its rounding moves the
//! end of a search. Written as half the deviance below the saturated model, and the saturated model by Stirling's series,
//! `-D/2 - ln(1 + φy)/2 + δ(y + 1/φ) - δ(1/φ)`, nothing cancels. What is left out, `y ln y - y - ln Γ(y + 1)`, does not depend on the
//! dispersion. `δ` is Stirling's error.

use ndarray::ArrayView2;

use super::profile::adjustment;
use crate::special::stirling_error;

/// The adjusted profile log-likelihood of one gene at dispersion `phi > 0` and the means fitted at it, up to a constant.
#[must_use]
pub fn centred_profile_likelihood(
    counts: &[f64],
    means: &[f64],
    phi: f64,
    design: ArrayView2<'_, f64>,
) -> f64 {
    let size = 1.0 / phi;
    let of_size = stirling_error(size);
    let fitted = counts.iter().zip(means).filter(|(_, mu)| **mu > 0.0);
    let sum: f64 = fitted
        .map(|(&y, &mu)| {
            let saturated = stirling_error(y + size) - of_size - 0.5 * (phi * y).ln_1p();
            saturated - half_deviance(y, mu, size)
        })
        .sum();
    sum - adjustment(means, phi, design)
}

/// Log-likelihood of the saturated model less that at mean `mu`.
fn half_deviance(y: f64, mu: f64, size: f64) -> f64 {
    let above = y - mu;
    let own = if y > 0.0 { y * (above / mu).ln_1p() } else { 0.0 };
    own - (y + size) * (above / (mu + size)).ln_1p()
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::adjusted_profile_likelihood;
    use super::*;
    use crate::special::ln_gamma;

    #[test]
    fn it_is_the_profile_likelihood_up_to_its_constant() {
        let design = Array2::from_shape_fn((4, 2), |(i, j)| f64::from(u8::from(i / 2 == j)));
        let (counts, means) = ([4.0, 0.0, 7.0, 900.0], [1.5, 2.5, 500.0, 400.0]);
        let constant: f64 = counts
            .iter()
            .map(|&y: &f64| if y > 0.0 { y * y.ln() - y - ln_gamma(y + 1.0) } else { 0.0 })
            .sum();
        for phi in [1e-3, 0.05, 0.7, 4.0] {
            let whole = adjusted_profile_likelihood(&counts, &means, phi, design.view());
            let centred = centred_profile_likelihood(&counts, &means, phi, design.view());
            assert!((whole - constant - centred).abs() < 1e-9 * whole.abs(), "{phi}: {whole} {centred}");
        }
    }

    /// mpmath, 40 digits: counts of millions near their means, one coefficient.
    #[test]
    fn large_counts_cost_no_digits() {
        let design = Array2::ones((2, 1));
        let (counts, means) = ([3_000_000.0, 3_000_100.0], [3_000_010.0, 3_000_050.0]);
        let found = centred_profile_likelihood(&counts, &means, 0.1, design.view());
        assert!((found - EXPECTED).abs() < 1e-14 * EXPECTED.abs(), "{found}");
    }

    const EXPECTED: f64 = -14.126_083_296_185_89;
}
