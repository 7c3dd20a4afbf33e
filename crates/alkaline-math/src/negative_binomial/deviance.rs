//! Unit deviance of the negative binomial distribution.
//!
//! Twice the log-likelihood ratio of a count to its fitted mean. Upstream: edgeR `nbinomDeviance`.

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

#[cfg(test)]
mod tests {
    use super::*;

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
