//! Laws learnt from a first round of draws, where no tilt fits.
//!
//! A tilt makes one kind of set likely: many genes, each a little more often near the end of the list. On lists whose
//! scores have heavy tails small sets get their score in other ways: one overwhelming gene and the rest anywhere, or none
//! of the few that would drown the others. A first round finds such sets; they are told apart by their first gene, and
//! each kind gets the law whose inclusion chances are theirs (the cross-entropy method). The first round itself is
//! not used for the estimate, which therefore stays unbiased.
//! Reference: Rubinstein & Kroese (2004) "The Cross-Entropy Method", doi:10.1007/978-1-4757-4321-0.

use super::blocks::{BlockRun, BlockedList};
use super::importance::{Event, visit_hits};
use super::mixture::Mixture;
use super::proposal::Proposal;
use super::random::Stream;

/// Share of the draws in the first round.
const PILOT_SHARE: f64 = 0.15;

/// With fewer draws in the first round there is nothing to learn from.
const FEWEST_PILOT: usize = 150;

/// Variance per draw, relative to the square of the mean, up to which tilts are good enough.
const GOOD: f64 = 6.0;

/// Learnt laws are used where they make that variance smaller by this factor on the sets that they were learnt from.
const NEEDED_GAIN: f64 = 0.7;

/// Kinds of sets that are told apart at most.
const KINDS: usize = 4;

/// Share of the draws from learnt laws.
const LEARNT_SHARE: f64 = 0.6;

/// Weight of uniform inclusion in a learnt law, against what few draws have not shown.
const UNIFORM_WEIGHT: f64 = 0.05;

/// No gene is certain to be in, or out.
const MOST_CERTAIN: f64 = 0.98;

/// A set found in the first round.
struct PilotSet {
    weight: f64,
    runs: Vec<BlockRun>,
}

/// The mixture for a score, with laws learnt from a first round where those are better.
pub fn refined(list: &BlockedList, size: usize, aim: f64, draws: usize, stream: &mut Stream) -> Mixture {
    let pilot_draws = ((draws as f64 * PILOT_SHARE) as usize).max(FEWEST_PILOT);
    let pilot = Mixture::aimed(list, size, &[aim], pilot_draws);
    let mut found = Vec::new();
    visit_hits(list, size, &pilot, stream, Event::ScoreAtLeast(aim), |hit| {
        found.push(PilotSet { weight: hit.ln_weight, runs: hit.runs.to_vec() });
    });
    let poorness = scale_weights(&mut found) * pilot_draws as f64;
    let tilted: Vec<(f64, Proposal)> =
        pilot.members.into_iter().filter_map(|member| Some((member.share, member.law?))).collect();
    if found.is_empty() || poorness < GOOD {
        return Mixture::of_laws(list, size, tilted, draws);
    }
    let mut laws: Vec<(f64, Proposal)> =
        tilted.iter().map(|(share, law)| (share * (1.0 - LEARNT_SHARE), law.clone())).collect();
    found.sort_by_key(|set| set.runs[0].block);
    laws.extend(learnt(list, size, &found));
    let tilted = Mixture::of_laws(list, size, tilted, draws);
    let learnt = Mixture::of_laws(list, size, laws, draws);
    if second_moment(&learnt, &found) < NEEDED_GAIN * second_moment(&tilted, &found) { learnt } else { tilted }
}

/// Makes weights add up to one; returns the sum of their squares, which is one over the effective number of draws.
fn scale_weights(sets: &mut [PilotSet]) -> f64 {
    let largest = sets.iter().map(|set| set.weight).fold(f64::NEG_INFINITY, f64::max);
    sets.iter_mut().for_each(|set| set.weight = (set.weight - largest).exp());
    let total: f64 = sets.iter().map(|set| set.weight).sum();
    sets.iter_mut().for_each(|set| set.weight /= total);
    sets.iter().map(|set| set.weight * set.weight).sum()
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
    list.blocks
        .iter()
        .zip(genes)
        .map(|(block, genes)| {
            let seen = genes / f64::from(block.length);
            ((1.0 - UNIFORM_WEIGHT) * seen + UNIFORM_WEIGHT * uniform).min(MOST_CERTAIN)
        })
        .collect()
}
