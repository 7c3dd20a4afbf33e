//! `alkaline man`: what can be typed, as manual pages or as one page of Markdown.

use std::path::{Path, PathBuf};

use alkaline_workflow::spec::init;
use alkaline_workflow::spec::workflow_file::schema;
use clap::{Args, Command, ValueEnum};
use clap_markdown::{MarkdownOptions, help_markdown_command_custom};

use crate::failure::Failure;

/// The file that holds the page of commands and options.
const COMMANDS: &str = "commands.md";

/// The file that holds the page of the keys of a workflow file.
const WORKFLOW_FILE: &str = "workflow.md";

/// The file that holds the schema of a workflow file.
const WORKFLOW_SCHEMA: &str = "workflow.schema.json";

/// What the pages are written in.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum PageFormat {
    /// Manual pages: alkaline.1, alkaline-run.1 and so on.
    #[default]
    Roff,
    /// Pages of Markdown: commands.md, workflow.md with the schema of workflow files beside it.
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
        PageFormat::Markdown => {
            write(&args.directory.join(COMMANDS), &commands_page(&cli))?;
            write(&args.directory.join(WORKFLOW_FILE), &init::reference_page())?;
            write(&args.directory.join(WORKFLOW_SCHEMA), &schema::text())
        }
    }
}

/// The page of commands and options.
fn commands_page(cli: &Command) -> String {
    let options = MarkdownOptions::new()
        .title("Commands and options".to_owned())
        .show_footer(false)
        .show_table_of_contents(false);
    help_markdown_command_custom(cli, &options)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    Ok(alkaline_io::file::write_atomically(path, |out| out.write_all(text.as_bytes()))?)
}
