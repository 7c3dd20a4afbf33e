//! The command line of alkaline: arguments, messages, exit codes. Everything else lives in the libraries.

mod cli;
mod commands;
mod console;
#[cfg(test)]
mod docs_commands;
mod events;
mod examples;
mod failure;
mod from_here;
mod global_options;
mod groups;
mod interrupt;
mod memory;
mod outputs;
mod pace;
mod progress;
mod version;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let format = failure::format_asked_for(&arguments);
    failure::report_bugs_kindly(format, memory::end_for_lack_of_memory);
    memory::reserve();
    match interrupt::watch().and_then(|()| run(&arguments, format)) {
        Ok(code) => code,
        Err(failure) => failure.tell(format),
    }
}

/// Does what was typed.
fn run(arguments: &[OsString], format: global_options::LogFormat) -> Result<ExitCode, failure::Failure> {
    let command = groups::by_task(examples::with_examples(cli::Cli::command(), examples::indented));
    let understood = command.try_get_matches_from(arguments).and_then(|matches| {
        let cli = cli::Cli::from_arg_matches(&matches)?;
        Ok((matches, cli))
    });
    match understood {
        Ok((matches, cli)) => {
            outputs::guard(&matches)?;
            cli.command.run().map(|()| ExitCode::SUCCESS)
        }
        Err(error) => Ok(failure::tell_usage(&error, format)),
    }
}
