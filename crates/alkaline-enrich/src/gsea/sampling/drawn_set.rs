//! One random gene set, built block by block: its ranks, rising, and how many of its genes lie in each block.

use super::blocks::{Block, BlockRun, BlockedList};
use super::random::Stream;
use super::subset::{DRAIN_SLACK, RankBitmap};

/// A set under construction; the memory serves for one set after the other.
#[derive(Clone, Debug)]
pub struct DrawnSet {
    ranks: Vec<u32>,
    size: usize,
    runs: Vec<BlockRun>,
    bitmap: RankBitmap,
    /// Scratch for laws that learn the number of genes of a block only one gene at a time.
    pub tally: BlockTally,
}

impl DrawnSet {
    /// Room for sets of `size` genes.
    pub fn new(list: &BlockedList, size: usize) -> Self {
        Self {
            ranks: vec![0; size + DRAIN_SLACK],
            size: 0,
            runs: Vec::with_capacity(size),
            bitmap: RankBitmap::new(list.len()),
            tally: BlockTally::new(list.blocks.len()),
        }
    }

    /// The ranks, rising.
    #[inline]
    pub fn ranks(&self) -> &[u32] {
        &self.ranks[..self.size]
    }

    /// Which blocks hold some of its genes, and how many.
    #[inline]
    pub fn runs(&self) -> &[BlockRun] {
        &self.runs
    }

    /// Begins another set.
    #[inline]
    pub fn clear(&mut self) {
        self.size = 0;
        self.runs.clear();
    }

    /// Draws a uniform set of `size` genes. Its runs are left for [`find_runs`](Self::find_runs).
    pub fn draw_uniform(&mut self, genes: usize, size: usize, stream: &mut Stream) {
        self.clear();
        self.bitmap.add_random(0, genes as u32, size as u32, stream);
        self.size = self.bitmap.drain_into(&mut self.ranks);
    }

    /// Finds the runs of a set whose ranks were drawn without them.
    #[inline]
    pub fn find_runs(&mut self, list: &BlockedList) {
        if self.runs.is_empty() {
            list.block_runs(&self.ranks[..self.size], &mut self.runs);
        }
    }

    /// Adds `count` genes (at least one) of a block beyond those there are, all subsets of the block being equally likely.
    #[inline]
    pub fn add(&mut self, number: usize, block: Block, count: u32, stream: &mut Stream) {
        self.runs.push(BlockRun { block: number as u16, count });
        if count == 1 {
            self.ranks[self.size] = block.start + stream.below(block.length);
            self.size += 1;
        } else if count == 2 {
            let (first, second) = two_of(block.length, stream);
            self.ranks[self.size] = block.start + first;
            self.ranks[self.size + 1] = block.start + second;
            self.size += 2;
        } else {
            self.bitmap.add_random(block.start, block.length, count, stream);
            self.size += self.bitmap.drain_range(block.start, block.length, &mut self.ranks[self.size..]);
        }
    }

    /// Adds as many genes of every block as were tallied.
    pub fn add_tally(&mut self, blocks: &[Block], stream: &mut Stream) {
        let mut tally = std::mem::take(&mut self.tally);
        tally.drain(|number, count| self.add(number, blocks[number], count, stream));
        self.tally = tally;
    }
}

/// Two different numbers below `length`, in order.
#[inline]
fn two_of(length: u32, stream: &mut Stream) -> (u32, u32) {
    let one = stream.below(length);
    // The other one lies among the rest, which close ranks.
    let other = stream.below(length - 1);
    let other = other + u32::from(other >= one);
    (one.min(other), one.max(other))
}

/// How many genes of each block have been picked so far.
#[derive(Clone, Debug, Default)]
pub struct BlockTally {
    counts: Vec<u32>,
    /// One bit for every block that has some.
    touched: Vec<u64>,
}

impl BlockTally {
    fn new(blocks: usize) -> Self {
        Self { counts: vec![0; blocks], touched: vec![0; blocks.div_ceil(u64::BITS as usize)] }
    }

    /// One gene more of a block; how many that makes.
    #[inline]
    pub fn add(&mut self, number: usize) -> u32 {
        self.touched[number / 64] |= 1 << (number % 64);
        self.counts[number] += 1;
        self.counts[number]
    }

    /// Hands out the blocks that have genes, in list order, and forgets them.
    #[inline]
    pub fn drain(&mut self, mut visit: impl FnMut(usize, u32)) {
        for (word, touched) in self.touched.iter_mut().enumerate() {
            let mut bits = std::mem::take(touched);
            while bits != 0 {
                let number = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                visit(number, std::mem::take(&mut self.counts[number]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsea::score::Weights;

    #[test]
    fn every_subset_of_a_block_is_equally_likely() {
        let list = BlockedList::new(Weights::from_values(vec![1.0; 400]));
        // Few genes of many, half of a block, most of one: each has its own way.
        for (length, count) in [(5, 2), (4, 2), (5, 4)] {
            let block = Block { start: 100, length, weight: 1.0 };
            let mut set = DrawnSet::new(&list, 8);
            let mut stream = Stream::keyed([5]);
            let mut times = std::collections::BTreeMap::new();
            let rounds = 40_000;
            for _ in 0..rounds {
                set.clear();
                set.add(7, block, count, &mut stream);
                assert_eq!(set.runs(), [BlockRun { block: 7, count }]);
                assert!(set.ranks().is_sorted_by(|a, b| a < b));
                assert!(set.ranks().iter().all(|&rank| (100..100 + length).contains(&rank)));
                *times.entry(set.ranks().to_vec()).or_insert(0) += 1;
            }
            let subsets = (0..count).fold(1, |ways, taken| ways * (length - taken) / (taken + 1));
            assert_eq!(times.len(), subsets as usize);
            let expected = f64::from(rounds) / f64::from(subsets);
            assert!(
                times.values().all(|&n| (f64::from(n) - expected).abs() < 5.0 * expected.sqrt()),
                "{times:?}"
            );
        }
    }

    #[test]
    fn tallies_come_out_in_list_order_and_are_forgotten() {
        let mut tally = BlockTally::new(130);
        assert_eq!([129, 3, 64, 3].map(|block| tally.add(block)), [1, 1, 1, 2]);
        let mut seen = Vec::new();
        tally.drain(|block, count| seen.push((block, count)));
        assert_eq!(seen, [(3, 2), (64, 1), (129, 1)]);
        tally.drain(|block, _| panic!("{block} was kept"));
    }
}
