//! One module per command: its arguments, and what it does with them.

pub mod check;
pub mod completions;
pub mod count;
pub mod demo;
pub mod enrich;
pub mod experiment;
pub mod gene_sets;
pub mod man;
pub mod merge;
pub mod normalize;
pub mod panel;
pub mod power;
pub mod reference;
pub mod report;
pub mod run;
pub mod simulate;
pub mod test;

use crate::cli::Command;
use crate::failure::Failure;

/// Runs the command that was typed.
pub fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => demo::run(args),
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Count(args) => count::run(*args),
        Command::Merge(args) => merge::run(&args),
        Command::Normalize(args) => normalize::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Enrich(args) => enrich::run(&args),
        Command::Panel(args) => panel::run(&args),
        Command::Power(args) => power::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Reference(args) => reference::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}
