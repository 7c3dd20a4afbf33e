//! Tests gene sets for over-representation among the genes called in a contrast.

use alkaline_core::results::Query;
use alkaline_core::words::count;
use alkaline_io::gene_lengths;
use alkaline_io::results::{ora, test_table};

use super::context::Context;
use super::gsea::{components, simplifier};
use crate::error::WorkflowError;
use crate::stages::enrich::{self, Simplifier};
use crate::store::receipt::Said;

/// Tests gene sets among the genes that were called in `contrast`: all, those up, those down.
pub(super) fn perform(contrast: &str, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let settings = &request.settings.enrich;
    let collections = context.shelf.collections(request, context.observer)?;
    let identifiers = context.shelf.identifiers(request)?;
    let (simplifier, _) = simplifier(request, &collections)?;
    let lengths = settings.length_bias.then(|| gene_lengths::read(&context.run.counts())).transpose()?;
    let table = test_table::read(&context.run.contrast(contrast).test())?;
    let place = context.place.contrast(contrast);
    let mut significant = 0;
    for query in &Query::OF_TABLE {
        let selection = enrich::selection_of(&table.rows, query);
        let (result, _) =
            enrich::ora_of(query, &selection, &collections, &identifiers, &settings.ora, lengths.as_ref())?;
        ora::write(&place.ora(query), &result)?;
        if let Some(simplifier) = &simplifier {
            ora::write(&Simplifier::beside(&place.ora(query)), &simplifier.ora(&result)?)?;
        }
        if *query == Query::All {
            significant = result.significant().count();
        }
    }
    Ok(Said {
        outcome: count(significant, "over-represented set"),
        components: components(&collections),
        ..Said::default()
    })
}
