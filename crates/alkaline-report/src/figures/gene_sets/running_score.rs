//! Running enrichment score of a gene set in three panels, as enrichplot's `gseaplot2`.

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{GseaTable, RankedGenes, RunningScore};

use crate::axis::{self, Plot};
use crate::figures::ENRICHED;
use crate::figures::parts::chart::{self, HEADING};
use crate::svg::{Anchor, FOREGROUND, GRID, MUTED, NORMAL, Stroke, Svg, palette};
use crate::words;

/// The three panels of one set.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningCurve {
    /// Name of the set.
    pub title: String,
    /// Scores and significance.
    pub subtitle: String,
    /// Corners of the running score: position in the list, score.
    pub curve: Vec<(f64, f64)>,
    /// Positions of the set's genes.
    pub hits: Vec<u32>,
    /// Ranked metric, one value per drawn column; empty when the list is unknown.
    pub metric: Vec<(f64, f64)>,
    /// Length of the ranked list.
    pub genes: usize,
    /// Whether the table calls the set enriched.
    pub enriched: bool,
}

/// Columns of the ranked metric.
const COLUMNS: usize = 560;

/// The curve of `score`, with the numbers that `table` has for it and the metric of `ranks`, where they fit.
pub fn points(score: &RunningScore, table: &GseaTable, ranks: Option<&RankedGenes>) -> RunningCurve {
    let mut curve = vec![(0.0, 0.0)];
    for (&position, &[before, after]) in score.hits.iter().zip(&score.scores) {
        let position = f64::from(position);
        curve.push(((position - 1.0).max(0.0), before));
        curve.push((position, after));
    }
    curve.push((score.genes_ranked as f64, 0.0));
    let row = table.rows.iter().find(|row| row.id == score.id && row.ontology == score.ontology);
    let subtitle = row.map_or_else(String::new, |row| {
        format!(
            "{} ({}) · NES {} · P {} · adjusted P {} · {}",
            score.id,
            origin(score, table),
            words::significant(row.normalized_score, 3),
            words::p_value(row.p_value),
            words::p_value(row.p_adjusted),
            words::count_of(row.set_size, "gene")
        )
    });
    let metric =
        ranks.filter(|ranks| ranks.scores.len() == score.genes_ranked).map_or_else(Vec::new, metric_columns);
    RunningCurve {
        title: words::set_name(&score.id, &score.description),
        subtitle,
        curve,
        hits: score.hits.clone(),
        metric,
        genes: score.genes_ranked,
        enriched: row.is_some_and(|row| row.p_adjusted < ENRICHED),
    }
}

/// The collection of the set, and its release: `BP, Gene Ontology 2026-01-23`.
fn origin(score: &RunningScore, table: &GseaTable) -> String {
    match GeneSetSource::label_of(&table.sources, &score.ontology) {
        source if source.is_empty() || source.starts_with(&score.ontology) => score.ontology.clone(),
        source => format!("{}, {source}", score.ontology),
    }
}

/// One value per column of the page: the metric falls steadily, so a sample tells all.
fn metric_columns(ranks: &RankedGenes) -> Vec<(f64, f64)> {
    let genes = ranks.scores.len();
    let columns = genes.min(COLUMNS);
    (0..columns)
        .map(|column| {
            let place = if columns > 1 { column * (genes - 1) / (columns - 1) } else { 0 };
            ((place + 1) as f64, ranks.scores[place])
        })
        .collect()
}

/// What the figure shows.
pub fn caption(points: &RunningCurve) -> String {
    format!(
        "Running enrichment score of “{}”: it rises at each gene of the set (ticks) and falls between them, along the ranked list of {}. Its extreme is the enrichment score.{}",
        points.title,
        words::count_of(points.genes, "gene"),
        if points.enriched { String::new() } else { format!(" {}.", not_enriched()) }
    )
}

/// What stands on the plot of a set that is not enriched.
fn not_enriched() -> String {
    format!("Not significant: the adjusted P value is not below {ENRICHED}")
}

/// Draws the three panels.
pub fn draw(points: &RunningCurve) -> Svg {
    let height = if points.metric.is_empty() { 340.0 } else { 440.0 };
    let mut svg = Svg::new(640.0, height, &points.title, &caption(points));
    chart::heading(&mut svg, &points.title, &points.subtitle);
    let x_domain = (0.0, points.genes.max(1) as f64);
    draw_curve(&mut svg, points, x_domain);
    draw_ticks(&mut svg, points, x_domain);
    let axis_title = "position in the ranked list";
    if points.metric.is_empty() {
        let plot = Plot::new((70.0, 266.0, 622.0, 290.0), x_domain, (0.0, 1.0));
        plot.draw_x_axis(&mut svg, axis_title);
        return svg;
    }
    let domain = axis::extent(points.metric.iter().map(|point| point.1).chain([0.0]), 0.05);
    let plot = Plot::new((70.0, 300.0, 622.0, 392.0), x_domain, domain);
    plot.draw_x_axis(&mut svg, axis_title);
    plot.draw_y_axis(&mut svg, "metric", 18.0);
    let mut outline: Vec<(f64, f64)> = points.metric.iter().map(|&(x, y)| plot.at(x, y)).collect();
    let zero = plot.y.clamped(0.0);
    if let (Some(first), Some(last)) = (outline.first().copied(), outline.last().copied()) {
        outline.push((last.0, zero));
        outline.insert(0, (first.0, zero));
        svg.polygon(&outline, "#8592a0", 0.75);
    }
    svg
}

fn draw_curve(svg: &mut Svg, points: &RunningCurve, x_domain: (f64, f64)) {
    let y_domain = axis::extent(points.curve.iter().map(|point| point.1), 0.06);
    let plot = Plot::new((70.0, HEADING + 4.0, 622.0, 250.0), x_domain, y_domain);
    plot.draw_y_axis(svg, "running score", 18.0);
    let zero = plot.y.at(0.0);
    svg.line((plot.left, zero), (plot.right, zero), Stroke::ink(MUTED, 1.0));
    let extreme = points.curve.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    if let Some(&(x, y)) = extreme {
        let (x, y) = plot.at(x, y);
        svg.line((x, zero), (x, y), Stroke::solid(palette::UP, 1.0).dashed());
    }
    let line: Vec<(f64, f64)> = points.curve.iter().map(|&(x, y)| plot.at(x, y)).collect();
    let color = if points.enriched { palette::ACCENT } else { palette::NOT_SIGNIFICANT };
    svg.polyline(&line, Stroke::solid(color, 2.0));
    if !points.enriched {
        // Opposite to the curve's extreme there is room.
        let y = if extreme.is_some_and(|point| point.1 < 0.0) { plot.bottom - 8.0 } else { plot.top + 14.0 };
        svg.label(plot.right - 6.0, y, NORMAL, Anchor::End, &not_enriched());
    }
}

fn draw_ticks(svg: &mut Svg, points: &RunningCurve, x_domain: (f64, f64)) {
    let plot = Plot::new((70.0, 258.0, 622.0, 290.0), x_domain, (0.0, 1.0));
    svg.frame(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top, Stroke::ink(GRID, 1.0));
    for &hit in &points.hits {
        let x = plot.x.at(f64::from(hit));
        svg.line((x, plot.top), (x, plot.bottom), Stroke::ink(FOREGROUND, 0.7));
    }
    svg.vertical_text(18.0, 274.0, NORMAL, FOREGROUND, "hits");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn the_curve_starts_and_ends_at_zero_and_steps_at_every_hit() {
        let (score, table) = (fixture::running_score(500), fixture::gsea_table());
        let curve = points(&score, &table, None);
        assert_eq!(curve.curve.first(), Some(&(0.0, 0.0)));
        assert_eq!(curve.curve.last(), Some(&(500.0, 0.0)));
        assert_eq!(curve.curve.len(), 2 * score.hits.len() + 2);
        assert!(curve.subtitle.contains("NES"));
    }

    #[test]
    fn the_plot_of_a_set_that_is_not_significant_says_so() {
        let (score, mut table) = (fixture::running_score(500), fixture::gsea_table());
        let place = table.rows.iter().position(|row| row.id == score.id).unwrap();
        let drawn = |table: &GseaTable| draw(&points(&score, table, None)).finish();
        assert!(!drawn(&table).contains("Not significant"));
        table.rows[place].p_adjusted = 0.05;
        let svg = drawn(&table);
        assert_eq!(
            svg.matches("Not significant: the adjusted P value is not below 0.05").count(),
            2,
            "plot and caption"
        );
        assert!(!svg.contains(palette::ACCENT));
    }

    #[test]
    fn a_metric_of_another_length_is_not_drawn() {
        let (score, table) = (fixture::running_score(500), fixture::gsea_table());
        let ranks = |genes: usize| RankedGenes {
            genes: (0..genes).map(|i| format!("g{i}").into()).collect(),
            scores: (0..genes).map(|i| 10.0 - i as f64 * 0.04).collect(),
        };
        assert!(points(&score, &table, Some(&ranks(499))).metric.is_empty());
        let metric = points(&score, &table, Some(&ranks(500))).metric;
        assert_eq!((metric.first().unwrap().0, metric.last().unwrap().0), (1.0, 500.0));
    }
}
