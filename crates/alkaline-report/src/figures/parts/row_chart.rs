//! Gene sets as rows with a dot or a bar each: what ORA dot plot, ORA bar plot and GSEA summary share.

use super::chart::{self, HEADING, Rows};
use crate::axis::{self, Plot};
use crate::svg::{Anchor, FOREGROUND, GRID, MUTED, NORMAL, SMALL, Stroke, Svg, palette};
use crate::words;

/// What stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A dot whose area grows with the number of genes.
    Dot,
    /// A bar from zero.
    Bar,
}

/// Gene sets in rows, section by section.
#[derive(Clone, Debug, PartialEq)]
pub struct RowChart {
    /// Title of the figure.
    pub title: String,
    /// Line below the title.
    pub subtitle: String,
    /// What the figure is, for screen readers.
    pub description: String,
    /// Title of the horizontal axis.
    pub x_title: String,
    /// What the size of a dot means.
    pub size_title: String,
    /// Dots or bars.
    pub mark: Mark,
    /// The rows, top to bottom.
    pub rows: Vec<ChartRow>,
}

/// One gene set.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartRow {
    /// Heading under which it stands (the ontology).
    pub section: String,
    /// Name of the set.
    pub label: String,
    /// Place on the horizontal axis.
    pub x: f64,
    /// Number of genes.
    pub size: usize,
    /// Adjusted P value.
    pub p_adjusted: f64,
}

/// Spelled-out names of the ontologies.
pub(crate) fn section_title(ontology: &str) -> &str {
    match ontology {
        "BP" => "Biological process",
        "MF" => "Molecular function",
        "CC" => "Cellular component",
        other => other,
    }
}

/// Keeps at most `per_section` rows of each section, sections in order of first appearance.
pub(crate) fn by_section(rows: Vec<ChartRow>, per_section: usize) -> Vec<ChartRow> {
    let mut sections: Vec<String> = Vec::new();
    for row in &rows {
        if !sections.contains(&row.section) {
            sections.push(row.section.clone());
        }
    }
    sections
        .iter()
        .flat_map(|section| rows.iter().filter(move |row| row.section == *section).take(per_section).cloned())
        .collect()
}

/// Width of the figure.
const WIDTH: f64 = 760.0;
/// Width of the legends at the right.
const LEGEND: f64 = 128.0;
/// Height of a section's heading.
const SECTION: f64 = 24.0;
/// Radius of the largest dot.
const LARGEST: f64 = 10.0;

/// Where each row and heading stands.
struct Arrangement {
    rows: Rows,
    /// Vertical middle of each row.
    middles: Vec<f64>,
    /// Headings with their baselines.
    headings: Vec<(String, f64)>,
    bottom: f64,
}

fn arrange(chart: &RowChart, top: f64) -> Arrangement {
    let labels: Vec<&str> = chart.rows.iter().map(|row| row.label.as_str()).collect();
    let rows = Rows::new(&labels, 270.0);
    let (mut middles, mut headings) = (Vec::new(), Vec::new());
    let mut y = top;
    let mut section: Option<&str> = None;
    for (i, row) in chart.rows.iter().enumerate() {
        if section != Some(row.section.as_str()) {
            headings.push((section_title(&row.section).to_owned(), y + 16.0));
            y += SECTION;
            section = Some(row.section.as_str());
        }
        middles.push(y + rows.row_height(i) / 2.0);
        y += rows.row_height(i);
    }
    Arrangement { rows, middles, headings, bottom: y + 4.0 }
}

/// Draws the chart.
pub fn draw(chart: &RowChart) -> Svg {
    let top = HEADING + 4.0;
    let arranged = arrange(chart, top);
    let height = (arranged.bottom + 46.0).max(top + 250.0);
    let mut svg = Svg::new(WIDTH, height, &chart.title, &chart.description);
    chart::heading(&mut svg, &chart.title, &chart.subtitle);
    let left = (arranged.rows.width + 26.0).max(150.0);
    let area = (left, top, WIDTH - LEGEND - 14.0, arranged.bottom);
    let plot = Plot::new(area, domain(chart), (0.0, 1.0));
    plot.draw_x_axis(&mut svg, &chart.x_title);
    let colors = ColorScale::new(&chart.rows);
    for (title, y) in &arranged.headings {
        svg.bold(left - 8.0, *y, NORMAL, Anchor::End, title);
        svg.line((14.0, y - 15.0), (plot.right, y - 15.0), Stroke::ink(GRID, 1.0));
    }
    draw_marks(&mut svg, chart, &arranged, &plot, &colors);
    draw_legends(&mut svg, chart, WIDTH - LEGEND, top, &colors);
    svg
}

fn domain(chart: &RowChart) -> (f64, f64) {
    let (low, high) = axis::extent(chart.rows.iter().map(|row| row.x).chain([0.0]), 0.0);
    let pad = (high - low).max(1e-9) * 0.09;
    (if low < 0.0 { low - pad } else { 0.0 }, if high > 0.0 { high + pad } else { 0.0 })
}

fn draw_marks(svg: &mut Svg, chart: &RowChart, arranged: &Arrangement, plot: &Plot, colors: &ColorScale) {
    let zero = plot.x.at(0.0);
    svg.line((zero, plot.top), (zero, plot.bottom), Stroke::ink(MUTED, 1.0));
    let largest = largest(&chart.rows);
    for (i, row) in chart.rows.iter().enumerate() {
        let (x, y) = (plot.x.at(row.x), arranged.middles[i]);
        let title = format!(
            "{}: {}, adjusted P {}",
            row.label,
            words::count_of(row.size, "gene"),
            words::p_value(row.p_adjusted)
        );
        let color = colors.of(row.p_adjusted);
        match chart.mark {
            Mark::Dot => {
                svg.line((zero, y), (x, y), Stroke::ink(GRID, 1.5));
                svg.circle(x, y, radius(row.size, largest), &color, 1.0, &title);
            }
            Mark::Bar => svg.rect_titled(zero.min(x), y - 7.0, (x - zero).abs(), 14.0, &color, &title),
        }
        draw_row_label(svg, arranged, i, plot.left - 8.0);
    }
}

fn draw_row_label(svg: &mut Svg, arranged: &Arrangement, row: usize, right: f64) {
    arranged.rows.draw_row(svg, row, right, arranged.middles[row]);
}

fn largest(rows: &[ChartRow]) -> usize {
    rows.iter().map(|row| row.size).max().unwrap_or(1).max(1)
}

fn radius(size: usize, largest: usize) -> f64 {
    2.5 + (LARGEST - 2.5) * (size as f64 / largest as f64).sqrt()
}

/// Adjusted P values as colours: red for the strongest.
struct ColorScale {
    strongest: f64,
    weakest: f64,
    /// Whether some rows are stronger than the end of the scale.
    cut: bool,
}

/// Rows this many times as strong (on the log scale) as the median share the last colour, or they would leave one
/// colour to all others.
const GIANT: f64 = 4.0;

impl ColorScale {
    fn new(rows: &[ChartRow]) -> Self {
        let mut strengths: Vec<f64> = rows.iter().map(|row| strength(row.p_adjusted)).collect();
        strengths.sort_by(f64::total_cmp);
        let weakest = strengths.first().copied().unwrap_or(0.0);
        let highest = strengths.last().copied().unwrap_or(1.0);
        let median = strengths.get(strengths.len() / 2).copied().unwrap_or(1.0);
        let strongest = highest.min(GIANT * median).max(weakest);
        Self { strongest, weakest, cut: strongest < highest }
    }

    /// The numbers beside the scale, with their places below its top: strongest, middle, weakest, none of them twice.
    fn ticks(&self) -> Vec<(String, f64)> {
        let mut ticks: Vec<(String, f64)> = Vec::new();
        for (share, y) in [(1.0, 26.0), (0.0, 118.0), (0.5, 72.0)] {
            let strength = self.weakest + share * (self.strongest - self.weakest);
            let number = words::p_value(10f64.powf(-strength));
            if ticks.iter().all(|(known, _)| known.trim_start_matches("≤ ") != number) {
                let at_most = if share == 1.0 && self.cut { "≤ " } else { "" };
                ticks.push((format!("{at_most}{number}"), y));
            }
        }
        ticks
    }

    fn of(&self, p_adjusted: f64) -> String {
        let span = (self.strongest - self.weakest).max(1e-12);
        palette::evidence((strength(p_adjusted) - self.weakest) / span)
    }
}

fn strength(p: f64) -> f64 {
    -p.max(1e-300).log10()
}

fn draw_legends(svg: &mut Svg, chart: &RowChart, x: f64, top: f64, colors: &ColorScale) {
    svg.bold(x, top + 12.0, SMALL, Anchor::Start, "adjusted P");
    let steps = 24;
    for step in 0..steps {
        let share = f64::from(step) / f64::from(steps - 1);
        let color = palette::evidence(1.0 - share);
        svg.rect(x, top + 20.0 + f64::from(step) * 4.0, 14.0, 4.4, &color);
    }
    for (label, y) in colors.ticks() {
        svg.text(x + 20.0, top + y, SMALL, Anchor::Start, MUTED, &label);
    }
    if chart.mark == Mark::Bar {
        return;
    }
    svg.bold(x, top + 150.0, SMALL, Anchor::Start, &chart.size_title);
    let most = largest(&chart.rows);
    let mut y = top + 168.0;
    for size in legend_sizes(most) {
        svg.circle(x + LARGEST, y, radius(size, most), "#8592a0", 1.0, "");
        svg.text(
            x + 2.0 * LARGEST + 8.0,
            y + 4.0,
            SMALL,
            Anchor::Start,
            FOREGROUND,
            &words::thousands(size as u64),
        );
        y += 24.0;
    }
}

/// A small, a middling and the largest size, without repeats.
fn legend_sizes(most: usize) -> Vec<usize> {
    let mut sizes = vec![(most / 10).max(1), (most / 2).max(1), most];
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(section: &str, label: &str) -> ChartRow {
        ChartRow { section: section.into(), label: label.into(), x: 0.1, size: 4, p_adjusted: 0.01 }
    }

    #[test]
    fn sections_are_capped_and_kept_together() {
        let rows = vec![row("BP", "a"), row("MF", "b"), row("BP", "c"), row("BP", "d")];
        let labels: Vec<String> = by_section(rows, 2).into_iter().map(|row| row.label).collect();
        assert_eq!(labels, ["a", "c", "b"]);
    }

    #[test]
    fn dots_grow_with_the_number_of_genes() {
        assert!(radius(1, 100) < radius(50, 100) && radius(50, 100) < radius(100, 100));
        assert_eq!(legend_sizes(1), [1]);
        assert_eq!(legend_sizes(40), [4, 20, 40]);
    }

    #[test]
    fn a_giant_does_not_take_all_colors() {
        let mut rows: Vec<ChartRow> =
            (1..=9).map(|i| ChartRow { p_adjusted: 10f64.powi(-i), ..row("BP", "a") }).collect();
        rows.push(ChartRow { p_adjusted: 1e-300, ..row("BP", "giant") });
        let scale = ColorScale::new(&rows);
        assert!(scale.cut && scale.of(1e-9) != scale.of(1e-1));
        assert_eq!(scale.of(1e-300), scale.of(1e-30));
    }

    #[test]
    fn equal_p_values_still_have_a_color() {
        let scale = ColorScale::new(&[row("BP", "a"), row("BP", "b")]);
        assert!(scale.of(0.01).starts_with('#'));
        assert!(scale.of(0.0).starts_with('#'));
        assert_eq!(scale.ticks(), [("0.01".to_owned(), 26.0)], "one number, once");
    }
}
