//! What can be typed: the list of commands, and the options that all of them share.

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands;

/// RNA-seq differential expression from aligned reads to biology, in one binary.
#[derive(Parser)]
#[command(name = "alkaline", version = VERSION, about, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// Version with the revision it was built from, where known.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), env!("ALKALINE_REVISION"));

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Run a complete analysis of the built-in, simulated demonstration experiment.
    Demo(commands::demo::DemoArgs),
    /// Run a complete analysis: BAMs or a count table in, report out.
    Run(Box<commands::run::RunArgs>),
    /// Validate everything that `run` would, and compute nothing.
    Check(Box<commands::run::RunArgs>),
    /// Count reads on genes, with featureCounts' options.
    Count(Box<commands::count::CountArgs>),
    /// Join count tables of single samples.
    Merge(commands::merge::MergeArgs),
    /// Turn counts into CPM, log CPM, FPKM or TPM.
    Normalize(commands::normalize::NormalizeArgs),
    /// Test one contrast for differential expression.
    Test(Box<commands::test::TestArgs>),
    /// Find out what the genes mean: over-representation, ranked enrichment.
    #[command(subcommand)]
    Enrich(commands::enrich::EnrichCommand),
    /// Show a chosen set of genes side by side.
    Panel(commands::panel::PanelArgs),
    /// Find out how many replicates a study needs.
    Power(Box<commands::power::PowerArgs>),
    /// Simulate an experiment whose truth is known.
    Simulate(Box<commands::simulate::SimulateArgs>),
    /// Rebuild the report of a run from its files.
    Report(commands::report::ReportArgs),
    /// List or print what is built in: annotation, gene sets, panels.
    #[command(subcommand)]
    Reference(commands::reference::ReferenceCommand),
    /// Print completions for a shell.
    Completions(commands::completions::CompletionsArgs),
    /// Write manual pages.
    Man(commands::man::ManArgs),
}

/// Options that every command takes.
#[derive(Args, Clone, Debug, Default)]
pub struct Common {
    /// Threads to use [default: all cores].
    #[arg(short = 'j', long, value_name = "N", help_heading = "General options")]
    pub threads: Option<usize>,
    /// Say more.
    #[arg(short, long, help_heading = "General options")]
    pub verbose: bool,
    /// Say nothing but errors.
    #[arg(short, long, conflicts_with = "verbose", help_heading = "General options")]
    pub quiet: bool,
    /// Do not show what is going on, even in a terminal.
    #[arg(long, help_heading = "General options")]
    pub no_progress: bool,
    /// When to colour messages (NO_COLOR is honoured).
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "General options")]
    pub color: ColorChoice,
    /// How to print messages.
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "General options")]
    pub log: LogFormat,
}

/// When to colour messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// In a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How messages are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}
