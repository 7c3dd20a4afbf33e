//! `alkaline compare`: experiments that asked the same question, held against each other.

use std::path::PathBuf;

use alkaline_reference::identifiers::human_identifiers;
use alkaline_workflow::WorkflowError;
use alkaline_workflow::stages::compare::{Called, compare, experiments, write};
use clap::Args;

use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::{GlobalOptions, LogFormat};

/// Arguments of `compare`.
#[derive(Args, Clone, Debug)]
pub struct CompareArgs {
    /// Experiments: run directories (all their contrasts), directories of contrasts, or test tables of alkaline, edgeR, limma, DESeq2, GEO2R.
    ///
    /// `NAME=PATH` gives one a name.
    #[arg(value_name = "EXPERIMENT", required = true)]
    pub experiments: Vec<String>,
    /// Directory for the tables: pairs.tsv, overlaps.tsv, and for every two experiments genes and ranks.
    #[arg(short, long, value_name = "DIR", default_value = "compare")]
    pub out: PathBuf,
    /// False discovery rate below which a gene is called, in every experiment [default: as each table has it, else 0.05].
    #[arg(long, value_name = "X")]
    pub fdr: Option<f64>,
    /// Absolute log2 fold change from which a gene is called [default: as each table has it, else 1].
    #[arg(long, value_name = "X")]
    pub lfc: Option<f64>,
    /// Genes between the cut-offs of the rank-rank map [default: square root of the number of genes].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub step: Option<u32>,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Compares every two experiments, and says in a sentence what they have in common.
pub fn run(args: &CompareArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let experiments = experiments(&args.experiments, &Called { fdr: args.fdr, lfc: args.lfc })?;
    for experiment in &experiments {
        console.notes(&experiment.path, &experiment.notes);
    }
    let identifiers = human_identifiers(None).map_err(WorkflowError::from)?;
    let comparisons = compare(&experiments, &identifiers, args.step.map(|step| step as usize))?;
    write(&args.out, &comparisons)?;
    for told in comparisons.iter().map(|comparison| comparison.told()) {
        if args.global.log == LogFormat::Json {
            console.output(&serde_json::to_string(&told).unwrap_or_default());
        } else {
            console.result(&told.words);
        }
    }
    console.result(&format!("tables: {}", args.out.display()));
    Ok(())
}
