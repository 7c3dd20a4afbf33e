//! `alkaline normalize`: counts to CPM, log CPM, FPKM or TPM.

use std::path::{Path, PathBuf};

use alkaline_core::SampleId;
use alkaline_core::expression::ExpressionUnit;
use alkaline_norm::LibrarySizeKind;
use alkaline_reference::identifiers::human_identifiers;
use alkaline_workflow::Observer;
use alkaline_workflow::stages::lengths::{self, KnownLengths};
use alkaline_workflow::stages::normalize::{Expression, NormalizeSettings, sizes_of_table};
use alkaline_workflow::stages::{count, naming};
use clap::Args;

use super::counts_input::CountsInput;
use super::given::replace;
use super::norm_options::NormArgs;
use super::sample_sheet::read_sheet;
use super::table_name::table_name;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `normalize`.
#[derive(Args, Clone, Debug)]
pub struct NormalizeArgs {
    #[command(flatten)]
    pub input: CountsInput,
    /// Which columns are samples: a sample sheet, or their names separated by commas [default: all that hold counts].
    #[arg(long, value_name = "FILE|NAMES")]
    pub samples: Option<String>,
    /// What to compute.
    #[arg(long, value_name = "UNIT")]
    pub unit: ExpressionUnit,
    /// Gene lengths for FPKM and TPM, where the count table has none: an annotation file, or hg38, hg19, mm10.
    #[arg(long, value_name = "FILE|NAME")]
    pub annotation: Option<String>,
    #[command(flatten)]
    pub norm: NormArgs,
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

impl NormalizeArgs {
    /// The samples that were asked for, in their order.
    fn samples_wanted(&self, console: &Console) -> Result<Option<Vec<SampleId>>, Failure> {
        let Some(samples) = &self.samples else { return Ok(None) };
        let path = Path::new(samples);
        if path.is_file() {
            let file = read_sheet(path, Some(&self.input.counts))?;
            file.notices.iter().for_each(|notice| console.warning(notice));
            return Ok(Some(file.sheet.samples.into_iter().map(|sample| sample.id).collect()));
        }
        let names = samples.split(',').map(str::trim).filter(|name| !name.is_empty());
        let names: Vec<SampleId> = names.map(SampleId::from).collect();
        match names.is_empty() {
            true => {
                Err(Failure::usage("--samples: a sample sheet, or names separated by commas, are wanted"))
            }
            false => Ok(Some(names)),
        }
    }
}

/// Computes and writes one expression table.
pub fn run(args: &NormalizeArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let mut settings = NormalizeSettings::default();
    args.norm.apply(&mut settings.factors)?;
    replace(&mut settings.expression.library_size, args.library_sizes.as_ref());
    replace(&mut settings.expression.prior_count, args.prior_count.as_ref());
    let samples = args.samples_wanted(&console)?;
    let file = count::read_samples(&args.input.counts, samples, args.input.options())?;
    count::notices(&args.input.counts, &file).iter().for_each(|notice| console.warning(notice));
    let table = file.table;
    let labels = naming::gene_labels_by(&args.input.counts, &table, || {
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
