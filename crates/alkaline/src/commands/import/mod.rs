//! `alkaline import`: other people's data as the inputs of a run.

mod counts;
mod geo;
mod quantifier;
mod told;

use clap::Subcommand;

use crate::failure::Failure;

/// What is imported.
#[derive(Clone, Debug, Subcommand)]
pub enum ImportCommand {
    /// A series of the Gene Expression Omnibus: NCBI's counts, series matrix, SOFT, tables and archives of the submitters.
    Geo(geo::GeoArgs),
    /// Tables of featureCounts, whose columns are called by the paths of alignments.
    Featurecounts(counts::MatrixArgs),
    /// Files of HTSeq, one a sample.
    Htseq(counts::SamplesArgs),
    /// STAR's ReadsPerGene.out.tab, one a sample.
    Star(counts::StarArgs),
    /// RSEM's .isoforms.results or .genes.results, one a sample.
    Rsem(quantifier::QuantifierArgs),
    /// salmon's quant.sf, one a sample.
    Salmon(quantifier::QuantifierArgs),
    /// kallisto's abundance.tsv, one a sample.
    Kallisto(quantifier::QuantifierArgs),
    /// StringTie's t_data.ctab, one a sample.
    Stringtie(quantifier::QuantifierArgs),
    /// Any table of genes and samples: counts, FPKM, TPM, logarithms or intensities, told by its values.
    Matrix(counts::MatrixArgs),
}

/// Imports what was asked for.
pub fn run(command: &ImportCommand) -> Result<(), Failure> {
    match command {
        ImportCommand::Geo(args) => geo::run(args),
        ImportCommand::Featurecounts(args) | ImportCommand::Matrix(args) => counts::run_matrix(args),
        ImportCommand::Htseq(args) => counts::run_samples(args),
        ImportCommand::Star(args) => counts::run_star(args),
        ImportCommand::Rsem(args)
        | ImportCommand::Salmon(args)
        | ImportCommand::Kallisto(args)
        | ImportCommand::Stringtie(args) => quantifier::run(args),
    }
}
