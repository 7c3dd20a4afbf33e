//! Spliced alignments on a small genome: enough like an RNA-seq library to cost what one costs.
//!
//! Reverse-stranded fragments, nine in ten from transcripts, the others from introns and from anywhere; some unaligned, some
//! marked as duplicates, some aligned to several places. Reads copy the genome, so that they compress as real ones do.

use std::fmt::Write as _;
use std::path::Path;

use crate::bam_writer::{BamRecord, BamWriter};

const READ_LENGTH: usize = 150;
const CONTIGS: usize = 22;
const CONTIG_LENGTH: u32 = 2_700_000;
const GENE_SPACING: u32 = 16_000;
const EXONS_PER_GENE: u32 = 9;
const ISOFORMS: usize = 2;

/// Pairs that are made and sorted together: the genes of a contig in order, so that memory stays small.
const SOFT_CLIP: u32 = 4;
const MATCH: u32 = 0;
const SKIP: u32 = 3;

/// How the alignments are arranged in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    CoordinatePairs,
    GroupedPairs,
    SingleEnd,
}

impl Arrangement {
    pub fn file_stem(self) -> &'static str {
        match self {
            Self::CoordinatePairs => "pairs.coordinate",
            Self::GroupedPairs => "pairs.grouped",
            Self::SingleEnd => "single.coordinate",
        }
    }
}

/// A small generator of random numbers (xorshift64*, Vigna 2016): fast, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: u32) -> u32 {
        (((self.next() >> 32) * u64::from(limit)) >> 32) as u32
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
}

struct Gene {
    contig: usize,
    forward: bool,
    /// First and last position (1-based) of each exon.
    exons: Vec<(u32, u32)>,
    weight: u32,
}

/// Genes, and how many fragments are drawn from them.
pub struct Simulation {
    genes: Vec<Gene>,
    pairs: usize,
    total_weight: u64,
}

/// One end as aligned.
struct Aligned {
    position: u32,
    cigar: Vec<u32>,
}

impl Simulation {
    pub fn new(pairs: usize) -> Self {
        let mut random = Random(0x5eed);
        let mut genes = Vec::new();
        for contig in 0..CONTIGS {
            for place in 1..CONTIG_LENGTH / GENE_SPACING - 1 {
                // Some genes reach into the next one.
                let mut start = place * GENE_SPACING + random.below(4_000);
                let exons = (0..EXONS_PER_GENE)
                    .map(|_| {
                        let exon = (start, start + 150 + random.below(250));
                        start = exon.1 + 300 + random.below(2_200);
                        exon
                    })
                    .collect();
                let weight = 1 + (1_u32 << random.below(12)) / 4;
                genes.push(Gene { contig, forward: random.chance(50), exons, weight });
            }
        }
        let total_weight = genes.iter().map(|gene| u64::from(gene.weight)).sum();
        Self { genes, pairs, total_weight }
    }

    pub fn write_annotation(&self, path: &Path) {
        let mut text = String::new();
        for (number, gene) in self.genes.iter().enumerate() {
            for isoform in 0..ISOFORMS {
                let kept = |place: &usize| isoform == 0 || place % 3 != 1;
                for (_, exon) in gene.exons.iter().enumerate().filter(|(place, _)| kept(place)) {
                    let strand = if gene.forward { '+' } else { '-' };
                    writeln!(
                        text,
                        "chr{}\tsim\texon\t{}\t{}\t.\t{strand}\t.\tgene_id \"G{number:05}\"; \
                         transcript_id \"T{number:05}.{isoform}\"; gene_biotype \"protein_coding\";",
                        gene.contig + 1,
                        exon.0,
                        exon.1
                    )
                    .unwrap();
                }
            }
        }
        std::fs::write(path, text).unwrap();
    }

    pub fn write_bam(&self, path: &Path, arrangement: Arrangement) {
        let contigs: Vec<(String, u32)> =
            (1..=CONTIGS).map(|number| (format!("chr{number}"), CONTIG_LENGTH)).collect();
        let mut writer = BamWriter::create(path, &contigs);
        let mut random = Random(0xa11ce);
        let mut unaligned = Vec::new();
        if arrangement == Arrangement::GroupedPairs {
            for serial in 0..self.pairs {
                let gene = random.below(self.genes.len() as u32) as usize;
                for (_, record) in self.fragment(gene, serial, arrangement, &mut random) {
                    writer.write(&record);
                }
            }
        } else {
            for contig in 0..CONTIGS {
                let mut records = Vec::new();
                for (number, gene) in self.genes.iter().enumerate().filter(|(_, gene)| gene.contig == contig)
                {
                    let share = u64::from(gene.weight) * self.pairs as u64 / self.total_weight;
                    for _ in 0..share {
                        // Names as a sequencer gives them: neighbours on the genome are far apart on the flow cell.
                        let serial = random.below(self.pairs as u32 * 4) as usize;
                        records.extend(self.fragment(number, serial, arrangement, &mut random));
                    }
                }
                records.sort_by_key(|(position, _)| *position);
                for (position, record) in records {
                    match position {
                        Some(_) => writer.write(&record),
                        None => unaligned.push(record),
                    }
                }
            }
        }
        unaligned.iter().for_each(|record| writer.write(record));
        writer.finish();
    }

    /// The records of one fragment, each with its position, `None` when unaligned.
    fn fragment(
        &self,
        gene: usize,
        serial: usize,
        arrangement: Arrangement,
        random: &mut Random,
    ) -> Vec<(Option<u32>, Vec<u8>)> {
        let gene = &self.genes[gene];
        let name = format!(
            "A00{}:45:HXXDSXX:{}:{}:{}:{}",
            123,
            serial % 4 + 1,
            1101 + serial % 78,
            serial,
            random.below(36_000)
        );
        let paired = arrangement != Arrangement::SingleEnd;
        if random.chance(2) {
            return unaligned(&name, paired, random);
        }
        let (left, right) = self.ends(gene, random);
        let duplicate = if random.chance(12) { 0x400 } else { 0 };
        let hits = if random.chance(5) { 2 + random.below(3) as u8 } else { 1 };
        // Reverse-stranded: read 1 lies on the strand opposite to the gene.
        let first_is_left = !gene.forward;
        let mut records = Vec::new();
        for hit in 1..=hits {
            let shift = if hit == 1 { 0 } else { random.below(1_000) };
            let secondary = if hit == 1 { 0 } else { 0x100 };
            let span = right.position + reference_span(&right.cigar) - left.position;
            for (end, mate, is_left) in [(&left, &right, true), (&right, &left, false)] {
                let first = is_left == first_is_left;
                if !paired && !first {
                    continue;
                }
                let mut flags = duplicate | secondary | if is_left { 0 } else { 0x10 };
                if paired {
                    flags |= 0x3 | if first { 0x40 } else { 0x80 } | if is_left { 0x20 } else { 0 };
                }
                let position = end.position + shift;
                let (bases, qualities) = sequence(gene.contig, end, shift, random);
                let mut record = Vec::new();
                BamRecord {
                    contig: gene.contig as i32,
                    position: position as i32 - 1,
                    quality: if hits == 1 { 255 } else { 3 },
                    flags,
                    cigar: &end.cigar,
                    mate_contig: if paired { gene.contig as i32 } else { -1 },
                    mate_position: if paired { (mate.position + shift) as i32 - 1 } else { -1 },
                    template_length: match (paired, is_left) {
                        (false, _) => 0,
                        (_, true) => span as i32,
                        (_, false) => -(span as i32),
                    },
                    name: name.as_bytes(),
                    bases: &bases,
                    qualities: &qualities,
                    hits,
                    hit_index: hit,
                }
                .encode(&mut record);
                records.push((Some(position), record));
            }
        }
        records
    }

    /// Where the two reads of a fragment lie, the left one first.
    fn ends(&self, gene: &Gene, random: &mut Random) -> (Aligned, Aligned) {
        let length = 160 + random.below(140) + random.below(140);
        if random.chance(10) {
            // From an intron, or from anywhere near.
            let start = gene.exons[0].0 + random.below(gene.exons[8].1 - gene.exons[0].0);
            let plain = |position| Aligned { position, cigar: vec![(READ_LENGTH as u32) << 4 | MATCH] };
            return (plain(start), plain(start + length.max(READ_LENGTH as u32) - READ_LENGTH as u32));
        }
        let transcript: u32 = gene.exons.iter().map(|exon| exon.1 - exon.0 + 1).sum();
        let start = random.below(transcript - length.min(transcript - 1));
        let second = start + length.saturating_sub(READ_LENGTH as u32);
        let clip = if random.chance(8) { 1 + random.below(12) } else { 0 };
        (spliced(gene, start, clip), spliced(gene, second.min(transcript - READ_LENGTH as u32), 0))
    }
}

/// A read of the transcript from `offset` on, with `clip` bases clipped at its end.
fn spliced(gene: &Gene, mut offset: u32, clip: u32) -> Aligned {
    let mut rest = READ_LENGTH as u32 - clip;
    let mut cigar = Vec::new();
    let mut position = 0;
    let mut last_end = 0;
    for &(start, end) in &gene.exons {
        let length = end - start + 1;
        if offset >= length {
            offset -= length;
            continue;
        }
        let from = start + offset;
        let bases = rest.min(end - from + 1);
        if cigar.is_empty() {
            position = from;
        } else {
            cigar.push((from - last_end - 1) << 4 | SKIP);
        }
        cigar.push(bases << 4 | MATCH);
        last_end = from + bases - 1;
        rest -= bases;
        offset = 0;
        if rest == 0 {
            break;
        }
    }
    if rest + clip > 0 {
        cigar.push((rest + clip) << 4 | SOFT_CLIP);
    }
    Aligned { position, cigar }
}

fn reference_span(cigar: &[u32]) -> u32 {
    cigar
        .iter()
        .filter(|operation| matches!(*operation & 0xf, MATCH | SKIP))
        .map(|operation| operation >> 4)
        .sum()
}

/// BAM code of the base at a place of the genome.
fn genome_base(contig: usize, position: u32) -> u8 {
    // The finaliser of splitmix64 (Steele, Lea & Flood 2014): without it neighbours would follow a pattern.
    let mut mixed = (u64::from(position) ^ (contig as u64) << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    1 << (mixed >> 62)
}

/// The bases of a read, copied from the genome with a few errors, and binned qualities.
fn sequence(contig: usize, end: &Aligned, shift: u32, random: &mut Random) -> (Vec<u8>, Vec<u8>) {
    let mut bases = Vec::with_capacity(READ_LENGTH);
    let mut position = end.position + shift;
    for &operation in &end.cigar {
        let length = operation >> 4;
        match operation & 0xf {
            MATCH => {
                bases.extend((position..position + length).map(|place| genome_base(contig, place)));
                position += length;
            }
            SKIP => position += length,
            _ => bases.extend((0..length).map(|_| 1 << random.below(4))),
        }
    }
    let mut qualities = vec![37; bases.len()];
    for _ in 0..random.below(6) {
        let place = random.below(bases.len() as u32) as usize;
        qualities[place] = [2, 11, 25][random.below(3) as usize];
        if random.chance(10) {
            bases[place] = 1 << random.below(4);
        }
    }
    (bases, qualities)
}

/// A fragment that could not be aligned.
fn unaligned(name: &str, paired: bool, random: &mut Random) -> Vec<(Option<u32>, Vec<u8>)> {
    let flags: &[u16] = if paired { &[77, 141] } else { &[4] };
    flags
        .iter()
        .map(|&flags| {
            let bases: Vec<u8> = (0..READ_LENGTH).map(|_| 1 << random.below(4)).collect();
            let mut record = Vec::new();
            BamRecord {
                contig: -1,
                position: -1,
                quality: 0,
                flags,
                cigar: &[],
                mate_contig: -1,
                mate_position: -1,
                template_length: 0,
                name: name.as_bytes(),
                bases: &bases,
                qualities: &[25; READ_LENGTH],
                hits: 0,
                hit_index: 0,
            }
            .encode(&mut record);
            (None, record)
        })
        .collect()
}
