//! Hazard ratios with their intervals, one below the other, on a logarithmic axis.

use crate::axis::Plot;
use crate::figures::parts::chart::{self, HEADING};
use crate::svg::{Anchor, FOREGROUND, MUTED, SMALL, Stroke, Svg, palette, text};

/// Width of the drawing, in pixels.
const WIDTH: f64 = 720.0;
/// Where the plot begins and ends.
const PLOT: (f64, f64) = (210.0, 520.0);
/// Height of a row.
const ROW: f64 = 20.0;
/// Hazard ratios are drawn between these; what reaches beyond is cut off.
const SHOWN: (f64, f64) = (0.05, 20.0);

/// A hazard ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratio {
    /// What it belongs to.
    pub label: String,
    /// The ratio.
    pub ratio: f64,
    /// Its interval.
    pub interval: (f64, f64),
    /// What stands beside it: ratio, interval and P.
    pub beside: String,
}

/// Hazard ratios.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    /// What is shown.
    pub title: String,
    /// Patients, events and model, in words.
    pub subtitle: String,
    /// The ratios, in the order of the rows.
    pub ratios: Vec<Ratio>,
}

/// Draws the ratios.
pub fn draw(forest: &Forest) -> Svg {
    let height = HEADING + 20.0 + ROW * forest.ratios.len() as f64;
    let mut svg = Svg::new(WIDTH, height + 46.0, &forest.title, &forest.subtitle);
    chart::heading(&mut svg, &forest.title, &forest.subtitle);
    let log = |value: f64| value.clamp(SHOWN.0, SHOWN.1).log2();
    let ends = forest.ratios.iter().flat_map(|ratio| [ratio.interval.0, ratio.interval.1, ratio.ratio]);
    let ends: Vec<f64> = ends.filter(|value| !value.is_nan()).map(log).chain([-1.0, 1.0]).collect();
    let lowest = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let plot = Plot::new((PLOT.0, HEADING, PLOT.1, height), (lowest - 0.2, highest + 0.2), (0.0, 1.0));
    plot.draw_x_axis(&mut svg, "log2 of the hazard ratio");
    let one = plot.x.at(0.0);
    svg.line((one, plot.top), (one, plot.bottom), Stroke::ink(MUTED, 1.2).dashed());
    for (row, ratio) in forest.ratios.iter().enumerate() {
        let y = HEADING + 20.0 + ROW * row as f64;
        svg.text(
            PLOT.0 - 10.0,
            y + 4.0,
            SMALL,
            Anchor::End,
            FOREGROUND,
            &text::shorten(&ratio.label, SMALL, PLOT.0 - 24.0),
        );
        svg.text(PLOT.1 + 12.0, y + 4.0, SMALL, Anchor::Start, FOREGROUND, &ratio.beside);
        if ratio.ratio.is_nan() {
            continue;
        }
        let color = if ratio.ratio >= 1.0 { palette::UP } else { palette::DOWN };
        let at = |value: f64| plot.x.clamped(log(value));
        svg.line((at(ratio.interval.0), y), (at(ratio.interval.1), y), Stroke::solid(color, 1.6));
        svg.rect(at(ratio.ratio) - 4.0, y - 4.0, 8.0, 8.0, color);
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_that_could_not_be_estimated_keeps_its_row() {
        let ratio = |ratio: f64, interval| Ratio {
            label: "CCL20".to_owned(),
            ratio,
            interval,
            beside: "HR".to_owned(),
        };
        let forest = Forest {
            title: "OS".to_owned(),
            subtitle: "61 patients".to_owned(),
            ratios: vec![ratio(2.0, (1.1, f64::INFINITY)), ratio(f64::NAN, (f64::NAN, f64::NAN))],
        };
        let drawn = draw(&forest).finish();
        assert_eq!(drawn.matches(">CCL20<").count(), 2);
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"));
    }
}
