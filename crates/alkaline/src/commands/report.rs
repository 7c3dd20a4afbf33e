//! `alkaline report`: the report of a finished run again, from its files.

use std::path::PathBuf;

use alkaline_workflow::RunDirectory;
use alkaline_workflow::engine::local::redo_report;
use clap::Args;

use super::control::ControlArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `report`.
#[derive(Args, Clone, Debug)]
pub struct ReportArgs {
    /// The directory of a finished run.
    #[arg(value_name = "RUN_DIR")]
    pub directory: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Rebuilds report.html, the figures and the MultiQC files.
pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let directory = RunDirectory::new(&args.directory);
    ControlArgs::default().with(&console, |control| Ok(redo_report(&args.directory, &control, &console)?))?;
    console.result(&format!("report: {}", directory.report().display()));
    Ok(())
}
