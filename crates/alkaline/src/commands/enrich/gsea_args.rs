//! Arguments of `alkaline enrich gsea`, whichever engine answers.

use std::path::PathBuf;

use alkaline_core::results::RankBy;
use clap::Args;

use super::engine::EngineArgs;
use crate::commands::gene_sets::GeneSetArgs;
use crate::commands::table_name::table_name;
use crate::global_options::GlobalOptions;

/// Arguments of `enrich gsea`.
#[derive(Args, Clone, Debug)]
pub struct GseaArgs {
    /// Test table: of `alkaline test`, or of edgeR, limma, DESeq2 (genes, log2 fold changes, P).
    #[arg(long, value_name = "FILE", required_unless_present_any = ["ranks", "counts"], conflicts_with = "ranks")]
    pub table: Option<PathBuf>,
    /// Ranked list: gene and score, separated by a tab.
    #[arg(long, value_name = "FILE")]
    pub ranks: Option<PathBuf>,
    /// What the genes of a test table are ranked by [default: signed-log-p].
    #[arg(long, value_name = "SCORE", conflicts_with = "ranks")]
    pub rank_by: Option<RankBy>,
    #[command(flatten)]
    pub sets: GeneSetArgs,
    /// Seed of the random numbers [default: 1].
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Random sets drawn per step; more give smaller standard errors [default: 1000].
    #[arg(long, value_name = "N")]
    pub draws: Option<usize>,
    /// Weight of the scores in the running sum [default: 1].
    #[arg(long, value_name = "X")]
    pub exponent: Option<f64>,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Write symbols in place of the identifiers as given (clusterProfiler's setReadable), as a run does.
    #[arg(long)]
    pub readable: bool,
    /// Table to write (`-` for standard output; .tsv, .csv or .xlsx by its name; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE", value_parser = table_name)]
    pub output: PathBuf,
    /// Directory for figures: running scores, ridges, enrichment map (also GraphML and Cytoscape JSON), UpSet.
    #[arg(long, value_name = "DIR")]
    pub figures: Option<PathBuf>,
    #[command(flatten)]
    pub global: GlobalOptions,
}
