//! Reads a table of expression values that stands in place of counts, and says what they are.

use alkaline_core::ExpressionUnit;
use alkaline_core::results::MapMethod;
use alkaline_core::words::count;
use alkaline_dge::{MapOptions, sample_map_of_values};
use alkaline_io::results::{expression, sample_map};

use super::context::Context;
use super::normalize::ExpressionFacts;
use crate::error::WorkflowError;
use crate::spec::experiment::CountSource;
use crate::stages::naming;
use crate::stages::test::{LogValues, log_values, read_file};
use crate::stages::values_seen;
use crate::store::receipt::Said;

/// Writes the values on a log2 scale, and maps of the samples.
pub(super) fn perform(context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let CountSource::Expression(path) = &request.experiment.source else {
        return Err(WorkflowError::design("the run begins with counts, not with expression values"));
    };
    let file = read_file(path, &request.experiment.sheet)?;
    let seen = values_seen::look(path, &file, request)?;
    let LogValues { matrix, labels, notices } = log_values(path, &file, &request.settings.values)?;
    let labels = naming::named_by(&labels, &*context.shelf.identifiers(request)?);
    expression::write(&context.place.expression(ExpressionUnit::Log2), &matrix, Some(&labels))?;
    context.shelf.forget_values();
    let (rows, samples) = (matrix.genes().len(), matrix.samples().len());
    if samples > 2 {
        let paths = [context.place.sample_map(), context.place.principal_components()];
        for (path, method) in paths.iter().zip([MapMethod::Mds, MapMethod::Pca]) {
            let options = MapOptions { method, ..MapOptions::default() };
            sample_map::write(path, &sample_map_of_values(&matrix, &options)?)?;
        }
    }
    let warnings = request.experiment.notices.iter().cloned().chain(seen.warnings).collect();
    let own = format!("{}: ", path.display());
    let decisions = notices.iter().map(|notice| notice.strip_prefix(&own).unwrap_or(notice).to_owned());
    let facts = ExpressionFacts { panels: ExpressionUnit::Log2, decisions: decisions.collect() };
    Ok(Said {
        outcome: format!("{} in {}: {}", count(rows, "row"), count(samples, "sample"), seen.words),
        notices,
        warnings,
        facts: serde_json::to_value(facts).unwrap_or_default(),
        ..Said::default()
    })
}
