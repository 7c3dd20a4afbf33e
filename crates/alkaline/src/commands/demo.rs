//! `alkaline demo`: the whole path on a simulated experiment whose truth is known.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use alkaline_core::GeneId;
use alkaline_core::GenomeBuild;
use alkaline_core::results::{Direction, Query, TestTable};
use alkaline_core::unfinished::{self, Kind, Unfinished};
use alkaline_io::WriteError;
use alkaline_io::results::ora;
use alkaline_simulate::{GeneTruth, SimulateOptions, simulate_experiment};
use alkaline_workflow::engine::plan_only;
use alkaline_workflow::stages::simulate::{self, SimulatedFiles};
use alkaline_workflow::stages::test::TestSettings;
use alkaline_workflow::store::check_place;
use alkaline_workflow::{Experiment, Observer, RunDirectory, RunRequest, Settings};
use clap::Args;

use super::control::ControlArgs;
use super::run::{command_asked, here, panel_specs, tell, tell_planned};
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;
use crate::version::VERSION;

/// Arguments of `demo`.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// Directory for the results; the simulated BAMs lie in its folder `data`.
    #[arg(short, long, value_name = "DIR", default_value = "alkaline-demo")]
    pub out: PathBuf,
    /// Simulate the data and write down what is to be done with them, for `alkaline emit`, `submit` and `stage`; do nothing of it.
    #[arg(long)]
    pub plan_only: bool,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Simulates, analyses, and compares what was found with what is true.
pub fn run(args: DemoArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let options = demo_options();
    check_place(&args.out)?;
    // A demonstration that is interrupted leaves no directory that was not there before.
    let begun = (!args.out.exists()).then(|| begin_directory(&args.out)).transpose()?;
    let (files, truth) = simulate_data(&args.out, &options, &console)?;
    let request = request(&files)?;
    if args.plan_only {
        return ControlArgs::default().with(&console, |control| {
            tell_planned(&plan_only(&request, &args.out, &control, &console)?, &console);
            drop(begun);
            Ok(())
        });
    }
    let outcome = ControlArgs::default()
        .with(&console, |control| Ok(alkaline_workflow::run(&request, &args.out, &control, &console)?))?;
    drop(begun);
    for table in &outcome.tests {
        tell_findings(table, &args.out, &console)?;
        tell_truth(table, &truth, &console);
    }
    tell(&outcome, &args.out, &console);
    Ok(())
}

/// Makes the directory for the results; the entry says that it is under way.
fn begin_directory(out: &Path) -> Result<Unfinished, Failure> {
    let make = || std::fs::create_dir_all(out).map(|()| out);
    let failed = |source| WriteError { path: out.to_owned(), source };
    Ok(unfinished::begin(Kind::Tree, make, |out| *out).map_err(failed)?.1)
}

/// The story of the paper, planted: chemokines, angiogenesis and matrix up, growth down.
fn demo_options() -> SimulateOptions {
    SimulateOptions { programmes: super::simulate::demo_programmes(), ..SimulateOptions::default() }
}

/// Simulates the experiment into the folder `data` of `out`.
fn simulate_data(
    out: &Path,
    options: &SimulateOptions,
    console: &Console,
) -> Result<(SimulatedFiles, Vec<GeneTruth>), Failure> {
    console.stage_started("simulate");
    let watch = std::time::Instant::now();
    let annotation = alkaline_reference::annotation(GenomeBuild::Hg38);
    let experiment =
        simulate_experiment(&annotation, &alkaline_reference::contigs(GenomeBuild::Hg38), options)
            .map_err(|error| Failure::input(error.to_string()))?;
    let files = simulate::write(&experiment, &out.join("data"), false)?;
    let outcome = format!(
        "{} BAMs in {} (simulated data, seed {})",
        files.bams.len(),
        out.join("data").display(),
        options.seed
    );
    console.stage_finished("simulate", watch.elapsed().as_secs_f64(), &outcome);
    Ok((files, experiment.simulated().truth.clone()))
}

/// The run on the simulated files: nothing is told that a user would not know.
fn request(files: &SimulatedFiles) -> Result<RunRequest, Failure> {
    let sheet = alkaline_io::samples::read(&files.samples)?;
    let contrasts = alkaline_io::contrasts::read(&files.contrasts)?;
    let request = RunRequest {
        title: "Demonstration (simulated data): resistant against parental".to_owned(),
        experiment: Experiment::from_sheet(sheet, Some(contrasts), None, &TestSettings::default())?,
        samples_file: Some(files.samples.clone()),
        annotation: None,
        hisat2_index: None,
        offsets: None,
        allow_fractional: false,
        transpose: false,
        keep_filtered: false,
        settings: Settings::default(),
        panels: panel_specs(&[])?,
        command: command_asked(),
        version: VERSION.to_owned(),
        simulated: true,
    };
    Ok(request.at(&here()?))
}

/// The leading gene sets among those over-represented in the genes that went up and down.
fn tell_findings(table: &TestTable, out: &Path, console: &Console) -> Result<(), Failure> {
    let directory = RunDirectory::new(out);
    for query in &[Query::Up, Query::Down] {
        let found = ora::read(&directory.contrast(&table.contrast.id).ora(query))?;
        let mut rows: Vec<_> = found.significant().collect();
        rows.sort_by(|a, b| a.p_adjusted.total_cmp(&b.p_adjusted));
        let leading: Vec<&str> = rows.iter().take(5).map(|row| row.description.as_str()).collect();
        console.result(&format!(
            "gene sets {query}: {} significant; first {}",
            rows.len(),
            leading.join(", ")
        ));
    }
    Ok(())
}

/// What was found against what was planted.
fn tell_truth(table: &TestTable, truth: &[GeneTruth], console: &Console) {
    let changed: HashSet<&GeneId> =
        truth.iter().filter(|gene| gene.log2_fold_change != 0.0).map(|gene| &gene.gene).collect();
    let called: Vec<&GeneId> = table
        .rows
        .iter()
        .filter(|row| row.direction != Direction::NotSignificant)
        .map(|row| &row.gene)
        .collect();
    let right = called.iter().filter(|gene| changed.contains(**gene)).count();
    let tested = table.rows.iter().filter(|row| changed.contains(&row.gene)).count();
    console.result(&format!(
        "truth: of {} genes called {right} really differ; {tested} of {} genes that really differ had enough reads to be \
         tested",
        called.len(),
        changed.len()
    ));
}
