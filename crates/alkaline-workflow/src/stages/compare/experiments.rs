//! What is compared: every contrast of a run, one contrast, or a test table.

use std::path::{Path, PathBuf};

use alkaline_core::results::TestRow;
use alkaline_io::contrasts;
use alkaline_io::results::table::companion_path;
use alkaline_io::results::test_table::{read_any, read_facts};

use crate::error::WorkflowError;
use crate::stages::enrich::{CalledRows, called_rows};
use crate::store::RunDirectory;

/// An experiment: one contrast with its tested genes.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// What it is called.
    pub name: String,
    /// Its test table.
    pub path: PathBuf,
    /// The run that it is a contrast of.
    pub run: Option<PathBuf>,
    /// The tested genes, with their calls.
    pub rows: Vec<TestRow>,
    /// What logFC above zero means, and what was decided when the table was read.
    pub notes: Vec<String>,
    /// Number of its samples, where the table tells it.
    pub samples: Option<usize>,
}

/// When a gene is called, where that is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Called {
    /// False discovery rate to stay below.
    pub fdr: Option<f64>,
    /// Absolute log2 fold change to reach.
    pub lfc: Option<f64>,
}

/// The experiments that `arguments` name: a run directory (all its contrasts), the directory of a contrast, or a test table; `NAME=PATH` calls it so.
///
/// # Errors
/// [`WorkflowError::Read`] when a table cannot be read; [`WorkflowError::Design`] for a directory without one, fewer than two experiments,
/// or two of one name.
pub fn experiments(arguments: &[String], called: &Called) -> Result<Vec<Experiment>, WorkflowError> {
    let mut found = Vec::new();
    for argument in arguments {
        let (name, path) = match argument.split_once('=') {
            Some((name, path)) if !Path::new(argument).exists() => (Some(name), Path::new(path)),
            _ => (None, Path::new(argument)),
        };
        found.extend(at(path, name, called)?);
    }
    distinct(&mut found);
    if found.len() < 2 {
        return Err(WorkflowError::design_with_hint(
            format!("{} experiment to compare: two or more are wanted", found.len()),
            "name two runs, two contrasts or two test tables, or a run with several contrasts",
        ));
    }
    Ok(found)
}

fn at(path: &Path, name: Option<&str>, called: &Called) -> Result<Vec<Experiment>, WorkflowError> {
    let run = RunDirectory::new(path);
    if run.contrasts_file().is_file() {
        let contrasts = contrasts::read(&run.contrasts_file())?;
        let of_run = name.map_or_else(|| stem(path), str::to_owned);
        let named = |id: &str| if contrasts.len() == 1 { of_run.clone() } else { format!("{of_run}:{id}") };
        let all = contrasts.iter().map(|contrast| {
            let table = run.contrast(&contrast.id).test();
            Ok(Experiment { run: Some(path.to_owned()), ..of_table(&table, named(&contrast.id), called)? })
        });
        return all.collect();
    }
    let table = if path.is_dir() { path.join("test.tsv") } else { path.to_owned() };
    if path.is_dir() && !table.is_file() {
        return Err(WorkflowError::design_with_hint(
            format!(
                "{}: neither a run nor a contrast of one: there is no contrasts.csv and no test.tsv",
                path.display()
            ),
            "name a run directory, a directory below its contrasts/, or a test table",
        ));
    }
    let own = if path.is_dir() { stem(path) } else { table_name(path) };
    Ok(vec![of_table(&table, name.map_or(own, str::to_owned), called)?])
}

fn of_table(path: &Path, name: String, called: &Called) -> Result<Experiment, WorkflowError> {
    let CalledRows { rows, mut notes } = called_rows(read_any(path)?, called.fdr, called.lfc);
    let facts = if companion_path(path).exists() { Some(read_facts(path)?) } else { None };
    notes.insert(
        0,
        match &facts {
            Some(head) => head.contrast.direction_in_words(),
            None => "the table does not say what logFC > 0 means: it is taken as it stands".to_owned(),
        },
    );
    let samples =
        facts.map(|head| head.facts.group_sizes.iter().sum::<usize>()).filter(|samples| *samples > 0);
    Ok(Experiment { name, path: path.to_owned(), run: None, rows, notes, samples })
}

fn stem(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    whole.file_name().unwrap_or(whole.as_os_str()).to_string_lossy().into_owned()
}

/// The name of a table: of the contrast whose directory it lies in, else that of the file.
fn table_name(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    match (file.as_ref(), path.parent()) {
        ("test.tsv", Some(folder)) if !folder.as_os_str().is_empty() => stem(folder),
        _ => file.trim_end_matches(".gz").rsplit_once('.').map_or(file.as_ref(), |(stem, _)| stem).to_owned(),
    }
}

/// Numbers names that several experiments have.
fn distinct(experiments: &mut [Experiment]) {
    let names: Vec<String> = experiments.iter().map(|experiment| experiment.name.clone()).collect();
    for (place, experiment) in experiments.iter_mut().enumerate() {
        let before = names[..place].iter().filter(|name| **name == names[place]).count();
        if before > 0 {
            experiment.name = format!("{} ({})", names[place], before + 1);
        }
    }
}
