//! `alkaline man`: what can be typed, as manual pages or as one page of Markdown.

use std::path::{Path, PathBuf};

use clap::{Args, Command, ValueEnum};
use clap_markdown::{MarkdownOptions, help_markdown_command_custom};

use crate::failure::Failure;

/// The file that holds the page of Markdown.
const MARKDOWN_PAGE: &str = "commands.md";

/// What the pages are written in.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum PageFormat {
    /// Manual pages: alkaline.1, alkaline-run.1 and so on.
    #[default]
    Roff,
    /// One page of Markdown, commands.md.
    Markdown,
}

/// Arguments of `man`.
#[derive(Args, Clone, Debug)]
pub struct ManArgs {
    /// Directory for the pages.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// What the pages are written in.
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// Writes the pages of the command line `cli`.
pub fn run(args: &ManArgs, cli: Command) -> Result<(), Failure> {
    let in_context =
        |error: std::io::Error| Failure::machine(format!("{}: {error}", args.directory.display()));
    std::fs::create_dir_all(&args.directory).map_err(in_context)?;
    match args.format {
        PageFormat::Roff => clap_mangen::generate_to(cli, &args.directory).map_err(in_context),
        PageFormat::Markdown => write_markdown(&args.directory.join(MARKDOWN_PAGE), &cli),
    }
}

/// Writes the page of Markdown.
fn write_markdown(path: &Path, cli: &Command) -> Result<(), Failure> {
    let options = MarkdownOptions::new()
        .title("Commands and options".to_owned())
        .show_footer(false)
        .show_table_of_contents(false);
    let page = help_markdown_command_custom(cli, &options);
    Ok(alkaline_io::file::write_atomically(path, |out| out.write_all(page.as_bytes()))?)
}
