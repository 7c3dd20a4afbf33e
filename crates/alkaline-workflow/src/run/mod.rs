//! A whole analysis, stage by stage, from the request to the finished directory.

mod counting;
mod enrichment;
mod testing;

use std::path::{Path, PathBuf};

use alkaline_core::GeneSetCollection;
use alkaline_core::identifiers::IdentifierMap;
use alkaline_core::results::TestTable;
use alkaline_io::{ReadError, file};
use rayon::prelude::*;

use crate::error::WorkflowError;
use crate::layout::RunDirectory;
use crate::manifest::{FileRecord, RunManifest, StageRecord, Stopwatch, now};
use crate::observer::Observer;
use crate::spec::experiment::CountSource;
use crate::spec::request::RunRequest;
use crate::stages::count::Counted;
use crate::stages::{count, enrich, naming, report, test};
use crate::staging::{Incomplete, Staging, files_below};
use crate::{methods, reproduce};

/// What a finished run can say of itself.
#[derive(Clone, Debug)]
pub struct RunOutcome {
    /// The results, contrast by contrast.
    pub tests: Vec<TestTable>,
    /// The record of the run.
    pub manifest: RunManifest,
}

/// Runs the whole analysis and leaves its results in `out`.
///
/// # Errors
/// [`WorkflowError`]. A run that fails before it counted or tested anything leaves `out` as it was; of one that fails later
/// the finished stages are kept, without `run.json`, at `out` or beside it, and the observer is told where.
pub fn run(request: &RunRequest, out: &Path, observer: &dyn Observer) -> Result<RunOutcome, WorkflowError> {
    check_questions(request)?;
    let staging = Staging::new(out)?;
    let watch = Stopwatch::start();
    let mut run = Run::new(request, staging.directory(), observer)?;
    match run.all_stages(&watch) {
        Ok(tests) => {
            let manifest = run.manifest;
            staging.publish()?;
            Ok(RunOutcome { tests, manifest })
        }
        Err(error) => {
            run.keep_finished(staging, &error);
            Err(error)
        }
    }
}

/// Refuses what cannot be tested before anything is counted.
fn check_questions(request: &RunRequest) -> Result<(), WorkflowError> {
    let experiment = &request.experiment;
    let samples = experiment.sample_index()?;
    for contrast in &experiment.contrasts {
        test::check(contrast, &experiment.sheet, &samples, &request.settings.test)?;
    }
    Ok(())
}

/// A run under way.
struct Run<'a> {
    request: &'a RunRequest,
    directory: RunDirectory,
    observer: &'a dyn Observer,
    identifiers: IdentifierMap,
    /// The gene sets, until they are tested.
    collections: Vec<GeneSetCollection>,
    manifest: RunManifest,
    /// The stage under way.
    under_way: String,
    /// What the finished stages left, once there is something that took its time.
    finished_files: Vec<PathBuf>,
}

impl<'a> Run<'a> {
    fn new(
        request: &'a RunRequest,
        directory: RunDirectory,
        observer: &'a dyn Observer,
    ) -> Result<Self, WorkflowError> {
        let manifest = RunManifest {
            version: request.version.clone(),
            command: request.command.clone(),
            started: now(),
            title: request.title.clone(),
            simulated: request.simulated,
            threads: rayon::current_num_threads(),
            options: serde_json::to_value(&request.settings).unwrap_or_default(),
            ..RunManifest::default()
        };
        let identifiers = enrich::identifiers(&request.settings.enrich)?;
        // Read here and not when they are needed: what is wrong with them is told before anything is counted.
        let collections = enrich::collections(&request.settings.enrich, observer)?;
        let (under_way, finished_files) = ("start".to_owned(), Vec::new());
        Ok(Self {
            request,
            directory,
            observer,
            identifiers,
            collections,
            manifest,
            under_way,
            finished_files,
        })
    }

    /// From counts to the report.
    fn all_stages(&mut self, watch: &Stopwatch) -> Result<Vec<TestTable>, WorkflowError> {
        let counted = self.count()?;
        let labels = naming::gene_labels(&counted.table, &self.identifiers);
        let (expression, unit) = self.normalize(&counted, &labels)?;
        let tests = self.test(&counted.table, &labels)?;
        self.enrich(&tests)?;
        self.panels(&tests, &expression, unit, &labels)?;
        self.record(&counted, &tests, watch)?;
        self.report(watch)?;
        Ok(tests)
    }

    /// Runs one stage, timed and recorded; `work` gives its result and, in a few words, what came of it.
    fn stage<T>(
        &mut self,
        name: &str,
        work: impl FnOnce(&mut Self) -> Result<(T, String), WorkflowError>,
    ) -> Result<T, WorkflowError> {
        self.observer.stage_started(name);
        name.clone_into(&mut self.under_way);
        let watch = Stopwatch::start();
        let (result, outcome) = work(self)?;
        let seconds = watch.seconds();
        self.observer.stage_finished(name, seconds, &outcome);
        self.manifest.stages.push(StageRecord { stage: name.to_owned(), seconds, outcome });
        if self.is_worth_keeping() {
            self.finished_files = files_below(self.directory.root())?;
        }
        Ok(result)
    }

    /// Whether a finished stage took its time: counting alignments, or testing. A copied count table did not.
    fn is_worth_keeping(&self) -> bool {
        let counts = matches!(self.request.experiment.source, CountSource::Alignments(_));
        self.manifest.stages.iter().any(|stage| stage.stage == "test" || (counts && stage.stage == "count"))
    }

    /// Keeps what the finished stages left of a run that failed, and says where.
    fn keep_finished(&self, staging: Staging, error: &WorkflowError) {
        if self.finished_files.is_empty() {
            return;
        }
        let finished: Vec<String> = self.manifest.stages.iter().map(|stage| stage.stage.clone()).collect();
        let (command, started) = (self.manifest.command.clone(), self.manifest.started.clone());
        let record = Incomplete {
            version: self.manifest.version.clone(),
            command,
            started,
            finished: finished.clone(),
            failed: self.under_way.clone(),
            error: error.message(),
            files: Vec::new(),
        };
        match staging.publish_incomplete(record, &self.finished_files) {
            Ok(place) => self.observer.warning(&format!(
                "the run failed in its stage `{}`; what its finished stages left ({}) is kept in {}, which is no complete run \
                 (no run.json): `alkaline run --counts {} ...` begins from its counts",
                self.under_way,
                finished.join(", "),
                place.display(),
                RunDirectory::new(&place).counts().display()
            )),
            Err(error) => self.observer.warning(&format!("nothing could be kept of the run: {error}")),
        }
    }

    /// Tells the user, and keeps it for the record.
    fn warn(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.observer.warning(&text);
        self.manifest.warnings.push(text);
    }

    /// Writes the record, the methods paragraph and the R script.
    fn record(
        &mut self,
        counted: &Counted,
        tests: &[TestTable],
        watch: &Stopwatch,
    ) -> Result<(), WorkflowError> {
        let inputs = count::input_files(self.request);
        let records: Result<Vec<FileRecord>, _> =
            inputs.par_iter().map(|(role, path)| FileRecord::of(role, path)).collect();
        self.manifest.inputs = records.map_err(vanished)?;
        self.manifest.methods = methods::facts(self.request, counted, tests, &self.directory);
        self.manifest.seconds = watch.seconds();
        self.write_manifest()?;
        let text =
            |path: &Path, text: &str| file::write_atomically(path, |out| out.write_all(text.as_bytes()));
        text(&self.directory.methods(), &methods::markdown(&self.manifest.methods))?;
        text(&self.directory.reproduce(), &reproduce::script(self.request)?)?;
        Ok(())
    }

    /// Makes the report from the files, then completes the record.
    fn report(&mut self, watch: &Stopwatch) -> Result<(), WorkflowError> {
        self.stage(report::STAGE, |run| {
            let data = report::load(&run.directory)?;
            report::write(&run.directory, &data)?;
            Ok(((), "report.html".to_owned()))
        })?;
        self.manifest.outputs = count::output_files(&self.directory)?;
        self.manifest.seconds = watch.seconds();
        self.write_manifest()
    }

    fn write_manifest(&self) -> Result<(), WorkflowError> {
        Ok(alkaline_io::results::table::write_json(&self.directory.manifest(), &self.manifest)?)
    }
}

/// An input that is missing at the end was there at the beginning.
fn vanished(error: ReadError) -> WorkflowError {
    match error {
        ReadError::Missing { path } => WorkflowError::Vanished { path },
        error => error.into(),
    }
}
