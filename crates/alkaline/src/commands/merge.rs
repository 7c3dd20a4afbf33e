//! `alkaline merge`: count tables of single samples to one, for cluster jobs.

use std::path::{Path, PathBuf};

use alkaline_core::SampleId;
use alkaline_core::results::CountSummary;
use alkaline_count::{Counted, merge_counts};
use alkaline_io::counts::{
    CountTableOptions, companion_path, read, read_labels, read_summary, summary_path, write, write_labels,
    write_summary,
};
use clap::Args;

use super::count::count_failure;
use crate::cli::{Common, VERSION};
use crate::console::Console;
use crate::failure::Failure;

/// Arguments of `merge`.
#[derive(Args, Clone, Debug)]
pub struct MergeArgs {
    /// Count tables to join, in the order of their columns.
    #[arg(value_name = "PART", required = true)]
    pub parts: Vec<PathBuf>,
    /// Count table to write; the summary goes to FILE.summary.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub common: Common,
}

/// Joins the parts and writes table, summary and labels.
pub fn run(args: &MergeArgs) -> Result<(), Failure> {
    let console = Console::new(&args.common)?;
    let parts = args.parts.iter().map(|path| read_part(path)).collect::<Result<Vec<_>, _>>()?;
    let merged = merge_counts(parts).map_err(count_failure)?;
    let words: Vec<String> = std::env::args().map(|word| format!("\"{word}\"")).collect();
    let comment = format!("Program:alkaline v{VERSION}; Command:{} ", words.join(" "));
    write(&args.output, &merged.table, Some(&comment))?;
    if args.output.as_os_str() != "-" {
        write_summary(&summary_path(&args.output), &merged.summary)?;
        if let Some(labels) = &merged.table.facts.labels {
            write_labels(&companion_path(&args.output), labels)?;
        }
    }
    let (genes, samples) = merged.table.matrix.shape();
    console.result(&format!("{genes} genes in {samples} samples"));
    Ok(())
}

/// A count table with its summary and, where there is one, its labels.
fn read_part(path: &Path) -> Result<Counted, Failure> {
    let mut table = read(path, &CountTableOptions { allow_fractional: true, ..Default::default() })?;
    let companion = companion_path(path);
    if companion.exists() {
        table.facts.labels = Some(read_labels(&companion, table.matrix.genes())?);
    }
    let summary: CountSummary = read_summary(&summary_path(path))?;
    let names = |ids: &[SampleId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if summary.samples.ids() != table.matrix.samples().ids() {
        return Err(Failure::input(format!(
            "{}: the table has the samples {}, its summary {}\nhint: merge tables with the .summary of the same run",
            path.display(),
            names(table.matrix.samples().ids()),
            names(summary.samples.ids())
        )));
    }
    Ok(Counted { table, summary, qc: Vec::new() })
}
