//! `run.json`: what ran, on what, with which options, and what came out. Times and machines stand in the receipts.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use alkaline_io::{contrasts, samples};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::plan::Plan;
use crate::spec::request::RunRequest;
use crate::store::layout::OWN;
pub use crate::store::receipt::FileRecord;
use crate::store::receipt::{Ending, Receipt};

/// The record of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunManifest {
    /// Version of alkaline, with the git revision where known.
    pub version: String,
    /// The command as typed, without what has no influence on the results.
    pub command: Vec<String>,
    /// The day on which the run was first asked for, or that of `SOURCE_DATE_EPOCH`.
    pub date: String,
    /// Title of the analysis.
    pub title: String,
    /// Whether the data were simulated.
    pub simulated: bool,
    /// Every option as it was resolved, stage by stage.
    pub options: Value,
    /// All that was asked for, from which the run can be repeated.
    pub request: Value,
    /// Versions of annotation, ontology, identifiers and other programs.
    pub components: Vec<(String, String)>,
    /// The files that were read.
    pub inputs: Vec<FileRecord>,
    /// What was done, in order.
    pub stages: Vec<StageRecord>,
    /// What the user was warned of.
    pub warnings: Vec<String>,
    /// The files that were written, relative to the run's directory.
    pub outputs: Vec<FileRecord>,
}

/// One node of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StageRecord {
    /// The stage (`count`, `normalize`, `test`, ...).
    pub stage: String,
    /// The node (`count:H3122`).
    pub task: String,
    /// How it ended.
    pub ending: Ending,
    /// What came of it, in a few words.
    pub outcome: String,
    /// The seed of its random numbers, where it drew some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// Folds `receipts` over `plan` into the record of the run; nodes without a receipt are not in it.
pub fn fold(
    plan: &Plan,
    request: &RunRequest,
    date: &str,
    receipts: &BTreeMap<String, Arc<Receipt>>,
) -> RunManifest {
    let mut manifest = RunManifest {
        version: request.version.clone(),
        command: request.command.clone(),
        date: date.to_owned(),
        title: request.title.clone(),
        simulated: request.simulated,
        options: serde_json::to_value(&request.settings).unwrap_or_default(),
        request: serde_json::to_value(request).unwrap_or_default(),
        ..RunManifest::default()
    };
    let mut known = Known::default();
    for node in plan.nodes() {
        let Some(receipt) = receipts.get(&node.task.to_string()) else { continue };
        add(&mut manifest, &mut known, node.task.stage(), receipt, request);
    }
    manifest.outputs.sort_by(|a, b| a.path.cmp(&b.path));
    manifest
}

/// What stands in the record already; of many samples there is much.
#[derive(Default)]
struct Known<'a> {
    inputs: HashSet<&'a Path>,
    warnings: HashSet<&'a str>,
}

fn add<'a>(
    manifest: &mut RunManifest,
    known: &mut Known<'a>,
    stage: &str,
    receipt: &'a Receipt,
    request: &RunRequest,
) {
    for input in &receipt.inputs {
        if known.inputs.insert(&input.path) {
            manifest.inputs.push(input.clone().without_stamp());
        }
    }
    for component in &receipt.said.components {
        if !manifest.components.contains(component) {
            manifest.components.push(component.clone());
        }
    }
    for warning in &receipt.said.warnings {
        if known.warnings.insert(warning) {
            manifest.warnings.push(warning.clone());
        }
    }
    let own = receipt.outputs.iter().filter(|output| !output.path.starts_with(OWN));
    manifest.outputs.extend(own.map(|output| output.clone().without_stamp()));
    manifest.stages.push(StageRecord {
        stage: stage.to_owned(),
        task: receipt.task.clone(),
        ending: receipt.ending,
        outcome: receipt.said.outcome.clone(),
        seed: (stage == "gsea").then_some(request.settings.enrich.gsea.seed),
    });
}

/// A command as it could be typed again to work on the run at `out`.
pub fn command_line(command: &[String], out: &Path) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./,:=@%+~".contains(letter);
    let quoted = |word: &String| match !word.is_empty() && word.chars().all(is_plain) {
        true => word.clone(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    };
    let mut words: Vec<String> = command.iter().map(quoted).collect();
    words.extend(["--out".to_owned(), quoted(&out.display().to_string())]);
    words.join(" ")
}

/// Writes the samples and contrasts as they were understood.
///
/// # Errors
/// [`WriteError`](alkaline_io::WriteError).
pub fn write_design(
    directory: &crate::store::RunDirectory,
    request: &RunRequest,
) -> Result<(), alkaline_io::WriteError> {
    samples::write(&directory.samples(), &request.experiment.sheet)?;
    contrasts::write(&directory.contrasts_file(), &request.experiment.contrasts)
}
