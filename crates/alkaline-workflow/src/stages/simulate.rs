//! A simulated experiment as files: one BAM a sample, the sample sheet, the contrast, and the truth beside them.

use std::path::{Path, PathBuf};

use alkaline_core::samples::{ContrastSpec, SampleRecord, SampleSheet};
use alkaline_io::file::write_atomically;
use alkaline_io::{contrasts, samples};
use alkaline_simulate::{Experiment, ReadNumber, write_truth};

use super::simulated_place::fill;
use crate::error::WorkflowError;

/// The sample sheet.
pub const SAMPLES: &str = "samples.csv";

/// The contrasts.
pub const CONTRASTS: &str = "contrasts.csv";

/// What is true of every gene.
pub const TRUTH: &str = "truth.tsv";

/// The files of a simulated experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedFiles {
    /// The sample sheet, BAMs included.
    pub samples: PathBuf,
    /// The one contrast.
    pub contrasts: PathBuf,
    /// What is true of every gene.
    pub truth: PathBuf,
    /// The alignments, one file a sample.
    pub bams: Vec<PathBuf>,
    /// The reads, where they were wanted.
    pub fastq: Vec<PathBuf>,
}

/// Writes `experiment` to `directory`, over an earlier simulation but over nothing else; `with_fastq` writes its reads too,
/// gzipped: `<sample>_R1.fastq.gz`, and `_R2` where reads come in pairs.
///
/// # Errors
/// [`WorkflowError::Design`] when other files stand there; [`WorkflowError::Write`].
pub fn write(
    experiment: &Experiment,
    directory: &Path,
    with_fastq: bool,
) -> Result<SimulatedFiles, WorkflowError> {
    let names = experiment.options().sample_names();
    let reads = if with_fastq { read_files(experiment) } else { Vec::new() };
    let bams = names.iter().map(|name| format!("{name}.bam"));
    let tables = [SAMPLES, CONTRASTS, TRUTH].map(str::to_owned);
    let all: Vec<String> = bams.chain(tables).chain(reads.iter().map(|read| read.2.clone())).collect();
    fill(directory, &all, |place| {
        let files = SimulatedFiles::below(place, &names, &reads);
        for (sample, path) in files.bams.iter().enumerate() {
            write_atomically(path, |mut out| experiment.write_bam(sample, &mut out))?;
        }
        for ((sample, number, _), path) in reads.iter().zip(&files.fastq) {
            write_atomically(path, |mut out| experiment.write_fastq(*sample, *number, &mut out))?;
        }
        write_atomically(&files.truth, |mut out| write_truth(&experiment.simulated().truth, &mut out))?;
        samples::write(&files.samples, &sheet(experiment, &names))?;
        contrasts::write(&files.contrasts, &[contrast(experiment)])?;
        Ok(SimulatedFiles::below(directory, &names, &reads))
    })
}

/// The files of reads: of which sample, which read of a fragment, and their names.
fn read_files(experiment: &Experiment) -> Vec<(usize, ReadNumber, String)> {
    let mut files = Vec::new();
    for (sample, name) in experiment.options().sample_names().iter().enumerate() {
        for &number in experiment.reads_of_a_fragment() {
            let suffix = match number {
                ReadNumber::One => "R1",
                ReadNumber::Two => "R2",
            };
            files.push((sample, number, format!("{name}_{suffix}.fastq.gz")));
        }
    }
    files
}

impl SimulatedFiles {
    fn below(directory: &Path, names: &[String], reads: &[(usize, ReadNumber, String)]) -> Self {
        Self {
            samples: directory.join(SAMPLES),
            contrasts: directory.join(CONTRASTS),
            truth: directory.join(TRUTH),
            bams: names.iter().map(|name| directory.join(format!("{name}.bam"))).collect(),
            fastq: reads.iter().map(|(_, _, name)| directory.join(name)).collect(),
        }
    }
}

/// The samples; their files stand beside the sheet.
fn sheet(experiment: &Experiment, names: &[String]) -> SampleSheet {
    let options = experiment.options();
    let samples = names.iter().enumerate().map(|(place, name)| {
        let is_reference = place < options.replicates;
        let condition = if is_reference { &options.reference } else { &options.target };
        let replicate = place % options.replicates + 1;
        SampleRecord {
            id: name.into(),
            file: Some(format!("{name}.bam").into()),
            reads: None,
            values: vec![condition.clone(), replicate.to_string()],
        }
    });
    SampleSheet {
        variables: vec!["condition".to_owned(), "replicate".to_owned()],
        samples: samples.collect(),
    }
}

/// Target against reference.
fn contrast(experiment: &Experiment) -> ContrastSpec {
    let options = experiment.options();
    ContrastSpec::between(
        &format!("{}_vs_{}", options.target, options.reference),
        "condition",
        &options.reference,
        &options.target,
    )
}
