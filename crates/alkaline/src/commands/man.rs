//! `alkaline man`: what can be typed, as manual pages or as one page of Markdown.

use std::path::{Path, PathBuf};

use alkaline_workflow::spec::init;
use alkaline_workflow::spec::workflow_file::schema;
use clap::{Args, Command, ValueEnum};
use clap_mangen::Man;
use clap_markdown::{MarkdownOptions, help_markdown_command_custom};

use crate::examples::{folded, with_examples};
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
        PageFormat::Roff => {
            let mut cli = with_examples(cli, listed).disable_help_subcommand(true);
            cli.build();
            manual_pages(&cli, &args.directory)
        }
        PageFormat::Markdown => {
            let fenced = |lines: &[&str]| format!("**Examples:**\n\n```\n{}\n```", listed(lines));
            write(&args.directory.join(COMMANDS), &commands_page(&with_examples(cli, fenced)))?;
            write(&args.directory.join(WORKFLOW_FILE), &init::reference_page())?;
            write(&args.directory.join(WORKFLOW_SCHEMA), &schema::text())
        }
    }
}

/// The manual pages of `command` and of all below it.
fn manual_pages(command: &Command, directory: &Path) -> Result<(), Failure> {
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        manual_pages(inner, directory)?;
    }
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| Failure::machine(error.to_string()))?;
    let text = String::from_utf8_lossy(&text)
        // what stands after the options are examples, a line each
        .replace("\n.SH EXTRA\n", "\n.SH EXAMPLES\n.nf\n")
        .replace("\n.SH VERSION\n", "\n.fi\n.SH VERSION\n");
    write(&directory.join(page.get_filename()), &text)
}

/// Examples, one below the other.
fn listed(lines: &[&str]) -> String {
    lines.iter().map(|line| folded(line)).collect::<Vec<_>>().join("\n")
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
