//! How likely a set is under a mixture of laws, relative to uniform sets: the inner loop of importance sampling.
//!
//! Under every law the log ratio of chances is a constant plus a sum over the set's genes of a number per block, plus,
//! for independent picks, a term that all of those share. The sums of eight laws are formed side by side.

use alkaline_math::special::ln_gamma;

use super::blocks::{Block, BlockRun, BlockedList};

/// Laws that are summed side by side.
const WIDE: usize = 8;

/// The log ratio of chances under one law.
#[derive(Clone, Copy, Debug)]
pub struct LogRatio<'a> {
    /// The part that does not depend on the set.
    pub constant: f64,
    /// What each gene of a block adds.
    pub per_gene: &'a [f64],
    /// Whether the crowding of blocks adds its part (independent picks).
    pub crowding: bool,
}

/// The log ratios of all laws of a mixture.
pub struct RatioKernel {
    groups: Vec<Group>,
    crowding: Crowding,
}

/// Eight laws.
struct Group {
    constants: [f64; WIDE],
    crowding: [f64; WIDE],
    per_gene: Vec<[f64; WIDE]>,
}

impl RatioKernel {
    /// Prepares the laws, each with the log of its share of the draws; no law stands for uniform sets.
    pub fn new(list: &BlockedList, size: usize, laws: &[(f64, Option<LogRatio<'_>>)]) -> Self {
        let groups = laws.chunks(WIDE).map(|laws| Group::new(list.blocks.len(), laws)).collect();
        Self { groups, crowding: Crowding::new(list, size) }
    }

    /// Log of the chance of a set under the mixture over its chance under uniform sets.
    #[inline]
    pub fn ln_ratio(&self, runs: &[BlockRun]) -> f64 {
        let crowding = self.crowding.ln(runs);
        let (mut largest, mut sum) = (f64::NEG_INFINITY, 0.0);
        for group in &self.groups {
            let terms = group.terms(runs, crowding);
            let high = terms.iter().copied().fold(largest, f64::max);
            sum = sum * (largest - high).exp()
                + terms
                    .iter()
                    .filter(|term| **term > high - NEGLIGIBLE)
                    .map(|t| (t - high).exp())
                    .sum::<f64>();
            largest = high;
        }
        largest + f64::ln(sum)
    }
}

/// A law this much (in nats) less likely to have drawn a set than another does not change its weight.
const NEGLIGIBLE: f64 = 36.0;

impl Group {
    fn new(blocks: usize, laws: &[(f64, Option<LogRatio<'_>>)]) -> Self {
        let mut group = Self {
            constants: [f64::NEG_INFINITY; WIDE],
            crowding: [0.0; WIDE],
            per_gene: vec![[0.0; WIDE]; blocks],
        };
        for (column, (ln_share, law)) in laws.iter().enumerate() {
            group.constants[column] = *ln_share;
            let Some(law) = law else { continue };
            group.constants[column] += law.constant;
            group.crowding[column] = if law.crowding { 1.0 } else { 0.0 };
            for (row, value) in group.per_gene.iter_mut().zip(law.per_gene) {
                row[column] = *value;
            }
        }
        group
    }

    #[inline]
    fn terms(&self, runs: &[BlockRun], crowding: f64) -> [f64; WIDE] {
        let mut terms = self.constants;
        for (term, factor) in terms.iter_mut().zip(&self.crowding) {
            *term += factor * crowding;
        }
        for run in runs {
            let count = f64::from(run.count);
            for (term, value) in terms.iter_mut().zip(&self.per_gene[usize::from(run.block)]) {
                *term += count * value;
            }
        }
        terms
    }
}

/// What all laws of independent picks share: ln of k! C(N, k) times, per block of m genes, (m - n)! / m!.
struct Crowding {
    constant: f64,
    /// ln of m! / (m - n)! for n = 0, 1, ... of every block, one after another.
    ln_falling: Vec<f64>,
    starts: Vec<u32>,
}

impl Crowding {
    fn new(list: &BlockedList, size: usize) -> Self {
        let ln_factorial = |n: usize| ln_gamma(n as f64 + 1.0);
        let constant = ln_factorial(list.len()) - ln_factorial(list.len() - size);
        let mut crowding = Self { constant, ln_falling: Vec::new(), starts: Vec::new() };
        for block in &list.blocks {
            crowding.add_block(block, size);
        }
        crowding
    }

    fn add_block(&mut self, block: &Block, size: usize) {
        self.starts.push(self.ln_falling.len() as u32);
        let mut sum = 0.0;
        self.ln_falling.push(sum);
        for taken in 0..block.length.min(size as u32) {
            sum += f64::from(block.length - taken).ln();
            self.ln_falling.push(sum);
        }
    }

    #[inline]
    fn ln(&self, runs: &[BlockRun]) -> f64 {
        let value =
            |run: &BlockRun| self.ln_falling[(self.starts[usize::from(run.block)] + run.count) as usize];
        self.constant - runs.iter().map(value).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsea::score::Weights;

    #[test]
    fn mixtures_weigh_laws_by_their_shares() {
        let list = BlockedList::new(Weights::new(&[6.0, 5.0, 4.0, 3.0, 2.0, 1.0], 1.0));
        let odds = [2.0_f64, 1.0, 0.0, -1.0, -2.0, 0.5];
        let law = LogRatio { constant: 0.25, per_gene: &odds, crowding: false };
        let half = 0.5_f64.ln();
        let kernel = RatioKernel::new(&list, 2, &[(half, Some(law)), (half, None)]);
        let mut runs = Vec::new();
        list.block_runs(&[0, 5], &mut runs);
        let expected = (0.5 * (0.25_f64 + 2.5).exp() + 0.5).ln();
        assert!((kernel.ln_ratio(&runs) - expected).abs() < 1e-14);
    }

    #[test]
    fn independent_picks_of_equal_chances_are_uniform_but_for_collisions() {
        let list = BlockedList::new(Weights::new(&[6.0, 5.0, 4.0, 3.0, 2.0, 1.0], 1.0));
        let chances = [(1.0_f64 / 6.0).ln(); 6];
        let law = LogRatio { constant: 0.0, per_gene: &chances, crowding: true };
        let kernel = RatioKernel::new(&list, 2, &[(0.0, Some(law))]);
        let mut runs = Vec::new();
        list.block_runs(&[1, 4], &mut runs);
        // Two picks differ with chance 5/6; the 15 pairs are then equally likely.
        assert!((kernel.ln_ratio(&runs) - (5.0_f64 / 6.0).ln()).abs() < 1e-12);
    }
}
