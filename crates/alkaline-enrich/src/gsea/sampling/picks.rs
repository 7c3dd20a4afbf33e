//! Random gene sets of *exactly* k genes with chosen odds per block: independent picks.
//!
//! Each of the k genes picks a block, independently, with the block's chance; the genes of a block are then a uniform
//! subset of it. A draw that asks a block for more genes than it has is no set and counts as a miss. The chance of any
//! set, relative to uniform sets, is known exactly: k! C(N, k) times, for every block, chance^n (m - n)! / m!.

use super::blocks::{Block, BlockedList};
use super::drawn_set::DrawnSet;
use super::random::Stream;
use super::ratio::LogRatio;

/// The law of independent picks.
#[derive(Clone, Debug)]
pub struct IndependentPicks {
    size: usize,
    picks: AliasTable,
    ln_chances: Vec<f64>,
}

impl IndependentPicks {
    /// The law under which the expected number of genes of a block is in proportion to `inclusion` of one gene.
    pub fn new(list: &BlockedList, size: usize, inclusion: &[f64]) -> Self {
        let expected: Vec<f64> =
            list.blocks.iter().zip(inclusion).map(|(block, share)| f64::from(block.length) * share).collect();
        let total: f64 = expected.iter().sum();
        let chances: Vec<f64> = expected.iter().map(|expected| expected / total).collect();
        let picks = AliasTable::new(&chances);
        let ln_chances = picks.chances().iter().map(|chance| chance.ln()).collect();
        Self { size, picks, ln_chances }
    }

    /// Draws a set; `false` for a miss.
    pub fn draw(&self, blocks: &[Block], stream: &mut Stream, set: &mut DrawnSet) -> bool {
        set.clear();
        for _ in 0..self.size {
            let number = self.picks.pick(stream);
            if set.tally.add(number) > blocks[number].length {
                set.tally.drain(|_, _| ());
                return false;
            }
        }
        set.add_tally(blocks, stream);
        true
    }

    /// Log of the chance of a set under this law over its chance under uniform sets.
    pub fn log_ratio(&self) -> LogRatio<'_> {
        LogRatio { constant: 0.0, per_gene: &self.ln_chances, crowding: true }
    }
}

/// Draws from a finite law in constant time (Walker 1977; construction by Vose 1991, doi:10.1109/32.92917).
#[derive(Clone, Debug)]
struct AliasTable {
    /// For each slot the share that stays in it, in units of 2^-32, and the slot that the rest goes to.
    slots: Vec<(u32, u32)>,
}

impl AliasTable {
    fn new(chances: &[f64]) -> Self {
        let number = chances.len();
        let mut scaled: Vec<f64> = chances.iter().map(|chance| chance * number as f64).collect();
        let mut slots: Vec<(u32, u32)> = (0..number as u32).map(|slot| (u32::MAX, slot)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..number).partition(|&slot| scaled[slot] < 1.0);
        while let (Some(low), Some(&high)) = (small.pop(), large.last()) {
            slots[low] = ((scaled[low] * f64::from(u32::MAX)) as u32, high as u32);
            scaled[high] -= 1.0 - scaled[low];
            if scaled[high] < 1.0 {
                large.pop();
                small.push(high);
            }
        }
        Self { slots }
    }

    /// The chances that the table, rounded as it is, really gives.
    fn chances(&self) -> Vec<f64> {
        let slot_share = 1.0 / self.slots.len() as f64;
        let mut chances = vec![0.0; self.slots.len()];
        for (slot, &(keep, alias)) in self.slots.iter().enumerate() {
            let kept = (f64::from(keep) + 1.0) / 4_294_967_296.0;
            chances[slot] += slot_share * kept;
            chances[alias as usize] += slot_share * (1.0 - kept);
        }
        chances
    }

    #[inline]
    fn pick(&self, stream: &mut Stream) -> usize {
        let wide = u128::from(stream.bits()) * self.slots.len() as u128;
        let slot = (wide >> 64) as usize;
        let within = (wide as u64 >> 32) as u32;
        let (keep, alias) = self.slots[slot];
        if within <= keep { slot } else { alias as usize }
    }
}
