//! Counts the alignments of one sample.

use std::path::Path;

use alkaline_core::results::{CountTable, GeneFacts};
use alkaline_core::{Library, SampleSheet, words};
use alkaline_count::{CountError, CountOptions, Meter, count_reads_watched};
use alkaline_io::counts::{summary_path, write as write_table, write_summary};
use alkaline_io::results::table::write_json;
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::watched::watched;
use crate::error::WorkflowError;
use crate::plan::Task;
use crate::spec::experiment::{CountSource, Experiment, library_of};
use crate::spec::request::RunRequest;
use crate::stages::align::AlignFiles;
use crate::stages::count::Alignments;
use crate::store::RunDirectory;
use crate::store::receipt::Said;

/// How the counts of a sample came about, for those who join them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct PartFacts {
    /// The genome, and how the annotation was chosen, in words.
    pub genome: String,
    /// Doubts about whether annotation and alignments fit.
    pub doubts: Vec<String>,
    /// The file, in words.
    pub file: String,
}

/// Counts the alignments of `sample`.
pub(super) fn perform(sample: &str, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = of_sample(context.request, sample, context.run)?;
    let CountSource::Alignments(files) = &request.experiment.source else {
        return Err(WorkflowError::design(format!("sample `{sample}` has no alignments")));
    };
    let found = Alignments::of(&request, files, &context.shelf.annotations)?;
    let options = CountOptions { threads: context.threads, ..request.settings.count.clone() };
    let annotation = &found.annotation.annotation;
    let (meter, task) = (Meter::default(), Task::Count(sample.to_owned()).to_string());
    let total = files[0].metadata().map_or(0, |metadata| metadata.len());
    let count = || count_reads_watched(&found.inputs, annotation, &options, Some(&meter));
    let counted = watched(context.observer, &task, total, || meter.bytes(), count);
    // The files were there a moment ago.
    let counted = counted.map_err(|error| match error {
        CountError::Missing { path } => WorkflowError::Vanished { path },
        error => error.into(),
    })?;
    let part = context.place.part(sample);
    let counts = CountTable { matrix: counted.table.matrix, facts: GeneFacts::default() };
    write_table(&part.counts(), &counts, None)?;
    write_summary(&summary_path(&part.counts()), &counted.summary)?;
    write_json(&part.qc(), &counted.qc)?;
    let doubts = found.doubts.iter().map(|(doubt, _)| doubt.clone()).collect();
    let facts = PartFacts { genome: found.genome, doubts, file: in_words(&files[0], context.run) };
    write_json(&part.facts(), &facts)?;
    let fragments = counted.summary.reads.first().map_or(0, |reads| reads.iter().sum::<u64>());
    let share = 100.0 * counted.summary.assigned_fraction(0);
    let fragments = usize::try_from(fragments).unwrap_or(usize::MAX);
    Ok(Said {
        outcome: format!("{}, {share:.1} % assigned", words::count(fragments, "fragment")),
        ..Said::default()
    })
}

/// A file as it is told of: one of the run by its place there.
fn in_words(file: &Path, run: &RunDirectory) -> String {
    file.strip_prefix(run.root()).unwrap_or(file).display().to_string()
}

/// The part of `request` that is about one sample, whose alignments may have been made in the run itself.
fn of_sample(request: &RunRequest, sample: &str, run: &RunDirectory) -> Result<RunRequest, WorkflowError> {
    let sheet = &request.experiment.sheet;
    let record = sheet.samples.iter().find(|record| record.id.as_str() == sample);
    let (Some(record), Some(library)) = (record, library_of(&request.experiment, sample)) else {
        return Err(WorkflowError::design(format!("no sample with alignments is called `{sample}`")));
    };
    let file = match library {
        Library::Alignments(file) => file,
        Library::Reads(_) => run.root().join(AlignFiles::of(sample).bam),
    };
    Ok(RunRequest {
        title: String::new(),
        experiment: Experiment {
            sheet: SampleSheet { variables: sheet.variables.clone(), samples: vec![record.clone()] },
            contrasts: Vec::new(),
            source: CountSource::Alignments(vec![file]),
            notices: Vec::new(),
        },
        samples_file: None,
        panels: Vec::new(),
        command: Vec::new(),
        annotation: request.annotation.clone(),
        settings: request.settings.clone(),
        version: request.version.clone(),
        hisat2_index: None,
        offsets: None,
        ..*request
    })
}
