//! Annotation in SAF.

#![no_main]

use alkaline_fuzz::read_annotation;
use alkaline_io::annotation::AnnotationFormat;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read_annotation(data, AnnotationFormat::Saf));
