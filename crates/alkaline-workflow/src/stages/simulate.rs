//! A simulated experiment as files: one BAM a sample, the sample sheet, the contrast, and the truth beside them.

use std::path::{Path, PathBuf};

use alkaline_core::samples::{ContrastSpec, SampleRecord, SampleSheet};
use alkaline_io::file::write_atomically;
use alkaline_io::{contrasts, samples};
use alkaline_simulate::{Experiment, ReadNumber, write_truth};

use crate::error::WorkflowError;

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
}

/// Writes `experiment` to `directory`.
///
/// # Errors
/// [`WorkflowError::Write`].
pub fn write(experiment: &Experiment, directory: &Path) -> Result<SimulatedFiles, WorkflowError> {
    let names = experiment.options().sample_names();
    let bams: Vec<PathBuf> = names.iter().map(|name| directory.join(format!("{name}.bam"))).collect();
    for (sample, path) in bams.iter().enumerate() {
        write_atomically(path, |mut out| experiment.write_bam(sample, &mut out))?;
    }
    let files = SimulatedFiles {
        samples: directory.join("samples.csv"),
        contrasts: directory.join("contrasts.csv"),
        truth: directory.join("truth.tsv"),
        bams,
    };
    write_atomically(&files.truth, |mut out| write_truth(&experiment.simulated().truth, &mut out))?;
    samples::write(&files.samples, &sheet(experiment, &names))?;
    contrasts::write(&files.contrasts, &[contrast(experiment)])?;
    Ok(files)
}

/// Writes the reads of `experiment` to `directory`, gzipped: `<sample>_R1.fastq.gz`, and `_R2` where reads come in pairs.
///
/// # Errors
/// [`WorkflowError::Write`].
pub fn write_fastq(experiment: &Experiment, directory: &Path) -> Result<Vec<PathBuf>, WorkflowError> {
    let mut files = Vec::new();
    for (sample, name) in experiment.options().sample_names().iter().enumerate() {
        for &number in experiment.reads_of_a_fragment() {
            let suffix = match number {
                ReadNumber::One => "R1",
                ReadNumber::Two => "R2",
            };
            let path = directory.join(format!("{name}_{suffix}.fastq.gz"));
            write_atomically(&path, |mut out| experiment.write_fastq(sample, number, &mut out))?;
            files.push(path);
        }
    }
    Ok(files)
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
