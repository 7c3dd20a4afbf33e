//! A first workflow file for a folder of alignments, reads or counts: what can be read from the names of the files is filled in,
//! what was guessed is told, and everything else stands there as a comment.
//!
//! Nothing that is there is overwritten.

pub(crate) mod decided;
mod fastq_names;
mod groups;
mod inputs;
mod names;
mod tables;
mod text;

use std::path::{Path, PathBuf};

use alkaline_core::samples::{ContrastSpec, SampleRecord, SampleSheet};
use alkaline_core::words::listed;
use alkaline_io::values::Scale;
use alkaline_io::{WriteError, contrasts, samples};

use self::groups::Guess;
use self::inputs::Inputs;
use self::names::{CONTRASTS, SAMPLES, SCHEMA, WORKFLOW};
pub use self::text::reference_page;
use super::sheet::CONDITION;
use super::workflow_file::schema;
use crate::error::WorkflowError;

/// What was written, and what the user should know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// The files.
    pub files: Vec<PathBuf>,
    /// What was found and what was guessed, line by line.
    pub said: Vec<String>,
}

/// Writes workflow.toml, samples.csv and contrasts.csv for what lies in the folder `place`, or for the table `place`.
///
/// With `with_schema` the schema for editors is written too, and the workflow file names it.
///
/// # Errors
/// [`WorkflowError`] when nothing to analyse is found, when one of the files is there already, or the folder cannot be written.
pub fn begin(place: &Path, with_schema: bool) -> Result<Begun, WorkflowError> {
    let folder = if place.is_dir() { place } else { place.parent().unwrap_or(Path::new("")) };
    let names = [WORKFLOW, SAMPLES, CONTRASTS].into_iter().chain(with_schema.then_some(SCHEMA));
    let files: Vec<PathBuf> = names.map(|name| folder.join(name)).collect();
    refuse_to_overwrite(&files)?;
    let Inputs { names, libraries, counts, expression, scale, annotation, said } =
        inputs::find(place, folder)?;
    let guess = groups::guess(&names);
    let mut said = said;
    said.extend(guess.said.iter().cloned());
    let sheet = sheet(&names, libraries, &guess);
    samples::write(&files[1], &sheet)?;
    contrasts::write(&files[2], &guess.contrasts)?;
    let text = text::workflow(&text::Filled {
        title: guess.title(),
        counts: counts.as_deref(),
        expression: expression.as_deref(),
        offsets: None,
        annotation: annotation.as_deref(),
        allow_fractional: scale == Some(Scale::ExpectedCounts),
        without_replicates: guess.has_replicates == Some(false),
        decided: scale.map_or_else(Vec::new, |scale| decided::for_scale(scale, false)),
        with_schema,
    });
    write_text(&files[0], &text)?;
    if with_schema {
        write_text(&files[3], &schema::text())?;
    }
    Ok(Begun { files, said })
}

/// What a workflow file begins with that another stage writes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begin {
    /// Title of the report.
    pub title: Option<String>,
    /// The count table.
    pub counts: Option<PathBuf>,
    /// A table of expression values in place of counts.
    pub expression: Option<PathBuf>,
    /// Average lengths beside the counts.
    pub offsets: Option<PathBuf>,
    /// Whether its counts may be fractional.
    pub allow_fractional: bool,
    /// Whether every group has a single sample.
    pub without_replicates: bool,
    /// Keys of sections that do not keep their defaults: the path of the key, and its value in TOML.
    pub decided: Vec<(&'static str, String)>,
}

/// The text of a workflow file for tables that lie beside it.
pub(crate) fn workflow_text(begin: &Begin) -> String {
    text::workflow(&text::Filled {
        title: begin.title.clone(),
        counts: begin.counts.as_deref(),
        expression: begin.expression.as_deref(),
        offsets: begin.offsets.as_deref(),
        annotation: None,
        allow_fractional: begin.allow_fractional,
        without_replicates: begin.without_replicates,
        decided: begin.decided.clone(),
        with_schema: false,
    })
}

/// Groups and comparisons guessed from the names of samples, and what was guessed from what.
pub(crate) fn guessed_groups(names: &[String]) -> (Vec<String>, Vec<ContrastSpec>, Vec<String>) {
    let guess = groups::guess(names);
    (guess.groups, guess.contrasts, guess.said)
}

/// The group that the others are compared with, and why, by what groups are called.
pub(crate) fn reference_among(groups: &[String]) -> (String, String) {
    groups::reference_among(groups)
}

/// The samples with what is known of them.
fn sheet(names: &[String], libraries: Vec<inputs::Library>, guess: &Guess) -> SampleSheet {
    let rows = names.iter().zip(libraries).zip(&guess.groups);
    let samples = rows.map(|((name, library), group)| SampleRecord {
        id: name.as_str().into(),
        file: library.file,
        reads: library.reads,
        values: vec![group.clone()],
    });
    SampleSheet { variables: vec![CONDITION.to_owned()], samples: samples.collect() }
}

/// Refuses when one of the files is there.
pub(crate) fn refuse_to_overwrite(files: &[PathBuf]) -> Result<(), WorkflowError> {
    let there: Vec<String> = files
        .iter()
        .filter(|file| file.symlink_metadata().is_ok())
        .map(|file| file.display().to_string())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    let (verb, them) = if there.len() == 1 { ("is", "it") } else { ("are", "them") };
    Err(WorkflowError::design_with_hint(
        format!("{} {verb} there already; nothing was written", listed(&there)),
        format!("move {them} away, or begin in another folder"),
    ))
}

fn write_text(path: &Path, text: &str) -> Result<(), WriteError> {
    alkaline_io::file::write_atomically(path, |out| out.write_all(text.as_bytes()))
}
