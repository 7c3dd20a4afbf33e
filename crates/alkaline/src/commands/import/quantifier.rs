//! `alkaline import salmon|kallisto|rsem|stringtie`: estimates of quantifiers as counts of genes, as tximport makes them.

use std::path::PathBuf;

use alkaline_norm::transcripts::CountsFromAbundance;
use alkaline_workflow::stages::import::quantifiers::{self, Layout, QuantOptions, StarStrand};
use clap::Args;

use super::told::tell;
use crate::commands::count::command_line;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `import salmon` and its like.
#[derive(Args, Clone, Debug)]
pub struct QuantifierArgs {
    /// Files of estimates, one a sample: quant.sf, abundance.tsv, .isoforms.results or .genes.results, t_data.ctab (gzip by content).
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The gene of each transcript: the GTF or GFF3 of the index, or a table of transcript and gene (tx2gene) [default: the gene in
    /// names that GENCODE joins by bars].
    #[arg(long, visible_alias = "tx2gene", value_name = "FILE")]
    pub annotation: Option<PathBuf>,
    /// How counts are made (tximport countsFromAbundance).
    #[arg(long, value_name = "RULE", default_value = "lengthScaledTPM", ignore_case = true)]
    pub counts: CountsFromAbundance,
    /// Length of the reads, with which StringTie computes coverage (tximport readLength).
    #[arg(long, value_name = "BASES", default_value_t = 75.0)]
    pub read_length: f64,
    /// Names of the samples, in the order of the files [default: as the files or their folders are called].
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub names: Vec<String>,
    /// Directory for the files that `run` takes; nothing in it is replaced.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Imports estimates.
pub fn run(args: &QuantifierArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    if args.read_length.is_nan() || args.read_length <= 0.0 {
        return Err(Failure::usage("--read-length: a length above 0 is wanted"));
    }
    let options = QuantOptions {
        annotation: args.annotation.clone(),
        counts: args.counts,
        read_length: args.read_length,
        strand: StarStrand::Auto,
        names: args.names.clone(),
        comment: command_line(),
    };
    tell(&console, &quantifiers::import(&args.files, Layout::Quantifier, &options, &args.out)?);
    Ok(())
}
