//! Random gene sets of *exactly* k genes with chosen inclusion odds per block: the conditional Bernoulli law.
//!
//! For extreme scores, where most genes of some blocks must be in the set and independent picks would collide. How many
//! genes fall into each block is drawn block by block, given how many are still to come; within a block all subsets are equally
//! likely. The chance of any set under the proposal, relative to uniform sets, is known exactly.
//! Reference: Chen, Dempster & Liu (1994) Biometrika 81:457, doi:10.1093/biomet/81.3.457.

use alkaline_math::special::ln_gamma;

use super::blocks::{Block, BlockedList};
use super::drawn_set::DrawnSet;
use super::random::Stream;
use super::ratio::LogRatio;

/// Counts less likely than this under the proposal are never drawn. Weights stay exact, because the chance that is
/// computed for a drawn set is the one it was drawn with, and other members of the mixture can draw the rest.
const NEGLIGIBLE: f64 = 1e-16;

/// The law of independent inclusions, given that the set has the right size.
#[derive(Clone, Debug)]
pub struct ConditionalBernoulli {
    size: usize,
    steps: Vec<Step>,
    log_odds: Vec<f64>,
    /// Part of the log ratio of chances that does not depend on the set.
    constant: f64,
}

/// One block: how many of its genes are drawn, given how many are still needed.
#[derive(Clone, Debug)]
struct Step {
    /// Chance of each count, before conditioning on the size of the set.
    counts: Vec<f64>,
    /// Chance that this block and those after it give `first_need + i` genes.
    chance_of_need: Vec<f64>,
    first_need: usize,
}

impl ConditionalBernoulli {
    /// Prepares the law. `None` when the odds make a set of this size too unlikely to condition on.
    pub fn new(list: &BlockedList, size: usize, log_odds: &[f64]) -> Option<Self> {
        let shares: Vec<f64> = log_odds.iter().map(|odds| 1.0 / (1.0 + (-odds).exp())).collect();
        let counts: Vec<Vec<f64>> = list
            .blocks
            .iter()
            .zip(log_odds)
            .map(|(block, log_odds)| binomial(block.length, log_odds.exp(), size))
            .collect();
        let needs = NeedRange::of_blocks(&list.blocks, &shares, size);
        let steps = backward_chances(counts, &needs);
        let chance_of_size = steps[0].chance(size);
        if chance_of_size < f64::MIN_POSITIVE {
            return None;
        }
        // ln of C(N, k) times the chance that every gene is left out, over the chance of the size.
        let left_out: f64 = list
            .blocks
            .iter()
            .zip(log_odds)
            .map(|(block, odds)| f64::from(block.length) * -odds.exp().ln_1p())
            .sum();
        let constant = left_out - chance_of_size.ln() + ln_choose(list.len(), size);
        Some(Self { size, steps, log_odds: log_odds.to_vec(), constant })
    }

    /// Draws a set.
    pub fn draw(&self, blocks: &[Block], stream: &mut Stream, set: &mut DrawnSet) {
        set.clear();
        let mut need = self.size;
        for (number, (step, block)) in self.steps.iter().zip(blocks).enumerate() {
            let count = step.draw(need, self.steps.get(number + 1), stream);
            if count > 0 {
                set.add(number, *block, count as u32, stream);
                need -= count;
                if need == 0 {
                    break;
                }
            }
        }
    }

    /// Log of the chance of a set under this law over its chance under uniform sets.
    pub fn log_ratio(&self) -> LogRatio<'_> {
        LogRatio { constant: self.constant, per_gene: &self.log_odds, crowding: false }
    }
}

impl Step {
    fn chance(&self, need: usize) -> f64 {
        need.checked_sub(self.first_need).and_then(|i| self.chance_of_need.get(i)).copied().unwrap_or(0.0)
    }

    /// Number of genes of this block when `need` are needed from here on; `next` is the block after it.
    fn draw(&self, need: usize, next: Option<&Self>, stream: &mut Stream) -> usize {
        let Some(next) = next else { return need };
        let mut left = stream.unit() * self.chance(need);
        let mut last_possible = 0;
        for (count, chance) in self.counts.iter().enumerate().take(need + 1) {
            let joint = chance * next.chance(need - count);
            if joint > 0.0 {
                last_possible = count;
                left -= joint;
                if left <= 0.0 {
                    break;
                }
            }
        }
        last_possible
    }
}

/// Which numbers of genes may still be needed when a block is reached.
struct NeedRange {
    first: usize,
    last: usize,
}

impl NeedRange {
    /// Mean and nine standard deviations of the genes from each block on, given the size of the whole set.
    fn of_blocks(blocks: &[Block], shares: &[f64], size: usize) -> Vec<Self> {
        const DEVIATIONS: f64 = 9.0;
        let spread = |block: &Block, share: f64| f64::from(block.length) * share * (1.0 - share);
        let total_variance: f64 = blocks.iter().zip(shares).map(|(b, &p)| spread(b, p)).sum();
        let (mut mean, mut variance, mut genes) = (0.0, 0.0, 0);
        let mut ranges: Vec<Self> = Vec::with_capacity(blocks.len());
        for (number, (block, &share)) in blocks.iter().zip(shares).enumerate().rev() {
            mean += f64::from(block.length) * share;
            variance += spread(block, share);
            genes += block.length as usize;
            let conditional = variance * (1.0 - (variance / total_variance).min(1.0));
            let reach = DEVIATIONS * conditional.sqrt() + DEVIATIONS;
            let range = if number == 0 {
                Self { first: size, last: size }
            } else {
                Self {
                    first: (mean - reach).max(0.0) as usize,
                    last: ((mean + reach) as usize).min(size).min(genes),
                }
            };
            ranges.push(range);
        }
        ranges.reverse();
        ranges
    }
}

/// Convolves the blocks from the last to the first.
fn backward_chances(counts: Vec<Vec<f64>>, needs: &[NeedRange]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::with_capacity(counts.len());
    for (counts, need) in counts.into_iter().zip(needs).rev() {
        let width = (need.last + 1).saturating_sub(need.first);
        let mut chances = vec![0.0; width];
        match steps.last() {
            None => {
                for (i, chance) in chances.iter_mut().enumerate() {
                    *chance = counts.get(need.first + i).copied().unwrap_or(0.0);
                }
            }
            Some(next) => add_convolution(&mut chances, need.first, &counts, next),
        }
        steps.push(Step { counts, chance_of_need: chances, first_need: need.first });
    }
    steps.reverse();
    steps
}

/// Adds to `chances[i]` the chance that a block and those after it give `first + i` genes.
fn add_convolution(chances: &mut [f64], first: usize, counts: &[f64], next: &Step) {
    let later = &next.chance_of_need;
    for (count, &chance) in counts.iter().enumerate() {
        if chance == 0.0 {
            continue;
        }
        // chances[i] += chance * later[j], where first + i = count + next.first_need + j
        let shift = (count + next.first_need) as isize - first as isize;
        let start = shift.max(0) as usize;
        let skip = (-shift).max(0) as usize;
        if start >= chances.len() || skip >= later.len() {
            continue;
        }
        for (total, part) in chances[start..].iter_mut().zip(&later[skip..]) {
            *total += chance * part;
        }
    }
}

/// Chances of 0, 1, ... successes of `trials` with these odds, up to where they become negligible (or to `most`).
fn binomial(trials: u32, odds: f64, most: usize) -> Vec<f64> {
    let trials = trials as usize;
    let highest = trials.min(most);
    let mode = (((trials + 1) as f64 * odds / (1.0 + odds)) as usize).min(highest);
    let mut chances = vec![0.0; highest + 1];
    chances[mode] = 1.0;
    let mut total = 1.0;
    let mut last = mode;
    for count in mode + 1..=highest {
        chances[count] = chances[count - 1] * odds * (trials - count + 1) as f64 / count as f64;
        if chances[count] < NEGLIGIBLE {
            chances[count] = 0.0;
            break;
        }
        total += chances[count];
        last = count;
    }
    for count in (0..mode).rev() {
        chances[count] = chances[count + 1] / odds * (count + 1) as f64 / (trials - count) as f64;
        if chances[count] < NEGLIGIBLE {
            chances[count] = 0.0;
            break;
        }
        total += chances[count];
    }
    chances.truncate(last + 1);
    chances.iter_mut().for_each(|chance| *chance /= total);
    chances
}

/// ln of the binomial coefficient.
pub fn ln_choose(n: usize, k: usize) -> f64 {
    let ln_factorial = |n: usize| ln_gamma(n as f64 + 1.0);
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsea::score::Weights;

    #[test]
    fn drawn_sets_have_the_chances_that_are_claimed() {
        // Six genes, each a block of its own: all 15 pairs can be counted.
        let list = BlockedList::new(Weights::new(&[6.0, 5.0, 4.0, 3.0, 2.0, 1.0], 1.0));
        assert_eq!(list.blocks.len(), 6);
        let law = ConditionalBernoulli::new(&list, 2, &[2.0, 1.0, 0.0, -1.0, -2.0, 0.5]).unwrap();
        let mut times = std::collections::HashMap::new();
        let mut stream = Stream::keyed([11]);
        let mut set = DrawnSet::new(&list, 2);
        let draws = 60_000;
        for _ in 0..draws {
            law.draw(&list.blocks, &mut stream, &mut set);
            *times.entry(set.ranks().to_vec()).or_insert(0.0) += 1.0;
        }
        let mut total = 0.0;
        for (ranks, times) in &times {
            let LogRatio { constant, per_gene, .. } = law.log_ratio();
            let odds: f64 = ranks.iter().map(|&rank| per_gene[rank as usize]).sum();
            let chance = (constant + odds).exp() / 15.0;
            let sd = (f64::from(draws) * chance * (1.0 - chance)).sqrt();
            assert!((times - f64::from(draws) * chance).abs() < 5.0 * sd, "{ranks:?}: {times}");
            total += chance;
        }
        assert_eq!(times.len(), 15);
        assert!((total - 1.0).abs() < 1e-12, "{total}");
    }
}
