//! Fragments to alignment records: which bases are read, how they align, what is known of the mate.

use alkaline_core::sam::{cigar, flag};

use crate::bam::Record;
use crate::experiment::Experiment;
use crate::fragments::{End, Fragment, Kind, Origin};
use crate::genome::{other_base, push_invented};
use crate::random::scramble;

/// What follows the fragment where a read is longer: the start of Illumina's TruSeq adapter, in BAM's alphabet.
const ADAPTER: [u8; 13] = [1, 4, 1, 8, 2, 4, 4, 1, 1, 4, 1, 4, 2];
/// Mapping quality of a read with one place and with two, as STAR gives it.
const UNIQUE_QUALITY: u8 = 255;
const TWO_PLACES_QUALITY: u8 = 3;
/// Base qualities as current sequencers bin them.
const GOOD: u8 = 37;
const FAIR: u8 = 25;
const POOR: u8 = 11;
/// One read in so many loses quality towards its end; by at most so many bases.
const READS_PER_FADING_READ: u64 = 5;
const LONGEST_FADE: u64 = 16;

/// One end of a fragment on the genome.
struct Alignment {
    contig: i32,
    start: u32,
    end: u32,
    cigar: Vec<u32>,
}

/// Place of an end's alignment on its contig, 0-based; an unaligned read lies where its mate does.
pub(crate) fn position(experiment: &Experiment, fragment: &Fragment, end: End) -> u32 {
    let end = if fragment.unaligned == Some(end) { end.other() } else { end };
    let (from, _) = read_range(experiment, fragment, end);
    match fragment.origin {
        Origin::Contig(_) => from,
        Origin::Gene(gene) => {
            experiment.spliced(gene as usize).and_then(|s| s.slice(from, from + 1).next()).map_or(0, |s| s.0)
        }
    }
}

/// The record of the read from one end of a fragment.
pub(crate) fn record(experiment: &Experiment, sample: usize, fragment: &Fragment, end: End) -> Record {
    let lot = lot(experiment, sample, fragment, end);
    let mut record = Record { name: name(experiment, fragment), ..Record::default() };
    let here = align(experiment, fragment, end);
    if experiment.is_paired() {
        place_pair(experiment, fragment, end, &here, &mut record);
    } else {
        record.flags = if end == End::Right { flag::REVERSE } else { 0 };
        (record.contig, record.position) = (here.contig, here.start as i32);
    }
    record.flags |= if fragment.duplicate { flag::DUPLICATE } else { 0 };
    if fragment.unaligned == Some(end) {
        random_read(experiment, lot, &mut record);
        return record;
    }
    let two_places = matches!(fragment.kind, Kind::MultiMapped | Kind::Secondary);
    record.mapping_quality = if two_places { TWO_PLACES_QUALITY } else { UNIQUE_QUALITY };
    let hits = if two_places { 2 } else { 1 };
    record.cigar = here.cigar;
    if fragment.kind == Kind::Secondary {
        // As the specification recommends: the bases stand in the primary record.
        record.flags |= flag::SECONDARY;
        record.hits_and_mismatches = Some((hits, 0));
        return record;
    }
    let mismatches = read_bases(experiment, fragment, end, lot, &mut record);
    record.hits_and_mismatches = Some((hits, mismatches));
    record
}

/// The records of a pair (or single read) that fits nowhere.
pub(crate) fn unmapped(experiment: &Experiment, sample: usize, number: usize) -> Vec<Record> {
    let flags = if experiment.is_paired() {
        let both = flag::PAIRED | flag::UNMAPPED | flag::MATE_UNMAPPED;
        vec![both | flag::READ1, both | flag::READ2]
    } else {
        vec![flag::UNMAPPED]
    };
    let seed = experiment.options().seed;
    flags
        .into_iter()
        .map(|flags| {
            let mut record = Record { name: format!("u{number}").into_bytes(), flags, ..Record::default() };
            let lot =
                scramble(scramble(seed ^ (sample as u64) << 48) ^ (number as u64) << 16 ^ u64::from(flags));
            random_read(experiment, lot, &mut record);
            record
        })
        .collect()
}

/// Sixty-four bits that belong to one read.
fn lot(experiment: &Experiment, sample: usize, fragment: &Fragment, end: End) -> u64 {
    let place = match fragment.origin {
        Origin::Gene(gene) => u64::from(gene),
        Origin::Contig(contig) => u64::from(contig) | 1 << 31,
    };
    let read = (sample as u64) << 8 | (fragment.kind as u64) << 1 | end as u64;
    scramble(scramble(experiment.options().seed ^ read << 40) ^ place << 32 ^ u64::from(fragment.number))
}

/// Gene and number for reads on exons (the truth, for whoever wants to check), a letter and number for others.
fn name(experiment: &Experiment, fragment: &Fragment) -> Vec<u8> {
    let number = fragment.number;
    match (fragment.kind, fragment.origin) {
        (Kind::Exonic, Origin::Gene(gene)) => {
            let mut name = experiment.read_prefix(gene as usize).to_vec();
            name.extend(format!(":{number}").as_bytes());
            name
        }
        (Kind::Intronic, _) => format!("i{number}").into_bytes(),
        (Kind::MultiMapped | Kind::Secondary, _) => format!("m{number}").into_bytes(),
        (Kind::Exonic | Kind::Intergenic, _) => format!("g{number}").into_bytes(),
    }
}

/// The bases of the fragment's origin that the read from `end` covers.
fn read_range(experiment: &Experiment, fragment: &Fragment, end: End) -> (u32, u32) {
    let length = experiment.options().reads.read_length.min(fragment.length);
    match end {
        End::Left => (fragment.start, fragment.start + length),
        End::Right => (fragment.start + fragment.length - length, fragment.start + fragment.length),
    }
}

/// The stretches of genome under the read from `end`.
fn stretches(experiment: &Experiment, fragment: &Fragment, end: End) -> (usize, Vec<(u32, u32)>) {
    let (from, to) = read_range(experiment, fragment, end);
    match fragment.origin {
        Origin::Contig(contig) => (contig as usize, vec![(from, to)]),
        Origin::Gene(gene) => match experiment.spliced(gene as usize) {
            Some(spliced) => (spliced.contig as usize, spliced.slice(from, to).collect()),
            None => (0, Vec::new()),
        },
    }
}

fn align(experiment: &Experiment, fragment: &Fragment, end: End) -> Alignment {
    let (contig, stretches) = stretches(experiment, fragment, end);
    let clipped = experiment.options().reads.read_length.saturating_sub(fragment.length);
    let mut cigar = Vec::with_capacity(2 * stretches.len() + 1);
    let mut previous_end = None;
    for &(from, to) in &stretches {
        if let Some(previous) = previous_end {
            cigar.push((from - previous) << 4 | cigar::SKIP);
        }
        cigar.push((to - from) << 4 | cigar::MATCH);
        previous_end = Some(to);
    }
    match (clipped, end) {
        (0, _) => {}
        (_, End::Left) => cigar.push(clipped << 4 | cigar::SOFT_CLIP),
        (_, End::Right) => cigar.insert(0, clipped << 4 | cigar::SOFT_CLIP),
    }
    let start = stretches.first().map_or(0, |stretch| stretch.0);
    Alignment { contig: contig as i32, start, end: previous_end.unwrap_or(start), cigar }
}

/// Fills in flags, places and template length of one read of a pair.
fn place_pair(experiment: &Experiment, fragment: &Fragment, end: End, here: &Alignment, record: &mut Record) {
    let mate = align(experiment, fragment, end.other());
    record.flags = flag::PAIRED | if fragment.read1 == end { flag::READ1 } else { flag::READ2 };
    let strand = |end, bit| if end == End::Right { bit } else { 0 };
    let (own_strand, mate_strand) = (strand(end, flag::REVERSE), strand(end.other(), flag::MATE_REVERSE));
    (record.contig, record.mate_contig) = (here.contig, mate.contig);
    match fragment.unaligned {
        None => {
            record.flags |= flag::PROPER | own_strand | mate_strand;
            (record.position, record.mate_position) = (here.start as i32, mate.start as i32);
            let span = (here.end.max(mate.end) - here.start.min(mate.start)) as i32;
            record.template_length = if end == End::Left { span } else { -span };
        }
        Some(lost) if lost == end => {
            record.flags |= flag::UNMAPPED | mate_strand;
            (record.position, record.mate_position) = (mate.start as i32, mate.start as i32);
        }
        Some(_) => {
            record.flags |= flag::MATE_UNMAPPED | own_strand;
            (record.position, record.mate_position) = (here.start as i32, here.start as i32);
        }
    }
}

/// Bases that come from nowhere, and poor qualities.
fn random_read(experiment: &Experiment, lot: u64, record: &mut Record) {
    let length = experiment.options().reads.read_length;
    // No header has this many contigs, so that the bases are those of no place.
    push_invented((lot >> 40) as usize | 1 << 25, 0, length, &mut record.bases);
    record.qualities = vec![POOR; length as usize];
}

/// Fills in bases and qualities as the genome and the sequencer give them; returns the number of mismatches.
fn read_bases(experiment: &Experiment, fragment: &Fragment, end: End, lot: u64, record: &mut Record) -> u8 {
    let reads = &experiment.options().reads;
    let (contig, stretches) = stretches(experiment, fragment, end);
    let clipped = reads.read_length.saturating_sub(fragment.length) as usize;
    let adapter = ADAPTER.iter().cycle().take(clipped);
    if end == End::Right {
        record.bases.extend(adapter.clone());
    }
    let aligned_from = record.bases.len();
    for (from, to) in stretches {
        experiment.genome().push_bases(contig, from, to, &mut record.bases);
    }
    let aligned = record.bases.len() - aligned_from;
    if end == End::Left {
        record.bases.extend(adapter);
    }
    record.qualities = qualities(record.bases.len(), end, lot);
    let mut mismatches = 0;
    let mut word = lot;
    // So many draws, each a mismatch with a probability that makes the expected rate right.
    let draws = (reads.mismatches * aligned as f64).ceil();
    for _ in 0..draws as usize {
        word = scramble(word);
        const FRACTIONS: u64 = 1 << 24;
        if ((word % FRACTIONS) as f64) < reads.mismatches * aligned as f64 / draws * FRACTIONS as f64 {
            let place = aligned_from + ((word >> 32) % aligned as u64) as usize;
            if record.qualities[place] != POOR {
                record.bases[place] = other_base(record.bases[place], word >> 24);
                record.qualities[place] = POOR;
                mismatches += 1;
            }
        }
    }
    mismatches
}

/// Good throughout, or fading towards the end that was read last.
fn qualities(length: usize, end: End, lot: u64) -> Vec<u8> {
    let mut qualities = vec![GOOD; length];
    if lot.is_multiple_of(READS_PER_FADING_READ) {
        let fade = ((lot >> 8) % LONGEST_FADE + 1).min(length as u64) as usize;
        let faded = match end {
            End::Left => length - fade..length,
            End::Right => 0..fade,
        };
        qualities[faded].fill(FAIR);
    }
    qualities
}
