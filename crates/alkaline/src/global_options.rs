//! Options that every command takes: how many threads, and how messages look.

use clap::{Args, ValueEnum};

/// Options that every command takes.
#[derive(Args, Clone, Debug, Default)]
pub struct GlobalOptions {
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
