//! `alkaline init`: a first workflow file for what lies in a folder.

use std::path::PathBuf;

use alkaline_workflow::spec::init;
use clap::Args;

use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `init`.
#[derive(Args, Clone, Debug)]
pub struct InitArgs {
    /// Folder with BAMs, CRAMs, FASTQs or a count table (or the table itself); the files are written there.
    #[arg(value_name = "DIR", default_value = ".")]
    pub place: PathBuf,
    /// Write workflow.schema.json too, from which editors complete and check the workflow file.
    #[arg(long)]
    pub schema: bool,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Writes workflow.toml, samples.csv and contrasts.csv, and says what was guessed.
pub fn run(args: &InitArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    if !args.place.exists() {
        return Err(Failure::input(format!("{}: no such folder or file", args.place.display())));
    }
    let begun = init::begin(&args.place, args.schema)?;
    begun.said.iter().for_each(|line| console.result(line));
    let files: Vec<String> = begun.files.iter().map(|file| file.display().to_string()).collect();
    console.result(&format!("written: {}", files.join(", ")));
    console
        .result(&format!("look through them, correct what was guessed, then: alkaline check {}", files[0]));
    Ok(())
}
