//! Ranked lists.

#![no_main]

use alkaline_fuzz::read_ranks;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| read_ranks(text));
