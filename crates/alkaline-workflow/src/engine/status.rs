//! How far a run is, as its receipts tell; nothing is changed, and no lock is taken.

use std::path::{Path, PathBuf};

use serde::Serialize;

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
}

/// Looks at the run at `out`.
///
/// # Errors
/// [`WorkflowError::Design`] when no run lies there; [`WorkflowError::Read`] when its plan cannot be read.
pub fn look(out: &Path) -> Result<RunStatus, WorkflowError> {
    let directory = RunDirectory::new(out);
    let Planned { spec: request, date, annotation } = read_spec::<RunRequest>(&directory)?;
    let store = Store::look(out, false)?;
    let plan = Plan::new(&request, annotation.as_deref(), &date)?;
    let nodes = plan.nodes().iter().map(|node| {
        let task = node.task.to_string();
        let (state, words, seconds) = state(&store, &task);
        let log = (state == NodeState::Failed).then(|| log(&directory, &task));
        NodeStatus { stage: node.task.stage().to_owned(), task, state, words, seconds, log }
    });
    let nodes: Vec<NodeStatus> = nodes.collect();
    // Somebody may have the whole run, or a node of it.
    let running = nodes.iter().filter(|node| node.state == NodeState::Running);
    let of_node = || running.map(|node| directory.lock_of(&node.task)).find_map(|lock| holder(&lock));
    Ok(RunStatus {
        title: request.title.clone(),
        holder: holder(&directory.lock()).or_else(of_node),
        nodes,
        complete: store.is_complete(),
        command: command_line(&request.command, out),
    })
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
