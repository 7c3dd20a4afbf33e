//! `alkaline power`: how many replicates a study needs, from a pilot or from an assumed variation.

use std::path::PathBuf;

use alkaline_core::samples::ContrastSpec;
use alkaline_io::results::power::{self as table, PowerRow};
use alkaline_workflow::stages::count::{self, TableOptions};
use alkaline_workflow::stages::power::{self, PowerOptions};
use alkaline_workflow::stages::test::{TestMethod, TestSettings};
use alkaline_workflow::{Experiment, Observer};
use clap::Args;

use super::contrast::parse_contrast;
use super::given::replace;
use super::sample_sheet::read_sheet;
use super::table_name::table_name;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `power`.
#[derive(Args, Clone, Debug)]
pub struct PowerArgs {
    /// Count table of a pilot experiment: its abundances and dispersions are used.
    #[arg(long, value_name = "FILE", requires = "samples", requires = "contrast", conflicts_with = "bcv")]
    pub counts: Option<PathBuf>,
    /// Sample sheet of the pilot.
    #[arg(long, value_name = "FILE", requires = "counts")]
    pub samples: Option<PathBuf>,
    /// Which samples of the pilot are replicates: a column of its sheet, and two of its levels.
    #[arg(long, value_name = "VARIABLE,REFERENCE,TARGET", value_parser = parse_contrast, requires = "counts")]
    pub contrast: Option<ContrastSpec>,
    /// Without a pilot: biological coefficients of variation [default: 0.1 0.2 0.4].
    #[arg(long, value_name = "X", num_args = 1..)]
    pub bcv: Vec<f64>,
    /// Samples in each group [default: 2 3 5 10].
    #[arg(long, value_name = "N", num_args = 1.., value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub replicates: Vec<u16>,
    /// Absolute log2 fold changes to detect [default: 0.585 1 2].
    #[arg(long, value_name = "X", num_args = 1..)]
    pub lfc: Vec<f64>,
    /// Counted fragments per sample [default: 20000000].
    #[arg(long, value_name = "X")]
    pub library_size: Option<f64>,
    /// Fraction of the genes that change [default: 0.1].
    #[arg(long, value_name = "X")]
    pub fraction_changed: Option<f64>,
    /// Experiments simulated for each setting [default: 5].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub simulations: Option<u16>,
    /// False discovery rate below which a gene is called [default: 0.05].
    #[arg(long, value_name = "X")]
    pub fdr: Option<f64>,
    /// How the experiments are tested [default: exact].
    #[arg(long, value_name = "METHOD")]
    pub method: Option<TestMethod>,
    /// Seed [default: 1].
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Power table to write (`-` for standard output; .tsv, .csv or .xlsx by its name; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE", value_parser = table_name, default_value = "-")]
    pub output: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Simulates, tests and writes the table.
pub fn run(args: &PowerArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let options = args.options();
    let pilot = match (&args.counts, &args.samples, &args.contrast) {
        (Some(counts), Some(samples), Some(contrast)) => {
            let sheet = read_sheet(samples, Some(counts))?.sheet;
            let experiment = Experiment::from_sheet(
                sheet,
                Some(vec![contrast.clone()]),
                Some(counts),
                &TestSettings::default(),
            )?;
            let file = count::read_table(
                counts,
                Some(&experiment.sheet),
                TableOptions { allow_fractional: false, transpose: false },
            )?;
            let notices = experiment.notices.iter().cloned().chain(count::notices(counts, &file));
            notices.for_each(|notice| console.warning(&notice));
            let table = file.table;
            let settings = TestSettings::default();
            Some(power::pilot(&table, &experiment.sheet, contrast, &settings)?)
        }
        _ => None,
    };
    let rows = power::power(pilot.as_deref(), &options)?;
    table::write(&args.output, &rows)?;
    rows.iter().for_each(|row| console.result(&in_words(row, &options)));
    Ok(())
}

fn in_words(row: &PowerRow, options: &PowerOptions) -> String {
    let variation = row.bcv.map_or_else(|| "the pilot's variation".to_owned(), |bcv| format!("BCV {bcv}"));
    format!(
        "{variation}, log2 fold change {}: {} replicates a group find {:.0} % of the genes that change (FDR < {}; {:.1} % \
         of those called were false)",
        row.log2_fold_change,
        row.replicates,
        100.0 * row.power,
        options.fdr,
        100.0 * row.false_discovery_rate
    )
}

impl PowerArgs {
    /// What was typed, over the defaults.
    fn options(&self) -> PowerOptions {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self {
            counts: _,
            samples: _,
            contrast: _,
            bcv,
            replicates,
            lfc,
            library_size,
            fraction_changed,
            simulations,
            fdr,
            method,
            seed,
            output: _,
            global: _,
        } = self;
        let mut options = PowerOptions::default();
        let listed = |values: &[f64]| (!values.is_empty()).then(|| values.to_vec());
        let replicates: Vec<usize> = replicates.iter().copied().map(usize::from).collect();
        replace(&mut options.bcvs, listed(bcv).as_ref());
        replace(&mut options.replicates, (!replicates.is_empty()).then_some(&replicates));
        replace(&mut options.log2_fold_changes, listed(lfc).as_ref());
        replace(&mut options.library_size, library_size.as_ref());
        replace(&mut options.fraction_changed, fraction_changed.as_ref());
        replace(&mut options.simulations, simulations.map(usize::from).as_ref());
        replace(&mut options.fdr, fdr.as_ref());
        options.method = *method;
        replace(&mut options.seed, seed.as_ref());
        options
    }
}
