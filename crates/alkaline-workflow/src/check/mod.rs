//! Everything that a run would validate, without computing anything; all problems at once.

mod disk;
pub mod reads;

use std::path::Path;

use alkaline_core::results::CountTable;
use alkaline_core::{GeneId, GeneSetCollection};
use alkaline_enrich::{EnrichError, GeneMatch};
use alkaline_io::WriteError;

use self::disk::Room;
use crate::error::WorkflowError;
use crate::observer::Silent;
use crate::programs::SearchPath;
use crate::spec::experiment::CountSource;
use crate::spec::request::{RunRequest, Settings};
use crate::stages::annotations::Annotations;
use crate::stages::lengths::KnownLengths;
use crate::stages::{annotations, count, enrich, offsets, test, values_seen};
use crate::store::check_place;

/// What a run would do, and what its user should think about first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What would be done, line by line.
    pub plan: Vec<String>,
    /// What would not stop the run, but spoil a part of it.
    pub warnings: Vec<String>,
}

/// Validates `request` and the place for its results.
///
/// # Errors
/// [`WorkflowError`] with everything that the run would stop at.
pub fn check(request: &RunRequest, out: &Path, search: &SearchPath) -> Result<Checked, WorkflowError> {
    let mut found = Findings::default();
    found.keep(check_place(out));
    found.keep(check_writable(out));
    match found.keep(disk::check(request, out)).flatten() {
        Some(Room::Enough(words)) => found.plan(format!("disk: {words}")),
        Some(Room::Scarce(words)) => found.checked.warnings.push(words),
        None => {}
    }
    let genes = counts(request, search, &mut found);
    found.checked.warnings.extend(request.experiment.notices.iter().cloned());
    contrasts(request, &mut found);
    let collections = found.keep(enrich::collections(&request.settings.enrich, &Silent)).unwrap_or_default();
    let sets: usize = collections.iter().map(|collection| collection.sets.len()).sum();
    found.plan(format!("enrichment: {sets} gene sets in {} collections", collections.len()));
    if let Some(genes) = genes {
        identifiers(request, &genes, &collections, &mut found);
    }
    found.plan(format!("results: {}", out.display()));
    match found.problems.is_empty() {
        true => Ok(found.checked),
        false => Err(WorkflowError::several(found.problems)),
    }
}

/// What is wrong with the annotation and the gene sets alone: what can be told where the samples are in doubt.
pub fn check_references(annotation: Option<&str>, settings: &Settings) -> Vec<WorkflowError> {
    let annotation = annotation.and_then(|name| annotations::named(name, &Default::default()).err());
    let sets = enrich::collections(&settings.enrich, &Silent).err();
    annotation.into_iter().chain(sets).collect()
}

/// Whether something can be written at `out`: a directory is made there, or in what it shall lie in, and goes again.
fn check_writable(out: &Path) -> Result<(), WriteError> {
    let there = out.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("."));
    let made = tempfile::Builder::new().prefix(".alkaline-").tempdir_in(there);
    made.map(drop).map_err(|source| WriteError { path: out.to_owned(), source })
}

/// What was found so far.
#[derive(Default)]
struct Findings {
    checked: Checked,
    problems: Vec<WorkflowError>,
}

impl Findings {
    /// The result, or its error among the problems.
    fn keep<T>(&mut self, result: Result<T, impl Into<WorkflowError>>) -> Option<T> {
        result.map_err(|error| self.problems.push(error.into())).ok()
    }

    fn plan(&mut self, line: String) {
        self.checked.plan.push(line);
    }
}

/// Refuses to allow for gene lengths where values are no counts.
///
/// # Errors
/// [`WorkflowError::Design`].
pub(crate) fn check_no_lengths(request: &RunRequest) -> Result<(), WorkflowError> {
    if !request.settings.enrich.length_bias {
        return Ok(());
    }
    Err(WorkflowError::design_with_hint(
        "--length-bias: long genes are called more readily because they have more reads, and expression values are no reads",
        "leave --length-bias out",
    ))
}

/// What the expression values are; gives their rows.
fn values(request: &RunRequest, path: &Path, found: &mut Findings) -> Option<Vec<GeneId>> {
    found.keep(check_no_lengths(request));
    let sheet = &request.experiment.sheet;
    let file = found.keep(test::read_file(path, sheet))?;
    let seen = found.keep(values_seen::look(path, &file, request))?;
    let read = found.keep(test::log_values(path, &file, &request.settings.values))?;
    let (rows, samples) = (read.matrix.genes().len(), read.matrix.samples().len());
    found.plan(format!(
        "expression: {rows} rows in {samples} samples from {}: {}",
        path.display(),
        seen.words
    ));
    read.notices.into_iter().for_each(|notice| found.plan(notice));
    found.checked.warnings.extend(seen.warnings);
    Some(read.matrix.genes().ids().to_vec())
}

/// Where counts come from; gives the genes that will have some.
fn counts(request: &RunRequest, search: &SearchPath, found: &mut Findings) -> Option<Vec<GeneId>> {
    match &request.experiment.source {
        CountSource::Expression(path) => values(request, path, found),
        CountSource::Table(path) => {
            if let Some(name) = &request.annotation {
                found.keep(annotations::named(name, &Default::default()));
            }
            let sheet = &request.experiment.sheet;
            let counted =
                found.keep(count::from_table(&request.experiment, path, request.table_options()))?;
            let (genes, samples) = counted.table.matrix.shape();
            found.plan(format!("counts: {genes} genes in {samples} samples from {}", path.display()));
            found.checked.warnings.extend(counted.warnings);
            for contrast in &request.experiment.contrasts {
                found.keep(test::check_counts(&counted.table, sheet, contrast, &request.settings.test));
            }
            found.keep(check_lengths(request, &counted.table));
            if let Some(lengths) = &request.offsets
                && let Some((_, words)) = found.keep(offsets::with_lengths(counted.table.clone(), lengths))
            {
                found.checked.warnings.extend(words);
                found.plan(format!("offsets: average lengths of transcripts from {}", lengths.display()));
            }
            Some(counted.table.matrix.genes().ids().to_vec())
        }
        CountSource::Reads(_) => {
            let problems = reads::problems(request, search);
            if problems.is_empty()
                && let Some(versions) = found.keep(reads::versions(request, search))
            {
                found.plan(format!("reads: cleaned and aligned by {versions}"));
            }
            found.problems.extend(problems);
            let annotation = found.keep(count::recognise(request)).flatten()?;
            let annotation = found.keep(annotations::named(&annotation, &Default::default()))?;
            Some(annotation.genes.iter().map(|gene| gene.id.clone()).collect())
        }
        CountSource::Alignments(files) => {
            let alignments = found.keep(count::Alignments::of(request, files, &Annotations::default()))?;
            found.checked.plan.extend(alignments.plan());
            found.checked.warnings.extend(alignments.all_warnings());
            Some(alignments.annotation.annotation.genes.iter().map(|gene| gene.id.clone()).collect())
        }
    }
}

/// Whether the contrasts can be tested.
fn contrasts(request: &RunRequest, found: &mut Findings) {
    let experiment = &request.experiment;
    let Some(samples) = found.keep(experiment.sample_index()) else { return };
    for contrast in &experiment.contrasts {
        let (sheet, settings) = (&experiment.sheet, &request.settings.test);
        let line = match experiment.has_values() {
            true => test::check_values(contrast, sheet, settings),
            false => test::check(contrast, sheet, &samples, settings),
        };
        if let Some(line) = found.keep(line) {
            found.plan(line);
        }
    }
}

/// Refuses to allow for gene lengths that nobody tells.
///
/// # Errors
/// [`WorkflowError::Design`].
pub(crate) fn check_lengths(request: &RunRequest, table: &CountTable) -> Result<(), WorkflowError> {
    let enrich = &request.settings.enrich;
    let is_wanted = enrich.length_bias && !(enrich.go.is_empty() && enrich.gene_sets.is_empty());
    if !is_wanted || KnownLengths::of_table(table).is_some() {
        return Ok(());
    }
    Err(WorkflowError::design_with_hint(
        "--length-bias: the count table tells no gene lengths",
        "give counts with a column `Length`, as featureCounts writes them, or leave --length-bias out",
    ))
}

/// How many of the genes the gene sets know.
fn identifiers(
    request: &RunRequest,
    genes: &[GeneId],
    collections: &[GeneSetCollection],
    found: &mut Findings,
) {
    if collections.is_empty() {
        return;
    }
    let Some(identifiers) = found.keep(enrich::identifiers(&request.settings.enrich)) else { return };
    match GeneMatch::new(genes, None, collections, Some(&identifiers)) {
        Ok(matched) => match enrich::describe_mapping(matched.mapping()) {
            Ok(words) => found.plan(format!("identifiers: {words}")),
            Err(warning) => found.checked.warnings.push(warning),
        },
        Err(error @ EnrichError::NothingMapped { .. }) => {
            let hint = error.hint().map_or_else(String::new, |hint| format!("; {hint}"));
            found.checked.warnings.push(format!("there will be no enrichment, because {error}{hint}"));
        }
        Err(error) => found.problems.push(error.into()),
    }
}
