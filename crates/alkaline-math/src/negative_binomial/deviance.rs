//! Unit deviance of the negative binomial distribution.
//!
//! Twice the log-likelihood ratio of a count to its fitted mean. Upstream: edgeR `nbinomDeviance`.

use std::array::from_fn;

use crate::special::{WIDE, Wide, ln_wide};

/// Added to count and mean, so that zero counts have a finite logarithm.
const OFFSET: f64 = 1e-8;
/// Below this dispersion the Poisson limit with its first correction is used.
const NEARLY_POISSON: f64 = 1e-4;
/// Above this `φ μ` the gamma limit is used.
const NEARLY_GAMMA: f64 = 1e6;

/// Deviance of one count `y` at mean `mu` and dispersion `phi`.
#[inline]
#[must_use]
pub fn unit_deviance(y: f64, mu: f64, phi: f64) -> f64 {
    let (y, mu) = (y + OFFSET, mu + OFFSET);
    if phi < NEARLY_POISSON {
        let residual = y - mu;
        return 2.0 * (y * (y / mu).ln() - residual - 0.5 * residual * residual * phi * (1.0 - phi * y));
    }
    let product = mu * phi;
    if product > NEARLY_GAMMA {
        return 2.0 * ((y - mu) / mu - (y / mu).ln()) * mu / (1.0 + product);
    }
    let size = 1.0 / phi;
    2.0 * (y * (y / mu).ln() + (y + size) * ((mu + size) / (y + size)).ln())
}

/// [`unit_deviance`] of one count of each of eight genes.
#[inline(always)]
#[must_use]
pub fn unit_deviances(y: &Wide, mu: &Wide, phi: &Wide) -> Wide {
    let size = phi.map(|phi| 1.0 / phi);
    let (y_off, mu_off) = (y.map(|y| y + OFFSET), mu.map(|mu| mu + OFFSET));
    let to_fit = ln_wide(&from_fn(|i| y_off[i] / mu_off[i]));
    let to_size = ln_wide(&from_fn(|i| (mu_off[i] + size[i]) / (y_off[i] + size[i])));
    let mut deviances: Wide = from_fn(|i| 2.0 * (y_off[i] * to_fit[i] + (y_off[i] + size[i]) * to_size[i]));
    for i in 0..WIDE {
        // limits, which are rare
        if phi[i] < NEARLY_POISSON || mu_off[i] * phi[i] > NEARLY_GAMMA {
            deviances[i] = unit_deviance(y[i], mu[i], phi[i]);
        }
    }
    deviances
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_counts_are_as_one() {
        let (y, mu) = ([0.0, 3.0, 17.5, 1e6, 0.0, 2.0, 9.0, 4.0], [2.0, 3.0, 90.0, 9e5, 1e-9, 1e9, 0.4, 5.0]);
        let phi = [0.1, 1e-5, 3.0, 0.02, 0.3, 0.4, 0.0, 60.0];
        for (i, wide) in unit_deviances(&y, &mu, &phi).into_iter().enumerate() {
            let one = unit_deviance(y[i], mu[i], phi[i]);
            assert!((wide - one).abs() < 1e-14 * (1.0 + one + y[i]), "{i}: {wide} {one}");
        }
    }

    #[test]
    fn a_perfect_fit_has_no_deviance() {
        for phi in [0.0, 1e-5, 0.1, 1e7] {
            assert!(unit_deviance(17.0, 17.0, phi).abs() < 1e-12);
        }
    }

    #[test]
    fn the_poisson_limit_is_approached() {
        let poisson = unit_deviance(9.0, 4.0, 0.0);
        assert!((poisson - 2.0 * (9.0 * (9.0f64 / 4.0).ln() - 5.0)).abs() < 1e-7);
        assert!((unit_deviance(9.0, 4.0, 1.01e-4) - poisson).abs() < 3e-3);
    }
}
