//! Deviance of a group of libraries about its own rate.
//!
//! Upstream: edgeR `glmFit` with one coefficient per group, whose mean residual deviances tell how dispersions vary.

use std::array::from_fn;

use super::deviance::unit_deviances;
use super::one_group::fit_wide;
use crate::special::{WIDE, Wide, exp_wide};
use crate::vectors::in_widest_vectors;

/// A count and a fitted mean that are both below this carry no information (edgeR's "zero fit").
pub const ZERO_FIT: f64 = 1e-4;

/// What one group says about eight genes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupDeviances {
    /// Sum of the unit deviances of the libraries.
    pub deviance: Wide,
    /// Number of libraries that carry information.
    pub informative: Wide,
}

in_widest_vectors! {
    /// Deviances of the counts of eight genes, one entry per library, about the rates that fit them best.
    ///
    /// # Panics
    /// When there is not one library size per entry.
    #[must_use]
    pub fn deviances_of_group(counts: &[Wide], sizes: &[f64], dispersion: &Wide) -> GroupDeviances = of_wide;
}

#[inline(always)]
fn of_wide(counts: &[Wide], sizes: &[f64], dispersion: &Wide) -> GroupDeviances {
    let rate = exp_wide(&fit_wide(counts, sizes, dispersion));
    let mut sums = GroupDeviances { deviance: [0.0; WIDE], informative: [0.0; WIDE] };
    for (y, size) in counts.iter().zip(sizes) {
        let mu = rate.map(|rate| rate * size);
        let deviances = unit_deviances(y, &mu, dispersion);
        let informative: Wide = from_fn(|i| if y[i] >= ZERO_FIT || mu[i] >= ZERO_FIT { 1.0 } else { 0.0 });
        sums.deviance = from_fn(|i| sums.deviance[i] + deviances[i]);
        sums.informative = from_fn(|i| sums.informative[i] + informative[i]);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::negative_binomial::{fit_one_group, unit_deviance};

    #[test]
    fn eight_genes_are_as_one() {
        let sizes = [1e6, 2e6];
        let counts: [Wide; 2] =
            [[3.0, 0.0, 0.0, 1e5, 7.0, 1.0, 20.0, 0.5], [4.0, 0.0, 9.0, 3e5, 7.0, 0.0, 30.0, 0.0]];
        let phi = [0.1, 0.1, 2.0, 0.03, 1e-6, 0.4, 0.0, 30.0];
        let found = deviances_of_group(&counts, &sizes, &phi);
        for i in 0..WIDE {
            let y = counts.map(|y| y[i]);
            let rate = fit_one_group(&y, &sizes, phi[i]).exp();
            let one: f64 = y.iter().zip(sizes).map(|(y, size)| unit_deviance(*y, rate * size, phi[i])).sum();
            assert!(
                (found.deviance[i] - one).abs() < 1e-10 * (1.0 + one),
                "{i}: {} {one}",
                found.deviance[i]
            );
        }
        assert_eq!(found.informative, [2.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]);
    }
}
