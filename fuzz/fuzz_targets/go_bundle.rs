//! The file that `alkaline reference build go` makes.

#![no_main]

use alkaline_fuzz::read_bundle;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| read_bundle(text));
