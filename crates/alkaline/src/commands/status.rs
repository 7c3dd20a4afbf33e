//! `alkaline status`: what is done of a run, what is going on, what failed and why; at any moment, from the receipts.

use std::path::{Path, PathBuf};

use alkaline_core::words::{count, listed};
use alkaline_workflow::engine::slurm::{self, Programs};
use alkaline_workflow::engine::status::{NodeState, NodeStatus, RunStatus, look};
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
    let programs = super::reads_input::slurm_programs();
    let status = look(&args.directory, &programs)?;
    let cancelled = cancel_stuck(&status, &programs);
    if args.global.log == LogFormat::Json {
        let text = serde_json::to_string(&status).unwrap_or_default();
        console.output(&text);
        return Ok(());
    }
    for line in lines(&status, args) {
        console.output(&line);
    }
    about_cluster(&status, cancelled, args).iter().for_each(|line| console.output(line));
    console.output(&summary(&status, args));
    Ok(())
}

/// Cancels jobs that would wait for ever for what failed; says whether Slurm did so.
fn cancel_stuck(status: &RunStatus, programs: &Programs) -> bool {
    let jobs = status.cluster.as_ref().map(|cluster| cluster.never_begin.as_slice()).unwrap_or_default();
    !jobs.is_empty() && slurm::cancel(programs, jobs).is_ok()
}

/// What is to be said of the scheduler.
fn about_cluster(status: &RunStatus, cancelled: bool, args: &StatusArgs) -> Vec<String> {
    let Some(cluster) = status.cluster.as_ref().filter(|_| !status.complete) else { return Vec::new() };
    let mut lines = Vec::new();
    lines.extend(cluster.silence.iter().map(|why| {
        format!("the scheduler does not answer ({why}): what is said here is what the receipts tell")
    }));
    lines.extend(
        cluster.other_plan.iter().map(|_| {
            "the run was planned anew since its jobs were submitted: they will refuse it".to_owned()
        }),
    );
    if !cluster.never_begin.is_empty() {
        let jobs = listed(&cluster.never_begin);
        let what = if cancelled { "cancelled" } else { "could not be cancelled" };
        lines.push(format!("{what}: job {jobs}, which would have waited for ever for what failed"));
    }
    if cluster.is_stuck || cluster.other_plan.is_some() || (!cluster.is_at_work && cluster.silence.is_none())
    {
        let place = args.directory.display();
        lines.push(format!("new jobs for what failed, and what comes after it:\n  alkaline resume {place}"));
    }
    lines
}

/// Up to so many nodes of one stage are named.
const NAMED: usize = 8;

fn lines(status: &RunStatus, args: &StatusArgs) -> Vec<String> {
    let mut lines = Vec::new();
    for same in status.nodes.chunk_by(|a, b| a.stage == b.stage) {
        if args.all || same.len() <= NAMED {
            lines.extend(same.iter().flat_map(|node| in_words(node, &args.directory)));
            continue;
        }
        let done = same.iter().filter(|node| node.state == NodeState::Done).count();
        lines.push(format!("{done} of {} of the stage {} done", same.len(), same[0].stage));
        let rest = same
            .iter()
            .filter(|node| matches!(node.state, NodeState::Failed | NodeState::Running | NodeState::Queued));
        lines.extend(rest.flat_map(|node| in_words(node, &args.directory)));
    }
    lines
}

/// A node on a line; of one that failed the rest of the reason, and where it is written.
fn in_words(node: &NodeStatus, directory: &Path) -> Vec<String> {
    let mut words = node.words.lines();
    let first = format!("{:<9} {:<32} {}", node.state.word(), node.task, words.next().unwrap_or_default());
    let mut lines = vec![first.trim_end().to_owned()];
    lines.extend(words.map(|line| format!("          {line}")));
    lines
        .extend(node.log.iter().map(|log| format!("          written in {}", directory.join(log).display())));
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
        (None, false) if status.cluster.is_some() => {
            let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
            format!("{done} of {} done{failed}", count(all, "stage"))
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
