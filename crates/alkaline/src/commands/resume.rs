//! `alkaline resume`: goes on with a run, where it was last worked on or where it is told to.

use std::path::PathBuf;

use alkaline_workflow::engine::local::Control;
use alkaline_workflow::engine::{self, Outline, slurm};
use clap::{Args, ValueEnum};

use super::control::ControlArgs;
use super::emit::{profile, this_program};
use super::reads_input::slurm_programs;
use super::submit;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Where a run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Place {
    /// On this machine.
    Local,
    /// In jobs of Slurm.
    Slurm,
}

/// Arguments of `resume`.
#[derive(Args, Clone, Debug)]
pub struct ResumeArgs {
    /// The directory of a run.
    #[arg(value_name = "RUN_DIR")]
    pub directory: PathBuf,
    /// Where it goes on [default: in jobs of Slurm when some were submitted, else here].
    #[arg(long, value_name = "PLACE")]
    pub on: Option<Place>,
    /// What the cluster wants to be told: partition, account, memory and time of steps, in TOML.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// Wait until no job is left, or until another program at the run has ended.
    #[arg(long)]
    pub wait: bool,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Goes on with what is not done.
pub fn run(args: &ResumeArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let outline = Outline::read(&args.directory)?;
    let was_slurm = slurm::latest(&outline.directory)?.is_some();
    match args.on.unwrap_or(if was_slurm { Place::Slurm } else { Place::Local }) {
        Place::Slurm => on_slurm(args, &outline, &console),
        Place::Local => here(args, &outline, &console),
    }
}

fn on_slurm(args: &ResumeArgs, outline: &Outline, console: &Console) -> Result<(), Failure> {
    let profile = profile(args.profile.as_ref())?;
    let resumed = slurm::resume(outline, &profile, &slurm_programs(), &this_program()?)?;
    submit::tell(&resumed, &args.directory, console);
    if args.wait { submit::wait(&args.directory, &args.global, console) } else { Ok(()) }
}

fn here(args: &ResumeArgs, outline: &Outline, console: &Console) -> Result<(), Failure> {
    let control = ControlArgs { wait: args.wait, ..ControlArgs::default() };
    let outcome = control.with(console, |control| {
        let control = Control { date: Some(outline.date.clone()), ..control };
        Ok(engine::run(&outline.request, &args.directory, &control, console)?)
    })?;
    super::run::tell(&outcome, &args.directory, console);
    Ok(())
}
