//! How far a run is: as its receipts tell, and of what has none as the scheduler tells; nothing is changed, and no lock is taken.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::slurm::{self, Programs, Standing, latest, standing};
use crate::error::WorkflowError;
use crate::plan::Plan;
use crate::record::manifest::command_line;
use crate::spec::request::RunRequest;
use crate::store::lock::{Holder, holder, sole_holder};
use crate::store::receipt::Ending;
use crate::store::{Planned, RunDirectory, Store, read_spec};

/// How far a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeState {
    /// Its results are there.
    Done,
    /// The run goes on without it.
    LeftOut,
    /// It is being done.
    Running,
    /// It waits in the queue of a cluster.
    Queued,
    /// It failed when it was last tried.
    Failed,
    /// It is yet to be done.
    Waiting,
}

impl NodeState {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::LeftOut => "left out",
            Self::Running => "running",
            Self::Queued => "queued",
            Self::Failed => "failed",
            Self::Waiting => "waiting",
        }
    }
}

/// A node of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeStatus {
    /// The stage.
    pub stage: String,
    /// The node.
    pub task: String,
    /// How far it is.
    pub state: NodeState,
    /// What came of it, or why there is nothing.
    pub words: String,
    /// Wall seconds, where it is done.
    pub seconds: Option<f64>,
    /// Where the reason of a failure is written in full, relative to the run.
    pub log: Option<PathBuf>,
}

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunStatus {
    /// Title of the run.
    pub title: String,
    /// Its nodes, in order.
    pub nodes: Vec<NodeStatus>,
    /// Who works on it now, on this machine or one that shares its locks.
    pub holder: Option<Holder>,
    /// Whether its record says that it is complete.
    pub complete: bool,
    /// The command that began it.
    pub command: String,
    /// What the scheduler of a cluster is about, where jobs were submitted.
    pub cluster: Option<ClusterStatus>,
}

/// What the scheduler of a cluster is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClusterStatus {
    /// Why it does not answer, where it does not.
    pub silence: Option<String>,
    /// Whether a job is at the run, or will be.
    pub is_at_work: bool,
    /// Whether stages are left that no job is at, nor will be.
    pub is_stuck: bool,
    /// Jobs that wait for what failed, and would wait for ever.
    pub never_begin: Vec<String>,
    /// The plan that the jobs were written for, where it is another by now.
    pub other_plan: Option<String>,
}

/// Looks at the run at `out`; `programs` are asked about jobs, where there are any.
///
/// # Errors
/// [`WorkflowError::Design`] when no run lies there; [`WorkflowError::Read`] when its plan cannot be read.
pub fn look(out: &Path, programs: &Programs) -> Result<RunStatus, WorkflowError> {
    let directory = RunDirectory::new(out);
    let Planned { spec: request, date, annotation } = read_spec::<RunRequest>(&directory)?;
    let store = Store::look(out, false)?;
    let plan = Plan::new(&request, annotation.as_deref(), &date)?;
    let submission = latest(&directory)?;
    let jobs = submission.as_ref().map(|_| standing(&directory, &store, programs)).transpose()?;
    // Jobs may have done something while the scheduler was asked.
    let store = if jobs.is_some() { Store::look(out, false)? } else { store };
    let nodes = plan.nodes().iter().map(|node| {
        let task = node.task.to_string();
        let (state, words, seconds) = state(&store, &task);
        let log = (state == NodeState::Failed).then(|| log(&directory, &task));
        let node = NodeStatus { stage: node.task.stage().to_owned(), task, state, words, seconds, log };
        match &jobs {
            Some(jobs) => with_job(node, jobs, &directory),
            None => node,
        }
    });
    let nodes: Vec<NodeStatus> = nodes.collect();
    // Somebody may have the whole run, or a node of it.
    let running = nodes.iter().filter(|node| node.state == NodeState::Running);
    let of_node = || running.map(|node| directory.lock_of(&node.task)).find_map(|lock| holder(&lock));
    let hash = plan.hash(&request.version);
    let cluster = jobs.map(|jobs| ClusterStatus {
        is_at_work: slurm::is_at_work(&jobs),
        is_stuck: nodes.iter().any(|node| node.state == NodeState::Failed),
        silence: jobs.silence,
        never_begin: jobs.stuck,
        other_plan: submission.map(|submission| submission.plan).filter(|plan| *plan != hash),
    });
    Ok(RunStatus {
        title: request.title.clone(),
        holder: holder(&directory.lock()).or_else(of_node),
        nodes,
        complete: store.is_complete(),
        command: command_line(&request.command, out),
        cluster,
    })
}

/// What is known of a node without a receipt from the job that was to do it.
fn with_job(node: NodeStatus, jobs: &Standing, directory: &RunDirectory) -> NodeStatus {
    let is_open = matches!(node.state, NodeState::Waiting | NodeState::Failed | NodeState::Running);
    let Some(job) = jobs.tasks.get(&node.task).filter(|_| is_open) else { return node };
    let log = job.log.as_ref().map(|log| log.strip_prefix(directory.root()).unwrap_or(log).to_owned());
    let with = |state, words| NodeStatus { state, words, log: None, ..node.clone() };
    match node.state {
        NodeState::Running => with(NodeState::Running, format!("job {}", job.job)),
        _ if job.is_running() => with(NodeState::Running, job.words.clone()),
        _ if job.is_queued() => with(NodeState::Queued, job.words.clone()),
        // What the stage itself said is worth more than how its job ended.
        NodeState::Failed if job.is_told_by(&directory.failure(&node.task)) => {
            NodeStatus { words: format!("{}\n{}", node.words, job.words), log, ..node }
        }
        _ if job.was_not_reached() => with(NodeState::Waiting, job.words.clone()),
        _ if job.has_ended() => NodeStatus { log, ..with(NodeState::Failed, job.words.clone()) },
        _ => with(node.state, job.words.clone()),
    }
}

/// Where the reason of a failure is written.
fn log(directory: &RunDirectory, task: &str) -> PathBuf {
    let path = directory.failure(task);
    path.strip_prefix(directory.root()).map_or_else(|_| path.clone(), Path::to_owned)
}

fn state(store: &Store, task: &str) -> (NodeState, String, Option<f64>) {
    let directory = store.directory();
    if directory.staged(task).is_dir() && is_held(store, task) {
        return (NodeState::Running, String::new(), None);
    }
    if let Some(receipt) = store.receipt(task) {
        if let Some(missing) =
            receipt.outputs.iter().find(|output| !directory.root().join(&output.path).is_file())
        {
            return (NodeState::Waiting, format!("its output {} is gone", missing.path.display()), None);
        }
        let state = if receipt.ending == Ending::LeftOut { NodeState::LeftOut } else { NodeState::Done };
        return (state, receipt.said.outcome.clone(), Some(receipt.effort.seconds));
    }
    match store.failure(task) {
        Some(failure) => (NodeState::Failed, failure, None),
        None => (NodeState::Waiting, String::new(), None),
    }
}

fn is_held(store: &Store, task: &str) -> bool {
    let directory = store.directory();
    sole_holder(&directory.lock()).is_some() || sole_holder(&directory.lock_of(task)).is_some()
}
