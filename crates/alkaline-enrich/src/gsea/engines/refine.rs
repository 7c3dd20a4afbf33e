//! Laws learnt from a first round of draws, where no tilt fits.
//!
//! A tilt makes one kind of set likely: many genes, each a little more often near the end of the list. On lists whose
//! scores have heavy tails small sets get their score in other ways: one overwhelming gene and the rest anywhere, or none
//! of the few that would drown the others. A first round finds such sets; they are told apart by their first gene, and
//! each kind gets the law whose inclusion chances are theirs (the cross-entropy method). The first round itself is
//! not used for the estimate, which therefore stays unbiased.
//! Reference: Rubinstein & Kroese (2004) "The Cross-Entropy Method", doi:10.1007/978-1-4757-4321-0.

use super::importance::{Event, visit_hits};
use crate::gsea::sampling::blocks::{Block, BlockRun, BlockedList};
use crate::gsea::sampling::mixture::Mixture;
use crate::gsea::sampling::proposal::Proposal;
use crate::gsea::sampling::random::Stream;

/// Share of the draws in the first round.
const PILOT_SHARE: f64 = 0.15;

/// With fewer draws in the first round there is nothing to learn from; more tell no more.
const PILOT: std::ops::RangeInclusive<usize> = 150..=1500;

/// Variance per draw, relative to the square of the mean, up to which tilts are good enough.
const GOOD: f64 = 9.0;

/// Where it is larger, more sets are drawn in proportion, up to this many times more.
const MOST_FACTOR: f64 = 3.0;

/// Learnt laws are used where they make that variance smaller by this factor.
const NEEDED_GAIN: f64 = 0.8;

/// Kinds of sets that are told apart at most.
const KINDS: usize = 4;

/// Share of the draws from learnt laws.
const LEARNT_SHARE: f64 = 0.6;

/// Weight of uniform inclusion in a learnt law, against what few draws have not shown.
const UNIFORM_WEIGHT: f64 = 0.1;

/// No gene is certain to be in, or out.
const MOST_CERTAIN: f64 = 0.98;

/// A set found in the first round.
struct PilotSet {
    weight: f64,
    runs: Vec<BlockRun>,
}

/// Laws for one score, each with its share of `draws`.
pub struct Laws {
    /// The laws; uniform sets get what is left.
    pub laws: Vec<(f64, Proposal)>,
    /// How many sets to draw.
    pub draws: usize,
}

/// The laws for a score: tilts, and laws learnt from first rounds where those are better.
pub fn refined(list: &BlockedList, size: usize, aim: f64, draws: usize, stream: &mut Stream) -> Laws {
    let pilot_draws = ((draws as f64 * PILOT_SHARE) as usize).clamp(*PILOT.start(), *PILOT.end());
    let pilot = Mixture::aimed(list, size, &[aim], pilot_draws);
    let found = pilot_sets(list, size, &pilot, aim, stream);
    let of_tilts = poorness(&found, pilot_draws);
    if found.is_empty() || of_tilts < GOOD {
        return Laws { laws: pilot.into_laws(), draws };
    }
    let first = Mixture::of_laws(list, size, with_learnt(list, size, &pilot, &found), pilot_draws);
    let found = pilot_sets(list, size, &first, aim, stream);
    // Judged by sets that the laws of the first round were not learnt from.
    let is_better = second_moment(&first, &found) < NEEDED_GAIN * second_moment(&pilot, &found);
    let (laws, variance) = if is_better {
        (with_learnt(list, size, &pilot, &found), poorness(&found, pilot_draws))
    } else {
        (pilot.into_laws(), of_tilts)
    };
    Laws { laws, draws: factor(variance, draws) }
}

/// More draws where each tells less.
fn factor(variance: f64, draws: usize) -> usize {
    (draws as f64 * (variance / GOOD).clamp(1.0, MOST_FACTOR)) as usize
}

/// The sets of a round that reach the aim, by their first gene.
fn pilot_sets(
    list: &BlockedList,
    size: usize,
    mixture: &Mixture,
    aim: f64,
    stream: &mut Stream,
) -> Vec<PilotSet> {
    let mut found = Vec::new();
    visit_hits(list, size, mixture, stream, Event::ScoreAtLeast(aim), |hit| {
        found.push(PilotSet { weight: hit.ln_weight, runs: hit.runs.to_vec() });
    });
    scale_weights(&mut found);
    found.sort_by_key(|set| set.runs[0].block);
    found
}

/// The tilted laws, and those learnt from a round.
fn with_learnt(
    list: &BlockedList,
    size: usize,
    tilted: &Mixture,
    found: &[PilotSet],
) -> Vec<(f64, Proposal)> {
    let mut laws: Vec<(f64, Proposal)> =
        tilted.laws().map(|(share, law)| (share * (1.0 - LEARNT_SHARE), law.clone())).collect();
    laws.extend(learnt(list, size, found));
    laws
}

/// Variance per draw relative to the square of the mean, roughly: draws over their effective number.
fn poorness(found: &[PilotSet], draws: usize) -> f64 {
    found.iter().map(|set| set.weight * set.weight).sum::<f64>() * draws as f64
}

/// Makes weights add up to one.
fn scale_weights(sets: &mut [PilotSet]) {
    let largest = sets.iter().map(|set| set.weight).fold(f64::NEG_INFINITY, f64::max);
    sets.iter_mut().for_each(|set| set.weight = (set.weight - largest).exp());
    let total: f64 = sets.iter().map(|set| set.weight).sum();
    sets.iter_mut().for_each(|set| set.weight /= total);
}

/// Mean square of the weights that draws of `mixture` would have, but for a constant.
fn second_moment(mixture: &Mixture, found: &[PilotSet]) -> f64 {
    found.iter().map(|set| set.weight * (-mixture.ln_ratio(&set.runs)).exp()).sum()
}

/// A law for each kind of set.
fn learnt(list: &BlockedList, size: usize, found: &[PilotSet]) -> Vec<(f64, Proposal)> {
    let kinds = by_first_gene(found);
    let share = LEARNT_SHARE / kinds.len() as f64;
    kinds
        .into_iter()
        .map(|kind| {
            let log_odds: Vec<f64> = inclusion(list, size, kind)
                .into_iter()
                .map(|chance| (chance / (1.0 - chance)).ln())
                .collect();
            (share, Proposal::new(list, size, &log_odds))
        })
        .collect()
}

/// Cuts sets, sorted by their first gene, into kinds of about equal weight.
fn by_first_gene(found: &[PilotSet]) -> Vec<&[PilotSet]> {
    let mut kinds = Vec::with_capacity(KINDS);
    let (mut start, mut weight) = (0, 0.0);
    for (position, set) in found.iter().enumerate() {
        weight += set.weight;
        let is_last = found.get(position + 1).is_none_or(|next| next.runs[0].block != set.runs[0].block);
        if is_last && weight > 1.0 / (KINDS as f64 + 1.0) && kinds.len() + 1 < KINDS {
            kinds.push(&found[start..=position]);
            (start, weight) = (position + 1, 0.0);
        }
    }
    if start < found.len() {
        kinds.push(&found[start..]);
    }
    kinds
}

/// Chance of inclusion of a gene of each block among these sets.
fn inclusion(list: &BlockedList, size: usize, sets: &[PilotSet]) -> Vec<f64> {
    let mut genes = vec![0.0; list.blocks.len()];
    let total: f64 = sets.iter().map(|set| set.weight).sum();
    for set in sets {
        for run in &set.runs {
            genes[usize::from(run.block)] += set.weight / total * f64::from(run.count);
        }
    }
    let uniform = size as f64 / list.len() as f64;
    (0..genes.len())
        .map(|number| {
            let seen = rate_around(&list.blocks, &genes, number);
            ((1.0 - UNIFORM_WEIGHT) * seen + UNIFORM_WEIGHT * uniform).min(MOST_CERTAIN)
        })
        .collect()
}

/// Genes seen per gene of a block and its neighbours; blocks of one gene stand for themselves.
fn rate_around(blocks: &[Block], genes: &[f64], number: usize) -> f64 {
    /// Neighbours on either side.
    const REACH: usize = 2;
    let reach = if blocks[number].length > 1 { REACH } else { 0 };
    let near = number.saturating_sub(reach)..(number + reach + 1).min(blocks.len());
    let all: f64 = blocks[near.clone()].iter().map(|block| f64::from(block.length)).sum();
    genes[near].iter().sum::<f64>() / all
}
