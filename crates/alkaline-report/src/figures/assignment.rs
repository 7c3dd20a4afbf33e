//! What became of the reads, as stacked bars.

use alkaline_core::results::{Assignment, CountSummary};

use super::chart::{self, HEADING, Key, Rows};
use crate::axis::Plot;
use crate::svg::{Svg, palette};
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "Assignment of reads (or fragments) to genes, per sample, in featureCounts' categories. Categories without reads are left out.";

/// Shares of the categories per sample.
#[derive(Clone, Debug, PartialEq)]
pub struct AssignmentBars {
    /// The categories that occur, in featureCounts' order.
    pub categories: Vec<String>,
    /// Samples, each with its number of reads in every category.
    pub samples: Vec<(String, Vec<u64>)>,
}

/// The bars; `None` without any read.
pub fn points(summary: &CountSummary) -> Option<AssignmentBars> {
    let occurring: Vec<Assignment> = Assignment::ALL
        .into_iter()
        .filter(|&category| summary.reads.iter().any(|row| row[category as usize] > 0))
        .collect();
    if occurring.is_empty() {
        return None;
    }
    let categories =
        occurring.iter().map(|&c| summary.status(c).replace("Unassigned_", "").replace('_', " ")).collect();
    let samples = summary
        .samples
        .ids()
        .iter()
        .zip(&summary.reads)
        .map(|(sample, row)| (sample.to_string(), occurring.iter().map(|&c| row[c as usize]).collect()))
        .collect();
    Some(AssignmentBars { categories, samples })
}

fn color(category: usize, name: &str) -> &'static str {
    if name == "Assigned" { palette::ACCENT } else { REST[category % REST.len()] }
}

/// Colours of the categories other than `Assigned`.
const REST: [&str; 7] = ["#9aa5b1", "#56b4e9", "#e69f00", "#cc79a7", "#0072b2", "#6b5b95", "#c9b458"];

/// Draws one bar per sample.
pub fn draw(points: &AssignmentBars) -> Svg {
    let names: Vec<&str> = points.samples.iter().map(|(name, _)| name.as_str()).collect();
    let rows = Rows::new(&names, 170.0);
    let keys: Vec<Key<'_>> = points
        .categories
        .iter()
        .enumerate()
        .map(|(i, label)| Key { color: color(i, label), label })
        .collect();
    let width = 640.0;
    let top = HEADING + chart::legend_height(14.0, width - 14.0, &keys);
    let mut svg = Svg::new(width, top + rows.height + 50.0, "Assignment of reads", CAPTION);
    chart::heading(&mut svg, "Assignment of reads", "share of all reads or fragments, per sample");
    chart::legend(&mut svg, 14.0, HEADING + 10.0, width - 14.0, &keys);
    let left = rows.width + 24.0;
    let plot = Plot::new((left, top, width - 22.0, top + rows.height), (0.0, 100.0), (0.0, 1.0));
    plot.draw_x_axis(&mut svg, "share of reads (%)");
    rows.draw(&mut svg, left - 8.0, top);
    for (i, (sample, reads)) in points.samples.iter().enumerate() {
        draw_bar(&mut svg, &plot, top + rows.middle(i), sample, reads, &points.categories);
    }
    svg
}

fn draw_bar(svg: &mut Svg, plot: &Plot, y: f64, sample: &str, reads: &[u64], categories: &[String]) {
    let total = reads.iter().sum::<u64>();
    let mut done = 0;
    for (i, (&number, category)) in reads.iter().zip(categories).enumerate() {
        let share = |value: u64| value as f64 / total.max(1) as f64;
        let (from, to) = (plot.x.at(share(done) * 100.0), plot.x.at(share(done + number) * 100.0));
        let title =
            format!("{sample}, {category}: {} ({})", words::thousands(number), words::percent(share(number)));
        svg.rect_titled(from, y - 7.0, to - from, 14.0, color(i, category), &title);
        done += number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn only_categories_with_reads_are_shown() {
        let report = fixture::report(20);
        let bars = points(report.count_summary.as_ref().unwrap()).unwrap();
        assert_eq!(bars.categories, ["Assigned", "MultiMapping", "NoFeatures", "Ambiguity"]);
        assert!(bars.samples.iter().all(|(_, reads)| reads.len() == 4));
    }
}
