//! A whole file of any bytes behind the mark of CRAM: what one thread refuses or counts, several refuse or count alike.

#![no_main]

use alkaline_fuzz::{Choices, counted};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&[low, high], rest)) = data.split_first_chunk::<2>() else { return };
    let choices = Choices(u16::from_le_bytes([low, high])).record_by_record();
    let file = [b"CRAM", rest].concat();
    assert_eq!(counted(&file, choices, 1), counted(&file, choices, 3));
});
