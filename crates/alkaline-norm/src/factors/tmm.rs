//! Trimmed mean of M-values (TMM).
//!
//! Each library is compared with a reference library. Genes with extreme log ratios (M) or abundances (A) are set aside; two
//! to the weighted mean of the remaining M is the factor.
//! Reference: Robinson & Oshlack (2010), doi:10.1186/gb-2010-11-3-r25. Upstream: edgeR `calcNormFactors(method = "TMM")`.

use alkaline_math::order_statistics::{median, values_ranked_between};
use alkaline_math::summation::{mean, sum};

use rayon::prelude::*;

use super::library::{Library, deepest, upper_quantiles};
use super::options::NormOptions;

/// Log ratios that are all smaller than this need no correction.
pub(super) const NEGLIGIBLE_LOG_RATIO: f64 = 1e-6;
/// A median upper quartile below this says that most counts are zero.
const NO_UPPER_QUARTILE: f64 = 1e-20;
/// The quantile whose typical library becomes the reference.
const REFERENCE_QUANTILE: f64 = 0.75;

/// One factor per library, before scaling.
pub(super) fn factors(libraries: &[Library<'_>], options: &NormOptions) -> Vec<f64> {
    let reference = Reference::new(libraries[reference(libraries)]);
    libraries.par_iter().map(|library| factor(library, &reference, options)).collect()
}

/// The library whose upper quartile is nearest to the mean upper quartile.
fn reference(libraries: &[Library<'_>]) -> usize {
    let quantiles = upper_quantiles(libraries, REFERENCE_QUANTILE);
    if median(&mut quantiles.clone()) < NO_UPPER_QUARTILE {
        return deepest(libraries);
    }
    let centre = mean(&quantiles);
    let mut best = (f64::INFINITY, 0);
    for (i, quantile) in quantiles.iter().enumerate() {
        let distance = (quantile - centre).abs();
        if distance < best.0 {
            best = (distance, i);
        }
    }
    best.1
}

/// The library that all are compared with, and the logarithms of its shares, which every comparison needs.
struct Reference<'a> {
    library: Library<'a>,
    log2_shares: Vec<f64>,
}

impl<'a> Reference<'a> {
    fn new(library: Library<'a>) -> Self {
        let log2_shares = library.counts.iter().map(|count| (count / library.size).log2()).collect();
        Self { library, log2_shares }
    }
}

/// Log ratio, mean log abundance and asymptotic variance of one gene.
struct Comparison {
    m: f64,
    a: f64,
    variance: f64,
}

fn factor(library: &Library<'_>, reference: &Reference<'_>, options: &NormOptions) -> f64 {
    let genes = comparisons(library, reference, options.abundance_cutoff);
    if genes.iter().all(|gene| gene.m.abs() < NEGLIGIBLE_LOG_RATIO) {
        return 1.0;
    }
    let m: Vec<f64> = genes.iter().map(|gene| gene.m).collect();
    let a: Vec<f64> = genes.iter().map(|gene| gene.a).collect();
    let (Some(m_range), Some(a_range)) =
        (untrimmed(&m, options.log_ratio_trim), untrimmed(&a, options.sum_trim))
    else {
        return 1.0;
    };
    let within = |range: (f64, f64), value: f64| range.0 <= value && value <= range.1;
    let kept = || genes.iter().filter(|gene| within(m_range, gene.m) && within(a_range, gene.a));
    let log_factor = if options.weighted {
        sum(kept().map(|gene| gene.m / gene.variance)) / sum(kept().map(|gene| 1.0 / gene.variance))
    } else {
        mean(&kept().map(|gene| gene.m).collect::<Vec<_>>())
    };
    if log_factor.is_nan() { 1.0 } else { log_factor.exp2() }
}

/// Genes with counts in both libraries.
fn comparisons(library: &Library<'_>, reference: &Reference<'_>, cutoff: f64) -> Vec<Comparison> {
    let (n, n_ref) = (library.size, reference.library.size);
    library
        .counts
        .iter()
        .zip(reference.library.counts.iter().zip(&reference.log2_shares))
        .filter(|(y, (r, _))| **y > 0.0 && **r > 0.0)
        .map(|(&y, (&r, log2_share_ref))| {
            let (share, share_ref) = (y / n, r / n_ref);
            Comparison {
                m: (share / share_ref).log2(),
                a: (share.log2() + log2_share_ref) / 2.0,
                variance: (n - y) / n / y + (n_ref - r) / n_ref / r,
            }
        })
        .filter(|gene| gene.m.is_finite() && gene.a > cutoff)
        .collect()
}

/// The range of values that remain when a share is trimmed at either end, by average ranks.
fn untrimmed(values: &[f64], trim: f64) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let lowest = (n * trim).floor() + 1.0;
    values_ranked_between(values, lowest, n + 1.0 - lowest)
}
