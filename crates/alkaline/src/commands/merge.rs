//! `alkaline merge`: what `count` wrote for single samples becomes what it writes for all of them, for cluster jobs.

use std::path::{Path, PathBuf};

use alkaline_core::results::{CountSummary, SampleQc};
use alkaline_count::{CountPart, merge_counts};
use alkaline_io::counts::{companion_path, read_summary, summary_path, write_summary};
use alkaline_io::features::{self, junctions_path, read_junctions, write_junctions};
use alkaline_io::file::write_atomically;
use alkaline_io::results::qc;
use alkaline_workflow::Observer;
use clap::Args;

use super::count::{command_line, count_failure, qc_path};
use super::recorded_options;
use super::table_name::count_table_name;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `merge`.
#[derive(Args, Clone, Debug)]
pub struct MergeArgs {
    /// Count tables to join, in the order of their columns; the files beside each (.summary, .genes, .jcounts, .qc) are
    /// joined too.
    #[arg(value_name = "PART", required = true)]
    pub parts: Vec<PathBuf>,
    /// Count table to write; the summary goes to FILE.summary, and so on.
    #[arg(short, long, value_name = "FILE", value_parser = count_table_name)]
    pub output: PathBuf,
    /// Directories of read QC of the parts, in their order, where they were chosen by `count --qc` [default: PART.qc].
    #[arg(long, value_name = "DIR", value_delimiter = ',')]
    pub qc_parts: Vec<PathBuf>,
    /// Write read QC into this directory [default: FILE.qc].
    #[arg(long, value_name = "DIR")]
    pub qc: Option<PathBuf>,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Joins the parts and writes everything that they have.
pub fn run(args: &MergeArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    if !args.qc_parts.is_empty() && args.qc_parts.len() != args.parts.len() {
        return Err(Failure::usage(format!(
            "--qc-parts has {} directories for {} parts",
            args.qc_parts.len(),
            args.parts.len()
        )));
    }
    let qc_of =
        |number: usize, part: &Path| args.qc_parts.get(number).cloned().unwrap_or_else(|| qc_path(part));
    for warning in recorded_options::differences(&args.parts)? {
        console.warning(&warning);
    }
    let parts = args.parts.iter().enumerate();
    let parts = parts
        .map(|(number, path)| read_part(path, &qc_of(number, path), !args.qc_parts.is_empty()))
        .collect::<Result<Vec<_>, _>>()?;
    let labels = common_labels(&args.parts)?;
    let merged = merge_counts(parts).map_err(count_failure)?;
    write(args, &merged, labels.as_deref())?;
    let genes = merged.table.rows.len();
    console.result(&format!("{genes} rows of {} samples", merged.table.samples.len()));
    Ok(())
}

fn write(args: &MergeArgs, merged: &CountPart, labels: Option<&[u8]>) -> Result<(), Failure> {
    let output = &args.output;
    features::write(output, &merged.table, Some(&command_line()))?;
    let to_file = output.as_os_str() != "-";
    if to_file {
        write_summary(&summary_path(output), &merged.summary)?;
        if let Some(junctions) = &merged.junctions {
            write_junctions(&junctions_path(output), junctions)?;
        }
        if let Some(labels) = labels {
            write_atomically(&companion_path(output), |out| out.write_all(labels))?;
        }
    }
    let directory = args.qc.clone().or_else(|| to_file.then(|| qc_path(output)));
    if let (Some(samples), Some(directory)) = (&merged.qc, directory) {
        qc::write(&directory, samples)?;
    }
    Ok(())
}

/// A count table with everything beside it.
fn read_part(path: &Path, qc_directory: &Path, qc_is_wanted: bool) -> Result<CountPart, Failure> {
    let summary: CountSummary = read_summary(&summary_path(path))?;
    let table = features::read(path, summary.samples.ids())?;
    let junctions = junctions_path(path);
    let junctions = if junctions.exists() { Some(read_junctions(&junctions)?) } else { None };
    let samples = qc_directory.join(qc::FILE_NAME);
    let qc: Option<Vec<SampleQc>> =
        if qc_is_wanted || samples.exists() { Some(qc::read(&samples)?) } else { None };
    Ok(CountPart { table, summary, junctions, qc })
}

/// Symbols and biotypes of the genes, which all parts must agree on.
fn common_labels(parts: &[PathBuf]) -> Result<Option<Vec<u8>>, Failure> {
    let read = |part: &PathBuf| {
        let path = companion_path(part);
        if !path.exists() {
            return Ok(None);
        }
        std::fs::read(&path).map(Some).map_err(|error| Failure::input(format!("{}: {error}", path.display())))
    };
    let first = read(&parts[0])?;
    for part in &parts[1..] {
        if read(part)? != first {
            return Err(Failure::input(format!(
                "{} and {} differ, or one is missing: the parts were counted on different annotations",
                companion_path(&parts[0]).display(),
                companion_path(part).display()
            )));
        }
    }
    Ok(first)
}
