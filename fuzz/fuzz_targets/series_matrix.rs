//! Series matrices of GEO.

#![no_main]

use alkaline_fuzz::read_series_matrix;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| read_series_matrix(text));
