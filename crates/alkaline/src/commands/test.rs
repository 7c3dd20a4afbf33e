//! `alkaline test`: differential expression of one contrast, file to file.

use std::path::{Path, PathBuf};

use alkaline_core::results::{DispersionSource, TestTable};
use alkaline_core::samples::ContrastSpec;
use alkaline_io::results::test_table;
use alkaline_reference::identifiers::human_identifiers;
use alkaline_workflow::stages::test::{TestSettings, prepare, samples_of_contrast, test};
use alkaline_workflow::stages::{count, naming, untested};
use alkaline_workflow::{Experiment, WorkflowError};
use clap::Args;

use super::experiment::{CountsInput, TestOptions, parse_contrast, read_sheet};
use crate::console::Console;
use crate::failure::Failure;
use crate::general::Common;

/// Arguments of `test`.
#[derive(Args, Clone, Debug)]
pub struct TestArgs {
    #[command(flatten)]
    pub input: CountsInput,
    /// Sample sheet: `sample,condition[,batch,...]`.
    #[arg(long, value_name = "FILE")]
    pub samples: PathBuf,
    /// What to compare: a column of the sample sheet, its reference and its target.
    #[arg(long, value_name = "VARIABLE,REFERENCE,TARGET", value_parser = parse_contrast)]
    pub contrast: ContrastSpec,
    #[command(flatten)]
    pub test: TestOptions,
    /// Write the genes that were not tested too, with NA.
    #[arg(long)]
    pub keep_filtered: bool,
    /// Test table to write (`-` for standard output; `.gz` is compressed); beside it go how it was made (`.json`) and the genes
    /// that the filter removed, with the reason (`.filter.tsv`).
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub common: Common,
}

/// Tests one contrast and writes its table.
pub fn run(args: &TestArgs) -> Result<(), Failure> {
    let console = Console::new(&args.common)?;
    let mut settings = TestSettings::default();
    args.test.apply(&mut settings)?;
    let sheet = read_sheet(&args.samples)?;
    let contrast = &args.contrast;
    let experiment = Experiment::from_sheet(sheet, Some(vec![contrast.clone()]), Some(&args.input.counts))?;
    let table = count::read_table(&args.input.counts, Some(&experiment.sheet), args.input.allow_fractional)?;
    let labels = naming::gene_labels(&table, &human_identifiers(None).map_err(WorkflowError::from)?);
    let (table, sheet) = match settings.separate {
        true => samples_of_contrast(&table, &experiment.sheet, contrast),
        false => (table, experiment.sheet),
    };
    let prepared = prepare(&table, &sheet, contrast, &settings)?;
    let result = test(&prepared, contrast, &labels, &settings)?;
    let filtered = if args.keep_filtered { untested::rows(&result, &labels) } else { Vec::new() };
    test_table::write(&args.output, &result, &filtered)?;
    if args.output.as_os_str() != "-" {
        untested::write(&beside(&args.output, ".filter.tsv"), &prepared, &labels)?;
    }
    let (up, down) = result.called();
    console.result(&prepared.filter.in_words());
    if let Some(words) = not_estimated(&result) {
        console.result(&words);
    }
    console.result(&format!("{up} genes up and {down} down; {}", contrast.direction_in_words()));
    Ok(())
}

/// The path of a table that goes with another: its name with `ending` behind it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Where the dispersion came from, unless it was estimated from these samples.
fn not_estimated(table: &TestTable) -> Option<String> {
    match &table.facts.dispersion {
        DispersionSource::Estimated => None,
        DispersionSource::Assumed { dispersion } => Some(format!(
            "the dispersion was assumed (BCV {}), not estimated: P values are as good as that guess",
            dispersion.sqrt()
        )),
        DispersionSource::Borrowed { from } => Some(format!("the dispersion was borrowed from {from}")),
    }
}
