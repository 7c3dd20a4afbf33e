//! Finds the first record in bytes that begin somewhere inside a BAM file.

use alkaline_core::genome::Contig;

use crate::record::{FIXED_LENGTH, MAX_RECORD_LENGTH, Record};

/// Plausible records in a row that make a guess good.
const RECORDS_IN_A_ROW: usize = 4;

/// What a place looks like.
enum Look {
    Good,
    Bad,
    /// More bytes are needed; whether at least one whole record was plausible.
    CutShort(bool),
}

/// Where the first record of `bytes` begins; `None` when that cannot be told yet. `last` says that no more bytes will come.
pub(super) fn first_record(bytes: &[u8], contigs: &[Contig], last: bool) -> Option<usize> {
    for at in 0..bytes.len() {
        match look(&bytes[at..], contigs) {
            Look::Good => return Some(at),
            Look::CutShort(_) if !last => return None,
            Look::CutShort(true) => return Some(at),
            Look::CutShort(false) | Look::Bad => {}
        }
    }
    None
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
            || record.cigar().any(|(op, _)| op > 8)
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
        Ok(place) => contigs
            .get(place)
            .is_some_and(|contig| position >= -1 && (position <= contig.length as i32 || contig.length == 0)),
        Err(_) => contig == -1 && position >= -1,
    };
    on_contig(word(0), word(4)) && on_contig(word(20), word(24))
}

/// Whether the name is printable and ends in NUL.
fn plausible_name(record: &[u8]) -> bool {
    let name = &record[FIXED_LENGTH..FIXED_LENGTH + usize::from(record[8])];
    name.len() > 1
        && name.last() == Some(&0)
        && name[..name.len() - 1].iter().all(|byte| matches!(byte, b'!'..=b'~'))
}
