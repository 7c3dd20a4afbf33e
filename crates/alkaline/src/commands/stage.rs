//! `alkaline stage`: one node of the plan of a run, which is what every engine calls.

use std::path::PathBuf;

use alkaline_workflow::run_one;
use clap::Args;

use super::control::this_process;
use super::reads_input::{search_path, threads};
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `stage`.
#[derive(Args, Clone, Debug)]
pub struct StageArgs {
    /// The stage, as `alkaline status DIR --all` calls it: `count:H3122`, `merge`, `test:resistant_vs_parental`, ...
    #[arg(value_name = "TASK")]
    pub task: String,
    /// The directory of the run, which `alkaline run --dry-run`, `run` or an engine has planned.
    #[arg(long, value_name = "RUN_DIR")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Runs the node, unless its receipt holds.
pub fn run(args: &StageArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let (receipt, complete) =
        run_one(&args.dir, &args.task, threads(), &search_path(), &this_process(), &console)?;
    for warning in &receipt.said.warnings {
        alkaline_workflow::Observer::warning(&console, warning);
    }
    console.result(&format!("{}: {}", receipt.task, receipt.said.outcome));
    if complete {
        console.result(&format!("report: {}", args.dir.join("report.html").display()));
    }
    Ok(())
}
