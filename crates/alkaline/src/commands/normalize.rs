//! `alkaline normalize`: counts to CPM, log CPM, FPKM or TPM, or to a scale for maps of samples.

use std::path::{Path, PathBuf};

use alkaline_core::annotation::GeneLabel;
use alkaline_core::expression::ExpressionUnit;
use alkaline_core::results::CountTable;
use alkaline_core::{PerGene, SampleId};
use alkaline_dge::deseq2::{DispersionTrend, SizeFactors, TransformOptions, Transformation, transform};
use alkaline_io::results::expression;
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

/// What a table of counts is turned into.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Counts per million.
    Cpm,
    /// log2 counts per million with a prior count (edgeR `cpm(log = TRUE)`).
    LogCpm,
    /// Fragments per kilobase of exon per million fragments.
    Fpkm,
    /// Transcripts per million: FPKM scaled so that each sample sums to one million.
    Tpm,
    /// Log2 values whose noise does not depend on abundance (DESeq2 `vst`), for maps and distances.
    Vst,
    /// Log2 values with shrunken fold changes (DESeq2 `rlog`), for maps of few samples.
    Rlog,
}

impl Unit {
    /// The unit of expression, or the transformation.
    fn kind(self) -> Result<ExpressionUnit, Transformation> {
        match self {
            Self::Cpm => Ok(ExpressionUnit::Cpm),
            Self::LogCpm => Ok(ExpressionUnit::LogCpm),
            Self::Fpkm => Ok(ExpressionUnit::Fpkm),
            Self::Tpm => Ok(ExpressionUnit::Tpm),
            Self::Vst => Err(Transformation::Vst),
            Self::Rlog => Err(Transformation::Rlog),
        }
    }
}

/// Genes that a trend is found from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrendGenes(Option<usize>);

impl std::str::FromStr for TrendGenes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self(None)),
            number => match number.parse() {
                Ok(genes) if genes >= 2 => Ok(Self(Some(genes))),
                _ => Err("a number of genes from 2 on, or `all`, is wanted".to_owned()),
            },
        }
    }
}

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
    pub unit: Unit,
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
    /// With vst: find the trend of dispersions from as many genes, or from `all` [default: 1000].
    #[arg(long, value_name = "N|all")]
    pub vst_genes: Option<TrendGenes>,
    /// With vst and rlog: how dispersion follows the mean [default: parametric].
    #[arg(long, value_name = "TREND")]
    pub fit_type: Option<DispersionTrend>,
    /// With vst and rlog: which genes size factors are found from [default: ratio].
    #[arg(long, value_name = "RULE")]
    pub size_factors: Option<SizeFactors>,
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

impl NormalizeArgs {
    /// vst and rlog have size factors of their own: what is said of others would go unheard.
    fn transform(
        &self,
        transformation: Transformation,
        table: &CountTable,
        labels: &PerGene<GeneLabel>,
        settings: &NormalizeSettings,
        console: &Console,
    ) -> Result<(), Failure> {
        if *settings != NormalizeSettings::default() {
            return Err(Failure::usage(
                "--unit vst and rlog have DESeq2's size factors (--size-factors); leave --norm with its options, --library-sizes and --prior-count away",
            ));
        }
        if transformation == Transformation::Rlog && self.vst_genes.is_some() {
            return Err(Failure::usage("--vst-genes: rlog finds its trend from all genes"));
        }
        let trend_genes = match transformation {
            Transformation::Vst => self.vst_genes.unwrap_or(TrendGenes(Some(1000))).0,
            Transformation::Rlog => None,
        };
        let options = TransformOptions {
            transformation,
            size_factors: self.size_factors.unwrap_or_default(),
            trend: self.fit_type.unwrap_or_default(),
            trend_genes,
        };
        let transformed =
            transform(&table.matrix, &options).map_err(alkaline_workflow::WorkflowError::from)?;
        transformed.notices.iter().for_each(|notice| console.warning(notice));
        Ok(expression::write(&self.output, &transformed.values, Some(labels))?)
    }

    fn refuse_options_of_transformations(&self) -> Result<(), Failure> {
        match self.vst_genes.is_some() || self.fit_type.is_some() || self.size_factors.is_some() {
            true => Err(Failure::usage(
                "--vst-genes, --fit-type and --size-factors belong to --unit vst and rlog",
            )),
            false => Ok(()),
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
    let unit = match args.unit.kind() {
        Ok(unit) => unit,
        Err(transformation) => return args.transform(transformation, &table, &labels, &settings, &console),
    };
    args.refuse_options_of_transformations()?;
    let sizes = sizes_of_table(&table, &settings)?;
    let needs_lengths = matches!(unit, ExpressionUnit::Fpkm | ExpressionUnit::Tpm);
    let known = match KnownLengths::of_table(&table) {
        Some(known) => Some(known),
        None if needs_lengths => lengths::from_reference(&table, &labels, args.annotation.as_deref())?,
        None => None,
    };
    let expression = Expression::new(&table, unit, &sizes, known.as_ref(), &settings)?;
    Ok(expression.write(&args.output, &labels)?)
}
