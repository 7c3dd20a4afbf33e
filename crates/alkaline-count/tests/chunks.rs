//! Files that are cut into many chunks give the same counts however they are cut, and however many threads count.

#![expect(clippy::unwrap_used, reason = "a test may stop where something is missing")]

#[path = "../benches/counting/bam_writer.rs"]
mod bam_writer;
#[path = "../benches/counting/simulate.rs"]
#[allow(dead_code, reason = "the benchmark uses what the test does not")]
mod simulate;

use std::io::Read;
use std::path::Path;

use alkaline_core::Annotation;
use alkaline_count::{BamInput, CountOptions, Counted, StrandRule, count_reads, count_units};
use libdeflater::{CompressionLvl, Compressor, Crc};
use simulate::{Arrangement, Simulation};

/// Pairs of the simulation: a file of three chunks.
const PAIRS: usize = 60_000;

/// Inflated bytes of a block in the file whose blocks cut records.
const CUT_LENGTH: usize = 50_021;

fn count(path: &Path, annotation: &Annotation, threads: usize) -> Counted {
    let options = CountOptions { threads, strandedness: StrandRule::Unstranded, ..CountOptions::default() };
    count_reads(&[BamInput::new("a", path)], annotation, &options).unwrap()
}

/// Writes the BAM file at `from` with blocks that end anywhere inside records.
fn cut_records(from: &Path, to: &Path) {
    let mut inflated = Vec::new();
    let file = std::fs::File::open(from).unwrap();
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut inflated).unwrap();
    let mut compressor = Compressor::new(CompressionLvl::fastest());
    let mut out = Vec::new();
    for block in inflated.chunks(CUT_LENGTH).chain(std::iter::once(&[][..])) {
        let mut deflated = vec![0; compressor.deflate_compress_bound(block.len())];
        let length = compressor.deflate_compress(block, &mut deflated).unwrap();
        let mut checksum = Crc::new();
        checksum.update(block);
        out.extend_from_slice(&[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0]);
        out.extend_from_slice(&((18 + length + 8 - 1) as u16).to_le_bytes());
        out.extend_from_slice(&deflated[..length]);
        out.extend_from_slice(&checksum.sum().to_le_bytes());
        out.extend_from_slice(&(block.len() as u32).to_le_bytes());
    }
    std::fs::write(to, out).unwrap();
}

#[test]
fn counts_depend_neither_on_threads_nor_on_where_blocks_end() {
    let directory = tempfile::tempdir().unwrap();
    let simulation = Simulation::new(PAIRS);
    let genes = directory.path().join("genes.gtf");
    simulation.write_annotation(&genes);
    let annotation = alkaline_io::annotation::read(&genes, &Default::default()).unwrap().annotation;
    for arrangement in [Arrangement::CoordinatePairs, Arrangement::GroupedPairs, Arrangement::SingleEnd] {
        let whole = directory.path().join("whole.bam");
        let cut = directory.path().join("cut.bam");
        simulation.write_bam(&whole, arrangement);
        cut_records(&whole, &cut);
        let expected = count(&whole, &annotation, 1);
        let total: f64 = expected.table.matrix.as_slice().iter().sum();
        assert!(total > PAIRS as f64 / 2.0, "{arrangement:?}: {total}");
        for (path, threads) in [(&whole, 3), (&cut, 1), (&cut, 4)] {
            let found = count(path, &annotation, threads);
            assert_eq!(found.table.matrix, expected.table.matrix, "{arrangement:?}, {threads} threads");
            assert_eq!(found.summary, expected.summary);
            if path == &whole {
                assert_eq!(found.qc, expected.qc);
            }
        }
    }
}

#[test]
fn measuring_overlaps_agrees_with_touching_genes() {
    let directory = tempfile::tempdir().unwrap();
    let simulation = Simulation::new(PAIRS / 6);
    let (genes, bam) = (directory.path().join("genes.gtf"), directory.path().join("a.bam"));
    simulation.write_annotation(&genes);
    simulation.write_bam(&bam, Arrangement::CoordinatePairs);
    let annotation = alkaline_io::annotation::read(&genes, &Default::default()).unwrap().annotation;
    let inputs = [BamInput::new("a", &bam)];
    for allow_multiple in [false, true] {
        let mut options = CountOptions { strandedness: StrandRule::Reverse, ..CountOptions::default() };
        options.overlap.allow_multiple = allow_multiple;
        options.filter.multi_mapping = true;
        options.fraction = true;
        let touching = count_units(&inputs, &annotation, None, &options).unwrap();
        // Counting junctions needs every read in full, which leads over the other counter.
        options.junctions = true;
        let measuring = count_units(&inputs, &annotation, None, &options).unwrap();
        assert_eq!(touching.rows, measuring.rows);
        assert_eq!(touching.summary, measuring.summary);
        assert_eq!(touching.qc, measuring.qc);
        assert!(!measuring.junctions.unwrap().rows.is_empty());
    }
}
