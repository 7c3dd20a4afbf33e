//! The figures of an enrichment table, whether it stands in a report or alone.

use std::collections::HashMap;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{GseaTable, OraTable, RankedGenes, RunningScore, TestTable};

use super::{enrichment_map, gene_network, gsea_summary, ora_bars, ora_dots, ridges, running_score, upset};
use crate::figures::Figure;
use crate::words;

/// A number for every gene, by every name that a table may call it.
#[derive(Clone, Debug, Default)]
pub struct GeneValues {
    /// What the number is, as an axis says it (`log2 fold change`); empty where there are none.
    pub what: String,
    of: HashMap<String, f64>,
}

impl GeneValues {
    /// Values by name; of two for one name the first counts.
    pub fn new(what: impl Into<String>, values: impl IntoIterator<Item = (String, f64)>) -> Self {
        let mut of = HashMap::new();
        for (name, value) in values {
            of.entry(name).or_insert(value);
        }
        Self { what: what.into(), of }
    }

    /// Log2 fold changes, by symbol and by identifier.
    pub fn of_test(test: &TestTable) -> Self {
        let by_name = test.rows.iter().map(|row| (words::gene_label(row).to_owned(), row.log2_fold_change));
        let by_id = test.rows.iter().map(|row| (row.gene.to_string(), row.log2_fold_change));
        Self::new("log2 fold change", by_name.chain(by_id))
    }

    /// The value of the gene called `name`.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.of.get(name).copied()
    }
}

/// The test and the gene sets with their release, as a figure of over-representation says them.
pub(crate) fn origin_of_ora(table: &OraTable) -> String {
    let test = if table.test.is_empty() { "over-representation" } else { &table.test };
    format!("{test}, {}", GeneSetSource::labels(&table.sources))
}

/// The same for a figure of ranked enrichment.
pub(crate) fn origin_of_gsea(table: &GseaTable) -> String {
    format!("GSEA, {}", GeneSetSource::labels(&table.sources))
}

/// Dot plot, bar plot, enrichment map and gene-concept network of over-represented sets; names begin with `prefix`.
pub fn of_ora(prefix: &str, table: &OraTable, values: &GeneValues) -> Vec<Figure> {
    let query = words::slug(&table.query);
    let mut out = Vec::new();
    if let Some(points) = ora_dots::points(table) {
        let name = format!("{prefix}ora_dots_{query}");
        out.push(Figure::new(name, ora_dots::CAPTION, &ora_dots::draw(&points)));
    }
    if let Some(points) = ora_bars::points(table) {
        let name = format!("{prefix}ora_bars_{query}");
        out.push(Figure::new(name, ora_bars::CAPTION, &ora_bars::draw(&points)));
    }
    if let Some(graph) = enrichment_map::points_of_ora(table) {
        out.extend(enrichment_map::files(&format!("{prefix}map_{query}"), &graph));
    }
    if let Some(points) = gene_network::points(table, values) {
        let name = format!("{prefix}gene_network_{query}");
        out.push(Figure::new(name, gene_network::caption(&points), &gene_network::draw(&points)));
    }
    out
}

/// Summary, running scores, ridges, enrichment map and UpSet of the leading edges; names begin with `prefix`.
pub fn of_gsea(
    prefix: &str,
    table: &GseaTable,
    curves: &[RunningScore],
    ranks: Option<&RankedGenes>,
    values: &GeneValues,
) -> Vec<Figure> {
    let mut out = Vec::new();
    if let Some(points) = gsea_summary::points(table) {
        let name = format!("{prefix}gsea_summary");
        out.push(Figure::new(name, gsea_summary::CAPTION, &gsea_summary::draw(&points)));
    }
    for score in curves {
        let points = running_score::points(score, table, ranks);
        let name = format!("{prefix}gsea_{}", words::slug(&score.id));
        out.push(Figure::new(name, running_score::caption(&points), &running_score::draw(&points)));
    }
    if let Some(points) = ridges::points(table, values) {
        let name = format!("{prefix}gsea_ridges");
        out.push(Figure::new(name, ridges::caption(&points), &ridges::draw(&points)));
    }
    if let Some(graph) = enrichment_map::points_of_gsea(table) {
        out.extend(enrichment_map::files(&format!("{prefix}gsea_map"), &graph));
    }
    if let Some(points) = upset::points(table) {
        out.push(Figure::new(format!("{prefix}gsea_upset"), upset::CAPTION, &upset::draw(&points)));
    }
    out
}
