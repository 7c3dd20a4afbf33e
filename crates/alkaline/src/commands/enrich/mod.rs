//! `alkaline enrich`: what the genes mean, file to file.

mod engine;
mod gsea;
mod gsea_args;
mod inputs;
mod ora;
mod outputs;
mod permutation;

use clap::Subcommand;

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
