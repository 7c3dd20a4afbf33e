//! What can be typed: the list of commands.

use alkaline_io::output;
use clap::{CommandFactory, Parser, Subcommand};

use crate::commands;
use crate::failure::Failure;
use crate::version::VERSION;

/// RNA-seq differential expression from aligned reads to biology, in one binary.
#[derive(Parser)]
#[command(name = "alkaline", version = VERSION, about, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Run a complete analysis of simulated demonstration data.
    Demo(commands::demo::DemoArgs),
    /// Run a complete analysis: BAMs or a count table in, report out.
    Run(Box<commands::run::RunCommand>),
    /// Write a commented workflow file for BAMs, FASTQs or a count table.
    Init(commands::init::InitArgs),
    /// Make counts, sample sheet and contrasts of other people's data.
    #[command(subcommand)]
    Import(commands::import::ImportCommand),
    /// Validate everything that `run` would, and compute nothing.
    Check(Box<commands::run::RunArgs>),
    /// Cut adapters and poor ends off reads, drop poor reads (fastp).
    Clean(Box<commands::clean::CleanArgs>),
    /// Find the places of reads on the genome (HISAT2, samtools).
    Align(Box<commands::align::AlignArgs>),
    /// Count reads on genes, with featureCounts' options.
    Count(Box<commands::count::CountArgs>),
    /// Join count tables of single samples.
    Merge(commands::merge::MergeArgs),
    /// Turn counts into CPM, log CPM, FPKM or TPM.
    Normalize(commands::normalize::NormalizeArgs),
    /// Test one contrast for differential expression.
    Test(Box<commands::test_args::TestArgs>),
    /// Find out what the genes mean: over-representation, GSEA.
    #[command(subcommand)]
    Enrich(commands::enrich::EnrichCommand),
    /// Show a chosen set of genes side by side.
    Panel(commands::panel::PanelArgs),
    /// Hold experiments against each other: lists, ranks, fold changes.
    Compare(commands::compare::CompareArgs),
    /// Find out what markers in patients say about their survival.
    Cohort(Box<commands::cohort::CohortArgs>),
    /// Find out how many replicates a study needs.
    Power(Box<commands::power::PowerArgs>),
    /// Simulate an experiment whose truth is known.
    Simulate(Box<commands::simulate::SimulateArgs>),
    /// Say how far a run is, what failed, and how to go on.
    Status(commands::status::StatusArgs),
    /// Repeat a recorded run, and say whether it leaves the same.
    Rerun(Box<commands::rerun::RerunArgs>),
    /// Say what differs between two runs, and what that changed.
    Diff(commands::diff::DiffArgs),
    /// Say why a gene is where it is: tested, filtered, without reads.
    Why(commands::why::WhyArgs),
    /// Write a run down for Slurm, Snakemake or Nextflow.
    Emit(Box<commands::emit::EmitArgs>),
    /// Submit a run to Slurm.
    Submit(Box<commands::submit::SubmitArgs>),
    /// Go on with a run: new jobs for what failed, or here what is left.
    Resume(commands::resume::ResumeArgs),
    /// Run stages of a planned run, as engines do.
    Stage(commands::stage::StageArgs),
    /// Write a run for Python, R, Parquet or a spreadsheet.
    Export(commands::export::ExportArgs),
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

impl Command {
    /// Does what was asked for.
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Demo(args) => commands::demo::run(args),
            Self::Run(args) => commands::run::run(&args),
            Self::Check(args) => commands::check::run(&args),
            Self::Simulate(args) => commands::simulate::run(&args),
            Self::Stage(args) => commands::stage::run(&args),
            Self::Emit(args) => commands::emit::run(&args),
            Self::Submit(args) => commands::submit::run(&args),
            Self::Resume(args) => commands::resume::run(&args),
            Self::Report(args) => commands::report::run(&args),
            Self::Rerun(args) => commands::rerun::run(&args),
            // A run and a simulation look after their files themselves; those of any other command appear together or not at all.
            other => output::together(|| other.run_stage()),
        }
    }

    /// Does what a command asks for that reads and writes files of its own.
    fn run_stage(self) -> Result<(), Failure> {
        match self {
            Self::Demo(_)
            | Self::Run(_)
            | Self::Check(_)
            | Self::Simulate(_)
            | Self::Stage(_)
            | Self::Emit(_)
            | Self::Submit(_)
            | Self::Resume(_)
            | Self::Rerun(_)
            | Self::Report(_) => self.run(),
            Self::Init(args) => commands::init::run(&args),
            Self::Import(command) => commands::import::run(&command),
            Self::Diff(args) => commands::diff::run(&args),
            Self::Status(args) => commands::status::run(&args),
            Self::Why(args) => commands::why::run(&args),
            Self::Export(args) => commands::export::run(&args),
            Self::Clean(args) => commands::clean::run(&args),
            Self::Align(args) => commands::align::run(&args),
            Self::Count(args) => commands::count::run(*args),
            Self::Merge(args) => commands::merge::run(&args),
            Self::Normalize(args) => commands::normalize::run(&args),
            Self::Test(args) => commands::test::run(&args),
            Self::Enrich(args) => commands::enrich::run(&args),
            Self::Panel(args) => commands::panel::run(&args),
            Self::Compare(args) => commands::compare::run(&args),
            Self::Cohort(args) => commands::cohort::run(&args),
            Self::Power(args) => commands::power::run(&args),
            Self::Reference(args) => commands::reference::run(&args),
            Self::Completions(args) => commands::completions::run(&args, Cli::command()),
            Self::Man(args) => commands::man::run(&args, Cli::command()),
        }
    }
}
