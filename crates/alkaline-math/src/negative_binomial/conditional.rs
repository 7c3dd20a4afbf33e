//! Log-likelihood of the dispersion given the group totals (quantile-adjusted conditional maximum likelihood, qCML).
//!
//! For one group of `m` replicates `z` with equal library sizes and `r = 1/φ`,
//! `l(r) = Σ ln Γ(z + r) + ln Γ(m r) - ln Γ(Σ z + m r) - m ln Γ(r)`.
//!
//! Its value is near `-Σ z ln m`, which may be millions while what depends on `r` is a few units. Searches for the best `r`
//! compare those few units, so the large term, the same for all `r`, is left out: with Stirling's formula and `x = z + r`,
//! `x̄` the mean of `x`, the rest is `Σ (x - 1/2) ln(x/x̄) - (m - 1)/2 ln(x̄/r)` and terms that vanish for large `x`.
//! Reference: Robinson & Smyth (2008), doi:10.1093/biostatistics/kxm030. Upstream: edgeR `condLogLikDerSize`.

use crate::special::{Raised, WIDE, Wide, ln_wide, stirling_error, stirling_tails};
use crate::vectors::in_widest_vectors;

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
        let of_group = |&m: &usize| {
            let m = m as f64;
            0.5 * (m - 1.0) * size.ln() + stirling_error(m * size) - m * stirling_error(size)
        };
        let constant = self.sizes.iter().map(of_group).sum();
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

in_widest_vectors! {
    fn likelihood_of(likelihood: &ConditionalLikelihood<'_>, counts: &[Wide]) -> Wide = ConditionalLikelihood::of_wide;
}

impl ConditionalLikelihood<'_> {
    /// The log-likelihoods of eight genes' library-size-adjusted counts: one entry per library, group after group.
    #[must_use]
    pub fn of(&self, counts: &[Wide]) -> Wide {
        likelihood_of(self, counts)
    }

    #[inline(always)]
    fn of_wide(&self, counts: &[Wide]) -> Wide {
        let mut likelihood = [self.constant; WIDE];
        let (mut single, mut joint) = (Raised::default(), Raised::default());
        let mut rest = counts;
        for &m in self.sizes {
            let (group, others) = rest.split_at(m);
            rest = others;
            self.add_group(group, &mut likelihood, &mut single, &mut joint);
        }
        let (single, joint) = (single.total(), joint.total());
        std::array::from_fn(|i| likelihood[i] - single[i] + joint[i])
    }

    #[inline(always)]
    fn add_group(&self, group: &[Wide], likelihood: &mut Wide, single: &mut Raised, joint: &mut Raised) {
        let m = group.len() as f64;
        let mut sum = [m * self.size; WIDE];
        for z in group {
            sum.iter_mut().zip(z).for_each(|(sum, z)| *sum += z);
        }
        let ln_mean = ln_wide(&sum.map(|sum| sum / m));
        let inverse = sum.map(|sum| m / sum);
        let mut steps = [0.0; WIDE];
        for z in group {
            let mut x = z.map(|z| z + self.size);
            single.raise(&mut x, &mut steps);
            let logs = ln_wide(&std::array::from_fn(|i| x[i] * inverse[i]));
            let tails = stirling_tails(&x);
            for i in 0..WIDE {
                likelihood[i] += (x[i] - 0.5) * logs[i] + tails[i];
            }
        }
        let (mut total, mut steps_of_total) = (sum, [0.0; WIDE]);
        joint.raise(&mut total, &mut steps_of_total);
        // the total is raised where all its members are small: rarely
        let raised = steps_of_total.iter().any(|steps| *steps > 0.0);
        let logs = if raised { ln_wide(&std::array::from_fn(|i| total[i] / sum[i])) } else { [0.0; WIDE] };
        let tails = stirling_tails(&total);
        let ln_m = m.ln();
        for i in 0..WIDE {
            let spare = steps[i] - steps_of_total[i];
            likelihood[i] += (spare - 0.5 * (m - 1.0)) * ln_mean[i]
                - spare
                - steps_of_total[i] * ln_m
                - (total[i] - 0.5) * logs[i]
                - tails[i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_counts_prefer_little_dispersion() {
        let replicates = Replicates::new(vec![3]);
        let at = |phi: f64| replicates.likelihood(phi).of(&[[20.0; WIDE]; 3])[5];
        assert!(at(0.001) > at(0.01) && at(0.01) > at(0.1) && at(0.1) > at(1.0));
    }

    /// The definition, plus the term that is left out.
    #[test]
    fn only_a_constant_is_missing() {
        use crate::special::ln_gamma;
        let replicates = Replicates::new(vec![2, 3]);
        for z in [[0.0, 3.0, 1.0, 0.0, 0.4], [90.0, 120.5, 4000.0, 3000.0, 1.0], [7.0, 8.0, 0.0, 0.0, 0.0]] {
            for phi in [1e-4, 0.01, 0.3, 5.0, 100.0] {
                let r = 1.0 / phi;
                let of_group = |z: &[f64]| {
                    let (m, sum) = (z.len() as f64, z.iter().sum::<f64>());
                    z.iter().map(|z| ln_gamma(z + r)).sum::<f64>() + ln_gamma(m * r)
                        - ln_gamma(sum + m * r)
                        - m * ln_gamma(r)
                        + sum * m.ln()
                };
                let expected = of_group(&z[..2]) + of_group(&z[2..]);
                let found = replicates.likelihood(phi).of(&z.map(|z| [z; WIDE]))[3];
                assert!(
                    (found - expected).abs() < 1e-8 * expected.abs().max(1.0),
                    "{phi}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn silent_genes_say_nothing() {
        let replicates = Replicates::new(vec![2, 3]);
        for phi in [1e-4, 0.1, 3.0, 100.0] {
            assert!(replicates.likelihood(phi).of(&[[0.0; WIDE]; 5])[0].abs() < 1e-9);
        }
    }
}
