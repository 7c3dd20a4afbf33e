//! Counts: from alignments or from a finished table, and their files.

mod alignments;
mod beside;
mod libraries;

use std::path::{Path, PathBuf};

use alkaline_core::identifiers::IdentifierMap;
use alkaline_core::results::{CountSummary, CountTable, SampleQc};
use alkaline_core::words::count;
use alkaline_core::{SampleId, SampleSheet};
use alkaline_io::annotation::{AnnotationFile, DEFAULT_FEATURE_TYPE};
use alkaline_io::counts::{
    CountFile, CountTableOptions, companion_path, read, read_labels, summary_path, write as write_table,
    write_labels, write_summary,
};
use alkaline_io::results::qc;
use alkaline_io::{ReadError, WriteError};

use super::naming;
use crate::error::WorkflowError;
use crate::spec::experiment::Experiment;
use crate::spec::request::RunRequest;
pub use crate::spec::request::TableOptions;
use crate::store::RunDirectory;
pub use alignments::{Alignments, recognise};

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

/// Where the counts of the samples came from.
pub struct Provenance {
    /// The genome of each, and how the annotation was chosen, in words.
    pub genomes: Vec<String>,
    /// Doubts about whether annotation and alignments fit, each with its file.
    pub doubts: Vec<(String, String)>,
}

/// The counts of all samples, with what there is to say about them together.
///
/// # Errors
/// [`WorkflowError::Design`] when the sheet tells strand rules that are none.
pub fn join(
    request: &RunRequest,
    file: &AnnotationFile,
    table: CountTable,
    summary: CountSummary,
    qc: Vec<SampleQc>,
    provenance: &Provenance,
) -> Result<Counted, WorkflowError> {
    let AnnotationFile { annotation, notices, feature_types, .. } = file;
    let rules = libraries::strand_rules(&request.experiment.sheet, request.settings.count.strandedness)?;
    let told: Vec<bool> = rules.of_sample.iter().map(Option::is_some).collect();
    let mut doubts: Vec<(String, Vec<String>)> = Vec::new();
    for (doubt, of) in &provenance.doubts {
        match doubts.iter_mut().find(|(known, _)| known == doubt) {
            Some((_, files)) => files.push(of.clone()),
            None => doubts.push((doubt.clone(), vec![of.clone()])),
        }
    }
    let mut warnings = [notices.clone(), rules.warnings, alignments::doubts_in_words(&doubts)].concat();
    warnings.extend(libraries::warnings(request, &qc, &summary, &told));
    let source = &annotation.source;
    let name = alignments::in_words(annotation);
    let mut genomes = provenance.genomes.clone();
    genomes.sort();
    genomes.dedup();
    Ok(Counted {
        table,
        summary: Some(summary),
        said: vec![
            format!("genome: {}", genomes.join(" and ")),
            format!("annotation: {name}"),
            libraries::rules_in_words(&qc, &rules.in_words),
        ],
        annotation: Some(name),
        qc,
        told,
        feature_type: if feature_types.is_empty() { UNTYPED.to_owned() } else { feature_types.join("/") },
        warnings,
        components: vec![(format!("annotation {}", source.name), source.version.clone().unwrap_or_default())],
    })
}

/// The files beside a count table that belong to it, as far as they are there.
pub fn companions(path: &Path) -> Vec<PathBuf> {
    let of_qc = beside::qc_places(path);
    [companion_path(path), summary_path(path)]
        .into_iter()
        .chain(of_qc)
        .filter(|path| path.is_file())
        .collect()
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
