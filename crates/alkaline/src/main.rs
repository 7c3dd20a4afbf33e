//! The command line of alkaline: arguments, messages, exit codes. Everything else lives in the libraries.

mod cli;
mod commands;
mod console;
mod failure;
mod global_options;
mod interrupt;
mod version;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    failure::report_bugs_kindly();
    let cli = cli::Cli::parse();
    match cli.command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}
