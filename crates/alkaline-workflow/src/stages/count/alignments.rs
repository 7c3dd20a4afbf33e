//! Everything that is looked at before alignments are counted: are the files there and whole, of one genome, of which, and
//! do annotation, sheet and files fit. All problems are told at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_core::genome::Contig;
use alkaline_core::words::listed;
use alkaline_core::{Annotation, GenomeBuild, Library};
use alkaline_count::{BamInput, GenomeFit, check_complete, read_header};
use alkaline_io::annotation::AnnotationFile;
use alkaline_io::samples;

use super::super::annotations::{self, Annotations};
use super::libraries::strand_rules;
use crate::error::WorkflowError;
use crate::spec::experiment::CountSource;
use crate::spec::request::RunRequest;

/// Doubts about whether annotation and alignments fit, each with the files that it is about.
pub type Doubts = Vec<(String, Vec<String>)>;

/// Alignments that can be counted.
pub struct Alignments {
    /// The files with the names of their samples and their strand rules.
    pub inputs: Vec<BamInput>,
    /// The contigs of each file.
    contigs: Vec<Vec<Contig>>,
    /// What they are counted on.
    pub annotation: Arc<AnnotationFile>,
    /// The genome they were aligned to, where it is recognised, and how the annotation was chosen, in words.
    pub genome: String,
    /// How the strand rules come about, in words.
    pub strand: String,
    /// What the user should know of the strand rules.
    pub warnings: Vec<String>,
    /// Doubts about whether annotation and alignments fit, and of which files.
    pub doubts: Doubts,
}

impl Alignments {
    /// Looks at `files`, one a sample of the experiment; annotations are taken from `known`.
    ///
    /// # Errors
    /// [`WorkflowError`] with everything that is wrong.
    pub fn of(request: &RunRequest, files: &[PathBuf], known: &Annotations) -> Result<Self, WorkflowError> {
        let mut problems = missing(request, files);
        let headers = headers(files, &mut problems);
        let rules = strand_rules(&request.experiment.sheet, request.settings.count.strandedness);
        let (annotation, doubts) = annotation_for(&headers, request, known, &mut problems);
        match (rules, annotation) {
            (Ok(rules), Some((annotation, genome))) if problems.is_empty() => {
                let samples = request.experiment.sheet.samples.iter().map(|sample| sample.id.clone());
                let inputs = samples.zip(files).zip(rules.of_sample).map(|((sample, file), rule)| BamInput {
                    strandedness: rule,
                    ..BamInput::new(sample, file)
                });
                let inputs = inputs.collect();
                let warnings = rules.warnings;
                let contigs = headers.iter().map(|(_, contigs)| contigs.clone()).collect();
                Ok(Self { inputs, contigs, annotation, genome, strand: rules.in_words, warnings, doubts })
            }
            (rules, _) => {
                problems.extend(rules.err());
                Err(WorkflowError::several(problems))
            }
        }
    }

    /// What would be counted, line by line.
    pub fn plan(&self) -> Vec<String> {
        let annotation = &self.annotation.annotation;
        let mut plan = vec![
            format!("genome: {}", self.genome),
            format!("annotation: {} with {} genes", in_words(annotation), annotation.genes.len()),
            format!("strandedness: {}", self.strand),
        ];
        plan.extend(self.inputs.iter().zip(&self.contigs).map(|(input, contigs)| {
            let genome = annotations::genome_in_words(contigs);
            format!("alignments: {} on {} contigs; genome: {genome}", input.path.display(), contigs.len())
        }));
        plan
    }

    /// What the user should know beforehand.
    pub fn all_warnings(&self) -> Vec<String> {
        let doubts = doubts_in_words(&self.doubts);
        self.annotation.notices.iter().chain(&self.warnings).chain(&doubts).cloned().collect()
    }
}

/// Files that are not there, with the line of the sheet that names them.
fn missing(request: &RunRequest, files: &[PathBuf]) -> Vec<WorkflowError> {
    let is_missing = |file: &Path| !file.exists();
    if !files.iter().any(|file| is_missing(file)) {
        return Vec::new();
    }
    let problem = |file: &Path| is_missing(file).then(|| format!("{}: no such file", file.display()));
    if let Some(sheet) = &request.samples_file {
        return samples::check_files(sheet).err().map(WorkflowError::from).into_iter().collect();
    }
    files.iter().filter_map(|file| problem(file)).map(WorkflowError::design).collect()
}

/// The contigs of each file that can be read.
fn headers<'a>(files: &'a [PathBuf], problems: &mut Vec<WorkflowError>) -> Vec<(&'a Path, Vec<Contig>)> {
    let mut headers = Vec::new();
    for file in files.iter().filter(|file| file.exists()) {
        match check_complete(file).and_then(|()| read_header(file)) {
            Ok(header) => headers.push((file.as_path(), header.contigs)),
            Err(error) => problems.push(error.into()),
        }
    }
    headers
}

/// The annotation to count on, with what its reader noticed, and the genome in words; and what fits in doubt only.
fn annotation_for(
    headers: &[(&Path, Vec<Contig>)],
    request: &RunRequest,
    known: &Annotations,
    problems: &mut Vec<WorkflowError>,
) -> (Option<(Arc<AnnotationFile>, String)>, Doubts) {
    let Some(name) = request.annotation.as_deref() else {
        let found = recognised(headers).and_then(|build| Ok((build, known.get(build.name())?)));
        return match found {
            Ok((build, file)) => {
                let genome = format!("{build}, recognised from the contigs; its built-in annotation is used");
                (Some((file, genome)), Vec::new())
            }
            Err(error) => {
                // Without a single readable header there is nothing to recognise, which was said already.
                problems.extend((!headers.is_empty()).then_some(error));
                (None, Vec::new())
            }
        };
    };
    match known.get(name) {
        Ok(file) => {
            let warnings = misfits(&file.annotation, name, headers, request, problems);
            (Some((file, genome_in_words(headers))), warnings)
        }
        Err(error) => {
            problems.push(error);
            (None, Vec::new())
        }
    }
}

/// Where annotation and alignments do not fit: problems, and warnings where it is in doubt only.
fn misfits(
    annotation: &Annotation,
    name: &str,
    headers: &[(&Path, Vec<Contig>)],
    request: &RunRequest,
    problems: &mut Vec<WorkflowError>,
) -> Doubts {
    // What holds for several files is said once.
    let mut doubts: Doubts = Vec::new();
    for (path, contigs) in headers {
        let fit = GenomeFit::new(annotation, contigs, &request.settings.count);
        let doubt = match annotations::check_build(&fit, name, path) {
            Ok(doubt) => doubt,
            Err(error) => {
                problems.push(error);
                continue;
            }
        };
        match fit.check(path) {
            Ok(()) => {
                let told = doubt.into_iter().chain(fit.warning());
                for warning in told {
                    match doubts.iter_mut().find(|(known, _)| *known == warning) {
                        Some((_, files)) => files.push(path.display().to_string()),
                        None => doubts.push((warning, vec![path.display().to_string()])),
                    }
                }
            }
            Err(error) => problems.push(error.into()),
        }
    }
    doubts
}

/// Doubts with the files that they are of.
pub(super) fn doubts_in_words(doubts: &[(String, Vec<String>)]) -> Vec<String> {
    doubts.iter().map(|(warning, files)| format!("{}: {warning}", listed(files))).collect()
}

/// The annotation that the alignments of `request` are counted on: the one that was named, or the built-in one of the genome that
/// their headers tell; `None` where the counts are made already.
///
/// # Errors
/// [`WorkflowError`] when a header cannot be read, or the genome is not recognised.
pub fn recognise(request: &RunRequest) -> Result<Option<String>, WorkflowError> {
    let files: Vec<PathBuf> = match &request.experiment.source {
        CountSource::Table(_) | CountSource::Expression(_) => return Ok(None),
        CountSource::Alignments(files) => files.clone(),
        CountSource::Reads(libraries) => libraries.iter().filter_map(Library::alignments).collect(),
    };
    if let Some(name) = &request.annotation {
        return Ok(Some(name.clone()));
    }
    if files.is_empty() {
        return Err(WorkflowError::design_with_hint(
            "reads do not tell which genome they are aligned to",
            format!(
                "pass --annotation FILE (GTF, GFF3 or SAF), or a built-in name: {}",
                GenomeBuild::names()
            ),
        ));
    }
    let mut problems = missing(request, &files);
    let headers = headers(&files, &mut problems);
    match recognised(&headers) {
        Ok(build) if problems.is_empty() => Ok(Some(build.name().to_owned())),
        Ok(_) => Err(WorkflowError::several(problems)),
        Err(error) => {
            problems.extend((!headers.is_empty()).then_some(error));
            Err(WorkflowError::several(problems))
        }
    }
}

/// The genome that all files were aligned to.
fn recognised(headers: &[(&Path, Vec<Contig>)]) -> Result<GenomeBuild, WorkflowError> {
    let mut first = None;
    for (path, contigs) in headers {
        let build = annotations::recognised(contigs, path)?;
        let (known, known_path) = *first.get_or_insert((build, *path));
        if known != build {
            let (one, other) = (known_path.display(), path.display());
            return Err(WorkflowError::design_with_hint(
                format!("{one} is aligned to {known}, but {other} to {build}"),
                "align all samples to one genome",
            ));
        }
    }
    first.map(|(build, _)| build).ok_or_else(|| WorkflowError::design("no alignments"))
}

/// What the genomes of the files are called, by the lengths of their contigs.
fn genome_in_words(headers: &[(&Path, Vec<Contig>)]) -> String {
    let mut genomes: Vec<String> = Vec::new();
    for (_, contigs) in headers {
        let genome = annotations::genome_in_words(contigs);
        if !genomes.contains(&genome) {
            genomes.push(genome);
        }
    }
    format!("{}, by the lengths of the contigs; the annotation that was given is used", genomes.join(" and "))
}

/// Name and version of an annotation.
pub(super) fn in_words(annotation: &Annotation) -> String {
    match &annotation.source.version {
        Some(version) => format!("{} ({version})", annotation.source.name),
        None => annotation.source.name.clone(),
    }
}
