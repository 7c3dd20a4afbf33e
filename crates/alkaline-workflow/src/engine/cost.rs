//! What a node is expected to cost: what it took before, else a guess from the size of what it reads.

use crate::plan::{Node, Task};
use crate::store::Store;

/// Bytes of alignments that one thread counts in a second, in round numbers.
const BYTES_A_SECOND: f64 = 3e7;

/// What a node is expected to cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cost {
    /// Wall seconds.
    pub seconds: f64,
    /// Bytes of memory.
    pub memory: u64,
}

impl Cost {
    /// What `node` is expected to cost.
    pub(super) fn of(node: &Node, store: &Store) -> Self {
        let usual = usual_memory(&node.task);
        match store.receipt(&node.task.to_string()).map(|receipt| receipt.effort.clone()) {
            // The peak is that of the whole process: the node needed no more.
            Some(effort) if effort.peak_memory > 0 => {
                Self { seconds: effort.seconds, memory: usual.min(effort.peak_memory) }
            }
            _ => Self { seconds: guessed_seconds(node), memory: usual },
        }
    }
}

/// Where no receipt tells: the larger the files, the longer it takes.
fn guessed_seconds(node: &Node) -> f64 {
    let sizes = node.inputs.iter().filter_map(|(_, path)| Some(path.metadata().ok()?.len() as f64));
    sizes.sum::<f64>() / BYTES_A_SECOND
}

/// Memory that a node is taken to need where no receipt tells: counting holds gene models and blocks of reads for every
/// thread; the others hold a table or two.
fn usual_memory(task: &Task) -> u64 {
    match task {
        Task::Align(_) => 8 << 30,
        Task::Clean(_) => 1 << 30,
        Task::Count(_) => 400 << 20,
        _ => 300 << 20,
    }
}
