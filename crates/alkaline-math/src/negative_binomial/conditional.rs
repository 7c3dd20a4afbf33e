//! Log-likelihood of the dispersion given the group totals (quantile-adjusted conditional maximum likelihood, qCML).
//!
//! For one group of `m` replicates `z` with equal library sizes and `r = 1/φ`,
//! `l(r) = Σ ln Γ(z + r) + ln Γ(m r) - ln Γ(Σ z + m r) - m ln Γ(r)`.
//! Reference: Robinson & Smyth (2008), doi:10.1093/biostatistics/kxm030. Upstream: edgeR `condLogLikDerSize`.

use crate::special::{LnGammaSum, ln_gamma};

/// The pattern of replication: the number of libraries in each group that has at least two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replicates {
    sizes: Vec<usize>,
}

impl Replicates {
    /// From group sizes; groups of one carry no information about dispersion and must be left out.
    ///
    /// # Panics
    /// When a group has fewer than two libraries.
    #[must_use]
    pub fn new(sizes: Vec<usize>) -> Self {
        assert!(sizes.iter().all(|&m| m >= 2), "conditional likelihood needs replicates");
        Self { sizes }
    }

    /// Number of libraries in all groups together.
    #[must_use]
    pub fn libraries(&self) -> usize {
        self.sizes.iter().sum()
    }

    /// The likelihood at dispersion `phi`, with the parts that do not depend on the counts worked out.
    #[must_use]
    pub fn likelihood(&self, phi: f64) -> ConditionalLikelihood<'_> {
        let size = 1.0 / phi;
        let constant =
            self.sizes.iter().map(|&m| ln_gamma(m as f64 * size) - m as f64 * ln_gamma(size)).sum();
        ConditionalLikelihood { sizes: &self.sizes, size, constant }
    }
}

/// The conditional log-likelihood at one dispersion.
#[derive(Clone, Copy, Debug)]
pub struct ConditionalLikelihood<'a> {
    sizes: &'a [usize],
    size: f64,
    constant: f64,
}

impl ConditionalLikelihood<'_> {
    /// The log-likelihood of one gene's library-size-adjusted counts, group after group.
    #[inline]
    #[must_use]
    pub fn of(&self, counts: &[f64]) -> f64 {
        let (mut single, mut total) = (LnGammaSum::default(), LnGammaSum::default());
        let mut rest = counts;
        for &m in self.sizes {
            let (group, others) = rest.split_at(m);
            rest = others;
            let mut sum = 0.0;
            for &z in group {
                single.add(z + self.size);
                sum += z;
            }
            total.add(sum + m as f64 * self.size);
        }
        single.total() - total.total() + self.constant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_counts_prefer_little_dispersion() {
        let replicates = Replicates::new(vec![3]);
        let at = |phi: f64| replicates.likelihood(phi).of(&[20.0, 20.0, 20.0]);
        assert!(at(0.001) > at(0.01) && at(0.01) > at(0.1) && at(0.1) > at(1.0));
    }

    #[test]
    fn silent_genes_say_nothing() {
        let replicates = Replicates::new(vec![2, 3]);
        for phi in [1e-4, 0.1, 3.0, 100.0] {
            assert!(replicates.likelihood(phi).of(&[0.0; 5]).abs() < 1e-9);
        }
    }
}
