//! Independent filtering: genes too faint to be called are left out of the correction for multiple testing, as many as give most
//! calls.
//!
//! Bourgon, Gentleman & Huber (2010), doi:10.1073/pnas.0914005107. Upstream: DESeq2 1.38 `pvalueAdjustment`.

use alkaline_math::order_statistics::quantile;
use alkaline_math::smoothing::{Lowess, lowess_fit};

use crate::Adjustment;

/// Cutoffs that are tried.
const CUTOFFS: usize = 50;
/// So few calls are not worth a cutoff.
const FEW_CALLS: usize = 10;

/// Adjusted P values of genes at least as abundant as the cutoff that gives most calls at `alpha`; NaN for the others.
pub(super) fn filtered(base_means: &[f64], p: &[f64], alpha: f64, adjustment: Adjustment) -> Vec<f64> {
    let zeros = base_means.iter().filter(|mean| **mean == 0.0).count() as f64 / base_means.len() as f64;
    let upper = if zeros < 0.95 { 0.95 } else { 1.0 };
    let step = (upper - zeros) / (CUTOFFS - 1) as f64;
    let shares: Vec<f64> = (0..CUTOFFS).map(|i| zeros + step * i as f64).collect();
    let mut sorted = base_means.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let cutoffs: Vec<f64> = shares.iter().map(|share| quantile(&mut sorted.clone(), *share)).collect();
    let calls: Vec<f64> = match adjustment {
        Adjustment::Bh => calls_of(base_means, p, alpha, &cutoffs),
        _ => cutoffs.iter().map(|cutoff| calls_at(base_means, p, alpha, *cutoff, adjustment)).collect(),
    };
    let cutoff = cutoffs[chosen(&shares, &calls)];
    adjusted_above(base_means, p, cutoff, adjustment)
}

/// Adjusted P values of the genes from `cutoff` on, those without P aside.
pub(super) fn adjusted_above(base_means: &[f64], p: &[f64], cutoff: f64, adjustment: Adjustment) -> Vec<f64> {
    let kept: Vec<usize> = (0..p.len()).filter(|&i| base_means[i] >= cutoff && !p[i].is_nan()).collect();
    let values: Vec<f64> = kept.iter().map(|&i| p[i]).collect();
    let mut all = vec![f64::NAN; p.len()];
    kept.iter().zip(adjustment.adjust(&values)).for_each(|(&i, value)| all[i] = value);
    all
}

fn calls_at(base_means: &[f64], p: &[f64], alpha: f64, cutoff: f64, adjustment: Adjustment) -> f64 {
    let adjusted = adjusted_above(base_means, p, cutoff, adjustment);
    adjusted.iter().filter(|value| **value < alpha).count() as f64
}

/// Numbers of genes that Benjamini and Hochberg call at each cutoff, the genes sorted once.
fn calls_of(base_means: &[f64], p: &[f64], alpha: f64, cutoffs: &[f64]) -> Vec<f64> {
    let mut tested: Vec<(f64, f64)> =
        p.iter().zip(base_means).filter(|(p, _)| !p.is_nan()).map(|(p, mean)| (*p, *mean)).collect();
    tested.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let calls = |cutoff: &f64| {
        let kept = tested.iter().filter(|gene| gene.1 >= *cutoff);
        let total = kept.clone().count() as f64;
        let ranked = kept.zip(1_u32..).take_while(|(gene, _)| gene.0 < alpha);
        let called = ranked.filter(|(gene, rank)| total / f64::from(*rank) * gene.0 < alpha);
        called.last().map_or(0.0, |(_, rank)| f64::from(rank))
    };
    cutoffs.iter().map(calls).collect()
}

/// The first cutoff whose calls are within one standard deviation of the most that a smooth curve reaches.
fn chosen(shares: &[f64], calls: &[f64]) -> usize {
    let most = calls.iter().copied().fold(0.0, f64::max);
    if most <= FEW_CALLS as f64 {
        return 0;
    }
    let range = shares[shares.len() - 1] - shares[0];
    let smooth = lowess_fit(shares, calls, &Lowess { span: 0.2, robust_rounds: 3, delta: 0.01 * range });
    let called = calls.iter().zip(&smooth).filter(|(calls, _)| **calls > 0.0);
    let squares: Vec<f64> = called.map(|(calls, fit)| (calls - fit).powi(2)).collect();
    let deviation = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
    let threshold = smooth.iter().copied().fold(f64::NEG_INFINITY, f64::max) - deviation;
    calls.iter().position(|calls| *calls > threshold).unwrap_or(0)
}
