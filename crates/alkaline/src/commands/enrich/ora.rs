//! `alkaline enrich ora`: over-representation of called or listed genes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{GeneSelection, OraTable, Query, SIGNIFICANT_SET};
use alkaline_core::words::count;
use alkaline_core::{GeneId, GeneSetCollection, IdentifierMap};
use alkaline_enrich::OraOptions;
use alkaline_enrich::ora::{OraCompat, OraStatistic, Universe, collapse};
use alkaline_io::results::{ora, test_table};
use alkaline_io::{gene_lengths, gene_list};
use alkaline_report::figures::gene_sets::enrichment::of_ora;
use alkaline_workflow::stages::enrich::{self, CalledRows, Simplifier};
use alkaline_workflow::{Observer, WorkflowError};
use clap::Args;

use super::inputs::{collections, gene_values, settings};
use super::outputs::{warn_if_untested, write_figures, write_representatives};
use crate::commands::gene_sets::GeneSetArgs;
use crate::commands::given::replace;
use crate::commands::table_name::table_name;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `enrich ora`.
#[derive(Args, Clone, Debug)]
pub struct OraArgs {
    /// Test table: of `alkaline test`, or of edgeR, limma, DESeq2 (genes, log2 fold changes, P, adjusted P).
    #[arg(long, value_name = "FILE", required_unless_present = "genes", conflicts_with = "genes")]
    pub table: Option<PathBuf>,
    /// Genes of interest: one identifier a line, or the first column of a table.
    #[arg(long, value_name = "FILE")]
    pub genes: Option<PathBuf>,
    /// Which genes of the table: all, up, down, or several of these joined by commas (`-o ora.tsv` then gives
    /// ora.tsv, ora_up.tsv and ora_down.tsv, as in a run).
    #[arg(long, value_name = "QUERY", default_value = "all", value_delimiter = ',')]
    pub direction: Vec<Query>,
    /// Call genes below this FDR; without --lfc the fold change that the table asks for stays.
    #[arg(long, value_name = "X")]
    pub fdr: Option<f64>,
    /// Call genes from this absolute log2 fold change; without --fdr the FDR that the table asks for stays.
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
    #[arg(long, value_name = "FILE", value_parser = table_name)]
    pub collapse: Option<PathBuf>,
    /// Write symbols in place of the identifiers as given (clusterProfiler's setReadable), as a run does.
    #[arg(long)]
    pub readable: bool,
    /// Table to write (`-` for standard output; .tsv, .csv or .xlsx by its name; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE", value_parser = table_name)]
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
    let mut settings = settings(&args.sets, args.readable)?;
    replace(&mut settings.ora.statistic, args.statistic.as_ref());
    replace(&mut settings.ora.compat, args.compat.as_ref());
    settings.ora.pool |= args.pool;
    check_thresholds(args)?;
    let mut questions = Question::all_of(args, &console)?;
    settings.ora.universe = universe(args, &mut questions, &console)?;
    let tools = Tools {
        collections: collections(&settings, &console)?,
        identifiers: enrich::identifiers(&settings)?,
        lengths: args.length_bias.as_deref().map(gene_lengths::read).transpose()?,
        simplifier: Simplifier::new(&settings)?,
        options: settings.ora,
    };
    let several = questions.len() > 1;
    let place = |path: &Path, question: &Question| match several {
        true => output_of(path, &question.query),
        false => Ok(path.to_owned()),
    };
    for question in &questions {
        if several {
            console.result(&format!("{}:", question.query));
        }
        let table =
            tools.test(question, &place(&args.output, question)?, args.figures.as_deref(), &console)?;
        if let Some(path) = &args.collapse {
            tools.collapse(question, &table, &place(path, question)?, &console)?;
        }
    }
    Ok(())
}

/// Where the table of one of several queries goes: `ora_up.tsv` for `ora.tsv` and `up`, `ora.tsv` itself for `all`.
fn output_of(path: &Path, query: &Query) -> Result<PathBuf, Failure> {
    if path.as_os_str() == "-" {
        return Err(Failure::usage(
            "several directions give several tables, and standard output takes one\nhint: name a file: -o ora.tsv",
        ));
    }
    if *query == Query::All {
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
        question: &Question,
        path: &Path,
        figures: Option<&Path>,
        console: &Console,
    ) -> Result<OraTable, Failure> {
        let (collections, identifiers) = (&self.collections, &self.identifiers);
        let lengths = self.lengths.as_ref();
        let (table, mapping) = enrich::ora_of(
            &question.query,
            &question.genes,
            collections,
            identifiers,
            &self.options,
            lengths,
        )?;
        let tested = table.rows.len();
        if question.genes.hits.is_empty() {
            console.warning(&format!(
                "{}, so there is nothing to test; --fdr and --lfc call genes anew",
                question.query.none_in_words()
            ));
        } else {
            warn_if_untested(tested, self.options.min_size, self.options.max_size, console);
        }
        let simplifier = self.simplifier.as_ref().filter(|_| tested > 0);
        let simplified =
            simplifier.map(|simplifier| simplifier.ora(&table)).transpose().map_err(WorkflowError::from)?;
        let shown = simplified.as_ref().unwrap_or(&table);
        ora::write(path, shown)?;
        if let Some(directory) = figures {
            let what = if question.fold_changes.is_empty() { "" } else { "log2 fold change" };
            let values = question.fold_changes.iter().map(|(gene, value)| (gene.as_str(), *value));
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
            "{}: {} tested, {} with adjusted P < {SIGNIFICANT_SET}{stay}; {}",
            GeneSetSource::labels(&table.sources),
            count(tested, "set"),
            table.significant().count(),
            table.universe
        ));
        Ok(table)
    }

    /// Writes which significant set of one query stands for which.
    fn collapse(
        &self,
        question: &Question,
        table: &OraTable,
        path: &Path,
        console: &Console,
    ) -> Result<(), Failure> {
        let (sets, identifiers) = (&self.collections, Some(&self.identifiers));
        let collapsed = collapse(&question.genes, sets, identifiers, &self.options, table, SIGNIFICANT_SET)
            .map_err(WorkflowError::from)?;
        write_representatives(path, collapsed, &table.sources, console)
    }
}

/// What the genes are compared with; a universe of one's own becomes that of every query.
fn universe(args: &OraArgs, questions: &mut [Question], console: &Console) -> Result<Universe, Failure> {
    match args.universe.as_deref() {
        Some("tested") if args.genes.is_some() => {
            Err(Failure::usage("--universe tested needs --table: a list does not tell what was tested"))
        }
        Some("annotated") => Ok(Universe::Annotated),
        None if args.genes.is_some() => Ok(Universe::Annotated),
        None | Some("tested") => Ok(Universe::Tested),
        Some(file) => {
            let genes = read_genes(Path::new(file), console)?;
            for question in questions {
                question.genes.universe.clone_from(&genes);
            }
            Ok(Universe::Tested)
        }
    }
}

/// The genes of interest.
struct Question {
    /// What they are.
    query: Query,
    genes: GeneSelection,
    /// Log2 fold changes of the whole table; none for a list.
    fold_changes: Vec<(GeneId, f64)>,
}

impl Question {
    fn all_of(args: &OraArgs, console: &Console) -> Result<Vec<Self>, Failure> {
        match args.genes.as_deref() {
            Some(list) => Ok(vec![Self::of_list(list, console)?]),
            None => Self::of_table(args, console),
        }
    }

    fn of_list(path: &Path, console: &Console) -> Result<Self, Failure> {
        let hits = read_genes(path, console)?;
        let name =
            path.file_stem().map_or_else(|| "list".to_owned(), |stem| stem.to_string_lossy().into_owned());
        let genes = GeneSelection { universe: hits.clone(), hits };
        Ok(Self { query: Query::List(name), genes, fold_changes: Vec::new() })
    }

    /// One query for each direction asked for, each once.
    fn of_table(args: &OraArgs, console: &Console) -> Result<Vec<Self>, Failure> {
        let path = args.table.as_deref().unwrap_or(Path::new("-"));
        let CalledRows { rows, notes } = enrich::called_rows(test_table::read_any(path)?, args.fdr, args.lfc);
        console.notes(path, &notes);
        let mut questions: Vec<Self> = Vec::new();
        for query in &args.direction {
            if questions.iter().all(|question| question.query != *query) {
                questions.push(Self {
                    query: query.clone(),
                    genes: enrich::selection_of(&rows, query),
                    fold_changes: rows.iter().map(|row| (row.gene.clone(), row.log2_fold_change)).collect(),
                });
            }
        }
        Ok(questions)
    }
}

/// Refuses thresholds that are none.
fn check_thresholds(args: &OraArgs) -> Result<(), Failure> {
    if args.genes.is_some() && (args.fdr.is_some() || args.lfc.is_some()) {
        return Err(Failure::usage(
            "--fdr and --lfc call the genes of a table, and --genes lists genes that are called",
        ));
    }
    if let Some(fdr) = args.fdr.filter(|fdr| !(*fdr > 0.0 && *fdr <= 1.0)) {
        return Err(Failure::usage(format!("--fdr {fdr}: it lies above 0 and up to 1\nhint: 5 % is 0.05")));
    }
    if let Some(lfc) = args.lfc.filter(|lfc| !(*lfc >= 0.0 && lfc.is_finite())) {
        return Err(Failure::usage(format!("--lfc {lfc}: an absolute log2 fold change is 0 or more")));
    }
    Ok(())
}

/// Genes from a file, and what was decided while reading it.
fn read_genes(path: &Path, console: &Console) -> Result<Vec<GeneId>, Failure> {
    let list = gene_list::read(path)?;
    console.notes(path, &list.notes);
    Ok(list.genes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_tables_are_named_as_in_a_run() {
        let name = |path: &str, query: &str| output_of(Path::new(path), &query.into()).unwrap();
        assert_eq!(name("out/ora.tsv", "all"), Path::new("out/ora.tsv"));
        assert_eq!(name("out/ora.tsv.gz", "up"), Path::new("out/ora_up.tsv.gz"));
        assert_eq!(name("ora", "down"), Path::new("ora_down"));
        assert_eq!(name("a.b/my.study.tsv", "down"), Path::new("a.b/my.study_down.tsv"));
        assert!(output_of(Path::new("-"), &Query::Up).is_err());
    }
}
