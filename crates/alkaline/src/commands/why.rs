//! `alkaline why`: why a gene is where it is in a run.

use std::path::PathBuf;

use alkaline_workflow::why::why;
use clap::Args;

use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::{GlobalOptions, LogFormat};

/// Arguments of `why`.
#[derive(Args, Clone, Debug)]
pub struct WhyArgs {
    /// The gene: symbol, alias or earlier symbol, Ensembl or Entrez identifier.
    #[arg(value_name = "GENE")]
    pub gene: String,
    /// The directory of a run.
    #[arg(value_name = "RUN_DIR")]
    pub directory: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Says what became of the gene, and by which rule; a gene that is not there is an answer too, but ends with exit code 3.
pub fn run(args: &WhyArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let answer = why(&args.directory, &args.gene)?;
    if answer.gene.is_none() {
        return Err(Failure::input(answer.identity));
    }
    if args.global.log == LogFormat::Json {
        console.output(&serde_json::to_string(&answer).unwrap_or_default());
        return Ok(());
    }
    answer.lines().iter().for_each(|line| console.output(line));
    Ok(())
}
