//! Everything that a run would validate, without computing anything.

use std::path::Path;

use crate::error::WorkflowError;
use crate::experiment::CountSource;
use crate::observer::Silent;
use crate::request::RunRequest;
use crate::stages::{annotations, count, enrich, test};
use crate::staging::Staging;

/// Validates `request` and the place for its results; gives what a run would do, line by line.
///
/// # Errors
/// [`WorkflowError`], as the run would give it.
pub fn check(request: &RunRequest, out: &Path) -> Result<Vec<String>, WorkflowError> {
    let mut plan = Vec::new();
    // Making and dropping the staging directory proves that the place can be written, and leaves nothing.
    drop(Staging::new(out)?);
    let experiment = &request.experiment;
    match &experiment.source {
        CountSource::Table(path) => {
            let file = count::read_table(path, Some(&experiment.sheet), request.table_options())?;
            let (genes, samples) = file.table.matrix.shape();
            plan.push(format!("counts: {genes} genes in {samples} samples from {}", path.display()));
            plan.extend(count::notices(path, &file).iter().map(|notice| format!("warning: {notice}")));
            if let Some(name) = &request.annotation {
                annotations::named(name, &Default::default())?;
            }
        }
        CountSource::Alignments(files) => {
            plan.extend(count::check_alignments(
                files,
                request.annotation.as_deref(),
                &request.settings.count,
            )?);
        }
    }
    plan.extend(experiment.notices.iter().map(|notice| format!("warning: {notice}")));
    let samples = experiment.sample_index()?;
    for contrast in &experiment.contrasts {
        plan.push(test::check(contrast, &experiment.sheet, &samples, &request.settings.test)?);
    }
    let collections = enrich::collections(&request.settings.enrich, &Silent)?;
    let sets: usize = collections.iter().map(|collection| collection.sets.len()).sum();
    plan.push(format!("enrichment: {sets} gene sets in {} collections", collections.len()));
    plan.push(format!("results: {}", out.display()));
    Ok(plan)
}
