//! Counts with a known truth, without reads: for tests of statistics and for power tables.

use std::sync::Arc;

use alkaline_core::samples::SampleRecord;
use alkaline_core::{CountMatrix, Gene, GeneIndex, Groups, SampleId, SampleIndex, SampleSheet};
use rayon::prelude::*;

use crate::expression::PilotGene;
use crate::random::{Purpose, Stream};
use crate::{GeneTruth, SimulateError, SimulateOptions, expression};

/// A simulated experiment as a table of counts, with the truth behind it.
#[derive(Clone, Debug)]
pub struct SimulatedCounts {
    /// Fragments on exons, genes by samples; the reference group's samples first.
    pub counts: CountMatrix,
    /// The truth, one row for each gene of `counts`.
    pub truth: Vec<GeneTruth>,
    /// Which sample belongs to which group.
    pub groups: Groups,
}

/// Draws counts for `genes`: negative binomial, with library sizes, dispersions and fold changes as `options` say.
///
/// The mean of a count is the library size of its sample times the gene's share of all expression in the sample's group.
///
/// # Errors
/// [`SimulateError::OutOfRange`] and [`SimulateError::SameGroups`] for options without meaning,
/// [`SimulateError::EmptyProgramme`] for a programme none of whose genes exists, [`SimulateError::Index`] when two genes
/// share an identifier, [`SimulateError::NothingToSequence`] when there is no gene.
///
/// ```
/// use alkaline_core::Gene;
/// use alkaline_simulate::{SimulateOptions, simulate_counts};
///
/// let genes: Vec<Gene> =
///     (0..500).map(|i| Gene { id: format!("gene{i}").into(), name: None, biotype: None }).collect();
/// let simulated = simulate_counts(&genes, &SimulateOptions { seed: 3, ..Default::default() })?;
/// assert_eq!(simulated.counts.shape(), (500, 6));
/// # Ok::<(), alkaline_simulate::SimulateError>(())
/// ```
pub fn simulate_counts(genes: &[Gene], options: &SimulateOptions) -> Result<SimulatedCounts, SimulateError> {
    if genes.is_empty() {
        return Err(SimulateError::NothingToSequence { genes: 0, contigs: 0 });
    }
    counts_of_eligible(genes, |_| true, options)
}

/// Draws counts for an experiment like a pilot: its abundances and dispersions, with library sizes, replicates and fold
/// changes as `options` say.
///
/// Of `options`, what describes abundance, dispersion and programmes is not used.
///
/// # Errors
/// As [`simulate_counts`].
pub fn simulate_like(
    pilot: &[PilotGene],
    options: &SimulateOptions,
) -> Result<SimulatedCounts, SimulateError> {
    options.check()?;
    if pilot.iter().all(|gene| gene.abundance <= 0.0) {
        return Err(SimulateError::NothingToSequence { genes: pilot.len(), contigs: 0 });
    }
    counts_of_truth(expression::plan_like(pilot, options), options)
}

/// As [`simulate_counts`], but only genes that `eligible` admits are expressed.
pub(crate) fn counts_of_eligible(
    genes: &[Gene],
    eligible: impl Fn(usize) -> bool,
    options: &SimulateOptions,
) -> Result<SimulatedCounts, SimulateError> {
    options.check()?;
    counts_of_truth(expression::plan(genes, eligible, options)?, options)
}

fn counts_of_truth(
    truth: Vec<GeneTruth>,
    options: &SimulateOptions,
) -> Result<SimulatedCounts, SimulateError> {
    let gene_index = GeneIndex::new(truth.iter().map(|row| row.gene.clone()).collect())?;
    let sample_index = SampleIndex::new(options.sample_names().iter().map(SampleId::from).collect())?;
    let sizes = relative_library_sizes(options);
    let counts: Vec<f64> =
        truth.par_iter().enumerate().flat_map_iter(|(gene, row)| draw(gene, row, &sizes, options)).collect();
    let groups = Groups::new(Arc::clone(&sample_index), &group_of_each_sample(options));
    Ok(SimulatedCounts { counts: CountMatrix::new(gene_index, sample_index, counts)?, truth, groups })
}

/// Size of each library relative to the nominal one.
fn relative_library_sizes(options: &SimulateOptions) -> Vec<f64> {
    (0..2 * options.replicates)
        .map(|sample| {
            let lot = Stream::new(options.seed, Purpose::LibrarySize, sample, 0).uniform();
            libm::exp2(options.library_size_spread * (2.0 * lot - 1.0))
        })
        .collect()
}

fn group_of_each_sample(options: &SimulateOptions) -> Vec<&str> {
    let reference = std::iter::repeat_n(options.reference.as_str(), options.replicates);
    reference.chain(std::iter::repeat_n(options.target.as_str(), options.replicates)).collect()
}

/// The counts of one gene, one per sample.
fn draw(gene: usize, truth: &GeneTruth, sizes: &[f64], options: &SimulateOptions) -> Vec<f64> {
    let count = |(sample, size): (usize, &f64)| {
        let mean = if sample < options.replicates { truth.reference_mean } else { truth.target_mean };
        let mut stream = Stream::new(options.seed, Purpose::Count, sample, gene);
        stream.negative_binomial(mean * size, truth.dispersion)
    };
    sizes.iter().enumerate().map(count).collect()
}

impl SimulatedCounts {
    /// The sample sheet: `condition` and `replicate` of each sample, no files.
    pub fn sample_sheet(&self) -> SampleSheet {
        let codes = self.groups.codes();
        let record = |(sample, id): (usize, &SampleId)| {
            let replicate = codes[..=sample].iter().filter(|&&code| code == codes[sample]).count();
            let values = vec![self.groups.levels()[codes[sample]].clone(), replicate.to_string()];
            SampleRecord { id: id.clone(), file: None, reads: None, values }
        };
        SampleSheet {
            variables: vec!["condition".to_owned(), "replicate".to_owned()],
            samples: self.counts.samples().ids().iter().enumerate().map(record).collect(),
        }
    }
}
