//! An ontology in OBO, propagated.

#![no_main]

use alkaline_fuzz::read_ontology;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| read_ontology(text));
