//! Mean and variance of the unit deviance of a negative binomial count.
//!
//! The deviance of a small count is not chi-square with one degree of freedom. Scaled by `α = 2m/v` it has the first two
//! moments of a chi-square variable with `κ = 2m²/v` degrees of freedom, where `m` and `v` are its mean and variance. Both
//! are sums over all counts, evaluated here to twelve digits: term by term up to [`DIRECT_TERMS`], beyond by quadrature of
//! the smooth continuation with the midpoint rule's end correction (Euler-Maclaurin, DLMF 2.10(i)). Probabilities are in the
//! saddle-point form of Loader (2000), whose exponent is the deviance itself.
//! Reference: Chen, Chen, Lun, Baldoni & Smyth (2025), doi:10.1093/nar/gkaf018 (what the moments are for).

use crate::quadrature::gauss_legendre;
use crate::special::{ln_one_plus_minus, stirling_error};

/// Counts below this are summed one by one.
const DIRECT_TERMS: usize = 256;
/// A density relative to the largest one below which the rest of a sum is nothing.
const NEGLIGIBLE: f64 = 1e-18;
/// Standard deviations beyond which a nearly normal density is nothing.
const FAR: f64 = 12.0;
/// Multiples of `φ μ` beyond which the exponential tail of a gamma-like density is nothing.
const FAR_TAIL: f64 = 60.0;
/// A sum from `N` on is the integral from `N - 1/2` plus `f'/24 - 7 f'''/5760` there; the derivatives as differences of values
/// at these distances to either side.
const END_CORRECTION: [(f64, f64); 2] = [(0.5, 291.0 / 5760.0), (1.5, -17.0 / 5760.0)];
/// Nodes of each panel of the quadrature.
const QUADRATURE_NODES: usize = 16;
/// Nodes of each panel of the table, and its length in `ln μ`: together good to 1e-11.
const TABLE_NODES: usize = 14;
const PANEL: f64 = 1.0;
/// Means below this have moments of two terms, which need no table.
const TABLE_FROM: f64 = 1e-4;

/// How a unit deviance is made chi-square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DevianceFactors {
    /// What the deviance is multiplied by, `α`.
    pub scale: f64,
    /// The degrees of freedom it then has, `κ`.
    pub df: f64,
}

/// How the unit deviance at some mean is made chi-square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DevianceMoments {
    /// Expected unit deviance.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
}

impl DevianceMoments {
    /// Exact moments at mean `mu > 0` and dispersion `phi >= 0`.
    #[must_use]
    pub fn exact(mu: f64, phi: f64) -> Self {
        let law = Law { mu, phi };
        let mut sums = Sums::default();
        let mut peak = 0.0_f64;
        for y in 0..DIRECT_TERMS {
            let (p, deviance) = law.at(y as f64);
            sums.add(p, deviance);
            peak = peak.max(p);
            if y as f64 > mu && p < NEGLIGIBLE * peak {
                return sums.moments();
            }
        }
        law.add_tail(&mut sums);
        sums.moments()
    }

    /// The factor `α` that gives a deviance the mean and variance of a chi-square variable.
    #[must_use]
    pub fn scale(&self) -> f64 {
        2.0 * self.mean / self.variance
    }

    /// That variable's degrees of freedom, `κ`.
    #[must_use]
    pub fn df(&self) -> f64 {
        self.mean * self.scale()
    }
}

/// Moments from the counts below `counts` alone: the mean `Σ p d`, and the variance `Σ p (d - mean)²`, whatever the probabilities add to.
pub(super) fn moments_of_first_counts(mu: f64, phi: f64, counts: usize) -> DevianceMoments {
    let law = Law { mu, phi };
    let mut sums = Sums::default();
    for y in 0..counts {
        let (p, deviance) = law.at(y as f64);
        sums.add(p, deviance);
    }
    let mean = sums.first;
    DevianceMoments { mean, variance: sums.second - (2.0 - sums.total) * mean * mean }
}

/// One negative binomial distribution; Poisson at dispersion zero.
struct Law {
    mu: f64,
    phi: f64,
}

impl Law {
    /// Probability of (a possibly fractional) `y`, and its deviance.
    fn at(&self, y: f64) -> (f64, f64) {
        let half = self.half_deviance(y);
        ((self.ln_saddle(y) - half).exp(), 2.0 * half)
    }

    fn half_deviance(&self, y: f64) -> f64 {
        let (mu, gap) = (self.mu, self.mu - y);
        if y == 0.0 {
            return if self.phi > 0.0 { (mu * self.phi).ln_1p() / self.phi } else { mu };
        }
        let poisson = -y * ln_one_plus_minus(gap / y);
        if self.phi == 0.0 {
            return poisson;
        }
        let with_size = y + 1.0 / self.phi;
        poisson + with_size * ln_one_plus_minus(gap / with_size)
    }

    /// Logarithm of the probability of `y` when `y` is the mean.
    fn ln_saddle(&self, y: f64) -> f64 {
        if y == 0.0 {
            return 0.0;
        }
        let ln_poisson = -0.5 * (std::f64::consts::TAU * y).ln() - stirling_error(y);
        if self.phi == 0.0 {
            return ln_poisson;
        }
        let size = 1.0 / self.phi;
        ln_poisson - 0.5 * (self.phi * y).ln_1p() + stirling_error(size + y) - stirling_error(size)
    }

    /// Adds what lies beyond the direct terms.
    fn add_tail(&self, sums: &mut Sums) {
        let from = DIRECT_TERMS as f64 - 0.5;
        let spread = (1.0 / self.mu + self.phi).sqrt();
        let low = (self.mu * (1.0 - FAR * spread)).max(from);
        let high = self.mu * (1.0 + FAR * spread + FAR_TAIL * self.phi);
        let (start, end) = (low.ln(), high.ln());
        if end > start {
            let panels = ((end - start) / spread.min(0.5)).ceil().max(1.0);
            let width = (end - start) / panels;
            let nodes = gauss_legendre(QUADRATURE_NODES);
            for panel in 0..panels as usize {
                let middle = start + (panel as f64 + 0.5) * width;
                for (node, weight) in &nodes {
                    let y = (middle + 0.5 * width * node).exp();
                    let (p, deviance) = self.at(y);
                    sums.add(0.5 * width * weight * y * p, deviance);
                }
            }
        }
        for (offset, weight) in END_CORRECTION {
            for side in [1.0, -1.0] {
                let (p, deviance) = self.at(from + side * offset);
                sums.add(side * weight * p, deviance);
            }
        }
    }
}

/// Sums of probability, deviance and squared deviance.
#[derive(Default)]
struct Sums {
    total: f64,
    first: f64,
    second: f64,
}

impl Sums {
    fn add(&mut self, weight: f64, deviance: f64) {
        self.total += weight;
        self.first += weight * deviance;
        self.second += weight * deviance * deviance;
    }

    fn moments(&self) -> DevianceMoments {
        let mean = self.first / self.total;
        DevianceMoments { mean, variance: self.second / self.total - mean * mean }
    }
}

/// Moments at any mean of a range and one dispersion, interpolated between exact ones.
///
/// Barycentric interpolation of the logarithms of both moments at Chebyshev points of panels of `ln μ`; panels are worked out
/// on the first call that needs them.
#[derive(Debug)]
pub struct DevianceMomentTable {
    phi: f64,
    nodes: Vec<(f64, f64)>,
    panels: Vec<std::sync::OnceLock<Vec<(f64, f64)>>>,
}

/// Largest `ln μ` of the table.
const TABLE_TO: f64 = 34.0;

impl DevianceMomentTable {
    /// An empty table for one dispersion.
    #[must_use]
    pub fn new(phi: f64) -> Self {
        let n = TABLE_NODES;
        let node = |k: usize| {
            let angle = std::f64::consts::PI * (k as f64 + 0.5) / n as f64;
            (angle.cos(), if k.is_multiple_of(2) { angle.sin() } else { -angle.sin() })
        };
        let panels = ((TABLE_TO - TABLE_FROM.ln()) / PANEL).ceil() as usize;
        Self {
            phi,
            nodes: (0..n).map(node).collect(),
            panels: (0..panels).map(|_| std::sync::OnceLock::new()).collect(),
        }
    }

    /// The factors at mean `mu > 0`.
    #[must_use]
    pub fn factors(&self, mu: f64) -> DevianceFactors {
        let moments = self.at(mu);
        DevianceFactors { scale: moments.scale(), df: moments.df() }
    }

    /// Moments at mean `mu > 0`.
    #[must_use]
    pub fn at(&self, mu: f64) -> DevianceMoments {
        let place = (mu.ln() - TABLE_FROM.ln()) / PANEL;
        if place < 0.0 || place >= self.panels.len() as f64 {
            return DevianceMoments::exact(mu, self.phi);
        }
        let panel = self.panels[place as usize].get_or_init(|| self.panel(place.floor()));
        let t = 2.0 * (place - place.floor()) - 1.0;
        let (mut mean, mut variance, mut total) = (0.0, 0.0, 0.0);
        for ((node, weight), (ln_mean, ln_variance)) in self.nodes.iter().zip(panel) {
            if t == *node {
                return DevianceMoments { mean: ln_mean.exp(), variance: ln_variance.exp() };
            }
            let share = weight / (t - node);
            total += share;
            mean += share * ln_mean;
            variance += share * ln_variance;
        }
        DevianceMoments { mean: (mean / total).exp(), variance: (variance / total).exp() }
    }

    fn panel(&self, index: f64) -> Vec<(f64, f64)> {
        let at = |t: f64| {
            let mu = (TABLE_FROM.ln() + PANEL * (index + 0.5 * (t + 1.0))).exp();
            let moments = DevianceMoments::exact(mu, self.phi);
            (moments.mean.ln(), moments.variance.ln())
        };
        self.nodes.iter().map(|&(t, _)| at(t)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums over all counts by mpmath with 30 digits.
    #[test]
    fn moments_match_high_precision_sums() {
        for (mu, phi, mean, variance) in MPMATH {
            let moments = DevianceMoments::exact(mu, phi);
            assert!((moments.mean / mean - 1.0).abs() < 1e-10, "{mu} {phi}: {:.15} {mean}", moments.mean);
            assert!(
                (moments.variance / variance - 1.0).abs() < 1e-10,
                "{mu} {phi}: {:.15} {variance}",
                moments.variance
            );
        }
    }
    const MPMATH: [(f64, f64, f64, f64); 8] = [
        (0.001, 0.1, 0.013_720_211_008_237_488, 0.137_416_498_599_851_77),
        (0.37, 0.2, 0.871_937_486_812_794_6, 0.602_678_204_059_200_7),
        (3.2, 0.0, 1.087_305_433_460_638_4, 2.403_222_314_106_607),
        (25.0, 0.0107, 1.007_412_138_723_78, 2.031_294_470_906_182_3),
        (310.0, 0.4, 1.065_704_212_775_084, 2.259_554_238_611_117_4),
        (900.0, 2.5, 1.283_180_354_674_958, 2.531_931_069_058_256),
        (2500.0, 0.05, 1.008_331_871_307_407_2, 2.033_319_576_992_842),
        (5000.0, 0.0, 1.000_033_340_002_534_8, 2.000_133_386_697_846),
    ];

    #[test]
    fn the_table_equals_exact_moments() {
        for phi in [0.0, 0.011, 0.3, 2.0, 9.0] {
            let table = DevianceMomentTable::new(phi);
            for i in 0..60 {
                let mu = (-8.0 + 0.37 * f64::from(i)).exp();
                let (exact, quick) = (DevianceMoments::exact(mu, phi), table.at(mu));
                assert!((quick.mean / exact.mean - 1.0).abs() < 1e-9, "{mu} {phi}");
                assert!((quick.variance / exact.variance - 1.0).abs() < 1e-9, "{mu} {phi}");
            }
        }
    }

    #[test]
    fn large_means_are_chi_square_but_for_dispersion() {
        let moments = DevianceMoments::exact(1e7, 1e-9);
        assert!((moments.mean - 1.0).abs() < 1e-3 && (moments.df() - 1.0).abs() < 1e-3);
    }
}
