//! Random subsets of ranks, drawn into a bitmap so that they come out sorted.

use super::random::Stream;

/// Bits of a machine word.
const WORD: usize = u64::BITS as usize;

/// How much longer than the set the slice given to [`RankBitmap::drain_into`] must be.
pub const DRAIN_SLACK: usize = 2;

/// A set of ranks under construction, of a list of fixed length.
#[derive(Clone, Debug)]
pub struct RankBitmap {
    words: Vec<u64>,
    /// One bit for every word that may hold ranks.
    occupied: Vec<u64>,
}

impl RankBitmap {
    /// An empty set over ranks `0..length`.
    pub fn new(length: usize) -> Self {
        let words = length.div_ceil(WORD);
        Self { words: vec![0; words], occupied: vec![0; words.div_ceil(WORD)] }
    }

    /// Adds `count` different ranks of `start..start + length`, none of which is in the set yet, all equally likely.
    #[inline]
    pub fn add_random(&mut self, start: u32, length: u32, count: u32, stream: &mut Stream) {
        if 2 * count <= length {
            for _ in 0..count {
                while !self.insert(start + stream.below(length)) {}
            }
        } else {
            (start..start + length).for_each(|rank| {
                self.insert(rank);
            });
            for _ in 0..length - count {
                while !self.remove(start + stream.below(length)) {}
            }
        }
    }

    /// Writes the ranks of the set, rising, to the front of `ranks`, and leaves the set empty. Returns how many.
    ///
    /// `ranks` must be longer than the set by [`DRAIN_SLACK`].
    #[inline]
    pub fn drain_into(&mut self, ranks: &mut [u32]) -> usize {
        if ranks.len() < self.words.len() / 3 { self.drain_sparse(ranks) } else { self.drain_dense(ranks) }
    }

    /// [`drain_into`](Self::drain_into) for a set within `start..start + length`.
    #[inline]
    pub fn drain_range(&mut self, start: u32, length: u32, ranks: &mut [u32]) -> usize {
        let mut written = 0;
        let (first, last) = (start as usize / WORD, (start + length - 1) as usize / WORD);
        self.occupied[first / WORD..=last / WORD].fill(0);
        for (index, word) in self.words[first..=last].iter_mut().enumerate() {
            written = write_ranks(std::mem::take(word), first + index, ranks, written);
        }
        written
    }

    /// Few ranks: from one occupied word to the next.
    fn drain_sparse(&mut self, ranks: &mut [u32]) -> usize {
        let mut written = 0;
        for (index, summary) in self.occupied.iter_mut().enumerate() {
            let mut words = std::mem::take(summary);
            while words != 0 {
                let word = index * WORD + words.trailing_zeros() as usize;
                words &= words - 1;
                let mut bits = std::mem::take(&mut self.words[word]);
                while bits != 0 {
                    ranks[written] = (word * WORD) as u32 + bits.trailing_zeros();
                    bits &= bits - 1;
                    written += 1;
                }
            }
        }
        written
    }

    /// Many ranks.
    fn drain_dense(&mut self, ranks: &mut [u32]) -> usize {
        let mut written = 0;
        for (index, word) in self.words.iter_mut().enumerate() {
            written = write_ranks(std::mem::take(word), index, ranks, written);
        }
        self.occupied.fill(0);
        written
    }

    #[inline]
    fn insert(&mut self, rank: u32) -> bool {
        let (word, bit) = (rank as usize / WORD, 1 << (rank as usize % WORD));
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        self.occupied[word / WORD] |= 1 << (word % WORD);
        new
    }

    #[inline]
    fn remove(&mut self, rank: u32) -> bool {
        let (word, bit) = (rank as usize / WORD, 1 << (rank as usize % WORD));
        let present = self.words[word] & bit != 0;
        self.words[word] &= !bit;
        present
    }
}

/// Writes the ranks of one word at `written` and returns where the next go. Most words hold few, and how many is unforeseeable: two
/// are always written, and counted or not, which spares the processor the guess.
#[inline]
fn write_ranks(mut bits: u64, word: usize, ranks: &mut [u32], mut written: usize) -> usize {
    let base = (word * WORD) as u32;
    for _ in 0..DRAIN_SLACK {
        ranks[written] = base + bits.trailing_zeros();
        written += usize::from(bits != 0);
        bits &= bits.wrapping_sub(1);
    }
    while bits != 0 {
        ranks[written] = base + bits.trailing_zeros();
        written += 1;
        bits &= bits - 1;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rank_is_equally_likely() {
        for (length, count) in [(100, 7), (10, 8)] {
            let mut bitmap = RankBitmap::new(200);
            let mut stream = Stream::keyed([3]);
            let mut times = vec![0_u32; 200];
            let rounds = 20_000;
            for _ in 0..rounds {
                let mut ranks = vec![0; count as usize + DRAIN_SLACK];
                bitmap.add_random(60, length, count, &mut stream);
                assert_eq!(bitmap.drain_into(&mut ranks), count as usize);
                ranks.truncate(count as usize);
                assert!(ranks.is_sorted_by(|a, b| a < b));
                ranks.iter().for_each(|&rank| times[rank as usize] += 1);
            }
            let share = f64::from(count) / f64::from(length);
            let sd = (f64::from(rounds) * share * (1.0 - share)).sqrt();
            for (rank, &times) in times.iter().enumerate().skip(60).take(length as usize) {
                let off = f64::from(times) - f64::from(rounds) * share;
                assert!(off.abs() < 5.0 * sd, "rank {rank}: {off} against {sd}");
            }
        }
    }
}
