//! Shares of a whole per sample, as stacked bars: what assignment, origin and biotypes share.

use super::chart::{self, HEADING, Key, Rows};
use crate::axis::Plot;
use crate::drawn::{Drawn, MOST_ROWS};
use crate::svg::Svg;
use crate::words;

/// Numbers by category for each sample.
#[derive(Clone, Debug, PartialEq)]
pub struct StackedBars {
    /// Title of the figure.
    pub title: String,
    /// Line below the title.
    pub subtitle: String,
    /// What the figure shows.
    pub caption: String,
    /// Title of the horizontal axis.
    pub x_title: String,
    /// The categories in the order of their colours.
    pub categories: Vec<String>,
    /// Samples, each with its number in every category.
    pub samples: Vec<(String, Vec<u64>)>,
}

impl StackedBars {
    /// Of very many samples those with the least and the most of the first category, and some between.
    pub(crate) fn bounded(mut self) -> Self {
        let share = |(_, numbers): &(String, Vec<u64>)| {
            numbers.first().copied().unwrap_or(0) as f64 / numbers.iter().sum::<u64>().max(1) as f64
        };
        let shares: Vec<f64> = self.samples.iter().map(share).collect();
        let drawn = Drawn::extremes(&shares, MOST_ROWS);
        self.samples = drawn.pick(&self.samples);
        self.caption = drawn.told(&self.caption);
        self
    }
}

/// Colours of the categories: the first is the good one.
const COLORS: [&str; 8] =
    ["#009e73", "#56b4e9", "#e69f00", "#cc79a7", "#0072b2", "#9aa5b1", "#6b5b95", "#c9b458"];

/// Draws one bar per sample.
pub fn draw(points: &StackedBars) -> Svg {
    let names: Vec<&str> = points.samples.iter().map(|(name, _)| name.as_str()).collect();
    let rows = Rows::new(&names, 170.0);
    let keys: Vec<Key<'_>> = points
        .categories
        .iter()
        .enumerate()
        .map(|(i, label)| Key { color: COLORS[i % COLORS.len()], label })
        .collect();
    let width = 640.0;
    let top = HEADING + chart::legend_height(14.0, width - 14.0, &keys);
    let mut svg = Svg::new(width, top + rows.height + 50.0, &points.title, &points.caption);
    chart::heading(&mut svg, &points.title, &points.subtitle);
    chart::legend(&mut svg, 14.0, HEADING + 10.0, width - 14.0, &keys);
    let left = rows.width + 24.0;
    let plot = Plot::new((left, top, width - 22.0, top + rows.height), (0.0, 100.0), (0.0, 1.0));
    plot.draw_x_axis(&mut svg, &points.x_title);
    rows.draw(&mut svg, left - 8.0, top);
    for (i, (sample, numbers)) in points.samples.iter().enumerate() {
        draw_bar(&mut svg, &plot, top + rows.middle(i), sample, numbers, &points.categories);
    }
    svg
}

fn draw_bar(svg: &mut Svg, plot: &Plot, y: f64, sample: &str, numbers: &[u64], categories: &[String]) {
    let total = numbers.iter().sum::<u64>();
    let mut done = 0;
    for (i, (&number, category)) in numbers.iter().zip(categories).enumerate() {
        let share = |value: u64| value as f64 / total.max(1) as f64;
        let (from, to) = (plot.x.at(share(done) * 100.0), plot.x.at(share(done + number) * 100.0));
        let percent = words::percent(share(number));
        let title = format!("{sample}, {category}: {} ({percent})", words::thousands(number));
        if number > 0 {
            svg.rect_titled(from, y - 7.0, to - from, 14.0, COLORS[i % COLORS.len()], &title);
        }
        done += number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_without_reads_has_no_bar() {
        let bars = StackedBars {
            title: "t".into(),
            subtitle: String::new(),
            caption: String::new(),
            x_title: String::new(),
            categories: vec!["a".into(), "b".into()],
            samples: vec![("full".into(), vec![3, 1]), ("empty".into(), vec![0, 0])],
        };
        let svg = draw(&bars).finish();
        assert_eq!(svg.matches("<rect").count(), 2 + 2 + 1, "two parts, two keys, the background");
        assert!(svg.contains("full, a: 3 (75.0 %)"));
    }
}
