//! `alkaline emit`: a run written down for an engine that somebody else starts.

use std::path::PathBuf;

use alkaline_workflow::engine::{Outline, Profile, nextflow, plan_only, slurm, snakemake};
use clap::{Args, ValueEnum};

use super::control::ControlArgs;
use super::reads_input::search_path;
use super::run::{RunArgs, request};
use crate::console::Console;
use crate::failure::Failure;
use crate::from_here::from_here;

/// An engine that files are written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// Batch scripts, and a script that submits them.
    Slurm,
    /// A Snakefile (Snakemake 8 or later).
    Snakemake,
    /// main.nf and nextflow.config (DSL2).
    Nextflow,
}

/// Arguments of `emit`.
#[derive(Args, Clone, Debug)]
#[command(mut_arg("workflow", |argument| argument.value_name(PLACE).help(PLACE_HELP)))]
pub struct EmitArgs {
    /// The engine.
    #[arg(value_name = "ENGINE")]
    pub engine: Engine,
    #[command(flatten)]
    pub run: RunArgs,
    /// What the cluster wants to be told: partition, account, memory and time of steps, in TOML.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
}

/// What stands in the place of `run`'s workflow file.
pub const PLACE: &str = "RUN_DIR|WORKFLOW";

/// What it may be.
pub const PLACE_HELP: &str = "The directory of a run that is planned already, or a workflow file, which is planned into --out; \
                              or none of both and the options of `run`.";

/// Writes the files, and names them.
pub fn run(args: &EmitArgs) -> Result<(), Failure> {
    let console = Console::new(&args.run.global)?;
    let profile = profile(args.profile.as_ref())?;
    let outline = outline(&args.run, &console)?;
    let program = this_program()?;
    let lines = match args.engine {
        Engine::Slurm => {
            let written = slurm::emit(&outline, &profile, &slurm::Programs::new(search_path()), &program)?;
            if written.jobs.is_empty() {
                console.result("everything is done already: there is nothing to submit");
                return Ok(());
            }
            let mut files: Vec<PathBuf> =
                written.jobs.iter().map(|job| written.folder.join(format!("{}.sbatch", job.name))).collect();
            files.push(written.folder.join("submit.sh"));
            files
        }
        Engine::Snakemake => snakemake::emit(&outline, &profile, &program)?,
        Engine::Nextflow => nextflow::emit(&outline, &profile, &program)?,
    };
    lines.iter().for_each(|path| console.output(&from_here(&path.display().to_string())));
    Ok(())
}

/// The planned run that was named, or the one that is planned now.
pub fn outline(args: &RunArgs, console: &Console) -> Result<Outline, Failure> {
    if let Some(directory) = args.workflow.as_ref().filter(|path| path.is_dir()) {
        return Ok(Outline::read(directory)?);
    }
    let request = request(args)?;
    ControlArgs::default().with(console, |control| Ok(plan_only(&request, &args.out, &control, console)?))
}

/// What the cluster wants to be told.
pub fn profile(path: Option<&PathBuf>) -> Result<Profile, Failure> {
    Ok(path.map(|path| Profile::read(path)).transpose()?.unwrap_or_default())
}

/// Where this program lies.
pub fn this_program() -> Result<PathBuf, Failure> {
    std::env::current_exe()
        .map_err(|error| Failure::machine(format!("where alkaline lies cannot be told: {error}")))
}
