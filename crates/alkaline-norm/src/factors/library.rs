//! Libraries as normalisation sees them.

use alkaline_math::order_statistics::quantile;
use alkaline_math::summation::sum;

/// One library as normalisation sees it: the counts of the genes that are not silent everywhere, and its size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Library<'a> {
    pub counts: &'a [f64],
    pub size: f64,
}

/// The quantile of each library's counts over its size.
pub(super) fn upper_quantiles(libraries: &[Library<'_>], probability: f64) -> Vec<f64> {
    libraries
        .iter()
        .map(|library| quantile(&mut library.counts.to_vec(), probability) / library.size)
        .collect()
}

/// The library whose counts have the largest sum of square roots.
pub(super) fn deepest(libraries: &[Library<'_>]) -> usize {
    let depth = |library: &Library<'_>| sum(library.counts.iter().map(|count| count.sqrt()));
    let mut best = (f64::NEG_INFINITY, 0);
    for (i, library) in libraries.iter().enumerate() {
        let depth = depth(library);
        if depth > best.0 {
            best = (depth, i);
        }
    }
    best.1
}
