//! Where the fragments of a sample come from: exons, introns, between genes, or two places at once.

use alkaline_core::genome::{Strand, Strandedness};
use rayon::prelude::*;

use crate::experiment::Experiment;
use crate::random::{Purpose, Stream};

/// What a fragment is sequenced from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The spliced transcript of the gene at this place of the annotation.
    Gene(u32),
    /// The genome: a contig of the header.
    Contig(u32),
}

/// Why a fragment is there; told by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// From a gene's exons, counted to that gene.
    Exonic,
    /// From an intron.
    Intronic,
    /// From between the genes.
    Intergenic,
    /// From one of two genes; this is the better place.
    MultiMapped,
    /// The worse place of such a fragment.
    Secondary,
}

/// One end of a fragment, as seen on the genome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The end with the smaller coordinates, read forwards.
    Left,
    /// The end with the larger coordinates, read backwards.
    Right,
}

impl End {
    /// The end at the other side.
    pub const fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// A sequenced piece of RNA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fragment {
    /// What it is sequenced from.
    pub origin: Origin,
    /// First base: of the spliced transcript from the left, or of the contig (0-based).
    pub start: u32,
    /// Number of bases.
    pub length: u32,
    /// Why it is there.
    pub kind: Kind,
    /// Number within its kind and gene.
    pub number: u32,
    /// The end that read 1 starts from.
    pub read1: End,
    /// Whether it repeats another fragment.
    pub duplicate: bool,
    /// The end whose read is not aligned, if any.
    pub unaligned: Option<End>,
}

impl Fragment {
    /// Place in the header of the contig that the fragment lies on.
    pub fn contig(&self, experiment: &Experiment) -> usize {
        match self.origin {
            Origin::Contig(contig) => contig as usize,
            Origin::Gene(gene) => experiment.spliced(gene as usize).map_or(0, |gene| gene.contig as usize),
        }
    }
}

/// Attempts to find a place for a fragment before it is given up.
const ATTEMPTS: usize = 50;

/// The fragments from the exons of one gene in one sample, in order of their place.
pub(crate) fn of_gene(experiment: &Experiment, sample: usize, gene: usize) -> Vec<Fragment> {
    let count = experiment.simulated().counts.row(gene)[sample] as usize;
    let Some(spliced) = experiment.spliced(gene).filter(|_| count > 0) else { return Vec::new() };
    let reads = &experiment.options().reads;
    let mut stream = Stream::new(experiment.options().seed, Purpose::Fragments, sample, gene);
    let mut fragments: Vec<Fragment> = Vec::with_capacity(count);
    for drawn in 0..count {
        if drawn > 0 && stream.chance(reads.duplicates) {
            let original = fragments[stream.below(drawn as u64) as usize];
            fragments.push(Fragment { duplicate: true, ..original });
            continue;
        }
        let length = draw_length(experiment, spliced.length(), &mut stream);
        let unaligned = stream.chance(reads.half_mapped).then(|| either_end(&mut stream));
        fragments.push(Fragment {
            origin: Origin::Gene(gene as u32),
            start: stream.below(u64::from(spliced.length() - length) + 1) as u32,
            length,
            kind: Kind::Exonic,
            number: 0,
            read1: read1_end(spliced.strand, reads.strandedness, &mut stream),
            duplicate: false,
            unaligned: unaligned.filter(|_| experiment.is_paired()),
        });
    }
    fragments.sort_by_key(|fragment| (fragment.start, fragment.length, fragment.duplicate));
    fragments.iter_mut().zip(1..).for_each(|(fragment, number)| fragment.number = number);
    fragments
}

/// How many fragments of a sample lie off the exons, by kind; from the number on them.
pub(crate) struct OffExons {
    pub intronic: usize,
    pub intergenic: usize,
    pub multi_mapped: usize,
    pub unmapped: usize,
}

impl OffExons {
    pub fn of_sample(experiment: &Experiment, sample: usize) -> Self {
        let on_exons: f64 = experiment.simulated().counts.rows().map(|row| row[sample]).sum();
        let reads = &experiment.options().reads;
        let all = on_exons / (1.0 - reads.off_exons());
        let share = |fraction: f64| (all * fraction).round() as usize;
        Self {
            intronic: share(reads.intronic),
            intergenic: share(reads.intergenic),
            multi_mapped: share(reads.multi_mapped),
            unmapped: share(reads.unmapped),
        }
    }
}

/// The aligned fragments of a sample that are not counted to a gene, sorted out by contig of the header.
pub(crate) fn background(experiment: &Experiment, sample: usize) -> Vec<Vec<Fragment>> {
    let off = OffExons::of_sample(experiment, sample);
    let urn = Urn::new(experiment, sample);
    let seed = experiment.options().seed;
    let introns = (0..off.intronic).into_par_iter().filter_map(|number| {
        intronic(experiment, &urn, number, &mut Stream::new(seed, Purpose::Background, sample, 2 * number))
    });
    let between = (0..off.intergenic).into_par_iter().filter_map(|number| {
        intergenic(experiment, number, &mut Stream::new(seed, Purpose::Background, sample, 2 * number + 1))
    });
    let twice = (0..off.multi_mapped).into_par_iter().filter_map(|number| {
        multi_mapped(experiment, &urn, number, &mut Stream::new(seed, Purpose::MultiMapped, sample, number))
    });
    let mut fragments: Vec<Fragment> = introns.chain(between).collect();
    fragments.extend(twice.collect::<Vec<_>>().into_iter().flatten());
    let mut by_contig = vec![Vec::new(); experiment.contigs().len()];
    for fragment in fragments {
        by_contig[fragment.contig(experiment)].push(fragment);
    }
    by_contig
}

/// Draws genes in proportion to their counts in a sample.
struct Urn {
    genes: Vec<usize>,
    cumulative: Vec<u64>,
}

impl Urn {
    fn new(experiment: &Experiment, sample: usize) -> Self {
        let rows = experiment.simulated().counts.rows().enumerate();
        let counted = rows.map(|(gene, row)| (gene, row[sample] as u64)).filter(|(_, count)| *count > 0);
        let (mut genes, mut cumulative, mut sum) = (Vec::new(), Vec::new(), 0);
        for (gene, count) in counted {
            sum += count;
            genes.push(gene);
            cumulative.push(sum);
        }
        Self { genes, cumulative }
    }

    fn draw(&self, stream: &mut Stream) -> Option<usize> {
        let lot = stream.below(*self.cumulative.last()?);
        let place = self.cumulative.partition_point(|&sum| sum <= lot);
        Some(self.genes[place])
    }
}

fn intronic(experiment: &Experiment, urn: &Urn, number: usize, stream: &mut Stream) -> Option<Fragment> {
    for _ in 0..ATTEMPTS {
        let gene = urn.draw(stream)?;
        let spliced = experiment.spliced(gene)?;
        let length = draw_length(experiment, u32::MAX, stream);
        let introns: Vec<(u32, u32)> =
            spliced.introns().filter(|(start, end)| end - start >= length).collect();
        if introns.is_empty() {
            continue;
        }
        let (intron_start, intron_end) = introns[stream.below(introns.len() as u64) as usize];
        let start = intron_start + stream.below(u64::from(intron_end - intron_start - length) + 1) as u32;
        if experiment.exons().is_clear(spliced.contig as usize, start, start + length) {
            let read1 = read1_end(spliced.strand, experiment.options().reads.strandedness, stream);
            return Some(genomic(spliced.contig, start, length, Kind::Intronic, number, read1));
        }
    }
    None
}

fn intergenic(experiment: &Experiment, number: usize, stream: &mut Stream) -> Option<Fragment> {
    let bases: u64 = experiment.contigs().iter().map(|contig| u64::from(contig.length)).sum();
    for _ in 0..ATTEMPTS {
        let length = draw_length(experiment, u32::MAX, stream);
        let mut place = stream.below(bases);
        let contigs = experiment.contigs().iter().enumerate();
        let Some((contig, _)) = contigs.into_iter().find(|(_, contig)| {
            let here = place < u64::from(contig.length);
            place -= if here { 0 } else { u64::from(contig.length) };
            here
        }) else {
            continue;
        };
        let (start, end) = (place as u32, place as u32 + length);
        if end <= experiment.contigs()[contig].length && experiment.exons().is_clear(contig, start, end) {
            let read1 = either_end(stream);
            return Some(genomic(contig as u32, start, length, Kind::Intergenic, number, read1));
        }
    }
    None
}

/// A fragment that fits one gene and, as well or nearly so, another.
fn multi_mapped(
    experiment: &Experiment,
    urn: &Urn,
    number: usize,
    stream: &mut Stream,
) -> Option<[Fragment; 2]> {
    for _ in 0..ATTEMPTS {
        let (first, second) = (urn.draw(stream)?, urn.draw(stream)?);
        let (one, other) = (experiment.spliced(first)?, experiment.spliced(second)?);
        let length = draw_length(experiment, u32::MAX, stream);
        if first == second || length > one.length() || length > other.length() {
            continue;
        }
        let mut place = |gene: usize, kind| {
            let spliced = experiment.spliced(gene)?;
            Some(Fragment {
                origin: Origin::Gene(gene as u32),
                start: stream.below(u64::from(spliced.length() - length) + 1) as u32,
                length,
                kind,
                number: number as u32,
                read1: read1_end(spliced.strand, experiment.options().reads.strandedness, stream),
                duplicate: false,
                unaligned: None,
            })
        };
        return Some([place(first, Kind::MultiMapped)?, place(second, Kind::Secondary)?]);
    }
    None
}

fn genomic(contig: u32, start: u32, length: u32, kind: Kind, number: usize, read1: End) -> Fragment {
    let origin = Origin::Contig(contig);
    Fragment { origin, start, length, kind, number: number as u32, read1, duplicate: false, unaligned: None }
}

/// A length no shorter than a read, unless the transcript is, and no longer than the transcript.
fn draw_length(experiment: &Experiment, transcript: u32, stream: &mut Stream) -> u32 {
    let reads = &experiment.options().reads;
    let drawn = (reads.fragment_mean + reads.fragment_sd * stream.normal()).round();
    (drawn.max(0.0) as u32).max(reads.read_length).min(transcript)
}

fn either_end(stream: &mut Stream) -> End {
    if stream.chance(0.5) { End::Left } else { End::Right }
}

/// The end that read 1 starts from: the left one reads like the plus strand.
fn read1_end(strand: Strand, strandedness: Strandedness, stream: &mut Stream) -> End {
    match (strand, strandedness) {
        (Strand::Forward, Strandedness::Forward) | (Strand::Reverse, Strandedness::Reverse) => End::Left,
        (Strand::Reverse, Strandedness::Forward) | (Strand::Forward, Strandedness::Reverse) => End::Right,
        (Strand::Unknown, _) | (_, Strandedness::Unstranded) => either_end(stream),
    }
}
