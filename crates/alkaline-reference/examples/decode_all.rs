//! How long the built-in tables take to decode: the price of needing no download.
//!
//! `cargo run --release -p alkaline-reference --example decode_all`

#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::hint::black_box;
use std::time::Instant;

use alkaline_core::GenomeBuild;
use alkaline_reference::identifiers::human_identifiers;
use alkaline_reference::ontology::{gene_ontology, go_releases};
use alkaline_reference::{annotation, demo_programmes, panels};

fn main() {
    let start = Instant::now();
    for build in GenomeBuild::ALL {
        timed(build.name(), || annotation(build));
    }
    for release in go_releases() {
        timed(&format!("Gene Ontology {release}"), || gene_ontology(Some(release)).is_ok());
        timed(&format!("identifiers {release}"), || human_identifiers(Some(release)).is_ok());
    }
    timed("panels", || (panels(), demo_programmes()));
    println!("{:>8.1} ms  all, one after the other", start.elapsed().as_secs_f64() * 1e3);
}

/// Prints how long `decode` takes.
fn timed<T>(name: &str, decode: impl FnOnce() -> T) {
    let start = Instant::now();
    black_box(decode());
    println!("{:>8.1} ms  {name}", start.elapsed().as_secs_f64() * 1e3);
}
