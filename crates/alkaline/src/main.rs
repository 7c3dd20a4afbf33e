//! The command line of alkaline: arguments, messages, exit codes. Everything else lives in the libraries.

mod cli;
mod commands;
mod console;
mod failure;
mod interrupt;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    failure::report_bugs_kindly();
    let cli = cli::Cli::parse();
    match commands::dispatch(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}
