//! Random numbers: xoshiro256++, seeded from whatever identifies the item at hand.
//!
//! Every set and every set size draws from a stream of its own, keyed by the user's seed and its content, so that no
//! result depends on threads or on what else is tested. Reference: Blackman & Vigna (2021) "Scrambled linear
//! pseudorandom number generators", doi:10.1145/3460772 (algorithm in the public domain).

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream {
    state: [u64; 4],
}

impl Stream {
    /// The stream that belongs to these words (seed first).
    pub fn keyed(words: impl IntoIterator<Item = u64>) -> Self {
        let mut key = 0x9e37_79b9_7f4a_7c15;
        for word in words {
            key = mix(key ^ mix(word)).wrapping_add(0x9e37_79b9_7f4a_7c15);
        }
        let mut next = || {
            key = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mix(key)
        };
        Self { state: [next(), next(), next(), next()] }
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let shifted = b << 17;
        let c = c ^ a;
        let d = d ^ b;
        self.state = [a ^ d, b ^ c, c ^ shifted, d.rotate_left(45)];
        result
    }

    /// A number in [0, 1).
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A whole number below `bound`.
    ///
    /// By the high half of a product: no number is off by more than a share of `bound` / 2^64, far below anything
    /// that a sample could show.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u32
    }
}

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014).
fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_depend_on_every_word_and_repeat() {
        let first = |words: &[u64]| Stream::keyed(words.iter().copied()).bits();
        assert_eq!(first(&[1, 2]), first(&[1, 2]));
        assert_ne!(first(&[1, 2]), first(&[2, 1]));
        assert_ne!(first(&[1]), first(&[1, 0]));
    }

    #[test]
    fn numbers_are_evenly_spread() {
        let mut stream = Stream::keyed([7]);
        let mut counts = [0_u32; 7];
        let mut sum = 0.0;
        for _ in 0..70_000 {
            counts[stream.below(7) as usize] += 1;
            sum += stream.unit();
        }
        // Five standard deviations of a binomial count and of a mean.
        assert!(counts.iter().all(|&n| (f64::from(n) - 10_000.0).abs() < 5.0 * 93.0), "{counts:?}");
        assert!((sum / 70_000.0 - 0.5).abs() < 5.0 * 0.289 / 70_000_f64.sqrt());
    }
}
