//! A law over gene sets of fixed size, with a known chance for every set.

use super::blocks::{Block, BlockedList};
use super::conditional::ConditionalBernoulli;
use super::picks::{IndependentPicks, SharedRatio};
use super::random::Stream;
use super::subset::RankBitmap;
use super::tilt::Tilt;

/// Independent picks serve as long as the genes expected in the set, each times its own chance of inclusion, add up to
/// less than this: beyond, picks collide, and their numbers per block vary more than those of a set would.
const MOST_CROWDING: f64 = 0.25;

/// A law over gene sets.
#[derive(Clone, Debug)]
pub enum Proposal {
    /// Fast, for moderate scores.
    Picks(IndependentPicks),
    /// Slower, for any score.
    Conditional(ConditionalBernoulli),
}

impl Proposal {
    /// The law that a tilt asks for.
    pub fn new(list: &BlockedList, size: usize, tilt: &Tilt) -> Self {
        let inclusion = tilt.inclusion();
        let crowding: f64 = list
            .blocks
            .iter()
            .zip(&inclusion)
            .map(|(block, share)| f64::from(block.length) * share * share)
            .sum();
        let uniform = (size * size) as f64 / list.len() as f64;
        let conditional = (crowding - uniform > MOST_CROWDING)
            .then(|| ConditionalBernoulli::new(list, size, &tilt.log_odds))
            .flatten();
        match conditional {
            Some(law) => Self::Conditional(law),
            None => Self::Picks(IndependentPicks::new(list, size, &inclusion)),
        }
    }

    /// Draws a set into `bitmap` and the number of its genes in each block into `counts`; `false` for a draw that is no
    /// set, which leaves the bitmap empty.
    pub fn draw(
        &self,
        blocks: &[Block],
        stream: &mut Stream,
        bitmap: &mut RankBitmap,
        counts: &mut [u32],
    ) -> bool {
        match self {
            Self::Picks(law) => law.draw(blocks, stream, bitmap, counts),
            Self::Conditional(law) => {
                law.draw(blocks, stream, bitmap, counts);
                true
            }
        }
    }

    /// Log of the chance of a set under this law over its chance under uniform sets. `shared` is the set's
    /// [`SharedRatio::ln`].
    pub fn ln_ratio(&self, shared: f64, counts: &[u32]) -> f64 {
        match self {
            Self::Picks(law) => shared + law.ln_picks(counts),
            Self::Conditional(law) => law.ln_ratio(counts),
        }
    }
}

/// Log ratios of a set under several laws, from its block counts.
pub struct RatioTables(SharedRatio);

impl RatioTables {
    /// Prepares tables for sets of `size` genes.
    pub fn new(list: &BlockedList, size: usize) -> Self {
        Self(SharedRatio::new(list, size))
    }

    /// What [`Proposal::ln_ratio`] needs to know of a set.
    pub fn shared(&self, counts: &[u32]) -> f64 {
        self.0.ln(counts)
    }
}
