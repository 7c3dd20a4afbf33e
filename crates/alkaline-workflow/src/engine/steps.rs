//! A plan as engines of clusters carry it out: a few steps, one after the other, each of units that run side by side.
//!
//! A node is too small a thing for a job of its own; a unit does the nodes of one sample, or of one contrast, in their order.

use std::collections::HashSet;

use crate::plan::{Node, Plan, Task};

/// What one job does: nodes, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The sample or contrast, or the step.
    pub name: String,
    /// Its nodes, by name.
    pub tasks: Vec<String>,
}

/// Units that may run side by side, once those of the step before are done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is called in files and profiles.
    pub name: &'static str,
    /// Its units.
    pub units: Vec<Unit>,
}

/// The steps that there are, in their order.
pub const STEPS: [&str; 5] = ["samples", "merge", "tests", "enrichment", "report"];

/// The steps of `plan` with those of its nodes of which `is_wanted` holds; none is empty.
pub fn steps(plan: &Plan, is_wanted: impl Fn(&Node) -> bool) -> Vec<Step> {
    let mut steps: Vec<Step> = STEPS.map(|name| Step { name, units: Vec::new() }).into();
    for node in plan.nodes().iter().filter(|node| is_wanted(node)) {
        let (step, unit) = place(&node.task);
        let units = &mut steps[step].units;
        let name = unit.unwrap_or(STEPS[step]);
        let task = node.task.to_string();
        match units.iter_mut().find(|unit| unit.name == name) {
            Some(unit) => unit.tasks.push(task),
            None => units.push(Unit { name: name.to_owned(), tasks: vec![task] }),
        }
    }
    steps.retain(|step| !step.units.is_empty());
    steps
}

/// The step of a task, and what its unit is called where there is one for each sample or contrast.
fn place(task: &Task) -> (usize, Option<&str>) {
    match task {
        Task::Clean(sample) | Task::Align(sample) | Task::Count(sample) => (0, Some(sample)),
        Task::Merge | Task::Table | Task::Values | Task::Normalize | Task::Prepare(_) => (1, None),
        Task::Test(contrast) => (2, Some(contrast)),
        Task::Gsea(contrast) | Task::Ora(contrast) | Task::Panel { contrast, .. } => (3, Some(contrast)),
        Task::Record | Task::Report => (4, None),
    }
}

/// The files from outside that the nodes of `unit` read, each once.
pub(super) fn inputs(plan: &Plan, unit: &Unit) -> Vec<std::path::PathBuf> {
    let mut known = HashSet::new();
    let nodes = unit.tasks.iter().filter_map(|task| Some(&plan.nodes()[plan.place(task)?]));
    let files = nodes.flat_map(|node| node.inputs.iter().map(|(_, path)| path.clone()));
    files.filter(|path| known.insert(path.clone())).collect()
}
