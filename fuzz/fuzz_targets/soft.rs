//! SOFT files of GEO.

#![no_main]

use alkaline_fuzz::read_soft;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| read_soft(text));
