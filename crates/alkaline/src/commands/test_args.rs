//! The arguments of `alkaline test`.

use std::path::PathBuf;

use alkaline_core::samples::ContrastSpec;
use clap::Args;

use super::contrast::parse_contrast;
use super::norm_options::NormArgs;
use super::table_name::table_name;
use super::test_input::TestInput;
use super::test_options::TestOptions;
use crate::global_options::GlobalOptions;

/// Arguments of `test`.
#[derive(Args, Clone, Debug)]
pub struct TestArgs {
    #[command(flatten)]
    pub input: TestInput,
    /// Sample sheet: `sample,condition[,batch,...]`.
    #[arg(long, value_name = "FILE")]
    pub samples: PathBuf,
    /// What to compare: a column of the sample sheet, its reference and its target; or an expression in the levels of one column,
    /// as in '(A + B)/2 - C', or in the levels and coefficients of `--design`.
    #[arg(long, value_name = "VARIABLE,REFERENCE,TARGET", value_parser = parse_contrast, allow_hyphen_values = true)]
    pub contrast: ContrastSpec,
    #[command(flatten)]
    pub test: TestOptions,
    #[command(flatten)]
    pub norm: NormArgs,
    /// Write what else is known beside the table: library sizes (`.library_sizes.tsv`), dispersions (`.dispersions.tsv`), MDS
    /// and PCA maps of the samples (`.mds.tsv`, `.pca.tsv`), and for an assumed dispersion how the calls depend on it
    /// (`.sensitivity.tsv`, `.sensitivity_by_gene.tsv`).
    #[arg(long)]
    pub details: bool,
    /// Write the genes that were not tested too, with NA.
    #[arg(long)]
    pub keep_filtered: bool,
    /// Test table to write (`-` for standard output; .tsv, .csv or .xlsx by its name; `.gz` is compressed); beside it go how it was made (`.json`) and the genes
    /// that the filter removed, with the reason (`.filter.tsv`).
    #[arg(short, long, value_name = "FILE", value_parser = table_name)]
    pub output: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}
