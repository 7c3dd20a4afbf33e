//! Looks at records before their turn, so that the memory that they will need is on its way when it comes.

use super::counter::Counter;

/// Records between the first announcement of a place and its turn; and between the second and its turn. Each is as long as
/// one trip to memory takes, about.
const FAR: usize = 8;
const NEAR: usize = 4;

/// Bytes of a record up to and with its position, and the length before it.
const PLACE_END: usize = 12;

/// Contig and position as a record has them.
type Place = (i32, i32);

/// A place that is nowhere.
const NOWHERE: Place = (-1, -1);

/// Announces the places of coming records to a counter; only hints, so that nothing about them needs to make sense.
pub(super) struct Outlook<'a> {
    bytes: &'a [u8],
    /// Where the next record to be announced begins.
    at: usize,
    /// The places announced last, in turn.
    places: [Place; FAR],
    announced: usize,
}

impl<'a> Outlook<'a> {
    /// Announces the records of `bytes` from `at` on, as far as one looks ahead.
    pub fn new<C: Counter>(bytes: &'a [u8], at: usize, counter: &C) -> Self {
        let mut outlook = Self { bytes, at, places: [NOWHERE; FAR], announced: 0 };
        (0..FAR).for_each(|_| outlook.advance(counter));
        outlook
    }

    /// Announces one more record, and one of those announced a second time.
    #[inline]
    pub fn advance<C: Counter>(&mut self, counter: &C) {
        let place = self.next_place().unwrap_or(NOWHERE);
        self.places[self.announced % FAR] = place;
        counter.foresee(place.0, place.1, false);
        let soon = self.places[(self.announced + NEAR) % FAR];
        counter.foresee(soon.0, soon.1, true);
        self.announced += 1;
    }

    #[inline]
    fn next_place(&mut self) -> Option<Place> {
        let start = self.bytes.get(self.at..)?.first_chunk::<PLACE_END>()?;
        let word = |at: usize| u32::from_le_bytes([start[at], start[at + 1], start[at + 2], start[at + 3]]);
        self.at += 4 + word(0) as usize;
        Some((word(4) as i32, word(8) as i32))
    }
}
