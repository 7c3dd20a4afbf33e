//! Files of samples side by side.

use std::path::{Path, PathBuf};

use alkaline_core::words::{count, listed};
use alkaline_io::quantifiers::{Quantification, Quantifier, read};
use alkaline_io::{FileProblems, Problem};
use alkaline_norm::transcripts::Estimates;
use ndarray::Array2;

use crate::error::WorkflowError;

/// The estimates of all samples.
pub(super) struct Joined {
    pub tool: Quantifier,
    pub estimates: Estimates,
    /// The gene of each row, where the files tell it.
    pub genes: Vec<String>,
    /// What was decided.
    pub said: Vec<String>,
}

/// Reads the files and puts them side by side, in the order of the first.
///
/// # Errors
/// [`WorkflowError`] for files of several programs, or of other transcripts.
pub(super) fn join(files: &[PathBuf], read_length: f64) -> Result<Joined, WorkflowError> {
    let mut errors = Vec::new();
    let mut samples = Vec::new();
    for path in files {
        match read(path, read_length) {
            Ok(sample) => samples.push(sample),
            Err(error) => errors.push(error.into()),
        }
    }
    if !errors.is_empty() {
        return Err(WorkflowError::several(errors));
    }
    let Some(first) = samples.first().cloned() else {
        return Err(WorkflowError::design("no file was given"));
    };
    let mut said = Vec::new();
    for (path, sample) in files.iter().zip(&mut samples).skip(1) {
        check_tool(path, &first, sample)?;
        if sample.features != first.features {
            reorder(path, &first.features, sample)?;
            said.push(format!(
                "{}: its rows stand in another order than those of the first file",
                path.display()
            ));
        }
    }
    said.push(format!(
        "{}: {} in {}",
        first.tool.name(),
        count(first.features.len(), "row"),
        count(samples.len(), "sample")
    ));
    let column = |of: &dyn Fn(&Quantification) -> &Vec<f64>| {
        Array2::from_shape_fn((first.features.len(), samples.len()), |(row, sample)| {
            of(&samples[sample])[row]
        })
    };
    let estimates = Estimates {
        abundance: column(&|sample| &sample.abundance),
        counts: column(&|sample| &sample.counts),
        lengths: column(&|sample| &sample.lengths),
        features: first.features.clone(),
    };
    Ok(Joined { tool: first.tool, estimates, genes: first.genes, said })
}

fn check_tool(path: &Path, first: &Quantification, sample: &Quantification) -> Result<(), WorkflowError> {
    if sample.tool == first.tool {
        return Ok(());
    }
    Err(WorkflowError::design(format!(
        "{}: this is of {}, the first file of {}: samples are compared that one program quantified",
        path.display(),
        sample.tool.name(),
        first.tool.name()
    )))
}

/// Puts the rows of a sample into the order of `wanted`.
fn reorder(path: &Path, wanted: &[String], sample: &mut Quantification) -> Result<(), WorkflowError> {
    let places: std::collections::HashMap<&String, usize> =
        sample.features.iter().enumerate().map(|(place, name)| (name, place)).collect();
    let missing: Vec<&String> = wanted.iter().filter(|name| !places.contains_key(name)).collect();
    if !missing.is_empty() || places.len() != wanted.len() {
        let message = format!(
            "its {} are not those of the first file ({}; missing here: {})",
            count(sample.features.len(), "row"),
            wanted.len(),
            if missing.is_empty() { "none".to_owned() } else { listed(missing.into_iter().take(5)) }
        );
        let hint = "samples must be quantified with one index";
        return Err(alkaline_io::ReadError::from(FileProblems::one(
            path,
            Problem::of_file(message).hint(hint),
        ))
        .into());
    }
    let order: Vec<usize> = wanted.iter().map(|name| places[name]).collect();
    let take = |values: &Vec<f64>| order.iter().map(|&place| values[place]).collect();
    sample.abundance = take(&sample.abundance);
    sample.counts = take(&sample.counts);
    sample.lengths = take(&sample.lengths);
    sample.features = wanted.to_vec();
    Ok(())
}
