//! `alkaline status`: what is done of a run, what is going on, what failed and why; at any moment, from the receipts.

use std::path::PathBuf;

use alkaline_core::words::count;
use alkaline_workflow::engine::status::{NodeState, RunStatus, look};
use clap::Args;

use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::{GlobalOptions, LogFormat};

/// Arguments of `status`.
#[derive(Args, Clone, Debug)]
pub struct StatusArgs {
    /// The directory of a run.
    #[arg(value_name = "RUN_DIR")]
    pub directory: PathBuf,
    /// Name every stage, also those of many samples.
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Says how far a run is.
pub fn run(args: &StatusArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let status = look(&args.directory)?;
    if args.global.log == LogFormat::Json {
        let text = serde_json::to_string(&status).unwrap_or_default();
        console.output(&text);
        return Ok(());
    }
    for line in lines(&status, args.all) {
        console.output(&line);
    }
    console.output(&summary(&status, args));
    Ok(())
}

/// Up to so many nodes of one stage are named.
const NAMED: usize = 8;

fn lines(status: &RunStatus, all: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for same in status.nodes.chunk_by(|a, b| a.stage == b.stage) {
        if all || same.len() <= NAMED {
            lines.extend(
                same.iter().map(|node| format!("{:<9} {:<32} {}", node.state.word(), node.task, node.words)),
            );
            continue;
        }
        let done = same.iter().filter(|node| node.state == NodeState::Done).count();
        lines.push(format!("{done} of {} of the stage {} done", same.len(), same[0].stage));
        let rest = same.iter().filter(|node| matches!(node.state, NodeState::Failed | NodeState::Running));
        lines.extend(rest.map(|node| format!("{:<9} {:<32} {}", node.state.word(), node.task, node.words)));
    }
    lines
}

fn summary(status: &RunStatus, args: &StatusArgs) -> String {
    let done =
        status.nodes.iter().filter(|node| matches!(node.state, NodeState::Done | NodeState::LeftOut)).count();
    let failed = status.nodes.iter().filter(|node| node.state == NodeState::Failed).count();
    let all = status.nodes.len();
    match (&status.holder, status.complete) {
        (Some(holder), _) => {
            format!("{done} of {} done; {} works on it", count(all, "stage"), holder.in_words())
        }
        (None, true) => format!("complete: {}", args.directory.join("report.html").display()),
        (None, false) => {
            let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
            format!(
                "{done} of {} done{failed}; the command that began the run goes on with it:\n  {}",
                count(all, "stage"),
                status.command
            )
        }
    }
}
