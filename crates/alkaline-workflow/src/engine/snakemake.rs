//! A run as a Snakefile: a rule for each step, which calls `alkaline stage`.
//!
//! A rule leaves a mark, not the receipts themselves: Snakemake deletes what a rule left before the rule runs again. A mark whose
//! receipts are gone is taken away when the file is read, so that no receipt still means not done.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use alkaline_core::file_names::file_stem;
use serde_json::{Value, json};

use super::outline::Outline;
use super::profile::Profile;
use super::steps::{Step, Unit, inputs, steps};
use super::text::write;
use crate::error::WorkflowError;

/// What the engine, and its folder in a run, are called.
const NAME: &str = "snakemake";

/// Writes the Snakefile of the run, and gives its place; `alkaline` is the program where jobs find it.
///
/// # Errors
/// [`WorkflowError::Design`] where the name of the directory means something to Snakemake; [`WorkflowError::Write`].
pub fn emit(outline: &Outline, profile: &Profile, alkaline: &Path) -> Result<Vec<PathBuf>, WorkflowError> {
    let root = outline.directory.root().display().to_string();
    if root.contains(['{', '}']) {
        return Err(WorkflowError::design(format!(
            "{root}: Snakemake cannot work in a place with braces in its name"
        )));
    }
    let folder = outline.folder(NAME)?;
    let place = |name: &str| folder.join(name);
    let (path, table, environment) = (place("Snakefile"), place("units.json"), place("environment.yaml"));
    let steps = steps(&outline.plan, |_| true);
    write(&table, &units(outline, profile, alkaline, &steps))?;
    write(&environment, &environment_of(outline))?;
    write(&path, &snakefile(outline, profile, &path, &steps))?;
    Ok(vec![path, table, environment])
}

/// The packages of a job, for those who let Snakemake install them.
fn environment_of(outline: &Outline) -> String {
    let version = outline.request.version.split(' ').next().unwrap_or_default();
    format!(
        "# Plan {}: what its jobs need, where Snakemake installs it.\nchannels:\n  - conda-forge\n  - bioconda\n  - nodefaults\ndependencies:\n  \
         - alkaline ={version}\n  - fastp\n  - hisat2\n  - samtools\n",
        outline.hash
    )
}

/// A text as a string of Python, with the quotes that its formatters ask for.
fn python(text: &str) -> String {
    let double = json!(text).to_string();
    if text.matches('"').count() > text.matches('\'').count() {
        let inside = double[1..double.len() - 1].replace("\\\"", "\"").replace('\'', "\\'");
        return format!("'{inside}'");
    }
    double
}

/// Places, and of each unit of each step: its stages, one after the other; their receipts; the files that they read.
///
/// Places stand here because Snakemake's linter wants no absolute ones in a Snakefile.
fn units(outline: &Outline, profile: &Profile, alkaline: &Path, steps: &[Step]) -> String {
    let units = |step: &Step| {
        let of = |unit: &Unit| (file_stem(&unit.name), about(outline, unit));
        (step.name.to_owned(), Value::Object(step.units.iter().map(of).collect()))
    };
    let units = Value::Object(steps.iter().map(units).collect());
    let all = json!({
        "plan": outline.hash,
        "alkaline": profile.alkaline.as_deref().unwrap_or(alkaline),
        "run": outline.directory.root(),
        "steps": units,
    });
    serde_json::to_string_pretty(&all).unwrap_or_default()
}

fn snakefile(outline: &Outline, profile: &Profile, path: &Path, steps: &[Step]) -> String {
    let mut text = format!(
        "# {title}: plan {hash}, written by alkaline {version}.\n\
         # Each job does stages of the run; a stage whose receipt holds is not done again, and another plan is refused.\n\
         #\n\
         #   snakemake -s {path} --cores 8\n\
         #   snakemake -s {path} --executor slurm --jobs 100\n\
         #   snakemake -s {path} --cores 8 --software-deployment-method conda --config alkaline=alkaline\n\
         import json\nfrom pathlib import Path\n\n\
         # Where everything is; and of each unit of each step: its stages, one after the other, their receipts, the files that they read.\n\
         ABOUT = json.loads(Path(workflow.basedir, \"units.json\").read_text())\n\
         ALKALINE = config.get(\"alkaline\", ABOUT[\"alkaline\"])\n\
         RUN = ABOUT[\"run\"]\n\
         PLAN = \"{hash}\"\n\
         UNITS = ABOUT[\"steps\"]\n\
         OWN = f\"{{RUN}}/.alkaline/snakemake\"\n\n\
         # No receipt: not done, whatever Snakemake believes.\n\
         for step, units in UNITS.items():\n    \
         for unit, about in units.items():\n        \
         receipts = [\n            Path(RUN, \".alkaline\", \"receipts\", name) for name in about[\"receipts\"]\n        ]\n        \
         if not all(receipt.exists() for receipt in receipts):\n            \
         Path(OWN, \"done\", step, unit).unlink(missing_ok=True)\n\n\n\
         wildcard_constraints:\n    unit=\"[^/]+\",\n\n\n\
         localrules:\n    all,\n\n\n\
         rule all:\n    input:\n        {all},\n",
        title = outline.request.title.replace(['\n', '\r'], " "),
        hash = outline.hash,
        version = outline.request.version,
        path = path.display(),
        // Every step: Snakemake makes no intermediate file anew whose successors are there.
        all = steps.iter().map(marks).collect::<Vec<_>>().join(",\n        "),
    );
    let mut before: Option<&Step> = None;
    for step in steps {
        rule(&mut text, outline, profile, step, before);
        before = Some(step);
    }
    text
}

fn about(outline: &Outline, unit: &Unit) -> Value {
    let receipts: Vec<String> = unit.tasks.iter().map(|task| format!("{}.json", file_stem(task))).collect();
    json!({ "stages": unit.tasks, "receipts": receipts, "reads": inputs(&outline.plan, unit) })
}

/// The marks of all units of a step.
fn marks(step: &Step) -> String {
    format!("expand(f\"{{OWN}}/done/{0}/{{{{unit}}}}\", unit=UNITS[\"{0}\"])", step.name)
}

fn rule(text: &mut String, outline: &Outline, profile: &Profile, step: &Step, before: Option<&Step>) {
    let ask = outline.ask(profile, step);
    let name = step.name;
    let before = before.map_or_else(String::new, |step| format!("        {},\n", marks(step)));
    let setup = profile.setup.iter().map(|line| format!("{line} && ")).collect::<String>();
    let setup = setup.replace('{', "{{").replace('}', "}}");
    let mut more = String::new();
    for (key, value) in [("slurm_partition", &profile.partition), ("slurm_account", &profile.account)] {
        more.extend(value.iter().map(|value| format!("        {key}={},\n", python(value))));
    }
    let options: Vec<String> =
        profile.qos.iter().map(|qos| format!("--qos={qos}")).chain(profile.options.iter().cloned()).collect();
    if !options.is_empty() {
        let _ = writeln!(more, "        slurm_extra={},", python(&options.join(" ")));
    }
    let command = python(&format!(
        "({setup}{{params.alkaline:q}} stage {{params.stages:q}} --dir {{params.run:q}} --plan {{params.plan}} --wait --no-progress -j {{threads}}) > {{log:q}} 2>&1"
    ));
    let _ = write!(
        text,
        "\n\nrule {name}:\n    input:\n{before}        lambda wildcards: UNITS[\"{name}\"][wildcards.unit][\"reads\"],\n    \
         output:\n        touch(f\"{{OWN}}/done/{name}/{{{{unit}}}}\"),\n    \
         log:\n        f\"{{OWN}}/logs/{name}.{{{{unit}}}}.log\",\n    \
         retries: 1\n    \
         conda:\n        \"environment.yaml\"\n    \
         threads: {}\n    resources:\n        \
         mem_mb=lambda wildcards, attempt: {memory} * 2 ** (attempt - 1),\n        \
         runtime=lambda wildcards, attempt: {minutes} * 2 ** (attempt - 1),\n{more}    \
         params:\n        alkaline=ALKALINE,\n        run=lambda wildcards: RUN,\n        plan=PLAN,\n        stages=lambda wildcards: UNITS[\"{name}\"][wildcards.unit][\"stages\"],\n    \
         shell:\n        {command}\n",
        ask.cpus,
        memory = ask.megabytes(),
        minutes = ask.minutes(),
    );
}
