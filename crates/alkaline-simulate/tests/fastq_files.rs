//! Simulated reads as FASTQ: read back, they are the reads of the BAM file.

use std::collections::HashMap;

use alkaline_core::annotation::AnnotationSource;
use alkaline_core::genome::{Contig, Span, Strand};
use alkaline_core::sam::flag;
use alkaline_core::{Annotation, Exon, Gene};
use alkaline_simulate::{
    Bases, Experiment, ReadLayout, ReadNumber, ReadOptions, SimulateError, SimulateOptions,
    simulate_experiment,
};
use bio::alphabets::dna::revcomp;
use bio::io::fastq;
use rust_htslib::bam::ext::BamRecordExtensions as _;
use rust_htslib::bam::{self, Read as _};

/// Forty genes of two exons on two contigs, on either strand.
fn annotation() -> Annotation {
    let (mut genes, mut exons) = (Vec::new(), Vec::new());
    for gene in 0..40_u32 {
        genes.push(Gene { id: format!("g{gene}").into(), name: None, biotype: None });
        let strand = if gene % 2 == 0 { Strand::Forward } else { Strand::Reverse };
        let start = 1_000 + gene * 2_000;
        for start in [start, start + 700] {
            let span = Span::new(start, start + 399).expect("a span");
            exons.push(Exon { contig: gene % 2, span, strand, gene });
        }
    }
    let contigs = ["chrA", "chrB"].map(Into::into).to_vec();
    Annotation { source: AnnotationSource::default(), contigs, genes, exons }
}

fn contigs() -> Vec<Contig> {
    ["chrA", "chrB"].map(|name| Contig { name: name.into(), length: 90_000 }).to_vec()
}

/// Letters that repeat nowhere soon.
fn sequence(contig: u64) -> Vec<u8> {
    let mut state = contig + 17;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b"ACGT"[(state >> 33) as usize % 4]
    };
    (0..90_000).map(|_| next()).collect()
}

fn experiment(reads: ReadOptions) -> Experiment {
    let options = SimulateOptions {
        replicates: 1,
        library_size: 3_000.0,
        expressed_genes: 40,
        reads,
        ..SimulateOptions::default()
    };
    simulate_experiment(&annotation(), &contigs(), &options).expect("an experiment")
}

/// The primary records of sample 0.
fn alignments(experiment: &Experiment) -> Vec<bam::Record> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    experiment.write_bam(0, &mut file.as_file()).expect("a BAM");
    let mut reader = bam::Reader::from_path(file.path()).expect("a BAM");
    reader.records().map(|record| record.expect("a record")).filter(|record| !record.is_secondary()).collect()
}

fn reads(experiment: &Experiment, number: ReadNumber) -> Vec<fastq::Record> {
    let mut text = Vec::new();
    experiment.write_fastq(0, number, &mut text).expect("a FASTQ file");
    fastq::Reader::new(text.as_slice()).records().map(|read| read.expect("a read")).collect()
}

/// Bases and printed qualities by name and read number, in the sense of the sequencer.
fn sequenced(records: &[bam::Record]) -> HashMap<(String, bool), (Vec<u8>, Vec<u8>)> {
    let turned = |record: &bam::Record| {
        let mut bases = record.seq().as_bytes();
        let mut qualities: Vec<u8> = record.qual().iter().map(|quality| quality + 33).collect();
        if record.flags() & flag::REVERSE != 0 {
            bases = revcomp(bases);
            qualities.reverse();
        }
        (bases, qualities)
    };
    let name = |record: &bam::Record| String::from_utf8_lossy(record.qname()).into_owned();
    records.iter().map(|record| ((name(record), record.flags() & flag::READ2 != 0), turned(record))).collect()
}

fn assert_same_reads(experiment: &Experiment) {
    let records = alignments(experiment);
    let wanted = sequenced(&records);
    assert_eq!(wanted.len(), records.len(), "two reads share a name and a number");
    let mut found = 0;
    for &number in experiment.reads_of_a_fragment() {
        for read in reads(experiment, number) {
            let (bases, qualities) = &wanted[&(read.id().to_owned(), number == ReadNumber::Two)];
            assert_eq!((read.seq(), read.qual()), (bases.as_slice(), qualities.as_slice()), "{}", read.id());
            found += 1;
        }
    }
    assert_eq!(found, records.len());
    assert!(found > 2_000, "{found}");
}

#[test]
fn reads_of_pairs_are_those_of_the_bam_turned_as_sequenced() {
    assert_same_reads(&experiment(ReadOptions { half_mapped: 0.05, ..ReadOptions::default() }));
}

#[test]
fn single_reads_are_those_of_the_bam_turned_as_sequenced() {
    let experiment = experiment(ReadOptions { layout: ReadLayout::SingleEnd, ..ReadOptions::default() });
    assert_eq!(experiment.reads_of_a_fragment(), [ReadNumber::One]);
    assert_same_reads(&experiment);
}

#[test]
fn mates_have_one_name_and_one_place() {
    let experiment = experiment(ReadOptions::default());
    let [first, second] = [ReadNumber::One, ReadNumber::Two].map(|number| reads(&experiment, number));
    assert_eq!(first.len(), second.len());
    for (one, two) in first.iter().zip(&second) {
        assert_eq!(one.id(), two.id());
        assert_eq!((one.seq().len(), two.seq().len()), (75, 75));
    }
    assert!(first.iter().zip(&second).any(|(one, two)| one.seq() != two.seq()));
}

#[test]
fn reads_on_a_given_genome_hold_its_bases() {
    let genome = [0, 1].map(sequence);
    let bases = genome.iter().map(|letters| Bases::new(letters).expect("a contig")).collect();
    let experiment = experiment(ReadOptions { mismatches: 0.0, ..ReadOptions::default() });
    let experiment = experiment.on_genome(bases).expect("the genome fits");
    let mut compared = 0;
    for record in alignments(&experiment).iter().filter(|record| !record.is_unmapped()) {
        let read = record.seq().as_bytes();
        for [in_read, on_contig] in record.aligned_pairs() {
            assert_eq!(read[in_read as usize], genome[record.tid() as usize][on_contig as usize]);
            compared += 1;
        }
    }
    assert!(compared > 100_000, "{compared}");
    assert_same_reads(&experiment);
}

#[test]
fn a_genome_of_other_lengths_is_refused() {
    let short = vec![Bases::new(b"ACGT").expect("a contig"); 2];
    let refused = experiment(ReadOptions::default()).on_genome(short).unwrap_err();
    assert!(matches!(refused, SimulateError::OtherGenome { contigs: 2, sequences: 2 }), "{refused}");
}
