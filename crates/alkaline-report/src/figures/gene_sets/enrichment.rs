//! The figures of an enrichment table, whether it stands in a report or alone.

use alkaline_core::results::{GseaTable, OraTable, RankedGenes, RunningScore};

use super::gene_values::GeneValues;
use super::{
    enrichment_map, gene_network, gsea_summary, leading_edges, ora_bars, ora_dots, ridges, running_score,
};
use crate::figures::Figure;
use crate::words;

/// Dot plot, bar plot, enrichment map and gene-concept network of over-represented sets; names begin with `prefix`.
pub fn of_ora(prefix: &str, table: &OraTable, values: &GeneValues) -> Vec<Figure> {
    let query = words::slug(table.query.name());
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
    if let Some(points) = leading_edges::points(table) {
        out.push(Figure::new(
            format!("{prefix}gsea_upset"),
            leading_edges::CAPTION,
            &leading_edges::draw(&points),
        ));
    }
    out
}
