//! `alkaline cohort`: what markers in patients say about their survival, and what the cohort cannot tell.

use std::path::{Path, PathBuf};

use alkaline_core::cohort::TimeUnit;
use alkaline_core::words::count_of;
use alkaline_io::clinical::{BelowDetection, EndpointRequest};
use alkaline_survival::IntervalKind;
use alkaline_survival::cox::Ties;
use alkaline_survival::roc::Estimator;
use alkaline_workflow::Observer;
use alkaline_workflow::stages::cohort::{self, CohortOptions, Cut, Multivariate};
use clap::Args;

use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;
use crate::version::VERSION;

/// Arguments of `cohort`.
#[derive(Args, Clone, Debug)]
pub struct CohortArgs {
    /// Table about patients, one row each: CSV, TSV, semicolons or XLSX; cBioPortal's data_clinical_patient as it is.
    #[arg(long, value_name = "FILE")]
    pub clinical: PathBuf,
    /// Markers: a panel (rows are samples; `<LLOQ`, `OOR <` are understood) or expression (rows are genes, columns samples).
    #[arg(long, value_name = "FILE")]
    pub markers: PathBuf,
    /// Table that says which sample is whose (cBioPortal's data_clinical_sample).
    #[arg(long, value_name = "FILE")]
    pub samples: Option<PathBuf>,
    /// Endpoints to analyse, by name (OS, PFS, DFS, ...) [default: all that are found].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub endpoint: Vec<String>,
    /// Column of the times.
    #[arg(long, value_name = "COLUMN", requires = "event")]
    pub time: Option<String>,
    /// Column of the events.
    #[arg(long, value_name = "COLUMN", requires = "time")]
    pub event: Option<String>,
    /// Text of the event in that column; every other text is censored.
    #[arg(long, value_name = "TEXT")]
    pub event_value: Option<String>,
    /// What times are counted in [default: as the column says].
    #[arg(long, value_name = "UNIT")]
    pub time_unit: Option<TimeUnit>,
    /// Markers to analyse [default: all].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub marker: Vec<String>,
    /// Of several samples of a patient, the one that counts.
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = parse_pair)]
    pub visit: Option<(String, String)>,
    /// Compare two samples of each patient: the column that tells them apart, the earlier and the later value.
    #[arg(long, value_name = "COLUMN,EARLIER,LATER", value_parser = parse_visits)]
    pub pairs: Option<(String, String, String)>,
    /// What a value below detection becomes: half, limit or missing.
    #[arg(long, value_name = "RULE", default_value = "half", value_parser = parse_below)]
    pub below: BelowDetection,
    /// Turn markers into log2(x + 1) first.
    #[arg(long)]
    pub log2: bool,
    /// How a marker enters: median, tertiles, quartiles, a value, continuous, or optimal (with the P of that choice).
    #[arg(long, value_name = "CUT", default_value = "median", value_parser = parse_cut)]
    pub cut: Cut,
    /// Markers in one model: significant (those with their own P below --alpha), none, or names.
    #[arg(long, value_name = "WHICH", default_value = "significant", value_parser = parse_multivariate)]
    pub multivariate: Multivariate,
    /// Clinical columns in that model beside the markers.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub adjust: Vec<String>,
    /// Treatment of events at the same time.
    #[arg(long, value_name = "RULE", default_value = "efron", value_parser = parse_ties)]
    pub ties: Ties,
    /// Scale of the intervals of survival and its median.
    #[arg(long, value_name = "SCALE", default_value = "log")]
    pub interval: IntervalKind,
    /// Times of the ROC curves [default: one, three and five years].
    #[arg(long, value_name = "TIME", value_delimiter = ',')]
    pub roc_at: Vec<f64>,
    /// Whose rule the weighted ROC follows.
    #[arg(long, value_name = "PACKAGE", default_value = "time-roc")]
    pub roc: Estimator,
    /// Compare responders (no event up to this time) with non-responders.
    #[arg(long, value_name = "TIME")]
    pub responders: Option<f64>,
    /// Non-responders have the event by this time [default: that of --responders].
    #[arg(long, value_name = "TIME", requires = "responders")]
    pub non_responders: Option<f64>,
    /// Two markers whose correlation is asked for; may stand several times.
    #[arg(long, value_name = "MARKER,MARKER", value_parser = parse_two)]
    pub correlate: Vec<(String, String)>,
    /// The marker whose low and high group the table of patients describes [default: that with the smallest P].
    #[arg(long, value_name = "MARKER")]
    pub table_one: Option<String>,
    /// P below which a marker counts as significant.
    #[arg(long, value_name = "P", default_value_t = 0.05)]
    pub alpha: f64,
    /// Seed of the shuffles.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// A run: its contrasts stand beside the markers.
    #[arg(long, value_name = "RUN_DIR")]
    pub with: Option<PathBuf>,
    /// Directory to write.
    #[arg(long, value_name = "DIR", default_value = "cohort")]
    pub out: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Analyses the cohort and writes what was found.
pub fn run(args: &CohortArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    if !(args.alpha > 0.0 && args.alpha < 1.0) {
        return Err(Failure::usage(format!("--alpha {} is no probability", args.alpha)));
    }
    let options = args.options();
    let cohort = cohort::join(&options)?;
    let results = cohort::analyse(&cohort, &options)?;
    results.notices.iter().for_each(|notice| console.result(notice));
    results.warnings.iter().for_each(|warning| console.warning(warning));
    if !cohort.losses.is_empty() {
        let list = args.out.join("losses.tsv");
        console.warning(&format!(
            "{} could not be used: {}",
            count_of(cohort.losses.len(), "entry", "entries"),
            list.display()
        ));
    }
    cohort::write(&args.out, &cohort, &results, &options, VERSION)?;
    results.in_words(args.alpha).iter().for_each(|line| console.result(line));
    console.result(&format!(
        "written to {}; what it cannot tell: {}",
        shown(&args.out),
        shown(&args.out.join("limits.md"))
    ));
    Ok(())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

impl CohortArgs {
    /// What was typed, as options of the stage.
    fn options(&self) -> CohortOptions {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self {
            clinical,
            markers,
            samples,
            endpoint,
            time,
            event,
            event_value,
            time_unit,
            marker,
            visit,
            pairs,
            below,
            log2,
            cut,
            multivariate,
            adjust,
            ties,
            interval,
            roc_at,
            roc,
            responders,
            non_responders,
            correlate,
            table_one,
            alpha,
            seed,
            with,
            out: _,
            global: _,
        } = self.clone();
        CohortOptions {
            clinical,
            markers,
            samples,
            request: EndpointRequest { time, event, event_value, unit: time_unit },
            endpoints: endpoint,
            only: marker,
            visit,
            pairs,
            below,
            log2,
            cut,
            multivariate,
            adjust,
            ties,
            interval,
            roc_times: roc_at,
            estimator: roc,
            responders,
            non_responders,
            correlate,
            table_one,
            alpha,
            seed,
            run: with,
        }
    }
}

fn parse_pair(text: &str) -> Result<(String, String), String> {
    let (column, value) = text.split_once('=').ok_or("write COLUMN=VALUE, as in visit=baseline")?;
    Ok((column.trim().to_owned(), value.trim().to_owned()))
}

fn parse_visits(text: &str) -> Result<(String, String, String), String> {
    match text.split(',').map(str::trim).collect::<Vec<_>>()[..] {
        [column, earlier, later] => Ok((column.to_owned(), earlier.to_owned(), later.to_owned())),
        _ => Err("write COLUMN,EARLIER,LATER, as in visit,baseline,progression".to_owned()),
    }
}

fn parse_two(text: &str) -> Result<(String, String), String> {
    let (first, second) = text.split_once(',').ok_or("write two markers, as in CCL20,IL6")?;
    Ok((first.trim().to_owned(), second.trim().to_owned()))
}

fn parse_below(text: &str) -> Result<BelowDetection, String> {
    match text {
        "half" => Ok(BelowDetection::Half),
        "limit" => Ok(BelowDetection::Limit),
        "missing" => Ok(BelowDetection::Missing),
        _ => Err("half, limit or missing".to_owned()),
    }
}

/// Thousands of models are fitted, and figures drawn: exact ties would take hours, and have no residuals.
fn parse_ties(text: &str) -> Result<Ties, String> {
    match text {
        "efron" => Ok(Ties::Efron),
        "breslow" => Ok(Ties::Breslow),
        _ => Err("efron or breslow".to_owned()),
    }
}

fn parse_cut(text: &str) -> Result<Cut, String> {
    match text {
        "median" => Ok(Cut::Median),
        "tertile" | "tertiles" => Ok(Cut::Tertiles),
        "quartile" | "quartiles" => Ok(Cut::Quartiles),
        "continuous" => Ok(Cut::Continuous),
        "optimal" => Ok(Cut::Optimal),
        value => match value.parse() {
            Ok(value) if f64::is_finite(value) => Ok(Cut::At(value)),
            _ => Err("median, tertiles, quartiles, continuous, optimal, or a value".to_owned()),
        },
    }
}

fn parse_multivariate(text: &str) -> Result<Multivariate, String> {
    Ok(match text {
        "significant" => Multivariate::Significant,
        "none" => Multivariate::None,
        names => Multivariate::Named(names.split(',').map(|name| name.trim().to_owned()).collect()),
    })
}
