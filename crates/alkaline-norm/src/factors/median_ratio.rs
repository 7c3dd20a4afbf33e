//! Relative log expression: the median ratio of a library to the geometric mean of all.
//!
//! Reference: Anders & Huber (2010), doi:10.1186/gb-2010-11-10-r106. Upstream: edgeR `calcNormFactors(method = "RLE")`.

use alkaline_math::order_statistics::median;
use alkaline_math::summation::sum;

use super::library::Library;

/// One factor per library, before scaling.
pub(super) fn factors(libraries: &[Library<'_>]) -> Vec<f64> {
    let genes = libraries[0].counts.len();
    let n = libraries.len() as f64;
    let centre: Vec<f64> =
        (0..genes).map(|gene| (sum(libraries.iter().map(|l| l.counts[gene].ln())) / n).exp()).collect();
    libraries
        .iter()
        .map(|library| {
            let pairs = library.counts.iter().zip(&centre);
            let mut ratios: Vec<f64> = pairs.filter(|(_, c)| **c > 0.0).map(|(y, c)| y / c).collect();
            median(&mut ratios) / library.size
        })
        .collect()
}
