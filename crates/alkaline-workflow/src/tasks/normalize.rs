//! Makes the expression tables.

use alkaline_core::ExpressionUnit;
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::shelf::Counts;
use crate::error::WorkflowError;
use crate::stages::lengths::{self, KnownLengths};
use crate::stages::normalize;
use crate::store::receipt::Said;

/// What later tasks want to know.
#[derive(Serialize, Deserialize)]
pub(super) struct ExpressionFacts {
    /// The unit that panels show.
    pub panels: ExpressionUnit,
    /// How values that were not counted here were read, in words.
    #[serde(default)]
    pub decisions: Vec<String>,
}

/// Writes a table for every unit that can be told.
pub(super) fn perform(context: &Context<'_>) -> Result<Said, WorkflowError> {
    let settings = &context.request.settings.normalize;
    let counts = context.shelf.counts(context.request, context.run)?;
    let Counts { table, labels } = &*counts;
    let sizes = normalize::sizes_of_table(table, settings)?;
    let (known, warning) = known_lengths(&counts, context)?;
    let mut units = vec![ExpressionUnit::Cpm, ExpressionUnit::LogCpm];
    if known.is_some() {
        units.extend([ExpressionUnit::Fpkm, ExpressionUnit::Tpm]);
    }
    for &unit in &units {
        let values = normalize::Expression::new(table, unit, &sizes, known.as_ref(), settings)?;
        values.write(&context.place.expression(unit), labels)?;
    }
    context.shelf.forget_expression();
    let outcome = match &known {
        Some(known) => format!("CPM, log CPM, FPKM and TPM (lengths from {})", known.source),
        None => "CPM and log CPM; no gene lengths, so no FPKM and TPM".to_owned(),
    };
    // Panels show the paper's unit where every gene has a length, else CPM.
    let complete = known.as_ref().is_some_and(|known| known.genes.len() == table.matrix.genes().len());
    let panels = if complete { ExpressionUnit::Fpkm } else { ExpressionUnit::Cpm };
    let facts = ExpressionFacts { panels, decisions: Vec::new() };
    let facts = serde_json::to_value(facts).unwrap_or_default();
    Ok(Said { outcome, warnings: warning.into_iter().collect(), facts, ..Said::default() })
}

/// Gene lengths from the table, the annotation, or (for human genes) the built-in annotation; with what to say of the latter.
fn known_lengths(
    counts: &Counts,
    context: &Context<'_>,
) -> Result<(Option<KnownLengths>, Option<String>), WorkflowError> {
    let Counts { table, labels } = counts;
    if let Some(known) = KnownLengths::of_table(table) {
        return Ok((Some(known), None));
    }
    let found = lengths::from_reference(table, labels, context.request.annotation.as_deref())?;
    let warning = found.as_ref().map(|known| {
        format!(
            "the count table tells no gene lengths: FPKM and TPM use those of {} ({} of {} genes)",
            known.source,
            known.genes.len(),
            table.matrix.genes().len()
        )
    });
    Ok((found, warning))
}
