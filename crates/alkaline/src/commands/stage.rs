//! `alkaline stage`: one node of the plan of a run, which is what every engine calls.

use std::path::PathBuf;

use alkaline_workflow::store::Wait;
use alkaline_workflow::{Observer, run_one};
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
    /// Wait when another program works on the whole run or on this stage, instead of ending.
    #[arg(long)]
    pub wait: bool,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Runs the node, unless its receipt holds.
pub fn run(args: &StageArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let tell = |text: &str| console.notice(text);
    let wait = if args.wait { Wait::Yes(&tell) } else { Wait::No };
    let who = (&this_process(), &wait);
    let (receipt, complete) = run_one(&args.dir, &args.task, threads(), &search_path(), who, &console)?;
    for warning in &receipt.said.warnings {
        console.warning(warning);
    }
    console.result(&format!("{}: {}", receipt.task, receipt.said.outcome));
    if complete {
        console.result(&format!("report: {}", args.dir.join("report.html").display()));
    }
    Ok(())
}
