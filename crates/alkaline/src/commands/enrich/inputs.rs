//! What enrichment starts from: settings, gene sets, values of genes.

use alkaline_core::{GeneSetCollection, IdentifierMap};
use alkaline_enrich::ora::GeneLabels;
use alkaline_report::figures::gene_sets::gene_values::GeneValues;
use alkaline_workflow::stages::enrich::{self, EnrichSettings};

use crate::commands::gene_sets::GeneSetArgs;
use crate::console::Console;
use crate::failure::Failure;

/// What is tested: the defaults with the command line written over; GMT files alone where no ontology is named.
///
/// Unlike the tables of a run, those of the commands call genes as they are given, unless they are to be `readable`.
pub fn settings(args: &GeneSetArgs, readable: bool) -> Result<EnrichSettings, Failure> {
    let mut settings = EnrichSettings::default();
    let labels = if readable { GeneLabels::Symbol } else { GeneLabels::AsGiven };
    (settings.ora.labels, settings.gsea.labels) = (labels, labels);
    if args.go.is_none() && !args.gene_sets.is_empty() {
        settings.go = Vec::new();
    }
    args.apply(&mut settings)?;
    Ok(settings)
}

/// The gene sets themselves.
pub fn collections(settings: &EnrichSettings, console: &Console) -> Result<Vec<GeneSetCollection>, Failure> {
    let collections = enrich::collections(settings, console)?;
    if collections.is_empty() {
        return Err(Failure::usage("no gene sets\nhint: --go bp,mf,cc or --gene-sets FILE.gmt"));
    }
    Ok(collections)
}

/// Values of genes for figures, by identifier as given and by official symbol.
pub fn gene_values<'a>(
    what: &str,
    values: impl Iterator<Item = (&'a str, f64)> + Clone,
    identifiers: &IdentifierMap,
) -> GeneValues {
    let by_symbol =
        values.clone().filter_map(|(id, value)| Some((identifiers.symbol_of(id)?.to_owned(), value)));
    GeneValues::new(what, values.map(|(id, value)| (id.to_owned(), value)).chain(by_symbol))
}
