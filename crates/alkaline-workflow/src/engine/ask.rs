//! What is asked of a cluster for a unit of work: from what its nodes took before, else from the sizes of what they read.

use super::cost::Cost;
use super::profile::StepProfile;
use super::steps::Unit;
use crate::plan::{Node, Plan, Task};
use crate::store::Store;
use serde::{Deserialize, Serialize};

/// Processors, memory and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Processors.
    pub cpus: usize,
    /// Bytes.
    pub memory: u64,
    /// Seconds.
    pub seconds: u64,
}

/// Memory is asked for in steps of so many bytes.
const GRAIN: u64 = 100 << 20;

/// The least that is asked for: queues of most clusters hand out no less anyway.
const LEAST_SECONDS: u64 = 600;

/// How much longer than expected a unit may take: nodes differ, and disks are shared.
const PATIENCE: f64 = 4.0;

/// Aligning a byte of reads takes so many times as long as counting one of alignments.
const ALIGNING: f64 = 30.0;

/// How much more memory is asked for than the nodes are expected to need.
const MARGIN: f64 = 1.5;

impl Ask {
    /// What is asked for `unit` of `plan`, where nothing else is said.
    pub(super) fn of(plan: &Plan, store: &Store, unit: &Unit) -> Self {
        let nodes = || unit.tasks.iter().filter_map(|task| Some(&plan.nodes()[plan.place(task)?]));
        let samples = plan.nodes().iter().filter(|node| matches!(node.task, Task::Count(_))).count() as u64;
        let memory = nodes().map(|node| memory(node, store, samples)).max().unwrap_or(0);
        let seconds: f64 = nodes().map(|node| seconds(node, store)).sum();
        let threads = nodes().any(|node| node.task.takes_threads());
        Self {
            cpus: if threads { 4 } else { 2 },
            memory: memory.div_ceil(GRAIN) * GRAIN,
            seconds: ((seconds * PATIENCE) as u64).max(LEAST_SECONDS).div_ceil(LEAST_SECONDS) * LEAST_SECONDS,
        }
    }

    /// Enough for either.
    pub(super) fn max(self, other: Self) -> Self {
        Self {
            cpus: self.cpus.max(other.cpus),
            memory: self.memory.max(other.memory),
            seconds: self.seconds.max(other.seconds),
        }
    }

    /// With what `profile` says instead.
    pub(super) fn under(self, profile: &StepProfile) -> Self {
        Self {
            cpus: profile.cpus.unwrap_or(self.cpus).max(1),
            memory: profile.memory.map_or(self.memory, |memory| memory.0),
            seconds: profile.time.map_or(self.seconds, |time| time.0),
        }
    }

    /// Memory in whole megabytes.
    pub(super) fn megabytes(&self) -> u64 {
        self.memory.div_ceil(1 << 20)
    }

    /// Time in whole minutes.
    pub(super) fn minutes(&self) -> u64 {
        self.seconds.div_ceil(60)
    }
}

fn bytes(node: &Node, of: impl Fn(&str) -> bool) -> u64 {
    let files = node.inputs.iter().filter(|(role, _)| of(role));
    files.filter_map(|(_, path)| Some(path.metadata().ok()?.len())).sum()
}

/// Memory of a node: what it took, else what its kind takes, with what grows with the files that it reads.
fn memory(node: &Node, store: &Store, samples: u64) -> u64 {
    let cost = Cost::of(node, store);
    let expected = (cost.memory as f64 * MARGIN) as u64;
    let grows = match &node.task {
        // The index is held whole.
        Task::Align(_) => bytes(node, |role| role == "index"),
        // Reads whose mates are far away wait in memory.
        Task::Count(_) => (bytes(node, |role| role == "alignments") / 16).min(2 << 30),
        Task::Clean(_) => 0,
        // Tables of all samples.
        _ => (512 << 20) + (samples << 22),
    };
    expected + grows
}

fn seconds(node: &Node, store: &Store) -> f64 {
    let expected = Cost::of(node, store).seconds;
    match store.receipt(&node.task.to_string()) {
        Some(_) => expected,
        None if matches!(node.task, Task::Align(_) | Task::Clean(_)) => expected * ALIGNING,
        None => expected,
    }
}
