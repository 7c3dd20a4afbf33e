//! Which nodes of a plan are done already, and why the others are not.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::difference::reason;
use super::making::Plan;
use super::node::{Basis, Node};
use super::task::Task;
use crate::error::WorkflowError;
use crate::store::Store;
use crate::store::receipt::{FileRecord, Receipt};

/// Whether a node is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Currency {
    /// It is, and its receipt holds.
    Current(Arc<Receipt>),
    /// It is not; why, in one sentence.
    Stale(String),
    /// Something that it needs is not, in all likelihood it neither.
    Follows(String),
}

impl fmt::Display for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current(_) => out.write_str("is done"),
            Self::Stale(why) => write!(out, "runs: {why}"),
            Self::Follows(what) => write!(out, "runs if `{what}` leaves something else"),
        }
    }
}

/// What the result of a node depends on, with the key that follows from it.
pub struct Judged {
    /// Files from outside, with their checksums.
    pub inputs: Vec<FileRecord>,
    /// What it needs of other nodes.
    pub needs: BTreeMap<String, String>,
    /// The key.
    pub key: String,
    /// Whether it is done.
    pub currency: Currency,
}

/// Looks whether `node` is done, given the receipts of what it needs, all of which are.
///
/// # Errors
/// [`WorkflowError::Read`] when an input cannot be read.
pub fn judge(node: &Node, version: &str, store: &Store) -> Result<Judged, WorkflowError> {
    let mut inputs = Vec::with_capacity(node.inputs.len());
    for (role, path) in &node.inputs {
        inputs.push(FileRecord::new(role, path, store.fingerprint(path)?));
    }
    let of_need = |task: &Task| {
        let name = task.to_string();
        let receipt = store.receipt(&name).unwrap_or_default();
        let digest = if reads_words(&node.task) { receipt.digest_with_words() } else { receipt.digest() };
        (name, digest)
    };
    let needs: BTreeMap<String, String> = node.needs.iter().map(of_need).collect();
    let triple = |file: &FileRecord| (file.role.clone(), file.path.clone(), file.blake3.clone());
    let basis = Basis { inputs: inputs.iter().map(triple).collect(), needs };
    let key = node.key(version, &basis);
    let currency = match store.receipt(&node.task.to_string()) {
        None => Currency::Stale("it was never done".to_owned()),
        Some(receipt) if receipt.key != key => Currency::Stale(reason(node, version, &basis, &receipt)),
        Some(receipt) => match store.damage(&receipt) {
            Some(damage) => Currency::Stale(damage.to_string()),
            None => Currency::Current(receipt),
        },
    };
    Ok(Judged { inputs, needs: basis.needs, key, currency })
}

/// Whether a task shows what the others said, and not their results alone.
fn reads_words(task: &Task) -> bool {
    matches!(task, Task::Record | Task::Report)
}

/// Looks at every node of `plan`, in its order. Inputs of nodes that were never done are not read.
///
/// # Errors
/// As [`judge`].
pub fn judge_all(plan: &Plan, version: &str, store: &Store) -> Result<Vec<Currency>, WorkflowError> {
    let mut found: Vec<Currency> = Vec::with_capacity(plan.nodes().len());
    for node in plan.nodes() {
        let undone = node.needs.iter().find(|need| {
            let place = plan.place(&need.to_string());
            !matches!(place.map(|place| &found[place]), Some(Currency::Current(_)))
        });
        let currency = if store.receipt(&node.task.to_string()).is_none() {
            Currency::Stale("it was never done".to_owned())
        } else {
            match undone {
                // Its own reasons are worth more than that something before it changes.
                Some(need) => {
                    own_reason(node, version, store)?.unwrap_or_else(|| Currency::Follows(need.to_string()))
                }
                None => judge(node, version, store)?.currency,
            }
        };
        found.push(currency);
    }
    Ok(found)
}

/// Why `node` is done again whatever comes before it.
fn own_reason(node: &Node, version: &str, store: &Store) -> Result<Option<Currency>, WorkflowError> {
    let Some(receipt) = store.receipt(&node.task.to_string()) else { return Ok(None) };
    let mut inputs = Vec::with_capacity(node.inputs.len());
    for (role, path) in &node.inputs {
        inputs.push((role.clone(), path.clone(), store.fingerprint(path)?.blake3));
    }
    // Of the others it is not known yet what they will leave.
    let basis = Basis { inputs, needs: receipt.needs.clone() };
    if node.key(version, &basis) == receipt.key {
        return Ok(store.damage(&receipt).map(|damage| Currency::Stale(damage.to_string())));
    }
    Ok(Some(Currency::Stale(reason(node, version, &basis, &receipt))))
}
