//! The command line of alkaline: arguments, messages, exit codes. Everything else lives in the libraries.

mod cli;
mod commands;
mod console;
mod failure;
mod global_options;
mod interrupt;
mod outputs;
mod version;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

fn main() -> ExitCode {
    failure::report_bugs_kindly();
    let matches = cli::Cli::command().get_matches();
    let cli = cli::Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match outputs::guard(&matches).and_then(|()| cli.command.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}
