//! `alkaline rerun`: a recorded run once more, from what its record says was asked for.

use std::path::PathBuf;

use alkaline_core::words::{count, listed};
use alkaline_workflow::engine::local::Control;
use alkaline_workflow::record::again::Recorded;
use alkaline_workflow::{Observer, RunOutcome};
use clap::Args;

use super::control::ControlArgs;
use super::run::tell;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;
use crate::version::VERSION;

/// Arguments of `rerun`.
#[derive(Args, Clone, Debug)]
pub struct RerunArgs {
    /// The run.json of a finished run, or its directory.
    #[arg(value_name = "RUN_JSON|RUN_DIR")]
    pub record: PathBuf,
    /// Directory for the results.
    #[arg(short, long, value_name = "DIR", default_value = "alkaline-rerun")]
    pub out: PathBuf,
    /// Go on although inputs are not what they were.
    #[arg(long)]
    pub anyway: bool,
    #[command(flatten)]
    pub control: ControlArgs,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Repeats the run, and says whether it left the same.
pub fn run(args: &RerunArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let mut recorded = Recorded::read(&args.record)?;
    let was = std::mem::replace(&mut recorded.request.version, VERSION.to_owned());
    if was != VERSION {
        console
            .warning(&format!("the run was made by alkaline {was}, this is {VERSION}: results may differ"));
    }
    console.note(&format!("{} are read again", count(recorded.inputs.len(), "input")));
    let (known, differing) = recorded.look_at_inputs();
    if !differing.is_empty() && !args.anyway {
        let all: Vec<String> = differing.iter().map(ToString::to_string).collect();
        return Err(
            Failure::input(all.join("\n")).hint("put the recorded files back, or go on with these: --anyway")
        );
    }
    differing.iter().for_each(|differs| console.warning(&differs.to_string()));
    let outcome = args.control.with(&console, |control| {
        if args.control.dry_run {
            super::run::tell_plan(&recorded.request, &args.out, &control, &console)?;
            return Ok(None);
        }
        let control = Control { date: Some(recorded.date.clone()), known, ..control };
        Ok(Some(alkaline_workflow::run(&recorded.request, &args.out, &control, &console)?))
    })?;
    if let Some(outcome) = outcome {
        compare(&recorded, &outcome, &console);
        tell(&outcome, &args.out, &console);
    }
    Ok(())
}

/// Says whether every file is as it was recorded.
fn compare(recorded: &Recorded, outcome: &RunOutcome, console: &Console) {
    let differing = recorded.differing_outputs(&outcome.manifest.outputs);
    if differing.is_empty() {
        console.result(&format!(
            "{}: each the same as recorded, byte by byte",
            count(recorded.outputs.len(), "file")
        ));
    } else {
        let names = listed(differing.iter().map(|path| path.display().to_string()));
        console.warning(&format!(
            "{} of {} not as recorded: {names}; `alkaline diff` tells what that means",
            differing.len(),
            count(recorded.outputs.len(), "file")
        ));
    }
}
