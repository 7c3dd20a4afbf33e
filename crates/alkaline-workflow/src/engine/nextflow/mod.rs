//! A run as a Nextflow pipeline: a process that calls `alkaline stage`, included once for each step.
//!
//! Written to the published language (DSL2) and nf-core's conventions: meta maps, labels, `versions.yml`, a stub.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::outline::Outline;
use super::profile::Profile;
use super::steps::{Step, Unit, steps};
use super::text::write;
use crate::error::WorkflowError;
use crate::programs::shell_word;
use crate::store::files::make_directory;

/// What the engine, and its folder in a run, are called.
const NAME: &str = "nextflow";

/// The process, which knows nothing of the run.
const MODULE: &str = include_str!("stages.nf");

/// Writes main.nf, its configuration and the module of the run, and gives their places; `alkaline` is the program where jobs find it.
///
/// # Errors
/// [`WorkflowError::Write`].
pub fn emit(outline: &Outline, profile: &Profile, alkaline: &Path) -> Result<Vec<PathBuf>, WorkflowError> {
    let folder = outline.folder(NAME)?;
    let alkaline = profile.alkaline.as_deref().unwrap_or(alkaline);
    let module = folder.join("modules/local/alkaline/stages/main.nf");
    if let Some(place) = module.parent() {
        make_directory(place)?;
    }
    let steps = steps(&outline.plan, |_| true);
    let files = [
        (folder.join("main.nf"), pipeline(outline, &steps)),
        (folder.join("nextflow.config"), config(outline, profile, alkaline, &steps)),
        (module, MODULE.replace("@PLAN@", &outline.hash)),
    ];
    for (path, text) in &files {
        write(path, text)?;
    }
    Ok(files.map(|(path, _)| path).into())
}

/// A string of Groovy.
fn string(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    format!("'{escaped}'")
}

/// What a step is called as a process.
fn process(step: &Step) -> String {
    step.name.to_uppercase()
}

fn pipeline(outline: &Outline, steps: &[Step]) -> String {
    let mut text = format!(
        "#!/usr/bin/env nextflow\n\
         // {}: plan {}, written by alkaline {}.\n\
         // Each task does stages of the run; a stage whose receipt holds is not done again, and another plan is refused.\n\n",
        outline.request.title.replace(['\n', '\r'], " "),
        outline.hash,
        outline.request.version
    );
    for step in steps {
        let name = process(step);
        let _ = writeln!(
            text,
            "include {{ ALKALINE_STAGES as {name} }} from './modules/local/alkaline/stages/main'"
        );
    }
    text.push_str("\nworkflow {\n");
    let mut before: Option<&Step> = None;
    for step in steps {
        let tuple = |unit: &Unit| {
            let stages: Vec<String> = unit.tasks.iter().map(|task| shell_word(task)).collect();
            format!("        [[id: {}], {}],\n", string(&unit.name), string(&stages.join(" ")))
        };
        let units: String = step.units.iter().map(tuple).collect();
        let channel = match before {
            None => format!("channel.fromList([\n{units}    ])"),
            Some(before) => {
                format!("{}.out.done.collect().flatMap {{ _done -> [\n{units}    ] }}", process(before))
            }
        };
        let _ = writeln!(text, "    {}({channel})", process(step));
        before = Some(step);
    }
    text.push_str("}\n");
    text
}

fn config(outline: &Outline, profile: &Profile, alkaline: &Path, steps: &[Step]) -> String {
    let mut text = format!(
        "// Plan {hash}. What is asked for a step is doubled when a task is tried again for lack of memory or time.\n\
         params {{\n    run      = {run}\n    plan     = '{hash}'\n    alkaline = {alkaline}\n}}\n\n\
         process {{\n    \
         errorStrategy = {{ task.exitStatus in ((130..145) + 104) ? 'retry' : 'finish' }}\n    \
         maxRetries    = 1\n",
        hash = outline.hash,
        run = string(&outline.directory.root().display().to_string()),
        alkaline = string(&alkaline.display().to_string()),
    );
    if !profile.setup.is_empty() {
        let _ = writeln!(text, "    beforeScript  = {}", string(&profile.setup.join("\n")));
    }
    for step in steps {
        let ask = outline.ask(profile, step);
        let _ = write!(
            text,
            "    withName: '{}' {{\n        cpus   = {}\n        \
             memory = {{ {}.MB * (2 ** (task.attempt - 1)) }}\n        \
             time   = {{ {}.m * (2 ** (task.attempt - 1)) }}\n    }}\n",
            process(step),
            ask.cpus,
            ask.megabytes(),
            ask.minutes()
        );
    }
    text.push_str("}\n\nprofiles {\n    slurm {\n        process.executor = 'slurm'\n");
    if let Some(partition) = &profile.partition {
        let _ = writeln!(text, "        process.queue = {}", string(partition));
    }
    let named = [("account", &profile.account), ("qos", &profile.qos)];
    let named = named.iter().filter_map(|(name, value)| Some(format!("--{name}={}", value.as_ref()?)));
    let options: Vec<String> = named.chain(profile.options.iter().cloned()).collect();
    if !options.is_empty() {
        let _ = writeln!(text, "        process.clusterOptions = {}", string(&options.join(" ")));
    }
    text.push_str("    }\n}\n");
    text
}
