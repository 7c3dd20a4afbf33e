//! `alkaline normalize`: counts to CPM, log CPM, FPKM or TPM.

use std::path::PathBuf;

use alkaline_core::expression::ExpressionUnit;
use alkaline_norm::{LibrarySizeKind, NormMethod};
use alkaline_reference::identifiers::human_identifiers;
use alkaline_workflow::stages::lengths::{self, KnownLengths};
use alkaline_workflow::stages::normalize::{Expression, NormalizeSettings, sizes_of_table};
use alkaline_workflow::stages::{count, naming};
use clap::Args;

use super::counts_input::CountsInput;
use super::given::replace;
use super::table_name::table_name;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `normalize`.
#[derive(Args, Clone, Debug)]
pub struct NormalizeArgs {
    #[command(flatten)]
    pub input: CountsInput,
    /// What to compute.
    #[arg(long, value_name = "UNIT")]
    pub unit: ExpressionUnit,
    /// Gene lengths for FPKM and TPM, where the count table has none: an annotation file, or hg38, hg19, mm10.
    #[arg(long, value_name = "FILE|NAME")]
    pub annotation: Option<String>,
    /// How to correct library sizes for composition [default: tmm].
    #[arg(long, value_name = "METHOD")]
    pub norm: Option<NormMethod>,
    /// Which library sizes to divide by [default: raw for FPKM, effective (raw x factor) for CPM and log CPM].
    #[arg(long, value_name = "KIND")]
    pub library_sizes: Option<LibrarySizeKind>,
    /// Average count added before logs are taken [default: 2].
    #[arg(long, value_name = "X")]
    pub prior_count: Option<f64>,
    /// Expression table to write (`-` for standard output; .tsv, .csv or .xlsx by its name; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE", value_parser = table_name)]
    pub output: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Computes and writes one expression table.
pub fn run(args: &NormalizeArgs) -> Result<(), Failure> {
    Console::new(&args.global)?;
    let mut settings = NormalizeSettings::default();
    replace(&mut settings.factors.method, args.norm.as_ref());
    replace(&mut settings.expression.library_size, args.library_sizes.as_ref());
    replace(&mut settings.expression.prior_count, args.prior_count.as_ref());
    let table = count::read_table(&args.input.counts, None, args.input.allow_fractional)?;
    let labels = naming::gene_labels_by(&table, || {
        human_identifiers(None).map_err(alkaline_workflow::WorkflowError::from)
    })?;
    let sizes = sizes_of_table(&table, &settings)?;
    let needs_lengths = matches!(args.unit, ExpressionUnit::Fpkm | ExpressionUnit::Tpm);
    let known = match KnownLengths::of_table(&table) {
        Some(known) => Some(known),
        None if needs_lengths => lengths::from_reference(&table, &labels, args.annotation.as_deref())?,
        None => None,
    };
    let expression = Expression::new(&table, args.unit, &sizes, known.as_ref(), &settings)?;
    Ok(expression.write(&args.output, &labels)?)
}
