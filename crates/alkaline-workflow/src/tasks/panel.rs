//! Looks up a panel of genes in a contrast.

use std::collections::HashSet;

use alkaline_core::ExpressionUnit;
use alkaline_core::file_names::file_stem;
use alkaline_io::results::{expression, panel, test_table};

use super::context::Context;
use super::normalize::ExpressionFacts;
use crate::error::WorkflowError;
use crate::stages::panels::{self, PanelSources};
use crate::store::receipt::Said;

/// Looks up the panel called `name` in `contrast`; a panel without a single gene in the table leaves no file.
pub(super) fn perform(contrast: &str, name: &str, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let labels = &context.shelf.labels(request, context.run)?;
    let identifiers = context.shelf.identifiers(request)?;
    let made = context.store.receipt("normalize").or_else(|| context.store.receipt("values"));
    let facts = made.map(|receipt| receipt.said.facts.clone()).unwrap_or_default();
    let unit =
        serde_json::from_value(facts).map_or(ExpressionUnit::Cpm, |facts: ExpressionFacts| facts.panels);
    let shown = context.shelf.shown(unit, || {
        let genes = panels::genes_shown(&request.panels, labels, &identifiers);
        let genes: HashSet<&str> =
            genes.into_iter().map(|gene| labels.index().ids()[gene].as_str()).collect();
        Ok(expression::read_part(&context.run.expression(unit), unit, |gene| genes.contains(gene), |_| true)?)
    })?;
    let spec = request.panels.iter().find(|panel| panel.name == name);
    let spec = spec.ok_or_else(|| WorkflowError::design(format!("no panel is called `{name}`")))?;
    let table = test_table::read(&context.run.contrast(contrast).test())?;
    let sources = PanelSources {
        tested: &table.rows,
        expression: &shown,
        unit: unit.label(),
        labels,
        identifiers: &identifiers,
    };
    let table = panels::panel(spec, &sources);
    let found = table.rows.iter().filter(|row| row.gene.is_some()).count();
    if found == 0 {
        return Ok(Said { outcome: "none of its genes is in the table".to_owned(), ..Said::default() });
    }
    let place = context.place.contrast(contrast).panels();
    panel::write(&place.join(format!("{}.tsv", file_stem(name))), &table)?;
    Ok(Said { outcome: format!("{found} of {} genes in the table", table.rows.len()), ..Said::default() })
}
