//! A simulated experiment on real gene models: counts, truth, and what its alignments are drawn from.

use std::collections::HashMap;

use alkaline_core::Annotation;
use alkaline_core::genome::Contig;

use crate::counts::counts_of_eligible;
use crate::genome::{Bases, ExonIndex, Genome};
use crate::spliced::SplicedGene;
use crate::{ReadLayout, SimulateError, SimulateOptions, SimulatedCounts};

/// A gene shorter than this after splicing is not sequenced: library preparation loses it.
const SHORTEST_TRANSCRIPT: u32 = 40;
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
    genome: Genome,
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
        genome: Genome::Invented,
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
    /// The same experiment with the bases of a genome, in the order of [`Experiment::contigs`]; without, bases are invented.
    ///
    /// # Errors
    /// [`SimulateError::OtherGenome`] where a sequence is not as long as its contig, or one is missing.
    pub fn on_genome(self, bases: Vec<Bases>) -> Result<Self, SimulateError> {
        let lengths = self.contigs.iter().map(|contig| contig.length);
        if !lengths.eq(bases.iter().map(Bases::length)) {
            return Err(SimulateError::OtherGenome { contigs: self.contigs.len(), sequences: bases.len() });
        }
        Ok(Self { genome: Genome::Given(bases), ..self })
    }

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

    pub(crate) fn is_paired(&self) -> bool {
        self.options.reads.layout == ReadLayout::PairedEnd
    }

    pub(crate) fn spliced(&self, gene: usize) -> Option<&SplicedGene> {
        self.spliced[gene].as_ref()
    }

    /// The genes that are sequenced from contig number `contig` of the header.
    pub(crate) fn genes_on(&self, contig: usize) -> &[usize] {
        &self.genes_on_contig[contig]
    }

    pub(crate) fn genome(&self) -> &Genome {
        &self.genome
    }

    pub(crate) fn exons(&self) -> &ExonIndex {
        &self.exons
    }

    pub(crate) fn read_prefix(&self, gene: usize) -> &[u8] {
        &self.read_prefixes[gene]
    }
}
