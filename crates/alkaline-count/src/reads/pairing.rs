//! Brings the two ends of a fragment together, in whatever order the file has them.
//!
//! Two records belong together when name (up to a `/`), both positions and the `HI` tag agree. The key is a 128-bit hash
//! of these: half from the name, half from the places.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

use crate::record::{Record, flag};

/// Identifies a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PairKey {
    name: u64,
    places: u64,
}

/// Odd constants with well-spread bits: the fraction of the golden ratio and of the square roots of 2 and 3.
const MIX_NAME: u64 = 0x9e37_79b9_7f4a_7c15;
const MIX_FIRST: u64 = 0x6a09_e667_f3bc_c909;
const MIX_SECOND: u64 = 0xbb67_ae85_84ca_a73b;

/// The place of an end that is not aligned. It differs from that of an end that says it is, and names no contig.
const UNALIGNED: u64 = u64::MAX - 1;

/// A slash in every byte.
const SLASHES: u64 = 0x2f2f_2f2f_2f2f_2f2f;

/// Both halves of the 128-bit product, folded.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// Whether a byte of `word` is zero.
#[inline]
fn has_zero_byte(word: u64) -> bool {
    word.wrapping_sub(0x0101_0101_0101_0101) & !word & 0x8080_8080_8080_8080 != 0
}

/// Hash of a read name up to its first slash.
///
/// Word by word; the last word reads again what of its eight bytes the words before have read already.
#[inline]
fn hash_name(name: &[u8]) -> u64 {
    let Some(&last) = name.last_chunk::<8>() else { return hash_short_name(name) };
    let last = u64::from_le_bytes(last);
    let mut has_slash = has_zero_byte(last ^ SLASHES);
    let mut state = MIX_FIRST;
    for &word in name.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(word);
        has_slash |= has_zero_byte(word ^ SLASHES);
        state = fold(state ^ word, MIX_NAME);
    }
    if has_slash {
        return hash_cut_name(name);
    }
    fold(state ^ last, MIX_SECOND ^ name.len() as u64)
}

/// Hash of a name that has a slash.
#[cold]
fn hash_cut_name(name: &[u8]) -> u64 {
    hash_name(name.split(|&byte| byte == b'/').next().unwrap_or_default())
}

/// Hash of a name of less than eight bytes.
#[cold]
fn hash_short_name(name: &[u8]) -> u64 {
    let length = name.iter().position(|&byte| byte == b'/').unwrap_or(name.len());
    let mut word = [0; 8];
    word[..length].copy_from_slice(&name[..length]);
    fold(MIX_FIRST ^ u64::from_le_bytes(word), MIX_SECOND ^ length as u64)
}

/// A number that is spread evenly and depends on the read name alone: for drawing samples of fragments.
#[inline]
pub(crate) fn lot_of_name(name: &[u8]) -> u32 {
    lot(hash_name(name))
}

#[inline]
fn lot(name_hash: u64) -> u32 {
    (fold(name_hash, MIX_NAME) >> 32) as u32
}

impl PairKey {
    /// The key of a paired record.
    #[inline]
    pub fn new(record: &Record<'_>, hit_index: Option<u32>) -> Self {
        let place = |contig: i32, position: i32, unmapped: bool| {
            if unmapped { UNALIGNED } else { u64::from(contig as u32) << 32 | u64::from(position as u32) }
        };
        let own = place(record.contig, record.position, record.has(flag::UNMAPPED));
        let mate = place(record.mate_contig, record.mate_position, record.has(flag::MATE_UNMAPPED));
        let (first, second) = if record.has(flag::READ1) { (own, mate) } else { (mate, own) };
        let index = hit_index.map_or(0, |index| u64::from(index) + 1);
        let places = fold(first ^ MIX_FIRST, MIX_NAME) ^ fold(second ^ index.rotate_left(40), MIX_SECOND);
        Self { name: hash_name(record.name()), places }
    }

    /// The lot of the fragment, see [`lot_of_name`].
    #[inline]
    pub fn lot(self) -> u32 {
        lot(self.name)
    }
}

/// A hasher for keys that are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.0 = self.0.rotate_left(32) ^ word;
    }
}

/// Ends that wait for their mate.
#[derive(Debug)]
pub(crate) struct Pairing<E> {
    waiting: HashMap<PairKey, E, BuildHasherDefault<KeyHasher>>,
    /// The end before: the next may be its mate, whoever waits.
    last: Option<(PairKey, E)>,
}

/// The key of a fragment and its two ends, the later one first.
pub(crate) type Met<E> = (PairKey, E, E);

impl<E> Pairing<E> {
    pub fn new() -> Self {
        Self { waiting: HashMap::default(), last: None }
    }

    /// Takes the next end; gives a pair where one is complete.
    ///
    /// Ends that stand side by side belong together before any that wait: which of several with one key pair up matters
    /// where they differ. So each is held back until its neighbour is known. In name-grouped files nothing ever waits.
    #[inline]
    pub fn meet(&mut self, key: PairKey, end: E) -> Option<Met<E>> {
        match self.last.take() {
            Some((last, mate)) if last == key => Some((key, end, mate)),
            None => {
                self.last = Some((key, end));
                None
            }
            Some((last, before)) => {
                self.last = Some((key, end));
                self.meet_anywhere(last, before)
            }
        }
    }

    /// `end` and its mate if that is waiting; otherwise `end` waits.
    #[inline]
    pub fn meet_anywhere(&mut self, key: PairKey, end: E) -> Option<Met<E>> {
        match self.waiting.entry(key) {
            Entry::Occupied(occupied) => Some((key, end, occupied.remove())),
            Entry::Vacant(vacant) => {
                vacant.insert(end);
                None
            }
        }
    }

    /// The pair of the end that was held back, when no more will come.
    pub fn finish(&mut self) -> Option<Met<E>> {
        let (key, end) = self.last.take()?;
        self.meet_anywhere(key, end)
    }

    /// Everything that still waits.
    pub fn drain(&mut self) -> Vec<(PairKey, E)> {
        self.waiting.drain().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_up_to_the_slash() {
        assert_eq!(hash_name(b"read:1234:5678/1"), hash_name(b"read:1234:5678/2"));
        assert_eq!(hash_name(b"r/1"), hash_name(b"r"));
        assert_eq!(hash_name(b"read:123/and:more/2"), hash_name(b"read:123"));
        assert_eq!(hash_name(b"read:12/longer"), hash_name(b"read:12"));
        assert_ne!(hash_name(b"read:1234:5678"), hash_name(b"read:1234:567"));
        assert_ne!(hash_name(b"a\0"), hash_name(b"a"));
        assert_ne!(hash_name(b"12345678"), hash_name(b"1234567812345678"));
    }

    #[test]
    fn neighbours_of_one_key_pair_up_before_an_end_that_waits() {
        let key = |name| PairKey { name, places: 0 };
        let mut pairing = Pairing::new();
        for (name, end) in [(1, "a"), (2, "b"), (1, "c")] {
            assert_eq!(pairing.meet(key(name), end), None);
        }
        assert_eq!(pairing.meet(key(1), "d"), Some((key(1), "d", "c")));
        assert_eq!(pairing.meet(key(1), "e"), None);
        assert_eq!(pairing.meet(key(3), "f"), Some((key(1), "e", "a")));
        assert_eq!(pairing.finish(), None);
        let mut waiting = pairing.drain();
        waiting.sort_unstable();
        assert_eq!(waiting, [(key(2), "b"), (key(3), "f")]);
    }
}
