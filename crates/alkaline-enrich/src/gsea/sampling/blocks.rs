//! The ranked list cut into blocks of genes with nearly equal weight.
//!
//! Proposals of the importance sampler treat the genes of a block alike. Blocks are single genes at both ends, where
//! weights change quickly and scores peak, and grow towards the middle.

use crate::gsea::score::Weights;

/// Growth of a block over its distance from the end of the list: where many sets share their draws, and where a set has its own, since
/// its score may be within reach of few sets only.
const GROWTH: f64 = 0.4;
const GROWTH_FINE: f64 = 0.2;

/// Weights whose ratio is no larger are much the same.
const ALIKE: f64 = 1.5;

/// Lists shorter than this are cut into little more than single genes, the ways to a score differ greatly, and few sets are tested on them.
const SHORT_LIST: usize = 500;

/// Largest share of the list in one block.
const LARGEST_SHARE: f64 = 0.05;

/// Consecutive ranks that a proposal treats alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    /// First rank.
    pub start: u32,
    /// Number of ranks.
    pub length: u32,
    /// Mean weight of its genes.
    pub weight: f64,
}

/// Genes of a set in one block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockRun {
    /// Number of the block.
    pub block: u16,
    /// How many of its genes are in the set; there is at least one.
    pub count: u32,
}

/// A ranked list with its blocks.
#[derive(Clone, Debug)]
pub struct BlockedList {
    /// Weight of every gene.
    pub weights: Weights,
    /// The blocks, in list order.
    pub blocks: Vec<Block>,
    /// Block of every rank.
    pub block_of: Vec<u16>,
}

impl BlockedList {
    /// Cuts a list into blocks.
    pub fn new(weights: Weights) -> Self {
        Self::cut(weights, GROWTH, |_, _| true)
    }

    /// The same list in smaller blocks.
    pub fn finer(&self) -> Self {
        Self::cut(self.weights.clone(), GROWTH_FINE, |_, _| true)
    }

    /// Blocks for scores near one: the first `singles` genes stand alone, and the weights of a block are much the same.
    pub fn for_scores_near_one(&self, singles: usize) -> Self {
        let weights = self.weights.values();
        let are_alike = |first: usize, other: usize| {
            let (least, most) = (weights[first].min(weights[other]), weights[first].max(weights[other]));
            first >= singles && most <= ALIKE * least
        };
        Self::cut(self.weights.clone(), GROWTH_FINE, are_alike)
    }

    /// Cuts a list into blocks of genes that are alike to the first of the block.
    fn cut(weights: Weights, growth: f64, are_alike: impl Fn(usize, usize) -> bool) -> Self {
        let length = weights.len();
        let mut blocks = Vec::new();
        let mut block_of = Vec::with_capacity(length);
        let mut start = 0;
        while start < length {
            let from_end = (start + 1).min(length - start) as f64;
            let size = (from_end * growth).min(length as f64 * LARGEST_SHARE).max(1.0) as usize;
            let longest = (start + size).min(length);
            let end = (start + 1..longest).find(|&other| !are_alike(start, other)).unwrap_or(longest);
            let weight = weights.values()[start..end].iter().sum::<f64>() / (end - start) as f64;
            block_of.resize(end, blocks.len() as u16);
            blocks.push(Block { start: start as u32, length: (end - start) as u32, weight });
            start = end;
        }
        Self { weights, blocks, block_of }
    }

    /// Number of genes.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there are so few genes that single ones decide.
    pub fn is_short(&self) -> bool {
        self.len() < SHORT_LIST
    }

    /// Writes for a set (rising ranks) which blocks hold some of its genes, and how many.
    #[inline]
    pub fn block_runs(&self, ranks: &[u32], runs: &mut Vec<BlockRun>) {
        runs.clear();
        let mut rest = ranks;
        while let Some(&first) = rest.first() {
            let number = self.block_of[first as usize];
            let block = self.blocks[usize::from(number)];
            let end = block.start + block.length;
            let count = rest.iter().take_while(|&&rank| rank < end).count();
            runs.push(BlockRun { block: number, count: count as u32 });
            rest = &rest[count..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_tile_the_list_and_are_fine_at_both_ends() {
        let scores: Vec<f64> = (0..15_800).map(|i| 8.0 - f64::from(i) * 0.001).collect();
        let list = BlockedList::new(Weights::new(&scores, 1.0));
        assert_eq!(list.blocks.iter().map(|block| block.length).sum::<u32>(), 15_800);
        assert!(list.blocks.windows(2).all(|w| w[0].start + w[0].length == w[1].start));
        assert_eq!((list.blocks[0].length, list.blocks[list.blocks.len() - 1].length), (1, 1));
        assert!(list.blocks.len() < 200, "{}", list.blocks.len());
        assert_eq!(list.block_of[15_799] as usize, list.blocks.len() - 1);
    }
}
