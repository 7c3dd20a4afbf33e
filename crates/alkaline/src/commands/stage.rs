//! `alkaline stage`: nodes of the plan of a run, one after the other, which is what every engine calls.

use std::path::PathBuf;

use alkaline_workflow::engine::outline::refuse_another_plan;
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
    /// Stages, as `alkaline status DIR --all` calls them: `count:H3122`, `merge`, `test:resistant_vs_parental`, ...; done in this order.
    #[arg(value_name = "TASK", required = true)]
    pub tasks: Vec<String>,
    /// The directory of the run, which `alkaline run`, `run --plan-only` or an engine has planned.
    #[arg(long, value_name = "RUN_DIR")]
    pub dir: PathBuf,
    /// Refuse a run whose plan is not this one; the files of engines carry it.
    #[arg(long, value_name = "HASH")]
    pub plan: Option<String>,
    /// Wait when another program works on the whole run or on this stage, instead of ending.
    #[arg(long)]
    pub wait: bool,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Runs the nodes, each unless its receipt holds.
pub fn run(args: &StageArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let tell = |text: &str| console.notice(text);
    let wait = if args.wait { Wait::Yes(&tell) } else { Wait::No };
    let who = (&this_process(), &wait);
    if let Some(plan) = &args.plan {
        refuse_another_plan(&args.dir, plan)?;
    }
    for task in &args.tasks {
        let (receipt, complete) = run_one(&args.dir, task, threads(), &search_path(), who, &console)?;
        for warning in &receipt.said.warnings {
            console.warning(warning);
        }
        console.result(&format!("{}: {}", receipt.task, receipt.said.outcome));
        if complete {
            console.result(&format!("report: {}", args.dir.join("report.html").display()));
        }
    }
    Ok(())
}
