//! A law over gene sets of fixed size, with a known chance for every set.

use super::blocks::{Block, BlockedList};
use super::conditional::ConditionalBernoulli;
use super::drawn_set::DrawnSet;
use super::picks::IndependentPicks;
use super::random::Stream;
use super::ratio::LogRatio;

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
    /// The law with these log odds of inclusion for a gene of each block.
    pub fn new(list: &BlockedList, size: usize, log_odds: &[f64]) -> Self {
        let inclusion: Vec<f64> = log_odds.iter().map(|odds| 1.0 / (1.0 + (-odds).exp())).collect();
        let crowding: f64 = list
            .blocks
            .iter()
            .zip(&inclusion)
            .map(|(block, share)| f64::from(block.length) * share * share)
            .sum();
        let uniform = (size * size) as f64 / list.len() as f64;
        let conditional = (crowding - uniform > MOST_CROWDING)
            .then(|| ConditionalBernoulli::new(list, size, log_odds))
            .flatten();
        match conditional {
            Some(law) => Self::Conditional(law),
            None => Self::Picks(IndependentPicks::new(list, size, &inclusion)),
        }
    }

    /// Draws a set; `false` for a draw that is no set.
    pub fn draw(&self, blocks: &[Block], stream: &mut Stream, set: &mut DrawnSet) -> bool {
        match self {
            Self::Picks(law) => law.draw(blocks, stream, set),
            Self::Conditional(law) => {
                law.draw(blocks, stream, set);
                true
            }
        }
    }

    /// Log of the chance of a set under this law over its chance under uniform sets.
    pub fn log_ratio(&self) -> LogRatio<'_> {
        match self {
            Self::Picks(law) => law.log_ratio(),
            Self::Conditional(law) => law.log_ratio(),
        }
    }
}
