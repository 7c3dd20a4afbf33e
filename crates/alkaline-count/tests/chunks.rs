//! Files that are cut into many chunks give the same counts however they are cut, and however many threads count.

#![cfg(test)]

#[path = "../benches/counting/bam_writer.rs"]
mod bam_writer;
#[path = "../benches/counting/simulate.rs"]
#[allow(dead_code, reason = "the benchmark uses what the test does not")]
mod simulate;

use std::io::{Read, Write as _};
use std::path::Path;

use alkaline_core::Annotation;
use alkaline_count::{BamInput, CountOptions, Counted, StrandRule, count_reads, count_units};
use bgzf::CompressionLevel;
use simulate::{Arrangement, Simulation};

/// Pairs of the simulation: a file of three chunks.
const PAIRS: usize = 60_000;

/// Inflated bytes of a block in the file whose blocks cut records.
const CUT_LENGTH: usize = 50_021;

fn count(path: &Path, annotation: &Annotation, threads: usize) -> Counted {
    let options = CountOptions { threads, strandedness: StrandRule::Unstranded, ..CountOptions::default() };
    count_reads(&[BamInput::new("a", path)], annotation, &options).unwrap()
}

/// A compression level.
const FASTEST: u8 = 1;

/// The bytes of a BAM file, inflated.
fn inflated(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Writes `bytes` in blocks of `length`, with the end marker.
fn write_blocks(bytes: &[u8], length: usize, level: u8, to: &Path) {
    let file = std::fs::File::create(to).unwrap();
    let mut writer = bgzf::Writer::with_capacity(file, CompressionLevel::new(level).unwrap(), length);
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap();
}

/// Writes the BAM file at `from` with blocks that end anywhere inside records.
fn cut_records(from: &Path, to: &Path) {
    write_blocks(&inflated(from), CUT_LENGTH, FASTEST, to);
}

/// A number of four bytes.
fn word(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// Where the header of an inflated BAM file ends.
fn header_end(bytes: &[u8]) -> usize {
    let mut at = 8 + word(bytes, 4);
    let contigs = word(bytes, at);
    at += 4;
    for _ in 0..contigs {
        at += 8 + word(bytes, at);
    }
    at
}

/// A BAM record of a read with `bases` bases on the first contig.
fn record(bases: u32) -> Vec<u8> {
    let mut record = [0_i32, 100].iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    record.extend([2, 60, 0, 0, 1, 0, 0, 0]);
    record.extend(bases.to_le_bytes());
    record.extend([-1_i32, -1, 0].iter().flat_map(|number| number.to_le_bytes()));
    record.extend(b"r\0");
    record.extend((bases << 4).to_le_bytes());
    record.resize(record.len() + bases.div_ceil(2) as usize + bases as usize, 1);
    [(record.len() as u32).to_le_bytes().to_vec(), record].concat()
}

/// Compressed bytes of a piece that a thread counts.
const CHUNK_BYTES: usize = 1 << 21;

#[test]
fn a_last_record_that_ends_in_a_piece_of_its_own_is_counted() {
    // Stored blocks of this length fill a piece but for two bytes; the next begins with the end of the long read.
    const BLOCKS: usize = 41;
    const STORED: usize = CHUNK_BYTES / BLOCKS - 31;
    let directory = tempfile::tempdir().unwrap();
    let annotation = "c\tt\texon\t1\t20000\t.\t+\t.\tgene_id \"A\";\n";
    let annotation =
        alkaline_io::annotation::read_from(annotation.as_bytes(), Path::new("a.gtf"), &Default::default());
    let mut bytes = b"BAM\x01\0\0\0\0\x01\0\0\0\x02\0\0\0c\0\xff\xff\0\0".to_vec();
    let (short, long) = (record(30), record(9_000));
    let mut reads = 1.0;
    while bytes.len() + short.len() < BLOCKS * STORED - long.len() / 2 {
        bytes.extend_from_slice(&short);
        reads += 1.0;
    }
    bytes.extend_from_slice(&long);
    assert!((BLOCKS * STORED + 1..BLOCKS * STORED + long.len()).contains(&bytes.len()));
    let path = directory.path().join("a.bam");
    write_blocks(&bytes, STORED, 0, &path);
    let annotation = annotation.unwrap().annotation;
    for threads in [1, 2] {
        assert_eq!(count(&path, &annotation, threads).table.matrix.row(0), [reads], "{threads} threads");
    }
}

#[test]
fn records_that_repeat_count_twice_wherever_pieces_end() {
    let directory = tempfile::tempdir().unwrap();
    let simulation = Simulation::new(PAIRS);
    let (genes, once) = (directory.path().join("genes.gtf"), directory.path().join("once.bam"));
    simulation.write_annotation(&genes);
    simulation.write_bam(&once, Arrangement::CoordinatePairs);
    let annotation = alkaline_io::annotation::read(&genes, &Default::default()).unwrap().annotation;
    let bytes = inflated(&once);
    let doubled = [&bytes[..], &bytes[header_end(&bytes)..]].concat();
    let twice = directory.path().join("twice.bam");
    write_blocks(&doubled, CUT_LENGTH, FASTEST, &twice);
    let single = count(&once, &annotation, 1);
    let expected: Vec<f64> = single.table.matrix.as_slice().iter().map(|count| 2.0 * count).collect();
    assert!(expected.iter().sum::<f64>() > PAIRS as f64);
    for threads in [1, 4] {
        let found = count(&twice, &annotation, threads);
        assert!(found.table.matrix.as_slice() == expected, "{threads} threads");
        let reads = single.summary.reads[0].map(|number| 2 * number);
        assert_eq!(found.summary.reads[0], reads);
    }
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
