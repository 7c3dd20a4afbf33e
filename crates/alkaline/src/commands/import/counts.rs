//! `alkaline import htseq|star|featurecounts|matrix`: counts of other programs.

use std::path::{Path, PathBuf};

use alkaline_norm::transcripts::CountsFromAbundance;
use alkaline_workflow::stages::import::quantifiers::{self, Layout, QuantOptions, StarStrand};
use clap::Args;

use super::told::tell;
use crate::commands::count::command_line;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `import featurecounts` and `import matrix`.
#[derive(Args, Clone, Debug)]
pub struct MatrixArgs {
    /// Tables of genes and samples (text, gzip or a workbook); several are put side by side.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Directory for the files that `run` takes; nothing in it is replaced.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Arguments of `import htseq`.
#[derive(Args, Clone, Debug)]
pub struct SamplesArgs {
    /// Files of counts, one a sample, all counted with one annotation.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Names of the samples, in the order of the files [default: as the files are called].
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub names: Vec<String>,
    /// Directory for the files that `run` takes; nothing in it is replaced.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Arguments of `import star`.
#[derive(Args, Clone, Debug)]
pub struct StarArgs {
    #[command(flatten)]
    pub samples: SamplesArgs,
    /// Which of STAR's three columns holds the counts.
    #[arg(long, value_name = "STRAND", default_value = "auto")]
    pub strand: StarStrand,
}

/// Imports tables of several samples.
pub fn run_matrix(args: &MatrixArgs) -> Result<(), Failure> {
    import(&args.files, Layout::Matrix, &[], StarStrand::Auto, &args.out, &args.global)
}

/// Imports files of one sample each.
pub fn run_samples(args: &SamplesArgs) -> Result<(), Failure> {
    import(&args.files, Layout::OneSample, &args.names, StarStrand::Auto, &args.out, &args.global)
}

/// Imports files of STAR.
pub fn run_star(args: &StarArgs) -> Result<(), Failure> {
    let SamplesArgs { files, names, out, global } = &args.samples;
    import(files, Layout::Star, names, args.strand, out, global)
}

fn import(
    files: &[PathBuf],
    layout: Layout,
    names: &[String],
    strand: StarStrand,
    out: &Path,
    global: &GlobalOptions,
) -> Result<(), Failure> {
    let console = Console::new(global)?;
    let options = QuantOptions {
        annotation: None,
        counts: CountsFromAbundance::No,
        read_length: 1.0,
        strand,
        names: names.to_vec(),
        comment: command_line(),
    };
    tell(&console, &quantifiers::import(files, layout, &options, out)?);
    Ok(())
}
