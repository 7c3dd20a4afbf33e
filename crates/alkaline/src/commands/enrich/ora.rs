//! `alkaline enrich ora`: over-representation of called or listed genes.

use std::path::{Path, PathBuf};

use alkaline_core::GeneId;
use alkaline_core::results::GeneSelection;
use alkaline_enrich::ora::{OraCompat, OraStatistic, Universe};
use alkaline_io::gene_lengths;
use alkaline_io::results::{ora, test_table};
use alkaline_report::figures::enrichment::of_ora;
use alkaline_workflow::WorkflowError;
use alkaline_workflow::stages::enrich::{self, Simplifier};
use clap::Args;

use super::{collections, gene_values, settings, warn_if_untested, write_figures};
use crate::commands::experiment::replace;
use crate::commands::gene_sets::GeneSetArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::general::Common;

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
    /// Test all ontologies as one: one universe, one correction (enrichGO's pool = TRUE).
    #[arg(long)]
    pub pool: bool,
    /// Allow for long genes being called more readily (goseq): a table with the lengths, such as a count table.
    #[arg(long, value_name = "FILE")]
    pub length_bias: Option<PathBuf>,
    /// Table to write (`-` for standard output; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Directory for figures: dot plot, bar plot, enrichment map (also GraphML and Cytoscape JSON), gene-concept network.
    #[arg(long, value_name = "DIR")]
    pub figures: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

/// Over-representation.
pub fn run(args: &OraArgs) -> Result<(), Failure> {
    let console = Console::new(&args.common)?;
    let mut settings = settings(&args.sets)?;
    replace(&mut settings.ora.statistic, args.statistic.as_ref());
    replace(&mut settings.ora.compat, args.compat.as_ref());
    settings.ora.pool |= args.pool;
    let mut query = Query::of(args)?;
    settings.ora.universe = universe(args, &mut query.genes)?;
    let collections = collections(&settings, &console)?;
    let identifiers = enrich::identifiers(&settings)?;
    let lengths = args.length_bias.as_deref().map(gene_lengths::read).transpose()?;
    let (table, mapping) = enrich::ora_of(
        &query.name,
        &query.genes,
        &collections,
        &identifiers,
        &settings.ora,
        lengths.as_ref(),
    )?;
    let tested = table.rows.len();
    warn_if_untested(tested, settings.ora.min_size, settings.ora.max_size, &console);
    let significant = table.significant().count();
    let (table, stay) = match Simplifier::new(&settings)? {
        Some(simplifier) if tested > 0 => {
            let simplified = simplifier.ora(&table).map_err(WorkflowError::from)?;
            let stay = format!(", {} of which stay", simplified.rows.len());
            (simplified, stay)
        }
        _ => (table, String::new()),
    };
    ora::write(&args.output, &table)?;
    if let Some(directory) = &args.figures {
        let what = if query.fold_changes.is_empty() { "" } else { "log2 fold change" };
        let values = query.fold_changes.iter().map(|(gene, value)| (gene.as_str(), *value));
        let figures = of_ora("", &table, &gene_values(what, values, &identifiers));
        write_figures(directory, &figures, &console)?;
    }
    if let Some(mapping) = mapping {
        console.mapping(&mapping);
        enrich::write_mapping(&args.output, &mapping)?;
    }
    console.result(&format!(
        "{}: {tested} sets tested, {significant} with adjusted P < 0.05{stay}; {}",
        enrich::sources_in_words(&table.sources),
        table.universe
    ));
    Ok(())
}

/// What the genes are compared with; a universe of one's own becomes that of `selection`.
fn universe(args: &OraArgs, selection: &mut GeneSelection) -> Result<Universe, Failure> {
    match args.universe.as_deref() {
        Some("tested") if args.genes.is_some() => {
            Err(Failure::usage("--universe tested needs --table: a list does not tell what was tested"))
        }
        Some("annotated") => Ok(Universe::Annotated),
        None if args.genes.is_some() => Ok(Universe::Annotated),
        None | Some("tested") => Ok(Universe::Tested),
        Some(file) => {
            selection.universe = read_genes(Path::new(file))?;
            Ok(Universe::Tested)
        }
    }
}

/// The genes of interest.
struct Query {
    /// What they are called in the output.
    name: String,
    genes: GeneSelection,
    /// Log2 fold changes of the whole table; none for a list.
    fold_changes: Vec<(GeneId, f64)>,
}

impl Query {
    fn of(args: &OraArgs) -> Result<Self, Failure> {
        args.genes.as_deref().map_or_else(|| Self::of_table(args), Self::of_list)
    }

    fn of_list(path: &Path) -> Result<Self, Failure> {
        let hits = read_genes(path)?;
        let name =
            path.file_stem().map_or_else(|| "list".to_owned(), |stem| stem.to_string_lossy().into_owned());
        let genes = GeneSelection { universe: hits.clone(), hits };
        Ok(Self { name, genes, fold_changes: Vec::new() })
    }

    fn of_table(args: &OraArgs) -> Result<Self, Failure> {
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
        Ok(Self {
            name: args.direction.clone(),
            genes: enrich::selection_of(&rows, &args.direction),
            fold_changes: rows.iter().map(|row| (row.gene.clone(), row.log2_fold_change)).collect(),
        })
    }
}

/// Identifiers from a file, one a line.
fn read_genes(path: &Path) -> Result<Vec<GeneId>, Failure> {
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
