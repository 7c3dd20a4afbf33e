//! A whole file of any bytes, inside blocks or not: headers, block borders, formats.

#![no_main]

use alkaline_fuzz::{Choices, bgzf, count_file};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&[low, high, packed], file)) = data.split_first_chunk::<3>() else { return };
    let choices = Choices(u16::from_le_bytes([low, high]));
    match packed {
        0 => count_file(file, choices),
        block => count_file(&bgzf(file, 16 * usize::from(block)), choices),
    }
});
