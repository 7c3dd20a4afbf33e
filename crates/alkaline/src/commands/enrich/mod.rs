//! `alkaline enrich`: what the genes mean, file to file.

mod gsea;
mod ora;

use alkaline_core::GeneSetCollection;
use alkaline_workflow::stages::enrich::{self, EnrichSettings};
use clap::Subcommand;

use super::gene_sets::GeneSetArgs;
use crate::console::Console;
use crate::failure::Failure;

pub use gsea::GseaArgs;
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
