//! `alkaline export`: a finished run for Python, R, readers of Parquet, or a spreadsheet.

use std::path::{Path, PathBuf};

use alkaline_core::words::{count, listed};
use alkaline_workflow::export::{Format, export};
use clap::Args;

use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `export`.
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// The directory of a finished run.
    #[arg(value_name = "RUN_DIR")]
    pub directory: PathBuf,
    #[command(flatten)]
    pub formats: FormatArgs,
    /// Where it goes: a file for --anndata and --xlsx, a directory for the others; with one format only [default: beside the run,
    /// RUN_DIR.h5ad, RUN_DIR.summarized_experiment, RUN_DIR.parquet.d, RUN_DIR.xlsx].
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// What a run is exported as; several may be asked for.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = true)]
pub struct FormatArgs {
    /// For Python: an AnnData file (.h5ad) with counts, expression as layers, and a table for every contrast in `varm`.
    #[arg(long)]
    pub anndata: bool,
    /// For R: tables, and the script that builds a SummarizedExperiment of them.
    #[arg(long)]
    pub summarized_experiment: bool,
    /// For pandas, Polars, DuckDB, Arrow: a Parquet file for every table, laid out as the run is.
    #[arg(long)]
    pub parquet: bool,
    /// For spreadsheets: one workbook, a sheet for every table of every contrast, and the methods.
    #[arg(long)]
    pub xlsx: bool,
}

impl FormatArgs {
    fn asked(&self) -> Vec<Format> {
        let Self { anndata, summarized_experiment, parquet, xlsx } = *self;
        let all = [
            (anndata, Format::AnnData),
            (summarized_experiment, Format::SummarizedExperiment),
            (parquet, Format::Parquet),
            (xlsx, Format::Workbook),
        ];
        all.into_iter().filter(|(asked, _)| *asked).map(|(_, format)| format).collect()
    }
}

/// Exports, and says what is where.
pub fn run(args: &ExportArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let formats = args.formats.asked();
    if args.output.is_some() && formats.len() > 1 {
        return Err(Failure::usage(format!(
            "--output names one place, but {} are asked for",
            count(formats.len(), "format")
        )));
    }
    for format in formats {
        let place = args.output.clone().unwrap_or_else(|| format.place(&args.directory));
        let files = export(&args.directory, format, &place)?;
        console.result(&told(format, &place, &files));
    }
    Ok(())
}

/// A line on an export.
fn told(format: Format, place: &Path, files: &[PathBuf]) -> String {
    let place_shown = place.display();
    match format {
        Format::AnnData => format!("{place_shown}: anndata.read_h5ad(\"{place_shown}\")"),
        Format::Workbook => format!("{place_shown}: a workbook"),
        Format::Parquet => format!("{place_shown}: {} of Parquet", count(files.len(), "file")),
        Format::SummarizedExperiment => {
            let script = files.iter().take(1).map(|file| file.display().to_string());
            format!("{place_shown}: source(\"{}\", chdir = TRUE)", listed(script))
        }
    }
}
