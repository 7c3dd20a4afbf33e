//! Which laws an importance sampler draws from: one for each of the ranks where the score is likely to be reached.

use super::blocks::{BlockRun, BlockedList};
use super::packed::{NEAR_ONE, packed_tilts};
use super::proposal::Proposal;
use super::ratio::RatioKernel;
use super::tilt::{Multipliers, Target, Tilt};

/// Share of the draws that are uniform sets.
const UNIFORM_SHARE: f64 = 0.06;

/// In short lists uniform sets take a larger share.
const UNIFORM_SHARE_SHORT: f64 = 0.3;

/// Share of the draws from the best law at half its strength, which covers what lies between the other laws.
const TEMPERED_SHARE: f64 = 0.1;

/// Share of the draws from the best law with one gene set free to lie anywhere, where high scores are asked for: a law under which
/// genes far from the top are next to impossible would miss the many sets that have one.
const STRAY_SHARE: f64 = 0.15;

/// Genes that are free under the other laws, on average, where high scores are asked for.
const FEW_STRAYS: f64 = 0.1;

/// Above this score that law joins the mixture.
const HIGH: f64 = 0.5;

/// Share of the draws from sets packed at the top, where scores near one are asked for.
const PACKED_SHARE: f64 = 0.4;

/// Laws per aim at most, besides these two.
const LAWS: usize = 5;

/// Ranks for which a tilt is solved at most.
const CANDIDATES: usize = 8;

/// A score that needs more than this share of the set's weight ahead of the peak, all its genes being there, is out of
/// reach.
const MOST_NEEDED: f64 = 0.999_999;

/// A law whose entropy exceeds the smallest by more than this (in nats) adds nothing.
const WORST_ENTROPY: f64 = 3.0;

/// One member of a mixture.
pub struct Member {
    /// Draws from it.
    pub draws: usize,
    /// Its share of the draws, before rounding.
    pub share: f64,
    /// Its law; `None` for uniform sets.
    pub law: Option<Proposal>,
}

/// Laws with their shares of the draws.
pub struct Mixture {
    /// The members.
    pub members: Vec<Member>,
    kernel: RatioKernel,
}

impl Mixture {
    /// A mixture for sets that score about `aims`; every aim gets an equal share, a likelier peak a larger one.
    pub fn aimed(list: &BlockedList, size: usize, aims: &[f64], draws: usize) -> Self {
        let uniform_share = if list.is_short() { UNIFORM_SHARE_SHORT } else { UNIFORM_SHARE };
        let mut laws: Vec<(f64, Proposal)> = Vec::new();
        for &aim in aims {
            let mut tilts = choose_tilts(list, size, aim);
            let by_entropy = |a: &&Tilt, b: &&Tilt| a.entropy.total_cmp(&b.entropy);
            let Some(best) = tilts.iter().min_by(by_entropy).cloned() else { continue };
            let weights: Vec<f64> = tilts.iter().map(|tilt| (best.entropy - tilt.entropy).exp()).collect();
            if aim > HIGH {
                tilts.iter_mut().for_each(|tilt| *tilt = tilt.straying(list, size, FEW_STRAYS));
            }
            let stray_share = if aim > HIGH { STRAY_SHARE } else { 0.0 };
            let scale = (1.0 - uniform_share - TEMPERED_SHARE - stray_share) / weights.iter().sum::<f64>();
            laws.extend(
                tilts
                    .iter()
                    .zip(weights)
                    .map(|(tilt, w)| (w * scale, Proposal::new(list, size, &tilt.log_odds))),
            );
            let tempered = best.tempered(size, list.len());
            laws.push((TEMPERED_SHARE, Proposal::new(list, size, &tempered.log_odds)));
            if stray_share > 0.0 {
                let straying = best.straying(list, size, 1.0);
                laws.push((stray_share, Proposal::new(list, size, &straying.log_odds)));
            }
        }
        let highest = aims.iter().copied().fold(0.0, f64::max);
        if highest > NEAR_ONE {
            let packed = packed_tilts(list, size, highest);
            laws.iter_mut().for_each(|(share, _)| *share *= 1.0 - PACKED_SHARE);
            let share = PACKED_SHARE * (1.0 - uniform_share) / packed.len() as f64;
            laws.extend(packed.iter().map(|tilt| (share, Proposal::new(list, size, &tilt.log_odds))));
        }
        let scale = 1.0 / aims.len() as f64;
        laws.iter_mut().for_each(|(share, _)| *share *= scale);
        Self::of_laws(list, size, laws, draws)
    }

    /// A mixture of laws with their shares of the draws; uniform sets get what is left.
    pub fn of_laws(list: &BlockedList, size: usize, laws: Vec<(f64, Proposal)>, draws: usize) -> Self {
        let draws_of = |share: f64| ((share * draws as f64) as usize).max(2);
        let mut members: Vec<Member> = laws
            .into_iter()
            .map(|(share, law)| Member { draws: draws_of(share), share, law: Some(law) })
            .collect();
        let taken: usize = members.iter().map(|member| member.draws).sum();
        let uniform = draws.saturating_sub(taken).max(2);
        members.push(Member { draws: uniform, share: uniform as f64 / draws as f64, law: None });
        let total: usize = members.iter().map(|member| member.draws).sum();
        let ratios: Vec<_> = members
            .iter()
            .map(|member| {
                let ln_share = (member.draws as f64 / total as f64).ln();
                (ln_share, member.law.as_ref().map(Proposal::log_ratio))
            })
            .collect();
        let kernel = RatioKernel::new(list, size, &ratios);
        Self { members, kernel }
    }

    /// The laws with their shares of the draws; the rest is uniform sets.
    pub fn laws(&self) -> impl Iterator<Item = (f64, &Proposal)> {
        self.members.iter().filter_map(|member| Some((member.share, member.law.as_ref()?)))
    }

    /// The same, without the mixture.
    pub fn into_laws(self) -> Vec<(f64, Proposal)> {
        self.members.into_iter().filter_map(|member| Some((member.share, member.law?))).collect()
    }

    /// Log of the chance of a set under the mixture over its chance under uniform sets, from its blocks.
    #[inline]
    pub fn ln_ratio(&self, runs: &[BlockRun]) -> f64 {
        self.kernel.ln_ratio(runs)
    }
}

/// Tilts towards the ranks where the score is most likely reached.
fn choose_tilts(list: &BlockedList, size: usize, score: f64) -> Vec<Tilt> {
    let rates: Vec<f64> = gaussian_rates(list, size, score).collect();
    let lowest = rates.iter().copied().fold(f64::INFINITY, f64::min);
    let near: Vec<usize> =
        (0..rates.len()).filter(|&i| rates[i] <= lowest * 1.3 + WORST_ENTROPY).map(|i| i + 1).collect();
    let solve = |peak| Tilt::solve(list, Target { size, peak, score }, Multipliers::default());
    let mut tilts: Vec<(usize, Tilt)> = Vec::with_capacity(2 * CANDIDATES);
    for peak in spread(&near, CANDIDATES) {
        let start = tilts.last().map_or(Multipliers::default(), |(_, tilt)| tilt.multipliers);
        tilts.push((peak, Tilt::solve(list, Target { size, peak, score }, start)));
    }
    if !tilts.iter().any(|(_, tilt)| tilt.is_met) {
        tilts = near.iter().map(|&peak| (peak, solve(peak))).collect();
    }
    widen(list, size, score, &mut tilts);
    fill_in(&mut tilts, solve);
    let mut tilts: Vec<Tilt> = tilts.into_iter().map(|(_, tilt)| tilt).collect();
    if tilts.iter().any(|tilt| tilt.is_met) {
        tilts.retain(|tilt| tilt.is_met);
    }
    let best = tilts.iter().map(|tilt| tilt.entropy).fold(f64::INFINITY, f64::min);
    tilts.retain(|tilt| tilt.entropy.is_finite() && tilt.entropy <= best + WORST_ENTROPY);
    let chosen = spread(&(0..tilts.len()).collect::<Vec<_>>(), LAWS);
    chosen.into_iter().map(|i| tilts[i].clone()).collect()
}

/// Adds tilts beyond either end of those there are for as long as the peak becomes likelier that way.
///
/// The normal approximation by which the first ones were chosen is poor for extreme scores.
fn widen(list: &BlockedList, size: usize, score: f64, tilts: &mut Vec<(usize, Tilt)>) {
    /// Blocks from one peak to the next.
    const STRIDE: usize = 2;
    let solve = |peak: usize, near: &Tilt| Tilt::solve(list, Target { size, peak, score }, near.multipliers);
    while tilts.len() > 1 && tilts[0].1.entropy < tilts[1].1.entropy && tilts[0].0 > STRIDE {
        let peak = tilts[0].0 - STRIDE;
        let tilt = solve(peak, &tilts[0].1);
        tilts.insert(0, (peak, tilt));
    }
    while let [.., (_, before), (peak, last)] = tilts.as_slice()
        && last.entropy < before.entropy
        && peak + STRIDE < list.blocks.len()
    {
        let next = peak + STRIDE;
        let tilt = solve(next, last);
        tilts.push((next, tilt));
    }
}

/// Adds the nearest neighbours of the best tilt, where they are missing.
fn fill_in(tilts: &mut Vec<(usize, Tilt)>, solve: impl Fn(usize) -> Tilt) {
    let best =
        tilts.iter().filter(|(_, tilt)| tilt.is_met).min_by(|a, b| a.1.entropy.total_cmp(&b.1.entropy));
    let Some(&(best, _)) = best else { return };
    for peak in [best - 1, best + 1] {
        let missing = peak > 0 && tilts.iter().all(|(known, _)| *known != peak);
        if missing && tilts.iter().any(|(known, _)| *known > peak) {
            tilts.push((peak, solve(peak)));
        }
    }
    tilts.sort_unstable_by_key(|(peak, _)| *peak);
}

/// At most `most` of the items, evenly spaced, first and last among them.
fn spread(items: &[usize], most: usize) -> Vec<usize> {
    if items.len() <= most {
        return items.to_vec();
    }
    (0..most).map(|i| items[i * (items.len() - 1) / (most - 1)]).collect()
}

/// For every block boundary how unlikely the score is there, as half the square of a normal deviate.
fn gaussian_rates(list: &BlockedList, size: usize, score: f64) -> impl Iterator<Item = f64> + '_ {
    let genes = list.len() as f64;
    let share = size as f64 / genes;
    let (mut all, mut all_squares) = (0.0, 0.0);
    for block in &list.blocks {
        all += f64::from(block.length) * block.weight;
        all_squares += f64::from(block.length) * block.weight * block.weight;
    }
    let per_hit = share * all / (genes - size as f64);
    let (mut leading, mut leading_squares) = (0.0, 0.0);
    list.blocks[..list.blocks.len() - 1].iter().map(move |block| {
        leading += f64::from(block.length) * block.weight;
        leading_squares += f64::from(block.length) * block.weight * block.weight;
        let rank = f64::from(block.start + block.length);
        if score + (rank - size as f64) / (genes - size as f64) >= MOST_NEEDED {
            return f64::INFINITY;
        }
        let needed = score + rank / genes;
        let mean = share * (leading - needed * all);
        let kept = 1.0 - needed;
        let sum = leading - needed * all + per_hit * rank;
        let squares = kept * kept * leading_squares
            + 2.0 * kept * per_hit * leading
            + per_hit * per_hit * rank
            + needed * needed * (all_squares - leading_squares);
        let variance = share * (1.0 - share) * (squares - sum * sum / genes);
        let deviate = (-mean).max(0.0) / variance.max(f64::MIN_POSITIVE).sqrt();
        0.5 * deviate * deviate
    })
}
