//! Tail probabilities that many sets share: the draws for one size, one sign and one range of scores.
//!
//! The scores of a size are cut into cells. A cell's laws aim at its middle; each draw, with its weight, counts for every
//! score of the cell that it reaches. Cells depend on the list, the size and the seed only, so a set's p-value is the
//! same in any company.

use super::blocks::BlockedList;
use super::importance::{Event, Sample, TailEstimate, sample};
use super::random::Stream;
use super::refine::refined;

/// Name of the random stream.
const CELL_STREAM: u64 = 5;

/// Chances at which cells begin, as far as uniform sets can tell: steps of about 0.7 in a normal deviate. An aim that is
/// off by half of that costs a tenth of the draws' worth.
const COUNTED: [f64; 4] = [0.15, 0.04, 0.008, 0.0013];

/// Draws of each cell, as multiples of the option: most where verdicts fall, since a P of 1e-5 to 1e-3 decides which sets
/// are significant among thousands.
const DRAWS: [f64; 9] = [1.0, 1.2, 2.5, 5.5, 2.5, 2.0, 1.5, 1.2, 1.2];

/// -ln of the chances at which further cells begin; beyond the last, sets have draws of their own.
const FARTHER: [f64; 5] = [9.5, 13.0, 17.0, 21.5, 26.5];

/// Scores nearer to one than this may have a single way to be reached, which shared laws could miss.
pub const HIGHEST_SCORE: f64 = 0.995;

/// Where in its cell a law aims: a little above the middle, since a low aim costs more than a high one; lower in the cells beyond
/// what uniform sets reach, which are wide, and where a high aim would miss ways to the lowest scores.
const AIM_WITHIN: f64 = 0.6;
const AIM_WITHIN_FARTHER: f64 = 0.35;

/// Scores of one size and sign at which cells begin.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    rungs: Vec<f64>,
}

impl Ladder {
    /// From the scores of uniform sets of one size and sign, rising.
    ///
    /// Beyond what uniform sets reach, the root of -ln P is taken to grow with -ln(1 - score) as it last did: a straight
    /// line where scores are small and nearly normal, and slowing down towards one where a few genes decide.
    pub fn new(scores: &[f64]) -> Self {
        if scores.is_empty() {
            return Self::default();
        }
        let at =
            |chance: f64| scores[((scores.len() as f64 * (1.0 - chance)) as usize).min(scores.len() - 1)];
        let mut rungs: Vec<f64> = COUNTED.iter().map(|&chance| at(chance)).collect();
        let [.., before, last] = COUNTED;
        let nearness = |score: f64| -(1.0 - score.min(HIGHEST_SCORE)).ln();
        let depth = |ln_chance: f64| (-ln_chance).sqrt();
        let (from, to) = (nearness(at(before)), nearness(at(last)));
        let slope = (to - from) / (depth(last.ln()) - depth(before.ln()));
        rungs.extend(
            FARTHER
                .iter()
                .map(|ln_chance| 1.0 - (-to - slope * (depth(-ln_chance) - depth(last.ln()))).exp()),
        );
        rungs.retain(|rung| *rung < HIGHEST_SCORE);
        if rungs.len() < COUNTED.len() + FARTHER.len() {
            rungs.push(HIGHEST_SCORE);
        }
        rungs.dedup_by(|next, rung| *next <= *rung);
        Self { rungs }
    }

    /// The cell of a score (its absolute value), and of all below the first; `None` beyond the last.
    fn number(&self, score: f64) -> Option<usize> {
        let begun = self.rungs.partition_point(|&rung| rung <= score);
        (begun < self.rungs.len()).then(|| begun.saturating_sub(1))
    }

    /// Lowest score of a cell, and the one aimed at.
    fn cell(&self, number: usize) -> (f64, f64) {
        let (low, high) = (self.rungs[number], self.rungs[number + 1]);
        let within = if number < COUNTED.len() { AIM_WITHIN } else { AIM_WITHIN_FARTHER };
        (if number == 0 { 0.0 } else { low }, low + within * (high - low))
    }
}

/// What identifies a cell of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellKey {
    /// Whether it lies among the negative scores.
    pub negative: bool,
    /// Size of the sets.
    pub size: usize,
    number: usize,
}

impl CellKey {
    /// The cell of a score (its absolute value); `None` where there is none.
    pub fn of(ladder: &Ladder, size: usize, score: f64, negative: bool) -> Option<Self> {
        Some(Self { negative, size, number: ladder.number(score)? })
    }
}

/// The draws of one cell.
pub struct TailCell(Sample);

impl TailCell {
    /// Draws them: a multiple of `draws`.
    pub fn draw(list: &BlockedList, ladder: &Ladder, key: CellKey, draws: usize, seed: u64) -> Self {
        let (lowest, aim) = ladder.cell(key.number);
        let words = [seed, CELL_STREAM, u64::from(key.negative), key.size as u64, key.number as u64];
        let mut stream = Stream::keyed(words);
        let draws =
            (draws as f64 * DRAWS[key.number] * small_set_factor(key.size) * short_list_factor(list.len()))
                as usize;
        let mixture = refined(list, key.size, aim, draws, &mut stream);
        Self(sample(list, key.size, &mixture, &mut stream, Event::ScoreAtLeast(lowest)))
    }

    /// P(score >= `score`), which must lie in the cell.
    pub fn tail(&self, score: f64) -> TailEstimate {
        self.0.tail(score)
    }
}

/// How many times more sets are drawn where the list is short: single genes decide there, and laws that treat the genes of a block alike
/// fit less well.
pub fn short_list_factor(genes: usize) -> f64 {
    /// Length from which on lists are like those of a whole genome.
    const LONG: f64 = 6_000.0;
    /// At most.
    const MOST: f64 = 4.0;
    (LONG / genes as f64).clamp(1.0, MOST)
}

/// How many times more sets are drawn where they are small: each costs less, and the ways to a score differ more.
fn small_set_factor(size: usize) -> f64 {
    /// Size from which on a draw costs in proportion to its genes.
    const LARGE: f64 = 50.0;
    /// At most.
    const MOST: f64 = 2.5;
    (LARGE / size as f64).clamp(1.0, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_has_one_cell_up_to_the_last() {
        let null: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.0004).collect();
        let ladder = Ladder::new(&null);
        assert!(ladder.rungs.is_sorted_by(|a, b| a < b), "{ladder:?}");
        assert!(ladder.rungs.len() >= 6, "{ladder:?}");
        for number in 0..ladder.rungs.len() - 1 {
            let (lowest, aim) = ladder.cell(number);
            assert_eq!((ladder.number(aim), ladder.number(lowest)), (Some(number), Some(number)));
        }
        assert_eq!((ladder.number(0.01), ladder.number(0.999)), (Some(0), None));
        assert_eq!(Ladder::default().number(0.5), None);
    }
}
