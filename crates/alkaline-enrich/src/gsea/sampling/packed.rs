//! Laws for scores near one: some genes packed at the top of the list, the others where they weigh next to nothing.
//!
//! A set that scores 1 - d has d to lose. Every gene passed over on the way to the peak costs 1 / (N - k), every gene beyond the
//! peak its share of the set's weight. Genes whose own score is near zero cost so little that sets with a dozen of them may
//! outnumber those that are merely packed by many orders of magnitude, and no tilt that aims at an average finds either kind.
//! How many genes lie beyond the peak, and on what d is spent, is tried on a grid; the likeliest ways become laws.

use alkaline_math::brent;

use super::blocks::{Block, BlockedList};
use super::tilt::Tilt;

/// Above this score the laws below join the mixture.
pub const NEAR_ONE: f64 = 0.8;

/// Laws at most.
const LAWS: usize = 12;

/// A way whose entropy exceeds the smallest by more than this (in nats) adds nothing.
const WORST_ENTROPY: f64 = 6.0;

/// Shares of what may be lost that go on genes passed over.
const SPENT_ON_MISSES: [f64; 5] = [0.0, 0.2, 0.4, 0.65, 0.95];

/// Expected numbers of genes beyond the peak begin with this one; they grow by at least this factor.
const FEWEST_STRAYS: f64 = 0.2;
const STRAYS_GROWTH: f64 = 1.3;

/// Genes left out ahead of the peak at least, on average, where there is hardly room for the others.
const LEAST_LEFT_OUT: f64 = 0.2;

/// No gene is as good as excluded, or certain.
const LEAST_SHARE: f64 = 1e-9;

/// The genes beyond the peak may weigh this many times more, on average, than is affordable: single sets still weigh less.
const TOO_HEAVY: f64 = 1.5;

/// Genes at the top that need to be told apart at most: where more may be passed over, single ones matter less.
const MOST_SINGLES: usize = 500;

/// The list in blocks that fit these laws: single genes as far as a set that has all its genes ahead can reach the score.
pub fn blocks_near_one(list: &BlockedList, size: usize, score: f64) -> BlockedList {
    let farthest = size + ((1.0 - score) * (list.len() - size) as f64) as usize;
    list.for_scores_near_one(farthest.min(MOST_SINGLES))
}

/// The likeliest ways to a score near one, the likeliest first.
pub fn packed_tilts(list: &BlockedList, size: usize, score: f64) -> Vec<Tilt> {
    let to_lose = (1.0 - score).max(0.0);
    let mut tilts: Vec<Tilt> = stray_numbers(size)
        .flat_map(|strays| SPENT_ON_MISSES.map(|spent| (strays, spent * to_lose)))
        .filter_map(|(strays, by_misses)| packed(list, size, strays, by_misses, to_lose - by_misses))
        .collect();
    tilts.sort_by(|a, b| a.entropy.total_cmp(&b.entropy));
    let best = tilts.first().map_or(0.0, |tilt| tilt.entropy);
    let near = tilts.partition_point(|tilt| tilt.entropy < best + WORST_ENTROPY);
    tilts.truncate(near.min(LAWS));
    tilts
}

/// Numbers of genes beyond the peak to try: close to each other where there are few of them, or few ahead.
fn stray_numbers(size: usize) -> impl Iterator<Item = f64> {
    let size = size as f64;
    let next = |number: &f64| Some((number * STRAYS_GROWTH).max(number + 1.0));
    let few = move || std::iter::successors(Some(1.0), next).take_while(move |number| *number <= size / 2.0);
    std::iter::once(FEWEST_STRAYS).chain(few()).chain(few().map(move |ahead| size - ahead))
}

/// Sets with `strays` genes beyond the peak, on average, that lose these two parts of the score by genes passed over and by genes
/// beyond. `None` where the genes beyond weigh too much for that.
fn packed(list: &BlockedList, size: usize, strays: f64, by_misses: f64, by_strays: f64) -> Option<Tilt> {
    let ahead_of_peak = size as f64 - strays;
    let farthest = ahead_of_peak + by_misses * (list.len() - size) as f64;
    let peak = 1 + list.blocks.partition_point(|block| f64::from(block.start + block.length) < farthest);
    let (ahead, beyond) = list.blocks.split_at(peak.min(list.blocks.len() - 1));
    let room: f64 = ahead.iter().map(|block| f64::from(block.length)).sum();
    let share_ahead = (ahead_of_peak / room).min(1.0 - LEAST_LEFT_OUT / room);
    let set_weight =
        ahead.iter().map(|block| f64::from(block.length) * share_ahead * block.weight).sum::<f64>();
    let share_beyond = light_genes(beyond, strays, by_strays * set_weight)?;
    Some(Tilt::of_inclusion(list, size, ahead.iter().map(|_| share_ahead).chain(share_beyond)))
}

/// Chances of inclusion beyond the peak: `strays` genes on average that weigh no more than `affordable` together.
fn light_genes(beyond: &[Block], strays: f64, affordable: f64) -> Option<Vec<f64>> {
    /// Log odds of the lightest gene lie within these bounds, but for those of a gene that all others exceed by far.
    const BOUND: f64 = 40.0;
    // Weights whose sum has a limit are nearly exponential.
    let decay = ((strays + 1.0) / affordable.max(f64::MIN_POSITIVE)).min(1e9);
    let lightest = beyond.iter().map(|block| block.weight).fold(f64::INFINITY, f64::min);
    let share = |level: f64, block: &Block| {
        let share = 1.0 / (1.0 + (decay * (block.weight - lightest) - level).exp());
        share.clamp(LEAST_SHARE, 1.0 - LEAST_SHARE)
    };
    let sum = |level: f64, of: fn(&Block) -> f64| -> f64 {
        beyond.iter().map(|block| f64::from(block.length) * share(level, block) * of(block)).sum()
    };
    let level = brent::root(|level| sum(level, |_| 1.0) - strays, (-BOUND, BOUND + decay));
    let is_light = sum(level, |block| block.weight) <= TOO_HEAVY * affordable;
    (is_light || strays < 1.0).then(|| beyond.iter().map(|block| share(level, block)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsea::tests::three_weights;

    #[test]
    fn genes_that_weigh_nothing_take_the_places_beyond_the_peak() {
        let (size, score) = (25, 1.0 - 10.0 / 2_975.0);
        let list = blocks_near_one(&BlockedList::new(three_weights()), size, score);
        let tilts = packed_tilts(&list, size, score);
        assert!(!tilts.is_empty() && tilts.is_sorted_by(|a, b| a.entropy <= b.entropy));
        let expected = |tilt: &Tilt, weight: f64| -> f64 {
            let of_weight =
                list.blocks.iter().zip(&tilt.log_odds).filter(|(block, _)| block.weight == weight);
            of_weight.map(|(block, odds)| f64::from(block.length) / (1.0 + (-odds).exp())).sum()
        };
        assert!(expected(&tilts[0], 0.0) > 10.0, "{}", expected(&tilts[0], 0.0));
        for tilt in &tilts {
            let genes = expected(tilt, 0.0) + expected(tilt, 1.0);
            assert!((genes - 25.0).abs() < 0.5, "{genes}");
        }
    }
}
