//! Trimmed mean of M-values with singleton pairing (TMMwsp), for tables with a high share of zeros.
//!
//! Genes with a count in only one of two libraries ("singletons") are not lost: the largest singletons of one library are
//! paired with the largest of the other. Upstream: edgeR `calcNormFactors(method = "TMMwsp")`.

use alkaline_math::summation::{mean, sum};

use rayon::prelude::*;

use super::library::{Library, deepest};
use super::options::NormOptions;
use super::tmm::NEGLIGIBLE_LOG_RATIO;

/// A count at or below this is zero.
const ZERO_COUNT: f64 = 1e-14;
/// Keeps weights of genes without variance finite.
const VARIANCE_OFFSET: f64 = 1e-6;
/// Added to both counts for the log ratio that breaks ties.
const TIE_PRIOR: f64 = 0.5;

/// One factor per library, before scaling.
pub(super) fn factors(libraries: &[Library<'_>], options: &NormOptions) -> Vec<f64> {
    let reference = libraries[deepest(libraries)];
    libraries.par_iter().map(|library| factor(library, &reference, options)).collect()
}

struct Comparison {
    m: f64,
    shrunk_m: f64,
    a: f64,
    variance: f64,
}

fn factor(library: &Library<'_>, reference: &Library<'_>, options: &NormOptions) -> f64 {
    let (n, n_ref) = (library.size, reference.size);
    let genes: Vec<Comparison> = pairs(library.counts, reference.counts)
        .into_iter()
        .map(|(y, r)| {
            let (share, share_ref) = (y / n, r / n_ref);
            Comparison {
                m: (share / share_ref).log2(),
                // one logarithm of the ratio: genes tied in M must tie here exactly where they do upstream
                shrunk_m: (shrunk_share(y, n) / shrunk_share(r, n_ref)).log2(),
                a: 0.5 * (share * share_ref).log2(),
                variance: (1.0 - share) / share / n + (1.0 - share_ref) / share_ref / n_ref,
            }
        })
        .collect();
    if genes.iter().all(|gene| gene.m.abs() < NEGLIGIBLE_LOG_RATIO) {
        return 1.0;
    }
    let kept = untrimmed(&genes, options);
    let weight = |gene: &Comparison| (1.0 + VARIANCE_OFFSET) / (gene.variance + VARIANCE_OFFSET);
    let log_factor = if options.weighted {
        sum(kept.iter().map(|gene| weight(gene) * gene.m)) / sum(kept.iter().map(|gene| weight(gene)))
    } else {
        mean(&kept.iter().map(|gene| gene.m).collect::<Vec<_>>())
    };
    if log_factor.is_nan() { 1.0 } else { log_factor.exp2() }
}

fn shrunk_share(count: f64, size: f64) -> f64 {
    (count + TIE_PRIOR) / (size + TIE_PRIOR)
}

/// Counts of both libraries: genes with both, then the largest singletons of either paired in decreasing order.
fn pairs(counts: &[f64], reference: &[f64]) -> Vec<(f64, f64)> {
    let both = |(y, r): (&f64, &f64)| (*y > ZERO_COUNT, *r > ZERO_COUNT);
    let all = || counts.iter().zip(reference);
    let mut paired: Vec<(f64, f64)> =
        all().filter(|&p| both(p) == (true, true)).map(|(y, r)| (*y, *r)).collect();
    let mut ours: Vec<f64> = all().filter(|&p| both(p) == (true, false)).map(|(y, _)| *y).collect();
    let mut theirs: Vec<f64> = all().filter(|&p| both(p) == (false, true)).map(|(_, r)| *r).collect();
    ours.sort_by(|a, b| b.total_cmp(a));
    theirs.sort_by(|a, b| b.total_cmp(a));
    paired.extend(ours.into_iter().zip(theirs));
    paired
}

/// Genes inside both trimming ranges, by position in order rather than by shared rank.
fn untrimmed<'a>(genes: &'a [Comparison], options: &NormOptions) -> Vec<&'a Comparison> {
    let n = genes.len();
    let mut by_m: Vec<usize> = (0..n).collect();
    by_m.sort_by(|&i, &j| {
        genes[i].m.total_cmp(&genes[j].m).then(genes[i].shrunk_m.total_cmp(&genes[j].shrunk_m))
    });
    let mut by_a: Vec<usize> = (0..n).collect();
    by_a.sort_by(|&i, &j| genes[i].a.total_cmp(&genes[j].a));
    let mut votes = vec![0u8; n];
    for (order, trim) in [(by_m, options.log_ratio_trim), (by_a, options.sum_trim)] {
        let cut = (n as f64 * trim) as usize;
        order.get(cut..n.saturating_sub(cut)).unwrap_or_default().iter().for_each(|&i| votes[i] += 1);
    }
    genes.iter().zip(votes).filter(|(_, votes)| *votes == 2).map(|(gene, _)| gene).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singletons_are_paired_from_the_largest() {
        let paired = pairs(&[5.0, 0.0, 9.0, 2.0, 0.0], &[4.0, 3.0, 0.0, 0.0, 0.0]);
        assert_eq!(paired, [(5.0, 4.0), (9.0, 3.0)]);
    }
}
