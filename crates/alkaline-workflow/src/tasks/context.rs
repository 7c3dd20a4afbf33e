//! What a task is given.

use alkaline_core::ContrastSpec;

use super::shelf::Shelf;
use crate::error::WorkflowError;
use crate::observer::Observer;
use crate::plan::Plan;
use crate::programs::SearchPath;
use crate::spec::request::RunRequest;
use crate::store::{RunDirectory, Store};

/// What a task is given.
pub struct Context<'a> {
    /// What was asked for.
    pub request: &'a RunRequest,
    /// What is done.
    pub plan: &'a Plan,
    /// The day that the record tells.
    pub date: &'a str,
    /// The receipts of the nodes that are done.
    pub store: &'a Store,
    /// Where it reads.
    pub run: &'a RunDirectory,
    /// Where it writes: laid out as the run is.
    pub place: &'a RunDirectory,
    /// What tasks of one process share in memory.
    pub shelf: &'a Shelf,
    /// Where other programs are looked for.
    pub search: &'a SearchPath,
    /// Threads that it may use.
    pub threads: usize,
    /// Who is told how far it is.
    pub observer: &'a dyn Observer,
}

impl Context<'_> {
    /// The contrast of this name.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when the request has none of this name, which a plan of it never asks for.
    pub fn contrast(&self, id: &str) -> Result<&ContrastSpec, WorkflowError> {
        let found = self.request.experiment.contrasts.iter().find(|contrast| contrast.id == id);
        found.ok_or_else(|| WorkflowError::design(format!("no contrast is called `{id}`")))
    }

    /// What the node that left the counts wants later ones to know.
    pub fn count_facts(&self) -> CountFacts {
        let receipt = ["merge", "table", "values"].into_iter().find_map(|task| self.store.receipt(task));
        receipt
            .and_then(|receipt| serde_json::from_value(receipt.said.facts.clone()).ok())
            .unwrap_or_default()
    }
}

/// How the counts came about.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct CountFacts {
    /// Name of the annotation that was counted on.
    pub annotation: Option<String>,
    /// Feature type that was counted.
    pub feature_type: String,
    /// Of each sample, whether the sheet told its strand rule.
    pub told: Vec<bool>,
    /// How expression values that stand in place of counts were read, in words.
    pub decisions: Vec<String>,
}
