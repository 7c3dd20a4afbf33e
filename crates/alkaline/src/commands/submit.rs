//! `alkaline submit`: a run as jobs of Slurm.

use std::path::{Path, PathBuf};

use alkaline_core::words::listed;
use alkaline_workflow::RunDirectory;
use alkaline_workflow::engine::slurm::{self, Resumed};
use clap::{Args, ValueEnum};

use super::emit::{PLACE, PLACE_HELP, outline, profile, this_program};
use super::reads_input::slurm_programs;
use super::run::RunArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::from_here::from_here;
use crate::global_options::GlobalOptions;

/// A scheduler that jobs are submitted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scheduler {
    /// Slurm.
    Slurm,
}

/// Arguments of `submit`.
#[derive(Args, Clone, Debug)]
#[command(mut_arg("workflow", |argument| argument.value_name(PLACE).help(PLACE_HELP)))]
pub struct SubmitArgs {
    /// The scheduler.
    #[arg(value_name = "SCHEDULER")]
    pub scheduler: Scheduler,
    #[command(flatten)]
    pub run: RunArgs,
    /// What the cluster wants to be told: partition, account, memory and time of steps, in TOML.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// Wait until no job is left; without it nothing of alkaline stays on this machine.
    #[arg(long)]
    pub wait: bool,
}

/// Plans the run where it is not planned yet, and submits what is not done.
pub fn run(args: &SubmitArgs) -> Result<(), Failure> {
    let Scheduler::Slurm = args.scheduler;
    let console = Console::new(&args.run.global)?;
    let profile = profile(args.profile.as_ref())?;
    let outline = outline(&args.run, &console)?;
    let resumed = slurm::resume(&outline, &profile, &slurm_programs(), &this_program()?)?;
    tell(&resumed, outline.directory.root(), &console);
    let global = &args.run.global;
    if args.wait { wait(outline.directory.root(), global, &console) } else { Ok(()) }
}

/// Says which jobs are new, which go on, and which were cancelled.
pub fn tell(resumed: &Resumed, directory: &Path, console: &Console) {
    let Resumed { submission, at_work, cancelled } = resumed;
    if !cancelled.is_empty() {
        console.result(&format!(
            "cancelled, because what they waited for is not to come: job {}",
            listed(cancelled)
        ));
    }
    if !at_work.is_empty() {
        console.result(&format!("goes on: job {}", listed(at_work)));
    }
    for job in submission.iter().flat_map(|submission| &submission.jobs) {
        let id = job.id.as_deref().unwrap_or_default();
        let ask = &job.ask;
        console.result(&format!(
            "{:<12} job {id}: {} x {} CPUs, {} MB, {} min",
            job.name,
            job.rows.len(),
            ask.cpus,
            ask.memory >> 20,
            ask.seconds / 60
        ));
    }
    match submission {
        Some(_) => {
            let place = directory.display();
            console.result(&from_here(&format!("how far it is: alkaline status {place}")));
        }
        None if at_work.is_empty() => console.result("everything is done already: nothing was submitted"),
        None => console.result("jobs are at all that is left: nothing was submitted"),
    }
}

/// Waits until no job is left, and says what came of it.
pub fn wait(directory: &Path, global: &GlobalOptions, console: &Console) -> Result<(), Failure> {
    slurm::watch(directory, &slurm_programs(), console)?;
    if RunDirectory::new(directory).manifest().is_file() {
        console.result(&from_here(&format!("report: {}", directory.join("report.html").display())));
        return Ok(());
    }
    let all =
        super::status::StatusArgs { directory: directory.to_owned(), all: false, global: global.clone() };
    super::status::run(&all)?;
    Err(Failure::machine("the jobs ended before the run was complete")
        .hint(from_here(&format!("alkaline resume {}", directory.display()))))
}
