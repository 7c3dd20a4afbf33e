//! Counts: from alignments or from a finished table, and their files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use alkaline_core::identifiers::IdentifierMap;
use alkaline_core::results::{CountSummary, CountTable, SampleQc};
use alkaline_core::words::{count, listed};
use alkaline_core::{Annotation, SampleId, SampleSheet};
use alkaline_count::{BamInput, CountOptions, GenomeFit, count_reads, read_header};
use alkaline_io::annotation::{AnnotationFile, DEFAULT_FEATURE_TYPE};
use alkaline_io::counts::{
    CountFile, CountTableOptions, companion_path, read, read_labels, summary_path, write as write_table,
    write_labels, write_summary,
};
use alkaline_io::results::qc;
use alkaline_io::{ReadError, WriteError};
use rayon::prelude::*;

use super::{annotations, naming};
use crate::error::WorkflowError;
use crate::experiment::{CountSource, Experiment};
use crate::layout::RunDirectory;
use crate::manifest::FileRecord;
use crate::request::RunRequest;

/// What the rows of an annotation without types (SAF) are called.
const UNTYPED: &str = "feature";

/// Share of assigned fragments below which the user is warned.
const LOW_ASSIGNMENT: f64 = 0.2;

/// Counts, and what is known about how they came about.
pub struct Counted {
    /// Counts and gene facts.
    pub table: CountTable,
    /// What became of every read; `None` for a finished table.
    pub summary: Option<CountSummary>,
    /// Read QC; empty for a finished table.
    pub qc: Vec<SampleQc>,
    /// The genome of the alignments, as far as it is recognised.
    pub genome: Option<String>,
    /// Name of the annotation that was counted on.
    pub annotation: Option<String>,
    /// Feature type that was counted.
    pub feature_type: String,
    /// What the user should know.
    pub warnings: Vec<String>,
    /// Versions worth recording.
    pub components: Vec<(String, String)>,
}

impl Counted {
    /// "61,471 genes in 4 samples; 87.3 to 89.1 % of fragments assigned", then genome, annotation and strand rule.
    pub fn in_words(&self) -> String {
        let (genes, samples) = self.table.matrix.shape();
        let Some(summary) = &self.summary else { return format!("{genes} genes in {samples} samples") };
        let shares: Vec<f64> = (0..samples).map(|sample| 100.0 * summary.assigned_fraction(sample)).collect();
        let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
        let most = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut words =
            format!("{genes} genes in {samples} samples; {least:.1} to {most:.1} % of fragments assigned");
        for (what, told) in [("genome", &self.genome), ("annotation", &self.annotation)] {
            words.extend(told.iter().map(|told| format!("; {what}: {told}")));
        }
        words + &strand_rules(&self.qc)
    }
}

/// The strand rules that samples were counted by: "; counted with -s 2 (reverse-stranded)".
fn strand_rules(samples: &[SampleQc]) -> String {
    let rules: BTreeSet<u8> = samples.iter().map(|qc| qc.strandedness.used.featurecounts_code()).collect();
    match rules.into_iter().collect::<Vec<_>>()[..] {
        [0] => "; counted with -s 0 (unstranded)".to_owned(),
        [1] => "; counted with -s 1 (forward-stranded)".to_owned(),
        [2] => "; counted with -s 2 (reverse-stranded)".to_owned(),
        [] => String::new(),
        _ => "; counted with different strand rules".to_owned(),
    }
}

/// Counts the alignments of an experiment on the annotation called `name`, or on the one that their header tells.
///
/// # Errors
/// [`WorkflowError`] when a file is damaged, or annotation and alignments do not fit.
pub fn from_alignments(
    experiment: &Experiment,
    files: &[PathBuf],
    name: Option<&str>,
    options: &CountOptions,
) -> Result<Counted, WorkflowError> {
    check_all_there(files)?;
    let AnnotationFile { annotation, notices: mut warnings, feature_types, .. } =
        annotation_for(files, name, options)?;
    let samples = experiment.sheet.samples.iter().map(|sample| sample.id.clone());
    let inputs: Vec<BamInput> =
        samples.zip(files).map(|(sample, file)| BamInput::new(sample, file)).collect();
    let options = CountOptions { threads: rayon::current_num_threads(), ..options.clone() };
    let genome = match files.first() {
        Some(file) => annotations::genome_in_words(&read_header(file)?.contigs),
        None => String::new(),
    };
    let counted = count_reads(&inputs, &annotation, &options)?;
    warnings.extend(warnings_of(&counted.qc, &counted.summary));
    let source = &annotation.source;
    Ok(Counted {
        table: counted.table,
        summary: Some(counted.summary),
        qc: counted.qc,
        genome: Some(genome),
        annotation: Some(in_words(&annotation)),
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
    let warnings = notices(path, &file);
    Ok(Counted {
        table: file.table,
        summary: None,
        qc: Vec::new(),
        genome: None,
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

/// How a count table is read, but for its samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// Whether fractional counts are welcome.
    pub allow_fractional: bool,
    /// Whether samples stand in rows and genes in columns.
    pub transpose: bool,
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
        qc::write(&directory.qc(), &counted.qc)?;
    }
    Ok(())
}

/// What a run would count, without counting.
///
/// # Errors
/// [`WorkflowError`] when a file is missing or annotation and alignments do not fit.
pub fn check_alignments(
    files: &[PathBuf],
    name: Option<&str>,
    options: &CountOptions,
) -> Result<Vec<String>, WorkflowError> {
    check_all_there(files)?;
    let AnnotationFile { annotation, mut notices, .. } = annotation_for(files, name, options)?;
    let mut plan =
        vec![format!("annotation: {} with {} genes", in_words(&annotation), annotation.genes.len())];
    // What holds for several files is said once.
    let mut doubts: Vec<(String, Vec<String>)> = Vec::new();
    for file in files {
        let contigs = read_header(file)?.contigs;
        let genome = annotations::genome_in_words(&contigs);
        plan.push(format!("alignments: {} on {} contigs; genome: {genome}", file.display(), contigs.len()));
        let fit = GenomeFit::new(&annotation, &contigs, options);
        fit.check(file)?;
        for warning in fit.warning().into_iter().chain(fit.build_doubt().map(|doubt| doubt.in_words())) {
            match doubts.iter_mut().find(|(known, _)| *known == warning) {
                Some((_, files)) => files.push(file.display().to_string()),
                None => doubts.push((warning, vec![file.display().to_string()])),
            }
        }
    }
    notices.extend(doubts.into_iter().map(|(warning, files)| format!("{}: {warning}", listed(files))));
    plan.extend(notices.into_iter().map(|warning| format!("warning: {warning}")));
    Ok(plan)
}

/// All missing files at once.
fn check_all_there(files: &[PathBuf]) -> Result<(), WorkflowError> {
    let missing: Vec<String> = files
        .iter()
        .filter(|file| !file.exists())
        .map(|file| format!("{}: no such file", file.display()))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(WorkflowError::design(missing.join("\n"))) }
}

/// The annotation to count on, with what its reader noticed.
fn annotation_for(
    files: &[PathBuf],
    name: Option<&str>,
    options: &CountOptions,
) -> Result<AnnotationFile, WorkflowError> {
    if let Some(name) = name {
        let annotation = annotations::named_file(name, &Default::default())?;
        for file in files {
            let contigs = read_header(file)?.contigs;
            let fit = GenomeFit::new(&annotation.annotation, &contigs, options);
            annotations::check_build(&fit, name, file)?;
        }
        return Ok(annotation);
    }
    let mut builds = Vec::new();
    for file in files {
        builds.push(annotations::recognised(&read_header(file)?.contigs, file)?);
    }
    if let Some(place) = builds.iter().position(|build| *build != builds[0]) {
        let (first, other) = (files[0].display(), files[place].display());
        return Err(WorkflowError::design_with_hint(
            format!("{first} is aligned to {}, but {other} to {}", builds[0], builds[place]),
            "align all samples to one genome",
        ));
    }
    Ok(AnnotationFile::of_exons(alkaline_reference::annotation(builds[0])))
}

/// Name and version of an annotation.
fn in_words(annotation: &Annotation) -> String {
    match &annotation.source.version {
        Some(version) => format!("{} ({version})", annotation.source.name),
        None => annotation.source.name.clone(),
    }
}

/// What the reads themselves say that the user should know.
fn warnings_of(samples: &[SampleQc], summary: &CountSummary) -> Vec<String> {
    let mut warnings: Vec<String> = samples
        .iter()
        .flat_map(|qc| qc.warnings.iter().map(|warning| format!("{}: {warning}", qc.sample)))
        .collect();
    let rules: BTreeSet<u8> = samples.iter().map(|qc| qc.strandedness.used.featurecounts_code()).collect();
    if rules.len() > 1 {
        let used = |qc: &SampleQc| format!("{} -s {}", qc.sample, qc.strandedness.used.featurecounts_code());
        let list: Vec<String> = samples.iter().map(used).collect();
        warnings.push(format!(
            "the samples were counted by different strand rules ({}): their counts are not comparable unless the \
             libraries were made that way; --strandedness sets one rule for all",
            list.join(", ")
        ));
    }
    for (sample, qc) in samples.iter().enumerate() {
        let share = summary.assigned_fraction(sample);
        if share < LOW_ASSIGNMENT && qc.warnings.is_empty() {
            warnings.push(format!(
                "{}: only {:.1} % of the fragments were assigned to a gene; see counts/counts.tsv.summary for where the \
                 others went",
                qc.sample,
                100.0 * share
            ));
        }
    }
    warnings
}

/// The files that a run reads, with what they are for.
pub fn input_files(request: &RunRequest) -> Vec<(&'static str, PathBuf)> {
    let mut files: Vec<(&str, PathBuf)> = match &request.experiment.source {
        CountSource::Alignments(files) => files.iter().map(|file| ("alignments", file.clone())).collect(),
        CountSource::Table(path) => vec![("counts", path.clone())],
    };
    files.extend(
        request
            .annotation
            .iter()
            .map(PathBuf::from)
            .filter(|path| path.exists())
            .map(|path| ("annotation", path)),
    );
    let enrich = &request.settings.enrich;
    files.extend(enrich.gene_sets.iter().chain(&enrich.go_file).map(|path| ("gene sets", path.clone())));
    files.retain(|(_, path)| path.as_os_str() != "-");
    files
}

/// The files that a run wrote, relative to its directory, in the order of their names; the manifest is not among them.
///
/// # Errors
/// [`ReadError`].
pub fn output_files(directory: &RunDirectory) -> Result<Vec<FileRecord>, ReadError> {
    let mut files = Vec::new();
    collect_files(directory.root(), &mut files)?;
    files.retain(|path| *path != directory.manifest());
    files.sort();
    files
        .par_iter()
        .map(|path| {
            let record = FileRecord::of("result", path)?;
            let relative = path.strip_prefix(directory.root()).unwrap_or(path).to_owned();
            Ok(FileRecord { path: relative, ..record })
        })
        .collect()
}

/// All files below `folder`.
fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), ReadError> {
    let in_context = |source| ReadError::from_io(folder, source);
    for entry in fs::read_dir(folder).map_err(in_context)? {
        let path = entry.map_err(in_context)?.path();
        if path.is_dir() { collect_files(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
