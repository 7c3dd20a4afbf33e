//! `alkaline enrich`: what the genes mean, file to file.

mod engine;
mod gsea;
mod gsea_args;
mod ora;
mod permutation;

use std::path::Path;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::{GeneSetCollection, IdentifierMap};
use alkaline_enrich::gsea::CollapsedSet;
use alkaline_io::file::write_atomically;
use alkaline_io::results::gsea_permutation;
use alkaline_report::Figure;
use alkaline_report::figures::gene_sets::gene_values::GeneValues;
use alkaline_workflow::Observer;
use alkaline_workflow::stages::enrich::{self, EnrichSettings};
use clap::Subcommand;

use super::gene_sets::GeneSetArgs;
use crate::console::Console;
use crate::failure::Failure;

pub use gsea_args::GseaArgs;
pub use ora::OraArgs;

/// The kinds of enrichment.
#[derive(Subcommand, Clone, Debug)]
pub enum EnrichCommand {
    /// Over-representation of the called genes in gene sets (as clusterProfiler's enrichGO and enricher).
    Ora(Box<OraArgs>),
    /// Enrichment of gene sets along the ranked list of all genes (GSEA).
    Gsea(Box<GseaArgs>),
}

/// Runs the kind of enrichment that was asked for.
pub fn run(command: &EnrichCommand) -> Result<(), Failure> {
    match command {
        EnrichCommand::Ora(args) => ora::run(args),
        EnrichCommand::Gsea(args) => gsea::run(args),
    }
}

/// What is tested: the defaults with the command line written over; GMT files alone where no ontology is named.
fn settings(args: &GeneSetArgs) -> Result<EnrichSettings, Failure> {
    let mut settings = EnrichSettings::default();
    if args.go.is_none() && !args.gene_sets.is_empty() {
        settings.go = Vec::new();
    }
    args.apply(&mut settings)?;
    Ok(settings)
}

/// The gene sets themselves.
fn collections(settings: &EnrichSettings, console: &Console) -> Result<Vec<GeneSetCollection>, Failure> {
    let collections = enrich::collections(settings, console)?;
    if collections.is_empty() {
        return Err(Failure::usage("no gene sets\nhint: --go bp,mf,cc or --gene-sets FILE.gmt"));
    }
    Ok(collections)
}

/// Warns when `tested` is zero: a list too short for the sets is easily taken for one that means nothing.
fn warn_if_untested(tested: usize, smallest: usize, largest: usize, console: &Console) {
    if tested == 0 {
        console.warning(&format!(
            "no set has between {smallest} and {largest} genes in common with these genes, so none was tested; \
             --min-size and --max-size change that"
        ));
    }
}

/// Writes figures into `directory`, and says where they are.
fn write_figures(directory: &Path, figures: &[Figure], console: &Console) -> Result<(), Failure> {
    for figure in figures {
        let path = directory.join(figure.file_name());
        write_atomically(&path, |out| out.write_all(figure.content.as_bytes()))?;
    }
    console.result(&match figures.len() {
        0 => "no figures: no set has an adjusted P < 0.05".to_owned(),
        number => format!("{number} figures in {}", directory.display()),
    });
    Ok(())
}

/// Writes which significant set stands for which, and says how many stand for themselves.
fn write_representatives(
    path: &Path,
    collapsed: Vec<CollapsedSet>,
    sources: &[GeneSetSource],
    console: &Console,
) -> Result<(), Failure> {
    let independent = collapsed.iter().filter(|set| set.represented_by.is_none()).count();
    console
        .result(&format!("{independent} of {} significant sets say something of their own", collapsed.len()));
    let rows: Vec<gsea_permutation::Representative> = collapsed
        .into_iter()
        .map(|set| (set.ontology, set.id, set.description, set.represented_by))
        .collect();
    Ok(gsea_permutation::write_representatives(path, &rows, sources)?)
}

/// Values of genes for figures, by identifier as given and by official symbol.
fn gene_values<'a>(
    what: &str,
    values: impl Iterator<Item = (&'a str, f64)> + Clone,
    identifiers: &IdentifierMap,
) -> GeneValues {
    let by_symbol =
        values.clone().filter_map(|(id, value)| Some((identifiers.symbol_of(id)?.to_owned(), value)));
    GeneValues::new(what, values.map(|(id, value)| (id.to_owned(), value)).chain(by_symbol))
}
