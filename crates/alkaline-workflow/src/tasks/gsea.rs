//! Tests gene sets along the ranked list of a contrast.

use alkaline_core::GeneSetCollection;
use alkaline_io::results::{gsea, test_table};

use super::context::Context;
use crate::error::WorkflowError;
use crate::spec::request::RunRequest;
use crate::stages::enrich::{self, Simplifier};
use crate::store::receipt::Said;

/// Tests gene sets along the ranked list of `contrast`.
pub(super) fn perform(contrast: &str, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let settings = &request.settings.enrich;
    let collections = context.shelf.collections(request, context.observer)?;
    let identifiers = context.shelf.identifiers(request)?;
    let tested = test_table::read(&context.run.contrast(contrast).test())?;
    let place = context.place.contrast(contrast);
    let ranks = tested.ranked_by(settings.rank_by);
    let words = enrich::ranking_in_words(settings.rank_by);
    let ranked = enrich::ranked(&ranks, words, &collections, &identifiers, &settings.gsea)?;
    let mut said = Said { components: components(&collections), ..Said::default() };
    let doubts = enrich::warnings_of_test(&tested.rows, settings.rank_by, &ranks, &ranked.table);
    said.warnings.extend(doubts.into_iter().map(|warning| format!("{contrast}: {warning}")));
    gsea::write(&place.gsea(), &ranked.table, &ranked.curves)?;
    let (simplifier, warning) = simplifier(request, &collections)?;
    said.warnings.extend(warning);
    if let Some(simplifier) = simplifier {
        gsea::write(&Simplifier::beside(&place.gsea()), &simplifier.gsea(&ranked.table)?, &[])?;
    }
    enrich::write_mapping(&place.identifiers(), &ranked.mapping)?;
    match enrich::describe_mapping(&ranked.mapping) {
        Ok(note) => context.observer.note(&format!("{contrast}: {note}")),
        Err(warning) => said.warnings.push(format!("{contrast}: {warning}")),
    }
    // A share that was warned of is not said again; one of small collections says nothing.
    let fraction = ranked.mapping.mapped_fraction();
    let matched = enrich::matched_in_words(&ranked.mapping);
    let share = if fraction < 0.5 {
        String::new()
    } else {
        format!(" ({:.1} % of the identifiers {matched})", 100.0 * fraction)
    };
    said.outcome =
        format!("{} of {} sets{share}", ranked.table.significant().count(), ranked.table.rows.len());
    Ok(said)
}

/// Names and versions of gene sets.
pub(super) fn components(collections: &[GeneSetCollection]) -> Vec<(String, String)> {
    let of = |collection: &GeneSetCollection| {
        (collection.source.name.clone(), collection.source.version.clone().unwrap_or_default())
    };
    let mut all: Vec<(String, String)> = collections.iter().map(of).collect();
    all.dedup();
    all
}

/// What removes near-duplicates, where it is asked for and there are ontology terms to remove; with a warning where there are none.
pub(super) fn simplifier(
    request: &RunRequest,
    collections: &[GeneSetCollection],
) -> Result<(Option<Simplifier>, Option<String>), WorkflowError> {
    let simplifier = Simplifier::new(&request.settings.enrich)?;
    if simplifier.as_ref().is_some_and(|simplifier| !simplifier.knows_any(collections)) {
        let warning = "no simplified tables: none of the gene sets is a term of the Gene Ontology";
        return Ok((None, Some(warning.to_owned())));
    }
    Ok((simplifier, None))
}
