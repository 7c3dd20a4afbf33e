//! `alkaline enrich ora`: over-representation of called or listed genes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{GeneSelection, OraTable, SIGNIFICANT_SET};
use alkaline_core::{GeneId, GeneSetCollection, IdentifierMap};
use alkaline_enrich::OraOptions;
use alkaline_enrich::ora::{OraCompat, OraStatistic, Universe, collapse};
use alkaline_io::gene_lengths;
use alkaline_io::results::{ora, test_table};
use alkaline_report::figures::gene_sets::enrichment::of_ora;
use alkaline_workflow::WorkflowError;
use alkaline_workflow::stages::enrich::{self, Simplifier};
use clap::Args;

use super::inputs::{collections, gene_values, settings};
use super::outputs::{warn_if_untested, write_figures, write_representatives};
use crate::commands::gene_sets::GeneSetArgs;
use crate::commands::given::replace;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `enrich ora`.
#[derive(Args, Clone, Debug)]
pub struct OraArgs {
    /// Test table of `alkaline test` (or any table with gene_id, logFC, PValue, FDR).
    #[arg(long, value_name = "FILE", required_unless_present = "genes", conflicts_with = "genes")]
    pub table: Option<PathBuf>,
    /// Genes of interest, one identifier a line.
    #[arg(long, value_name = "FILE")]
    pub genes: Option<PathBuf>,
    /// Which genes of the table: all, up, down, or several of these joined by commas (`-o ora.tsv` then gives
    /// ora.tsv, ora_up.tsv and ora_down.tsv, as in a run).
    #[arg(long, value_name = "QUERY", default_value = "all", value_delimiter = ',', value_parser = ["all", "up", "down"])]
    pub direction: Vec<String>,
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
    /// Also write which significant set (adjusted P below 0.05) stands for which, leaving out what another explains.
    #[arg(long, value_name = "FILE")]
    pub collapse: Option<PathBuf>,
    /// Table to write (`-` for standard output; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Directory for figures: dot plot, bar plot, enrichment map (also GraphML and Cytoscape JSON), gene-concept network.
    #[arg(long, value_name = "DIR")]
    pub figures: Option<PathBuf>,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Over-representation.
pub fn run(args: &OraArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let mut settings = settings(&args.sets)?;
    replace(&mut settings.ora.statistic, args.statistic.as_ref());
    replace(&mut settings.ora.compat, args.compat.as_ref());
    settings.ora.pool |= args.pool;
    let mut queries = Query::all_of(args)?;
    settings.ora.universe = universe(args, &mut queries)?;
    let tools = Tools {
        collections: collections(&settings, &console)?,
        identifiers: enrich::identifiers(&settings)?,
        lengths: args.length_bias.as_deref().map(gene_lengths::read).transpose()?,
        simplifier: Simplifier::new(&settings)?,
        options: settings.ora,
    };
    let several = queries.len() > 1;
    let place = |path: &Path, query: &Query| match several {
        true => output_of(path, &query.name),
        false => Ok(path.to_owned()),
    };
    for query in &queries {
        if several {
            console.result(&format!("{}:", query.name));
        }
        let table = tools.test(query, &place(&args.output, query)?, args.figures.as_deref(), &console)?;
        if let Some(path) = &args.collapse {
            tools.collapse(query, &table, &place(path, query)?, &console)?;
        }
    }
    Ok(())
}

/// Where the table of one of several queries goes: `ora_up.tsv` for `ora.tsv` and `up`, `ora.tsv` itself for `all`.
fn output_of(path: &Path, query: &str) -> Result<PathBuf, Failure> {
    if path.as_os_str() == "-" {
        return Err(Failure::usage(
            "several directions give several tables, and standard output takes one\nhint: name a file: -o ora.tsv",
        ));
    }
    if query == "all" {
        return Ok(path.to_owned());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let compressed = if name.ends_with(".gz") { ".gz" } else { "" };
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    let (stem, ending) = plain.rfind('.').map_or((plain, ""), |dot| plain.split_at(dot));
    Ok(path.with_file_name(format!("{stem}_{query}{ending}{compressed}")))
}

/// What every query is tested with.
struct Tools {
    collections: Vec<GeneSetCollection>,
    identifiers: IdentifierMap,
    lengths: Option<HashMap<String, f64>>,
    simplifier: Option<Simplifier>,
    options: OraOptions,
}

impl Tools {
    /// Tests one query, writes what came out and says it; gives the table of all tested sets.
    fn test(
        &self,
        query: &Query,
        path: &Path,
        figures: Option<&Path>,
        console: &Console,
    ) -> Result<OraTable, Failure> {
        let (collections, identifiers) = (&self.collections, &self.identifiers);
        let lengths = self.lengths.as_ref();
        let (table, mapping) =
            enrich::ora_of(&query.name, &query.genes, collections, identifiers, &self.options, lengths)?;
        let tested = table.rows.len();
        warn_if_untested(tested, self.options.min_size, self.options.max_size, console);
        let simplifier = self.simplifier.as_ref().filter(|_| tested > 0);
        let simplified =
            simplifier.map(|simplifier| simplifier.ora(&table)).transpose().map_err(WorkflowError::from)?;
        let shown = simplified.as_ref().unwrap_or(&table);
        ora::write(path, shown)?;
        if let Some(directory) = figures {
            let what = if query.fold_changes.is_empty() { "" } else { "log2 fold change" };
            let values = query.fold_changes.iter().map(|(gene, value)| (gene.as_str(), *value));
            write_figures(directory, &of_ora("", shown, &gene_values(what, values, identifiers)), console)?;
        }
        if let Some(mapping) = mapping {
            console.mapping(&mapping);
            enrich::write_mapping(path, &mapping)?;
        }
        let stay = simplified
            .as_ref()
            .map_or_else(String::new, |simplified| format!(", {} of which stay", simplified.rows.len()));
        console.result(&format!(
            "{}: {tested} sets tested, {} with adjusted P < {SIGNIFICANT_SET}{stay}; {}",
            GeneSetSource::labels(&table.sources),
            table.significant().count(),
            table.universe
        ));
        Ok(table)
    }

    /// Writes which significant set of one query stands for which.
    fn collapse(
        &self,
        query: &Query,
        table: &OraTable,
        path: &Path,
        console: &Console,
    ) -> Result<(), Failure> {
        let (sets, identifiers) = (&self.collections, Some(&self.identifiers));
        let collapsed = collapse(&query.genes, sets, identifiers, &self.options, table, SIGNIFICANT_SET)
            .map_err(WorkflowError::from)?;
        write_representatives(path, collapsed, &table.sources, console)
    }
}

/// What the genes are compared with; a universe of one's own becomes that of every query.
fn universe(args: &OraArgs, queries: &mut [Query]) -> Result<Universe, Failure> {
    match args.universe.as_deref() {
        Some("tested") if args.genes.is_some() => {
            Err(Failure::usage("--universe tested needs --table: a list does not tell what was tested"))
        }
        Some("annotated") => Ok(Universe::Annotated),
        None if args.genes.is_some() => Ok(Universe::Annotated),
        None | Some("tested") => Ok(Universe::Tested),
        Some(file) => {
            let genes = read_genes(Path::new(file))?;
            for query in queries {
                query.genes.universe.clone_from(&genes);
            }
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
    fn all_of(args: &OraArgs) -> Result<Vec<Self>, Failure> {
        match args.genes.as_deref() {
            Some(list) => Ok(vec![Self::of_list(list)?]),
            None => Self::of_table(args),
        }
    }

    fn of_list(path: &Path) -> Result<Self, Failure> {
        let hits = read_genes(path)?;
        let name =
            path.file_stem().map_or_else(|| "list".to_owned(), |stem| stem.to_string_lossy().into_owned());
        let genes = GeneSelection { universe: hits.clone(), hits };
        Ok(Self { name, genes, fold_changes: Vec::new() })
    }

    /// One query for each direction asked for, each once.
    fn of_table(args: &OraArgs) -> Result<Vec<Self>, Failure> {
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
        let mut queries: Vec<Self> = Vec::new();
        for name in &args.direction {
            if queries.iter().all(|query| query.name != *name) {
                queries.push(Self {
                    name: name.clone(),
                    genes: enrich::selection_of(&rows, name),
                    fold_changes: rows.iter().map(|row| (row.gene.clone(), row.log2_fold_change)).collect(),
                });
            }
        }
        Ok(queries)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_tables_are_named_as_in_a_run() {
        let name = |path: &str, query| output_of(Path::new(path), query).unwrap();
        assert_eq!(name("out/ora.tsv", "all"), Path::new("out/ora.tsv"));
        assert_eq!(name("out/ora.tsv.gz", "up"), Path::new("out/ora_up.tsv.gz"));
        assert_eq!(name("ora", "down"), Path::new("ora_down"));
        assert_eq!(name("a.b/my.study.tsv", "down"), Path::new("a.b/my.study_down.tsv"));
        assert!(output_of(Path::new("-"), "up").is_err());
    }
}
