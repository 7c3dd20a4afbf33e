//! `alkaline completions`: completion of commands and options for a shell.

use std::io::Write;

use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::Failure;

/// Arguments of `completions`.
#[derive(Args, Clone, Debug)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: Shell,
}

/// Prints the completion script of the command line `cli`.
pub fn run(args: &CompletionsArgs, mut cli: Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli, "alkaline", &mut script);
    std::io::stdout().write_all(&script).map_err(|error| Failure::machine(error.to_string()))
}
