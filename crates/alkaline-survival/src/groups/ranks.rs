//! Wilcoxon's tests. Upstream: `wilcox.test`: exact below fifty values without ties, else normal with correction for continuity.

use alkaline_math::order_statistics::average_ranks;

use super::checks::{differences, enough};
use super::exact_counts::{rank_sums, signed_rank_sums, two_sided};
use crate::SurvivalError;
use crate::probability::normal_p;

/// Below as many values P is exact, where there are no ties.
const EXACT_BELOW: usize = 50;

/// The rank sum test of two groups (Mann and Whitney).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankSum {
    /// Pairs in which the first group is larger, ties counted half.
    pub w: f64,
    /// The two-sided P.
    pub p: f64,
    /// Whether it counts all arrangements.
    pub exact: bool,
}

/// The signed rank test of pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// Ranks of the positive differences.
    pub v: f64,
    /// The two-sided P.
    pub p: f64,
    /// Whether it counts all arrangements.
    pub exact: bool,
}

/// Compares two groups by ranks.
///
/// # Errors
/// When a group is empty, or all values are the same.
pub fn rank_sum(first: &[f64], second: &[f64]) -> Result<RankSum, SurvivalError> {
    enough("a group of Wilcoxon's test", 1, first.len().min(second.len()))?;
    let ranks = average_ranks(&[first, second].concat());
    let (m, n) = (first.len() as f64, second.len() as f64);
    let w = ranks[..first.len()].iter().sum::<f64>() - m * (m + 1.0) / 2.0;
    let ties = tie_sum(&ranks);
    if ties == 0.0 && first.len() < EXACT_BELOW && second.len() < EXACT_BELOW {
        let p = two_sided(&rank_sums(first.len(), second.len()), w as usize);
        return Ok(RankSum { w, p, exact: true });
    }
    let total = m + n;
    let variance = m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    Ok(RankSum { w, p: corrected("the value", w - m * n / 2.0, variance)?, exact: false })
}

/// Compares pairs by the ranks of their differences; pairs without a difference are left out.
///
/// # Errors
/// When the lists differ in length, or no pair differs.
pub fn signed_rank(first: &[f64], second: &[f64]) -> Result<SignedRank, SurvivalError> {
    let all = differences(first, second)?;
    let moved: Vec<f64> = all.iter().copied().filter(|&difference| difference != 0.0).collect();
    enough("the signed rank test", 1, moved.len())?;
    let ranks = average_ranks(&moved.iter().map(|difference| difference.abs()).collect::<Vec<_>>());
    let v = ranks.iter().zip(&moved).filter(|(_, d)| **d > 0.0).map(|(rank, _)| rank).sum::<f64>();
    let (n, ties) = (moved.len() as f64, tie_sum(&ranks));
    if ties == 0.0 && moved.len() == all.len() && moved.len() < EXACT_BELOW {
        return Ok(SignedRank { v, p: two_sided(&signed_rank_sums(moved.len()), v as usize), exact: true });
    }
    let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0;
    let p = corrected("the difference", v - n * (n + 1.0) / 4.0, variance)?;
    Ok(SignedRank { v, p, exact: false })
}

/// Normal P of a statistic, half a unit towards zero.
fn corrected(what: &'static str, away: f64, variance: f64) -> Result<f64, SurvivalError> {
    if variance <= 0.0 {
        return Err(SurvivalError::Constant { what });
    }
    let half = if away == 0.0 { 0.0 } else { 0.5_f64.copysign(away) };
    Ok(normal_p((away - half) / variance.sqrt()))
}

/// `Σ (t³ - t)` over blocks of tied ranks.
pub(super) fn tie_sum(ranks: &[f64]) -> f64 {
    tie_blocks(ranks).map(|t| t.powi(3) - t).sum()
}

/// Sizes of the blocks of equal values.
pub(super) fn tie_blocks(values: &[f64]) -> impl Iterator<Item = f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.chunk_by(|a, b| a == b).map(|block| block.len() as f64).collect::<Vec<_>>().into_iter()
}
