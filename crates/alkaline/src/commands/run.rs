//! `alkaline run`: a complete analysis, from the shortest command line or from a workflow file.

use std::path::{Path, PathBuf};

use alkaline_core::results::RankBy;
use alkaline_core::samples::{ContrastSpec, SampleSheet};
use alkaline_core::spelling::did_you_mean;
use alkaline_core::words::{count, count_of, quoted};
use alkaline_count::StrandRule;
use alkaline_io::samples::SheetFile;
use alkaline_io::{ReadError, contrasts, gene_list};
use alkaline_workflow::engine::{self, Control, Outline};
use alkaline_workflow::stages::panels::PanelSpec;
use alkaline_workflow::stages::test::{TestMethod, TestSettings};
use alkaline_workflow::store::receipt::Ending;
use alkaline_workflow::{
    Experiment, RunManifest, RunOutcome, RunRequest, Settings, WorkflowFile, dry_run, questions,
};
use clap::Args;

use super::contrast::parse_contrast;
use super::control::ControlArgs;
use super::gene_sets::GeneSetArgs;
use super::norm_options::NormArgs;
use super::sample_sheet::read_sheet;
use super::test_options::TestOptions;
use super::values_options::ValuesOptions;
use crate::console::Console;
use crate::failure::Failure;
use crate::from_here::from_here;
use crate::global_options::GlobalOptions;
use crate::version::VERSION;

/// Arguments of `run` and `check`.
#[derive(Args, Clone, Debug, Default)]
pub struct RunArgs {
    /// A workflow file (workflow.toml); options on the command line win over it.
    #[arg(value_name = "WORKFLOW", conflicts_with_all = ["parental", "resistant"])]
    pub workflow: Option<PathBuf>,
    /// BAMs (or SAM, CRAM) of the parental line.
    #[arg(long, num_args = 1.., value_name = "BAM", requires = "resistant")]
    pub parental: Vec<PathBuf>,
    /// BAMs (or SAM, CRAM) of the resistant line.
    #[arg(long, num_args = 1.., value_name = "BAM", requires = "parental")]
    pub resistant: Vec<PathBuf>,
    /// Sample sheet: `sample,bam,condition[,replicate,batch,...]`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["parental", "resistant"])]
    pub samples: Option<PathBuf>,
    /// Contrasts: `id,variable,reference,target[,blocking]`, or `id,contrast` with an expression in levels or coefficients.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["parental", "resistant"])]
    pub contrasts: Option<PathBuf>,
    /// A contrast instead of a file of them, as `alkaline test` takes it; may be repeated.
    #[arg(
        long,
        value_name = "VARIABLE,REFERENCE,TARGET",
        value_parser = parse_contrast,
        allow_hyphen_values = true,
        conflicts_with_all = ["parental", "resistant", "contrasts"]
    )]
    pub contrast: Vec<ContrastSpec>,
    /// Begin with this count table instead of BAMs.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["parental", "resistant"])]
    pub counts: Option<PathBuf>,
    /// Average lengths of transcripts beside estimated counts (`lengths.tsv` of `alkaline import`), of which tests make offsets.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["parental", "resistant", "expression"])]
    pub offsets: Option<PathBuf>,
    /// Begin with this table of expression values (arrays, panels, logarithms of FPKM or TPM) instead of counts; limma tests them.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["parental", "resistant", "counts"])]
    pub expression: Option<PathBuf>,
    #[command(flatten)]
    pub values: ValuesOptions,
    /// Accept fractional counts in the count table (expected counts of RSEM or salmon).
    #[arg(long)]
    pub allow_fractional: bool,
    /// Samples stand in the rows of the count table, genes in its columns.
    #[arg(long)]
    pub transpose: bool,
    /// Gene models: a GTF, GFF3 or SAF file, or hg38, hg19, mm10 [default: recognised from the BAM header].
    #[arg(long, value_name = "FILE|NAME")]
    pub annotation: Option<String>,
    /// Index of the genome that reads are aligned to: the directory that `alkaline reference index` made, or what `hisat2 -x` takes.
    #[arg(long, value_name = "PATH")]
    pub hisat2_index: Option<PathBuf>,
    /// Align reads as they are, without cleaning them before.
    #[arg(long)]
    pub no_clean: bool,
    /// How reads relate to the strand of the RNA [default: found from the data].
    #[arg(long, value_name = "RULE")]
    pub strandedness: Option<StrandRule>,
    #[command(flatten)]
    pub test: TestOptions,
    #[command(flatten)]
    pub norm: NormArgs,
    #[command(flatten)]
    pub enrich: EnrichArgs,
    /// Write the genes that were not tested too, with NA.
    #[arg(long)]
    pub keep_filtered: bool,
    /// Title of the report.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Directory for the results.
    #[arg(short, long, value_name = "DIR", default_value = "alkaline-run")]
    pub out: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Which gene sets are tested, and which panels shown.
#[derive(Args, Clone, Debug, Default)]
pub struct EnrichArgs {
    #[command(flatten)]
    pub sets: GeneSetArgs,
    /// Seed of the random numbers of GSEA [default: 1].
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// What genes are ranked by for GSEA [default: signed-log-p].
    #[arg(long, value_name = "SCORE")]
    pub rank_by: Option<RankBy>,
    /// Allow for long genes being called more readily in over-representation (goseq); needs counts with gene lengths.
    #[arg(long)]
    pub length_bias: bool,
    /// Panels of genes to show: names (see `alkaline reference list`) or files with one symbol a line [default: all].
    #[arg(long, value_name = "NAME|FILE", num_args = 1..)]
    pub panels: Vec<String>,
}

/// Arguments of `run`.
#[derive(Args, Clone, Debug, Default)]
pub struct RunCommand {
    #[command(flatten)]
    pub run: RunArgs,
    #[command(flatten)]
    pub control: ControlArgs,
    /// Write down what is to be done, for `alkaline emit`, `submit` and `stage`, and do nothing of it.
    #[arg(long, conflicts_with = "dry_run")]
    pub plan_only: bool,
}

/// Runs what is not done yet, and says what was found; or says what it would do.
pub fn run(command: &RunCommand) -> Result<(), Failure> {
    let RunCommand { run: args, control, plan_only } = command;
    let console = Console::new(&args.global)?;
    let request = request(args)?;
    if control.dry_run {
        return control.with(&console, |control| tell_plan(&request, &args.out, &control, &console));
    }
    if *plan_only {
        return control.with(&console, |control| {
            tell_planned(&engine::plan_only(&request, &args.out, &control, &console)?, &console);
            Ok(())
        });
    }
    let outcome = control
        .with(&console, |control| Ok(alkaline_workflow::run(&request, &args.out, &control, &console)?))?;
    if outcome.done == 0 {
        console.result("everything was done already, and nothing it was made from has changed");
    }
    tell(&outcome, &args.out, &console);
    Ok(())
}

/// Says that a run is planned, and what can be done with it.
pub fn tell_planned(outline: &Outline, console: &Console) {
    let place = outline.directory.root().display();
    let stages = count(outline.plan.nodes().len(), "stage");
    console.result(&from_here(&format!("planned: {stages} in {place} (plan {})", outline.hash)));
}

/// Says what a run would do, stage by stage, and why.
pub fn tell_plan(
    request: &RunRequest,
    out: &Path,
    control: &Control<'_>,
    console: &Console,
) -> Result<(), Failure> {
    let nodes = dry_run(request, out, control)?;
    nodes.iter().for_each(|(task, currency)| console.output(&from_here(&format!("{task:<32} {currency}"))));
    Ok(())
}

/// Options that say how a run is carried out, with the number of their values: no part of what was asked.
const NOT_ASKED: [(&[&str], usize); 12] = [
    (&["-o", "--out"], 1),
    (&["-j", "--threads"], 1),
    (&["--memory"], 1),
    (&["--color"], 1),
    (&["--log"], 1),
    (&["-v", "--verbose"], 0),
    (&["-q", "--quiet"], 0),
    (&["--no-progress", "--dry-run"], 0),
    (&["--wait"], 0),
    (&["--paranoid"], 0),
    (&["--plan-only"], 0),
    (&["--profile"], 1),
];

/// Commands that plan a run as `run` does, with the words between them and its options.
const AS_RUN: [(&str, usize); 2] = [("emit", 1), ("submit", 1)];

/// The command as typed, without what has no influence on the results.
pub fn command_asked() -> Vec<String> {
    asked(std::env::args().skip(1))
}

fn asked(typed: impl Iterator<Item = String>) -> Vec<String> {
    let mut words = vec!["alkaline".to_owned()];
    let mut left_out = 0;
    let mut typed = typed.peekable();
    // Where a run is done is no part of what was asked.
    if let Some((_, more)) = AS_RUN.iter().find(|(name, _)| typed.peek().is_some_and(|word| word == name)) {
        words.push("run".to_owned());
        left_out = more + 1;
    }
    for word in typed {
        if left_out > 0 {
            left_out -= 1;
            continue;
        }
        let name = word.split('=').next().unwrap_or_default();
        let short = |names: &[&str]| {
            names.iter().any(|own| own.len() == 2 && word.starts_with(own) && !word.starts_with("--"))
        };
        match NOT_ASKED.iter().find(|(names, _)| names.contains(&name) || short(names)) {
            // `--out=DIR` and `-j4` have their value with them.
            Some((names, values)) => left_out = if names.contains(&word.as_str()) { *values } else { 0 },
            None => words.push(word),
        }
    }
    words
}

/// What the command line (and the workflow file) ask for.
///
/// # Errors
/// Everything that is wrong with it, as far as one mistake does not hide another.
pub fn request(args: &RunArgs) -> Result<RunRequest, Failure> {
    let file = match &args.workflow {
        Some(path) => WorkflowFile::read(path)?,
        None => WorkflowFile::default(),
    };
    let mut failures = Vec::new();
    let settings = settings(args, &file, &mut failures);
    let annotation = args.annotation.clone().or(file.annotation.clone());
    let experiment = experiment(args, &file, &settings.test).map_err(|failure| failures.push(failure)).ok();
    let panels = if args.enrich.panels.is_empty() { &file.panels } else { &args.enrich.panels };
    let panels = panel_specs(panels).map_err(|failure| failures.push(failure)).ok();
    let (Some(experiment), Some(panels), true) = (experiment, panels, failures.is_empty()) else {
        // what else would stop the run is told at once
        let others = alkaline_workflow::check_references(annotation.as_deref(), &settings);
        failures.extend(others.into_iter().map(Failure::from));
        return Err(Failure::all(failures).unwrap_or_else(|| Failure::input("")));
    };
    let request = RunRequest {
        title: args.title.clone().or(file.title).unwrap_or_else(|| default_title(&experiment)),
        samples_file: args.samples.clone().or(file.samples),
        annotation,
        hisat2_index: args.hisat2_index.clone().or(file.hisat2_index),
        offsets: args.offsets.clone().or(file.offsets),
        allow_fractional: args.allow_fractional || file.allow_fractional,
        transpose: args.transpose || file.transpose,
        keep_filtered: args.keep_filtered || file.keep_filtered,
        settings,
        panels,
        experiment,
        command: command_asked(),
        version: VERSION.to_owned(),
        simulated: false,
    };
    Ok(request.at(&here()?))
}

/// The options of all stages: those of the workflow file, and over them what was typed.
fn settings(args: &RunArgs, file: &WorkflowFile, failures: &mut Vec<Failure>) -> Settings {
    let mut settings: Settings = file.settings();
    failures.extend(args.test.apply(&mut settings.test).err());
    failures.extend(args.norm.apply(&mut settings.normalize.factors).err());
    failures.extend(args.values.apply(&mut settings.values).err());
    let of_values = values_of(args, file).is_some();
    if let Some(rules) = args.test.compat {
        rules.apply_to(&mut settings.test, of_values.then_some(&mut settings.values));
    }
    if of_values {
        settings.test.method = settings.test.method.or(Some(TestMethod::Limma));
    }
    failures.extend(args.enrich.apply(&mut settings).err());
    if args.offsets.is_some() || file.offsets.is_some() {
        match settings.test.of_offsets() {
            Ok(test) => settings.test = test,
            Err(error) => failures.push(error.into()),
        }
    }
    super::given::replace(&mut settings.count.strandedness, args.strandedness.as_ref());
    settings.clean.enabled &= !args.no_clean;
    settings
}

/// The table of expression values that stands in place of counts: of the command line, else of the file unless counts were typed.
fn values_of<'a>(args: &'a RunArgs, file: &'a WorkflowFile) -> Option<&'a Path> {
    let of_file = file.expression.as_ref().filter(|_| args.counts.is_none());
    args.expression.as_ref().or(of_file).map(PathBuf::as_path)
}

/// The working directory, from which relative paths that were typed are meant.
pub fn here() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| Failure::machine(format!("the working directory: {error}")))
}

/// Samples and contrasts, from the command line first, then from the workflow file.
fn experiment(args: &RunArgs, file: &WorkflowFile, settings: &TestSettings) -> Result<Experiment, Failure> {
    if !args.parental.is_empty() {
        return Ok(Experiment::two_groups(&args.parental, &args.resistant)?);
    }
    if !file.parental.is_empty() && args.samples.is_none() {
        return Ok(Experiment::two_groups(&file.parental, &file.resistant)?);
    }
    let Some(sheet) = args.samples.as_ref().or(file.samples.as_ref()) else {
        return Err(Failure::usage(
            "nothing to analyse\nhint: alkaline run --parental A.bam --resistant B.bam --bcv 0.1 --out DIR\n      \
             alkaline run --counts counts.tsv --samples samples.csv --contrasts contrasts.csv --out DIR\n      \
             alkaline init      writes a first workflow.toml for the files of a folder\n      alkaline demo",
        ));
    };
    let counts = args.counts.as_ref().or(file.counts.as_ref()).map(PathBuf::as_path);
    let values = values_of(args, file);
    let SheetFile { sheet: samples, notices } = read_sheet(sheet, values.or(counts))?;
    let contrasts = contrasts(args, file, &samples, settings)?;
    let mut experiment = match values {
        Some(values) => Experiment::from_values(samples, contrasts, values, settings)?,
        None => Experiment::from_sheet(samples, contrasts, counts, settings)?,
    };
    experiment.notices.splice(0..0, notices);
    Ok(experiment)
}

/// The contrasts as typed, else those of a file; what is wrong with the latter is told with file, line and column.
fn contrasts(
    args: &RunArgs,
    file: &WorkflowFile,
    sheet: &SampleSheet,
    settings: &TestSettings,
) -> Result<Option<Vec<ContrastSpec>>, Failure> {
    if !args.contrast.is_empty() {
        return Ok(Some(args.contrast.clone()));
    }
    let Some(path) = args.contrasts.as_ref().or(file.contrasts.as_ref()) else {
        let own = file.own_contrasts()?;
        return Ok(Some(own).filter(|own| !own.is_empty()));
    };
    let own_problems = |contrast: &mut ContrastSpec| {
        let mut problems = questions::problems(contrast, sheet, settings);
        // what is wrong with the common design is no fault of this file
        problems.retain(|problem| problem.column.is_some());
        problems.iter_mut().for_each(|problem| problem.message = questions::message(contrast, problem));
        problems
    };
    Ok(Some(contrasts::read_checked(path, own_problems)?))
}

impl EnrichArgs {
    /// Writes what was typed over `settings`.
    pub fn apply(&self, settings: &mut Settings) -> Result<(), Failure> {
        let Self { sets, seed, rank_by, length_bias, panels: _ } = self;
        sets.apply(&mut settings.enrich)?;
        super::given::replace(&mut settings.enrich.gsea.seed, seed.as_ref());
        super::given::replace(&mut settings.enrich.rank_by, rank_by.as_ref());
        settings.enrich.length_bias |= length_bias;
        Ok(())
    }
}

/// Built-in panels by name, others from files with one symbol a line; all built-in ones when none is named.
pub fn panel_specs(names: &[String]) -> Result<Vec<PanelSpec>, Failure> {
    if names.is_empty() {
        return Ok(alkaline_reference::panels().iter().map(built_in_panel).collect());
    }
    let mut specs: Vec<PanelSpec> = Vec::new();
    for name in names {
        let mut spec = panel_spec(name)?;
        let own = spec.name.clone();
        let mut number = 2;
        // lists of one name may lie in several directories
        while specs.iter().any(|other| other.name == spec.name) {
            spec.name = format!("{own} ({number})");
            number += 1;
        }
        specs.push(spec);
    }
    Ok(specs)
}

/// Letters of the name of a list that a panel keeps: its files have longer names, and file systems take 255 bytes.
const LONGEST_PANEL_NAME: usize = 60;

/// The panel called `name`, or in the file of that name.
pub fn panel_spec(name: &str) -> Result<PanelSpec, Failure> {
    if let Some(panel) = alkaline_reference::panel(name) {
        return Ok(built_in_panel(&panel));
    }
    let path = Path::new(name);
    let list = gene_list::read(path).map_err(|error| match error {
        ReadError::Missing { .. } => no_panel(name),
        other => other.into(),
    })?;
    let symbols = list.genes.iter().map(ToString::to_string).collect();
    let stem = path.file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
    let short: String = stem.chars().take(LONGEST_PANEL_NAME).collect();
    Ok(PanelSpec { description: format!("the genes of {name}"), name: short, symbols })
}

/// What there is where neither a panel nor a file has this name.
fn no_panel(name: &str) -> Failure {
    let panels = alkaline_reference::panels();
    let names = || panels.iter().map(|panel| panel.name);
    Failure::input(format!(
        "{name}: no such file, and no panel of this name is built in{}\nhint: built in are {}; or give a file with one gene a line",
        did_you_mean(name, names()),
        quoted(names())
    ))
}

/// A panel of the reference as the workflow knows it.
fn built_in_panel(panel: &alkaline_reference::Panel) -> PanelSpec {
    PanelSpec {
        name: panel.name.to_owned(),
        description: panel.description.to_owned(),
        symbols: panel.symbols().map(str::to_owned).collect(),
    }
}

/// "resistant against parental".
fn default_title(experiment: &Experiment) -> String {
    let titles: Vec<String> = experiment.contrasts.iter().map(ContrastSpec::question).collect();
    titles.join(", ")
}

/// Prints what was found and where it lies.
pub fn tell(outcome: &RunOutcome, out: &Path, console: &Console) {
    for table in &outcome.tests {
        let (up, down) = table.called();
        let thresholds = table.facts.thresholds;
        let (what, level) = thresholds.level();
        console.result(&format!(
            "{}: {} up and {down} down ({what} < {level}, |logFC| >= {}); {}",
            table.contrast.id,
            count(up, "gene"),
            thresholds.lfc,
            table.contrast.direction_in_words()
        ));
    }
    console.result(&format!(
        "report: {}{}",
        out.join("report.html").display(),
        worth_reading(&outcome.manifest)
    ));
}

/// What in the report asks to be read first: " (read first: 2 warnings, 1 stage left out)".
fn worth_reading(record: &RunManifest) -> String {
    let left_out = record.stages.iter().filter(|stage| stage.ending == Ending::LeftOut).count();
    let warnings = record.warnings.len().saturating_sub(left_out);
    let mut parts = Vec::new();
    parts.extend((warnings > 0).then(|| count(warnings, "warning")));
    parts.extend((left_out > 0).then(|| count_of(left_out, "stage left out", "stages left out")));
    if parts.is_empty() { String::new() } else { format!(" (read first: {})", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use alkaline_workflow::record::manifest::StageRecord;

    use super::*;

    #[test]
    fn the_last_line_says_what_asks_to_be_read() {
        let stage = |ending| StageRecord { ending, ..StageRecord::default() };
        let record = |warnings: usize, endings: &[Ending]| RunManifest {
            warnings: vec![String::new(); warnings],
            stages: endings.iter().copied().map(stage).collect(),
            ..RunManifest::default()
        };
        assert_eq!(worth_reading(&record(0, &[Ending::Done])), "");
        assert_eq!(worth_reading(&record(2, &[Ending::Done])), " (read first: 2 warnings)");
        assert_eq!(
            worth_reading(&record(2, &[Ending::LeftOut])),
            " (read first: 1 warning, 1 stage left out)"
        );
    }

    #[test]
    fn the_command_is_recorded_without_what_has_no_influence() {
        let typed = "run w.toml --out x -j4 --threads 2 --bcv 0.1 -o=y --log=json -v --wait --title -j";
        let words = asked(typed.split(' ').map(str::to_owned));
        assert_eq!(words.join(" "), "alkaline run w.toml --bcv 0.1 --title");
    }
}
