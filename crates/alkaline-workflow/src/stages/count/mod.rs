//! Counts: from alignments or from a finished table, and their files.

mod alignments;
mod beside;
mod files;
mod libraries;

use std::path::{Path, PathBuf};

use alkaline_core::identifiers::IdentifierMap;
use alkaline_core::results::{CountSummary, CountTable, SampleQc};
use alkaline_core::words::count;
use alkaline_core::{SampleId, SampleSheet};
use alkaline_count::{CountError, CountOptions, count_reads};
use alkaline_io::annotation::{AnnotationFile, DEFAULT_FEATURE_TYPE};
use alkaline_io::counts::{
    CountFile, CountTableOptions, companion_path, read, read_labels, summary_path, write as write_table,
    write_labels, write_summary,
};
use alkaline_io::results::qc;
use alkaline_io::{ReadError, WriteError};

use super::naming;
use crate::error::WorkflowError;
use crate::layout::RunDirectory;
use crate::spec::experiment::Experiment;
use crate::spec::request::RunRequest;
pub use crate::spec::request::TableOptions;
pub use alignments::Alignments;
pub use files::{input_files, output_files};

/// What the rows of an annotation without types (SAF) are called.
const UNTYPED: &str = "feature";

/// Counts, and what is known about how they came about.
pub struct Counted {
    /// Counts and gene facts.
    pub table: CountTable,
    /// What became of every read; `None` for a finished table.
    pub summary: Option<CountSummary>,
    /// Read QC; empty for a finished table.
    pub qc: Vec<SampleQc>,
    /// Name of the annotation that was counted on.
    pub annotation: Option<String>,
    /// Feature type that was counted.
    pub feature_type: String,
    /// Of each sample, whether the sheet told its strand rule.
    pub told: Vec<bool>,
    /// Which genome and strand rules were recognised, in words; empty for a finished table.
    pub said: Vec<String>,
    /// What the user should know.
    pub warnings: Vec<String>,
    /// Versions worth recording.
    pub components: Vec<(String, String)>,
}

impl Counted {
    /// "61,471 genes in 4 samples; 87.3 to 89.1 % of fragments assigned".
    pub fn in_words(&self) -> String {
        let (genes, samples) = self.table.matrix.shape();
        let Some(summary) = &self.summary else { return format!("{genes} genes in {samples} samples") };
        let shares: Vec<f64> = (0..samples).map(|sample| 100.0 * summary.assigned_fraction(sample)).collect();
        let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
        let most = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut parts = vec![format!(
            "{genes} genes in {samples} samples; {least:.1} to {most:.1} % of fragments assigned"
        )];
        parts.extend(self.said.iter().cloned());
        parts.join("; ")
    }
}

/// Counts the alignments of an experiment on the annotation that was named, or on the one that their header tells.
///
/// # Errors
/// [`WorkflowError`] when a file is damaged, or annotation and alignments do not fit.
pub fn from_alignments(request: &RunRequest, files: &[PathBuf]) -> Result<Counted, WorkflowError> {
    let found = Alignments::of(request, files)?;
    let AnnotationFile { annotation, notices: mut warnings, feature_types, .. } = found.annotation;
    let options = CountOptions { threads: rayon::current_num_threads(), ..request.settings.count.clone() };
    // The files were there a moment ago.
    let counted = count_reads(&found.inputs, &annotation, &options).map_err(|error| match error {
        CountError::Missing { path } => WorkflowError::Vanished { path },
        error => error.into(),
    })?;
    warnings.extend(found.warnings);
    let told = found.inputs.iter().map(|input| input.strandedness.is_some()).collect::<Vec<_>>();
    warnings.extend(libraries::warnings(request, &counted.qc, &counted.summary, &told));
    let source = &annotation.source;
    Ok(Counted {
        table: counted.table,
        summary: Some(counted.summary),
        annotation: Some(alignments::in_words(&annotation)),
        said: vec![
            format!("genome: {}", found.genome),
            format!("annotation: {}", alignments::in_words(&annotation)),
            libraries::rules_in_words(&counted.qc, &found.strand),
        ],
        qc: counted.qc,
        told,
        feature_type: if feature_types.is_empty() { UNTYPED.to_owned() } else { feature_types.join("/") },
        warnings,
        components: vec![(format!("annotation {}", source.name), source.version.clone().unwrap_or_default())],
    })
}

/// Reads the count table of an experiment: the samples of its sheet, in their order.
///
/// # Errors
/// [`WorkflowError`] when the table is damaged or lacks a sample.
pub fn from_table(
    experiment: &Experiment,
    path: &Path,
    options: TableOptions,
) -> Result<Counted, WorkflowError> {
    let file = read_table(path, Some(&experiment.sheet), options)?;
    let mut warnings = notices(path, &file);
    let beside = beside::read(path, file.table.matrix.samples().ids());
    warnings.extend(beside.warnings);
    Ok(Counted {
        table: file.table,
        summary: beside.summary,
        qc: beside.qc,
        told: Vec::new(),
        said: Vec::new(),
        annotation: None,
        feature_type: DEFAULT_FEATURE_TYPE.to_owned(),
        warnings,
        components: Vec::new(),
    })
}

/// How many of the columns that are left out are named.
const COLUMNS_NAMED: usize = 5;

/// What a reader of `file` decided that the user should know: columns left out, rows that are no genes, unusual layouts.
pub fn notices(path: &Path, file: &CountFile) -> Vec<String> {
    let others = &file.left_out;
    let left_out = (!others.is_empty()).then(|| {
        let more = if others.len() > COLUMNS_NAMED { ", ..." } else { "" };
        let named = others[..others.len().min(COLUMNS_NAMED)].join(", ");
        let number = count(others.len(), "column");
        format!("{number} of {} not in the sample sheet, left out: {named}{more}", path.display())
    });
    file.notices.iter().cloned().chain(left_out).collect()
}

/// Reads a count table with its companion of symbols, where that stands beside it: the samples of `sheet`, or all.
///
/// # Errors
/// [`ReadError`].
pub fn read_table(
    path: &Path,
    sheet: Option<&SampleSheet>,
    options: TableOptions,
) -> Result<CountFile, ReadError> {
    let samples = sheet.map(|sheet| sheet.samples.iter().map(|sample| sample.id.clone()).collect());
    read_samples(path, samples, options)
}

/// As [`read_table`], with the samples named.
///
/// # Errors
/// [`ReadError`].
pub fn read_samples(
    path: &Path,
    samples: Option<Vec<SampleId>>,
    options: TableOptions,
) -> Result<CountFile, ReadError> {
    let TableOptions { allow_fractional, transpose } = options;
    let mut file = read(path, &CountTableOptions { samples, allow_fractional, transpose })?;
    let companion = companion_path(path);
    let facts = &mut file.table.facts;
    if facts.labels.is_none() && companion.exists() {
        facts.labels = Some(read_labels(&companion, file.table.matrix.genes())?);
    }
    Ok(file)
}

/// Writes the count table, its companion of symbols, the summary and the QC.
///
/// # Errors
/// [`WriteError`].
pub fn write(
    directory: &RunDirectory,
    counted: &Counted,
    identifiers: &IdentifierMap,
    version: &str,
) -> Result<(), WriteError> {
    let path = directory.counts();
    let origin =
        counted.annotation.as_deref().map_or_else(String::new, |name| format!("; Annotation:{name}"));
    write_table(
        &path,
        &counted.table,
        Some(&format!("Program:alkaline v{version}; Command:\"alkaline\" \"run\"{origin}")),
    )?;
    write_labels(&companion_path(&path), &naming::gene_labels(&counted.table, identifiers))?;
    if let Some(summary) = &counted.summary {
        write_summary(&summary_path(&path), summary)?;
    }
    if !counted.qc.is_empty() {
        qc::write(&directory.qc(), &counted.qc)?;
    }
    Ok(())
}
