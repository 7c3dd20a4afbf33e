//! Cox-Reid adjusted profile likelihood of the dispersion under a linear model.
//!
//! The log-likelihood at the fitted means minus half the log-determinant of the information of the coefficients.
//! References: Cox & Reid (1987), J R Stat Soc B 49:1; McCarthy, Chen & Smyth (2012), doi:10.1093/nar/gks042.
//! Upstream: edgeR `adjustedProfileLik`.

use ndarray::ArrayView2;

use super::glm::weighted_crossproduct;
use crate::linear::ln_determinant_ldl;
use crate::special::{LnGammaSum, ln_gamma};

/// A pivot of the information below this counts as this.
const SMALLEST_PIVOT: f64 = 1e-10;

/// The adjusted profile log-likelihood of one gene at dispersion `phi` and the means fitted at it.
#[must_use]
pub fn adjusted_profile_likelihood(
    counts: &[f64],
    means: &[f64],
    phi: f64,
    design: ArrayView2<'_, f64>,
) -> f64 {
    log_likelihood(counts, means, phi) - adjustment(means, phi, design)
}

/// Sum of log probabilities; libraries with a mean of zero contribute nothing.
fn log_likelihood(counts: &[f64], means: &[f64], phi: f64) -> f64 {
    let fitted = || counts.iter().zip(means).filter(|(_, mu)| **mu > 0.0);
    if phi <= 0.0 {
        return fitted().map(|(y, mu)| y * mu.ln() - mu - ln_gamma(y + 1.0)).sum();
    }
    let r = 1.0 / phi;
    let constant = r * r.ln() - ln_gamma(r);
    let (mut numerator, mut denominator) = (LnGammaSum::default(), LnGammaSum::default());
    let mut sum = 0.0;
    for (&y, &mu) in fitted() {
        sum += y * mu.ln() - (y + r) * (mu + r).ln() + constant;
        numerator.add(y + r);
        denominator.add(y + 1.0);
    }
    sum + numerator.total() - denominator.total()
}

/// Half the log-determinant of `Xᵀ W X` with `W = μ / (1 + φ μ)`.
pub(super) fn adjustment(means: &[f64], phi: f64, design: ArrayView2<'_, f64>) -> f64 {
    let weights: Vec<f64> = means.iter().map(|mu| mu / (1.0 + phi * mu)).collect();
    if design.ncols() == 1 {
        return 0.5 * weights.iter().sum::<f64>().abs().ln();
    }
    0.5 * ln_determinant_ldl(weighted_crossproduct(design, &weights).view_mut(), SMALLEST_PIVOT)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn poisson_is_the_limit_of_small_dispersions() {
        let design = Array2::ones((3, 1));
        let (counts, means) = ([4.0, 0.0, 7.0], [3.0, 3.5, 4.5]);
        let near = adjusted_profile_likelihood(&counts, &means, 1e-7, design.view());
        let limit = adjusted_profile_likelihood(&counts, &means, 0.0, design.view());
        assert!((near - limit).abs() < 1e-5);
    }
}
