//! Annotations in GAF, for a small ontology.

#![no_main]

use alkaline_fuzz::read_annotations;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| read_annotations(text));
