//! BAM records behind a good header. However they are cut into blocks, the counts must be the same.

#![no_main]

use alkaline_fuzz::{Choices, bgzf, count_file, header, outcome};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&[low, high, block], records)) = data.split_first_chunk::<3>() else { return };
    let choices = Choices(u16::from_le_bytes([low, high]));
    let mut bytes = header();
    bytes.extend_from_slice(records);
    let whole = bgzf(&bytes, 65_000);
    count_file(&whole, choices);
    let choices = choices.record_by_record();
    let pieces = bgzf(&bytes, 8 + usize::from(block));
    assert_eq!(
        outcome(&whole, choices),
        outcome(&pieces, choices),
        "the borders of blocks changed the counts"
    );
});
