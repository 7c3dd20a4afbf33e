//! Finds the first record in bytes that begin somewhere inside a BAM file.

use alkaline_core::genome::Contig;

use crate::record::{FIXED_LENGTH, MAX_RECORD_LENGTH, Record, op};

/// Plausible records in a row that make a guess good.
const RECORDS_IN_A_ROW: usize = 4;

/// What a place looks like.
enum Look {
    Good,
    Bad,
    /// More bytes are needed; whether at least one whole record was plausible.
    CutShort(bool),
}

/// A search for the first record in bytes that arrive block by block. A place that was found bad is not looked at again.
#[derive(Debug, Default)]
pub(super) struct FirstRecord {
    /// Everything before is known to be no beginning.
    from: usize,
}

impl FirstRecord {
    /// Where the first record of `bytes` begins; `None` when that cannot be told yet. `bytes` are those of the call before
    /// with more behind them; `last` says that no more will come.
    pub fn find(&mut self, bytes: &[u8], contigs: &[Contig], last: bool) -> Option<usize> {
        while self.from < bytes.len() {
            match look(&bytes[self.from..], contigs) {
                Look::Good => return Some(self.from),
                Look::CutShort(_) if !last => return None,
                Look::CutShort(true) => return Some(self.from),
                Look::CutShort(false) | Look::Bad => self.from += 1,
            }
        }
        None
    }
}

fn look(mut bytes: &[u8], contigs: &[Contig]) -> Look {
    for number in 0..RECORDS_IN_A_ROW {
        let Some((&length, rest)) = bytes.split_first_chunk::<4>() else { return Look::CutShort(number > 0) };
        let length = u32::from_le_bytes(length) as usize;
        if !(FIXED_LENGTH + 2..=MAX_RECORD_LENGTH).contains(&length) {
            return Look::Bad;
        }
        let fixed_only = &rest[..rest.len().min(length)];
        if fixed_only.len() < length {
            // A first glance at the fixed part saves waiting for the rest of nonsense.
            let glance = fixed_only.len() < FIXED_LENGTH || plausible_places(fixed_only, contigs);
            return if glance { Look::CutShort(number > 0) } else { Look::Bad };
        }
        let Ok(record) = Record::new(fixed_only) else { return Look::Bad };
        if !plausible_places(fixed_only, contigs)
            || !plausible_name(fixed_only)
            || record.cigar().any(|(operation, _)| operation > op::BACK)
        {
            return Look::Bad;
        }
        bytes = &rest[length..];
    }
    Look::Good
}

/// Whether both positions lie on a contig.
fn plausible_places(fixed: &[u8], contigs: &[Contig]) -> bool {
    let word = |at: usize| i32::from_le_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]]);
    let on_contig = |contig: i32, position: i32| match usize::try_from(contig) {
        Ok(place) => contigs.get(place).is_some_and(|contig| {
            position >= -1 && (i64::from(position) <= i64::from(contig.length) || contig.length == 0)
        }),
        Err(_) => contig == -1 && position >= -1,
    };
    on_contig(word(0), word(4)) && on_contig(word(20), word(24))
}

/// Whether the name is text and ends in NUL, or in several where the writer pads names. Blanks and letters beyond ASCII are
/// against the specification but in many files.
fn plausible_name(record: &[u8]) -> bool {
    let name = &record[FIXED_LENGTH..FIXED_LENGTH + usize::from(record[8])];
    let end = name.iter().position(|&byte| byte == 0);
    end.is_some_and(|end| {
        end > 0
            && name[end..].iter().all(|&byte| byte == 0)
            && !name[..end].iter().any(|&byte| byte < b' ' && byte != b'\t')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of no bases at position 5 of the first contig.
    fn record(name: &[u8]) -> Vec<u8> {
        let mut bytes = [0_i32, 5].iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        bytes.extend([name.len() as u8 + 1, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([-1_i32, -1, 0].iter().flat_map(|number| number.to_le_bytes()));
        bytes.extend(name);
        bytes.push(0);
        [(bytes.len() as u32).to_le_bytes().to_vec(), bytes].concat()
    }

    fn contigs() -> Vec<Contig> {
        vec![Contig { name: "chr1".into(), length: 1_000 }]
    }

    #[test]
    fn names_with_blanks_and_other_letters_are_plausible() {
        for name in
            [&b"r1 1:N:0:ATCACG"[..], "l\u{e9}a".as_bytes(), b"a\tb", b"l\xe9a", b"padded\0\0", b"plain"]
        {
            let bytes = [vec![0xff; 50], record(name).repeat(RECORDS_IN_A_ROW)].concat();
            assert_eq!(FirstRecord::default().find(&bytes, &contigs(), false), Some(50), "{name:?}");
        }
        let nonsense = record(b"\x01\x02\x03").repeat(RECORDS_IN_A_ROW);
        assert_eq!(FirstRecord::default().find(&nonsense, &contigs(), true), None);
    }

    #[test]
    fn what_was_found_bad_is_not_looked_at_again() {
        let mut search = FirstRecord::default();
        let mut bytes = vec![0xff; 1_000];
        assert_eq!(search.find(&bytes, &contigs(), false), None);
        // Only where a length may begin is left open.
        assert!(search.from > 990, "{}", search.from);
        bytes.extend(record(b"r").repeat(RECORDS_IN_A_ROW));
        assert_eq!(search.find(&bytes, &contigs(), false), Some(1_000));
    }
}
