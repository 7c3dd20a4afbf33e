//! `alkaline man`: manual pages, one per command.

use std::path::PathBuf;

use clap::{Args, Command};

use crate::failure::Failure;

/// Arguments of `man`.
#[derive(Args, Clone, Debug)]
pub struct ManArgs {
    /// Directory for the pages.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
}

/// Writes alkaline.1, alkaline-run.1 and so on: the pages of the command line `cli`.
pub fn run(args: &ManArgs, cli: Command) -> Result<(), Failure> {
    let in_context =
        |error: std::io::Error| Failure::machine(format!("{}: {error}", args.directory.display()));
    std::fs::create_dir_all(&args.directory).map_err(in_context)?;
    clap_mangen::generate_to(cli, &args.directory).map_err(in_context)
}
