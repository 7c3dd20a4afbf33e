//! SAM text.

#![no_main]

use alkaline_fuzz::{Choices, count_file};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&[low, high], text)) = data.split_first_chunk::<2>() else { return };
    count_file(text, Choices(u16::from_le_bytes([low, high])));
});
