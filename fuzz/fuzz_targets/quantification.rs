//! Files of salmon, kallisto, RSEM and StringTie.

#![no_main]

use alkaline_fuzz::read_quantification;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| read_quantification(bytes));
