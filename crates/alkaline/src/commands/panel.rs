//! `alkaline panel`: a chosen set of genes out of a test table, side by side with their expression.

use std::path::PathBuf;
use std::sync::Arc;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::expression::ExpressionUnit;
use alkaline_core::results::{CountTable, GeneFacts, TestRow};
use alkaline_core::words::listed;
use alkaline_core::{CountMatrix, ExpressionMatrix, GeneIndex, IndexError, PerGene, SampleIndex};
use alkaline_io::results::{expression, panel, test_table};
use alkaline_reference::identifiers::human_identifiers;
use alkaline_workflow::WorkflowError;
use alkaline_workflow::stages::enrich::{self, CalledRows};
use alkaline_workflow::stages::naming;
use alkaline_workflow::stages::panels::{self, PanelSources};
use clap::Args;

use super::run::panel_spec;
use super::table_name::table_name;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `panel`.
#[derive(Args, Clone, Debug)]
pub struct PanelArgs {
    /// Test table: of `alkaline test` or of a run, or of edgeR, limma, DESeq2.
    #[arg(long, value_name = "FILE")]
    pub table: PathBuf,
    /// Genes: a built-in panel (see `alkaline reference list`), or a file with one gene a line.
    #[arg(long, value_name = "NAME|FILE")]
    pub genes: String,
    /// Expression table to show beside the result; also tells genes that were not tested from genes that are absent.
    #[arg(long, value_name = "FILE")]
    pub expression: Option<PathBuf>,
    /// Unit of the expression table.
    #[arg(long, value_name = "UNIT", default_value = "fpkm", requires = "expression")]
    pub unit: ExpressionUnit,
    /// Panel table to write (`-` for standard output; .tsv, .csv or .xlsx by its name; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE", value_parser = table_name, default_value = "-")]
    pub output: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Looks the genes up and writes their table.
pub fn run(args: &PanelArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let spec = panel_spec(&args.genes)?;
    let CalledRows { rows, notes } = enrich::called_rows(test_table::read_any(&args.table)?, None, None);
    console.notes(&args.table, &notes);
    let expression = match &args.expression {
        Some(path) => expression::read(path, args.unit)?,
        None => no_expression(&rows).map_err(|error| Failure::input(error.to_string()))?,
    };
    let identifiers = human_identifiers(None).map_err(WorkflowError::from)?;
    let known = known_labels(&rows, &expression);
    let table = genes_only(&expression, known).map_err(|error| Failure::input(error.to_string()))?;
    let labels = naming::gene_labels(&table, &identifiers);
    let unit = if args.expression.is_some() { printed(args.unit) } else { "" };
    let sources = PanelSources {
        tested: &rows,
        expression: &expression,
        unit,
        labels: &labels,
        identifiers: &identifiers,
    };
    let shown = panels::panel(&spec, &sources);
    let absent: Vec<&str> =
        shown.rows.iter().filter(|row| row.gene.is_none()).map(|row| row.symbol.as_str()).collect();
    if absent.len() == shown.rows.len() {
        return Err(Failure::input(format!("none of the {} genes is in the table", absent.len())));
    }
    if !absent.is_empty() {
        console.result(&format!("not in the table: {}", listed(&absent)));
    }
    Ok(panel::write(&args.output, &shown)?)
}

/// As runs print units in panels.
const fn printed(unit: ExpressionUnit) -> &'static str {
    match unit {
        ExpressionUnit::Cpm => "CPM",
        ExpressionUnit::LogCpm => "logCPM",
        ExpressionUnit::Fpkm => "FPKM",
        ExpressionUnit::Tpm => "TPM",
        ExpressionUnit::Log2 => "log2",
    }
}

/// The tested genes, of no sample.
fn no_expression(rows: &[TestRow]) -> Result<ExpressionMatrix, IndexError> {
    let genes = GeneIndex::new(rows.iter().map(|row| row.gene.clone()).collect())?;
    ExpressionMatrix::new(ExpressionUnit::Fpkm, genes, SampleIndex::new(Vec::new())?, Vec::new())
}

/// The symbols that the test table tells, for the genes of `expression`.
fn known_labels(rows: &[TestRow], expression: &ExpressionMatrix) -> PerGene<GeneLabel> {
    let genes = expression.genes();
    let mut names: Vec<Option<Arc<str>>> = vec![None; genes.len()];
    for row in rows {
        if let Some(gene) = genes.position(row.gene.as_str()) {
            names[gene].clone_from(&row.name);
        }
    }
    PerGene::from_fn(genes.clone(), |gene| GeneLabel { name: names[gene].take(), biotype: None })
}

/// A count table that holds genes and labels only: what naming looks at.
fn genes_only(expression: &ExpressionMatrix, labels: PerGene<GeneLabel>) -> Result<CountTable, IndexError> {
    let matrix = CountMatrix::new(expression.genes().clone(), SampleIndex::new(Vec::new())?, Vec::new())?;
    Ok(CountTable { matrix, facts: GeneFacts { loci: None, labels: Some(labels) } })
}
