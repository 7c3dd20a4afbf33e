//! A simulated experiment on real gene models: counts, truth, and a BAM file for every sample.

use std::collections::HashMap;
use std::io::{self, Write};

use alkaline_core::Annotation;
use alkaline_core::genome::Contig;
use rayon::prelude::*;

use crate::bam::{self, Blocks};
use crate::counts::counts_of_eligible;
use crate::fragments::{self, End, Fragment, OffExons, Origin};
use crate::genome::ExonIndex;
use crate::spliced::SplicedGene;
use crate::{ReadLayout, SimulateError, SimulateOptions, SimulatedCounts, reads};

/// A gene shorter than this after splicing is not sequenced: library preparation loses it.
const SHORTEST_TRANSCRIPT: u32 = 40;
/// Records that are encoded and compressed as one piece of work.
const RECORDS_PER_PIECE: usize = 4096;
/// Pieces that are held in memory at a time.
const PIECES_AT_A_TIME: usize = 64;
/// Longest part of a read name that comes from the gene's identifier.
const LONGEST_PREFIX: usize = 200;

/// An experiment whose truth is known, ready to be written as BAM files.
#[derive(Debug)]
pub struct Experiment {
    simulated: SimulatedCounts,
    contigs: Vec<Contig>,
    /// Genes that are sequenced; their `contig` is a place in `contigs`.
    spliced: Vec<Option<SplicedGene>>,
    genes_on_contig: Vec<Vec<usize>>,
    read_prefixes: Vec<Vec<u8>>,
    exons: ExonIndex,
    options: SimulateOptions,
}

/// Plans an experiment on the gene models of `annotation`; `contigs` become the header of its BAM files.
///
/// Fragments come from the union of a gene's exons, spliced. Genes on contigs that the header lacks, and genes shorter
/// than 40 bases, are silent. A fragment from a gene's exons may also lie on those of another gene: what a counter makes
/// of such fragments is its own affair, and the counts of [`Experiment::simulated`] hold them.
///
/// # Errors
/// As [`simulate_counts`](crate::simulate_counts); [`SimulateError::NothingToSequence`] when no gene lies on `contigs`.
pub fn simulate_experiment(
    annotation: &Annotation,
    contigs: &[Contig],
    options: &SimulateOptions,
) -> Result<Experiment, SimulateError> {
    let header_place = header_places(annotation, contigs);
    let spliced: Vec<Option<SplicedGene>> = SplicedGene::all(annotation)
        .into_iter()
        .map(|gene| sequenceable(gene?, &header_place, contigs))
        .collect();
    if spliced.iter().all(Option::is_none) {
        let (genes, contigs) = (annotation.genes.len(), contigs.len());
        return Err(SimulateError::NothingToSequence { genes, contigs });
    }
    let simulated = counts_of_eligible(&annotation.genes, |gene| spliced[gene].is_some(), options)?;
    let mut genes_on_contig = vec![Vec::new(); contigs.len()];
    for (number, gene) in spliced.iter().enumerate() {
        if let Some(gene) = gene {
            genes_on_contig[gene.contig as usize].push(number);
        }
    }
    Ok(Experiment {
        simulated,
        contigs: contigs.to_vec(),
        spliced,
        genes_on_contig,
        read_prefixes: annotation.genes.iter().map(|gene| read_prefix(gene.id.as_str())).collect(),
        exons: ExonIndex::new(annotation, &header_place, contigs.len()),
        options: options.clone(),
    })
}

/// Contigs just long enough for the exons of `annotation`, for an annotation whose genome is not known.
pub fn contigs_spanning(annotation: &Annotation) -> Vec<Contig> {
    /// Room to the right of the last exon.
    const MARGIN: u32 = 10_000;
    let mut ends = vec![0; annotation.contigs.len()];
    for exon in &annotation.exons {
        let end = &mut ends[exon.contig as usize];
        *end = exon.span.end().max(*end);
    }
    let contigs = annotation.contigs.iter().zip(ends);
    contigs.map(|(name, end)| Contig { name: name.clone(), length: end + MARGIN }).collect()
}

/// For each contig of the annotation its place in the header.
fn header_places(annotation: &Annotation, contigs: &[Contig]) -> Vec<Option<usize>> {
    let places: HashMap<&str, usize> =
        contigs.iter().enumerate().map(|(place, contig)| (contig.name.as_str(), place)).collect();
    annotation.contigs.iter().map(|name| places.get(name.as_str()).copied()).collect()
}

/// The gene with its contig as a place in the header, if it can carry reads there.
fn sequenceable(
    gene: SplicedGene,
    header_place: &[Option<usize>],
    contigs: &[Contig],
) -> Option<SplicedGene> {
    let contig = header_place[gene.contig as usize]?;
    let fits = gene.length() >= SHORTEST_TRANSCRIPT && gene.end() <= contigs[contig].length;
    fits.then(|| gene.on_contig(contig as u32))
}

/// The identifier with what a read name may not hold replaced.
fn read_prefix(id: &str) -> Vec<u8> {
    let allowed = |byte: u8| if byte.is_ascii_graphic() && byte != b'@' { byte } else { b'_' };
    id.bytes().take(LONGEST_PREFIX).map(allowed).collect()
}

impl Experiment {
    /// Counts of fragments on exons, truth and groups.
    pub fn simulated(&self) -> &SimulatedCounts {
        &self.simulated
    }

    /// The header's contigs.
    pub fn contigs(&self) -> &[Contig] {
        &self.contigs
    }

    /// What was asked for.
    pub fn options(&self) -> &SimulateOptions {
        &self.options
    }

    /// Writes the alignments of sample number `sample`, sorted by coordinate, as a BAM file.
    ///
    /// Read names on exons are the gene's identifier, a colon and a number; others begin with `i` (intron), `g` (between
    /// genes), `m` (two places) or `u` (nowhere). Tags: `NH` and `NM`. Memory does not grow with the library beyond
    /// what the largest contig needs.
    ///
    /// # Errors
    /// What `out` refuses.
    ///
    /// # Panics
    /// When there is no such sample.
    pub fn write_bam(&self, sample: usize, out: &mut impl Write) -> io::Result<()> {
        let mut blocks = Blocks::new(self.options.reads.compression);
        blocks.push_bytes(&bam::header(&self.contigs, &self.comments(sample)));
        out.write_all(&blocks.finish())?;
        for (contig, background) in fragments::background(self, sample).into_iter().enumerate() {
            self.write_contig(sample, contig, background, out)?;
        }
        self.write_unmapped(sample, out)?;
        out.write_all(&bam::END_OF_FILE)
    }

    fn comments(&self, sample: usize) -> Vec<String> {
        let name = &self.simulated.counts.samples().ids()[sample];
        vec![format!("simulated data, sample {name}, seed {}; bases are invented", self.options.seed)]
    }

    fn write_contig(
        &self,
        sample: usize,
        contig: usize,
        background: Vec<Fragment>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let genes = &self.genes_on_contig[contig];
        let mut fragments: Vec<Fragment> =
            genes.par_iter().flat_map_iter(|&gene| fragments::of_gene(self, sample, gene)).collect();
        fragments.extend(background);
        let order = self.sorted_reads(&fragments);
        self.write_pieces(&order, out, |read, blocks| {
            let (fragment, end) = read.of(&fragments);
            blocks.push_record(&reads::record(self, sample, fragment, end));
        })
    }

    fn write_unmapped(&self, sample: usize, out: &mut impl Write) -> io::Result<()> {
        let numbers: Vec<usize> = (0..OffExons::of_sample(self, sample).unmapped).collect();
        self.write_pieces(&numbers, out, |&number, blocks| {
            reads::unmapped(self, sample, number).iter().for_each(|record| blocks.push_record(record));
        })
    }

    /// Encodes `items` piece by piece, in parallel, and writes the pieces in order.
    fn write_pieces<T: Sync>(
        &self,
        items: &[T],
        out: &mut impl Write,
        encode: impl Fn(&T, &mut Blocks) + Sync,
    ) -> io::Result<()> {
        for batch in items.chunks(RECORDS_PER_PIECE * PIECES_AT_A_TIME) {
            let pieces: Vec<Vec<u8>> = batch
                .par_chunks(RECORDS_PER_PIECE)
                .map(|piece| {
                    let mut blocks = Blocks::new(self.options.reads.compression);
                    piece.iter().for_each(|item| encode(item, &mut blocks));
                    blocks.finish()
                })
                .collect();
            pieces.iter().try_for_each(|piece| out.write_all(piece))?;
        }
        Ok(())
    }

    /// The reads of `fragments` by position; reads of one position in the order of the fragments, left ends first.
    fn sorted_reads(&self, fragments: &[Fragment]) -> Vec<ReadKey> {
        let mut keys: Vec<ReadKey> = fragments
            .par_iter()
            .enumerate()
            .flat_map_iter(|(number, fragment)| {
                let ends: &[End] = match (self.is_paired(), fragment.read1) {
                    (true, _) => &[End::Left, End::Right],
                    (false, End::Left) => &[End::Left],
                    (false, End::Right) => &[End::Right],
                };
                ends.iter().map(move |&end| ReadKey::new(reads::position(self, fragment, end), number, end))
            })
            .collect();
        keys.par_sort_unstable();
        keys
    }

    pub(crate) fn is_paired(&self) -> bool {
        self.options.reads.layout == ReadLayout::PairedEnd
    }

    pub(crate) fn spliced(&self, gene: usize) -> Option<&SplicedGene> {
        self.spliced[gene].as_ref()
    }

    pub(crate) fn exons(&self) -> &ExonIndex {
        &self.exons
    }

    pub(crate) fn read_prefix(&self, gene: usize) -> &[u8] {
        &self.read_prefixes[gene]
    }

    /// Place in the header of the contig that a fragment lies on.
    pub(crate) fn contig_of(&self, fragment: &Fragment) -> usize {
        match fragment.origin {
            Origin::Contig(contig) => contig as usize,
            Origin::Gene(gene) => self.spliced(gene as usize).map_or(0, |gene| gene.contig as usize),
        }
    }
}

/// A read's place in the file: position, then fragment and end. Packed, because there are millions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ReadKey(u64);

impl ReadKey {
    fn new(position: u32, fragment: usize, end: End) -> Self {
        Self(u64::from(position) << 32 | (fragment as u64) << 1 | end as u64)
    }

    fn of(self, fragments: &[Fragment]) -> (&Fragment, End) {
        let end = if self.0 & 1 == 0 { End::Left } else { End::Right };
        (&fragments[(self.0 as u32 >> 1) as usize], end)
    }
}
