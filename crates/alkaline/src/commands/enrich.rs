//! `alkaline enrich`: what the genes mean, file to file.

use std::path::{Path, PathBuf};

use alkaline_core::results::{GeneSelection, RankBy, RankedGenes, ranked_by};
use alkaline_core::{GeneId, GeneSetCollection};
use alkaline_enrich::ora::{OraCompat, OraStatistic, Universe};
use alkaline_io::results::{gsea, ora, test_table};
use alkaline_io::rnk;
use alkaline_reference::identifiers::human_identifiers;
use alkaline_workflow::WorkflowError;
use alkaline_workflow::stages::enrich::{self, EnrichSettings};
use clap::{Args, Subcommand};

use super::experiment::replace;
use super::gene_sets::GeneSetArgs;
use crate::cli::Common;
use crate::console::Console;
use crate::failure::Failure;

/// The kinds of enrichment.
#[derive(Subcommand, Clone, Debug)]
pub enum EnrichCommand {
    /// Over-representation of the called genes in gene sets (as clusterProfiler's enrichGO and enricher).
    Ora(Box<OraArgs>),
    /// Enrichment of gene sets along the ranked list of all genes (GSEA).
    Gsea(Box<GseaArgs>),
}

/// What is tested: the defaults with the command line written over; GMT files alone where no ontology is named.
fn settings(args: &GeneSetArgs) -> Result<EnrichSettings, Failure> {
    let mut settings = EnrichSettings::default();
    if args.go.is_none() && !args.gene_sets.is_empty() {
        settings.go = Vec::new();
    }
    args.apply(&mut settings)?;
    Ok(settings)
}

/// The gene sets themselves.
fn collections(settings: &EnrichSettings, console: &Console) -> Result<Vec<GeneSetCollection>, Failure> {
    let collections = enrich::collections(settings, console)?;
    if collections.is_empty() {
        return Err(Failure::usage("no gene sets\nhint: --go bp,mf,cc or --gene-sets FILE.gmt"));
    }
    Ok(collections)
}

/// Arguments of `enrich ora`.
#[derive(Args, Clone, Debug)]
pub struct OraArgs {
    /// Test table of `alkaline test` (or any table with gene_id, logFC, PValue, FDR).
    #[arg(long, value_name = "FILE", required_unless_present = "genes", conflicts_with = "genes")]
    pub table: Option<PathBuf>,
    /// Genes of interest, one identifier a line.
    #[arg(long, value_name = "FILE")]
    pub genes: Option<PathBuf>,
    /// Which genes of the table: all, up or down.
    #[arg(long, value_name = "QUERY", default_value = "all", value_parser = ["all", "up", "down"])]
    pub direction: String,
    /// Call genes below this FDR instead of as the table does.
    #[arg(long, value_name = "X")]
    pub fdr: Option<f64>,
    /// Call genes from this absolute log2 fold change instead of as the table does.
    #[arg(long, value_name = "X")]
    pub lfc: Option<f64>,
    /// Background: tested, annotated, or a file with one identifier a line [default: tested, annotated with --genes].
    #[arg(long, value_name = "tested|annotated|FILE")]
    pub universe: Option<String>,
    #[command(flatten)]
    pub sets: GeneSetArgs,
    /// How P is computed [default: hypergeometric].
    #[arg(long, value_name = "STATISTIC")]
    pub statistic: Option<OraStatistic>,
    /// Whose rules are followed where versions differ [default: alkaline].
    #[arg(long, value_name = "RULES")]
    pub compat: Option<OraCompat>,
    /// Table to write (`-` for standard output; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub common: Common,
}

/// Runs the kind of enrichment that was asked for.
pub fn run(command: &EnrichCommand) -> Result<(), Failure> {
    match command {
        EnrichCommand::Ora(args) => run_ora(args),
        EnrichCommand::Gsea(args) => run_gsea(args),
    }
}

/// Over-representation.
fn run_ora(args: &OraArgs) -> Result<(), Failure> {
    let console = Console::new(&args.common)?;
    let settings = settings(&args.sets)?;
    let mut options = settings.ora.clone();
    replace(&mut options.statistic, args.statistic.as_ref());
    replace(&mut options.compat, args.compat.as_ref());
    let (name, mut selection) = selection(args)?;
    match args.universe.as_deref() {
        Some("tested") if args.genes.is_some() => {
            return Err(Failure::usage(
                "--universe tested needs --table: a list does not tell what was tested",
            ));
        }
        Some("annotated") => options.universe = Universe::Annotated,
        None if args.genes.is_some() => options.universe = Universe::Annotated,
        None | Some("tested") => {}
        Some(file) => selection.universe = read_genes(Path::new(file))?,
    }
    let collections = collections(&settings, &console)?;
    let identifiers = human_identifiers(args.sets.go_release.as_deref()).map_err(WorkflowError::from)?;
    let (table, mapping) = enrich::ora_of(&name, &selection, &collections, &identifiers, &options)?;
    ora::write(&args.output, &table)?;
    if let Some(mapping) = mapping {
        console.mapping(&mapping);
    }
    let significant = table.rows.iter().filter(|row| row.p_adjusted < 0.05).count();
    console.result(&format!(
        "{} sets tested, {significant} with adjusted P < 0.05; {}",
        table.rows.len(),
        table.universe
    ));
    Ok(())
}

/// The genes of interest and what they are called.
fn selection(args: &OraArgs) -> Result<(String, GeneSelection), Failure> {
    if let Some(path) = &args.genes {
        let hits = read_genes(path)?;
        let name =
            path.file_stem().map_or_else(|| "list".to_owned(), |stem| stem.to_string_lossy().into_owned());
        return Ok((name, GeneSelection { universe: hits.clone(), hits }));
    }
    let path = args.table.as_deref().unwrap_or(Path::new("-"));
    let mut rows = test_table::read_rows(path)?;
    if args.fdr.is_some() || args.lfc.is_some() {
        let mut thresholds = alkaline_core::results::Thresholds::default();
        replace(&mut thresholds.fdr, args.fdr.as_ref());
        replace(&mut thresholds.lfc, args.lfc.as_ref());
        for row in &mut rows {
            row.direction = thresholds.call(row.log2_fold_change, row.fdr);
        }
    }
    Ok((args.direction.clone(), enrich::selection_of(&rows, &args.direction)))
}

/// Identifiers from a file, one a line.
pub fn read_genes(path: &Path) -> Result<Vec<GeneId>, Failure> {
    let text = alkaline_io::delimited::read_text(path)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let genes: Vec<GeneId> = lines.map(GeneId::from).collect();
    if genes.is_empty() {
        return Err(Failure::input(format!(
            "{}: no gene in the list\nhint: one identifier a line",
            path.display()
        )));
    }
    Ok(genes)
}

/// Arguments of `enrich gsea`.
#[derive(Args, Clone, Debug)]
pub struct GseaArgs {
    /// Test table of `alkaline test` (or any table with gene_id, logFC, PValue).
    #[arg(long, value_name = "FILE", required_unless_present = "ranks", conflicts_with = "ranks")]
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
    /// Table to write (`-` for standard output; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub common: Common,
}

/// Enrichment along the ranked list.
fn run_gsea(args: &GseaArgs) -> Result<(), Failure> {
    let console = Console::new(&args.common)?;
    let settings = settings(&args.sets)?;
    let mut options = settings.gsea.clone();
    replace(&mut options.seed, args.seed.as_ref());
    replace(&mut options.draws, args.draws.as_ref());
    replace(&mut options.exponent, args.exponent.as_ref());
    let (ranks, words) = ranked_list(args, &console)?;
    let collections = collections(&settings, &console)?;
    let identifiers = human_identifiers(args.sets.go_release.as_deref()).map_err(WorkflowError::from)?;
    let ranked = enrich::ranked(&ranks, &words, &collections, &identifiers, &options)?;
    gsea::write(&args.output, &ranked.table, &ranked.curves)?;
    console.mapping(&ranked.mapping);
    let significant = ranked.table.rows.iter().filter(|row| row.p_adjusted < 0.05).count();
    console.result(&format!("{} sets tested, {significant} with adjusted P < 0.05", ranked.table.rows.len()));
    Ok(())
}

/// The ranked list, and what it is ranked by.
fn ranked_list(args: &GseaArgs, console: &Console) -> Result<(RankedGenes, String), Failure> {
    if let Some(path) = &args.ranks {
        let (ranks, notes) = rnk::read(path)?;
        console.rank_notes(path, &notes);
        return Ok((ranks, format!("the scores of {}", path.display())));
    }
    let by = args.rank_by.unwrap_or_default();
    let rows = test_table::read_rows(args.table.as_deref().unwrap_or(Path::new("-")))?;
    Ok((ranked_by(&rows, by), enrich::ranking_in_words(by).to_owned()))
}
