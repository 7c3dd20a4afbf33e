//! Gene sets in GMT.

#![no_main]

use alkaline_fuzz::read_gene_sets;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| read_gene_sets(text));
