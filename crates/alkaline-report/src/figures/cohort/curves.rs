//! Survival of groups, with the numbers at risk below.

use crate::axis::Plot;
use crate::figures::parts::chart::{self, HEADING, Key};
use crate::svg::{Anchor, FOREGROUND, MUTED, SMALL, Stroke, Svg, palette, text};

/// Width of the drawing, in pixels.
const WIDTH: f64 = 640.0;
/// Where the plot begins and ends.
const PLOT: (f64, f64) = (96.0, 612.0);
/// Lower edge of the plot.
const BOTTOM: f64 = 330.0;
/// Height of a line of numbers at risk.
const LINE: f64 = 18.0;
/// Half the height of a mark of a censoring.
const MARK: f64 = 4.0;

/// A group's curve.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupCurve {
    /// The group.
    pub label: String,
    /// Times of events with the survival after each, ascending.
    pub steps: Vec<(f64, f64)>,
    /// Times of censorings with the survival then.
    pub censored: Vec<(f64, f64)>,
    /// The end of the follow-up.
    pub end: f64,
    /// Numbers at risk at the times of the grid.
    pub at_risk: Vec<usize>,
}

/// Curves of groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// What is shown.
    pub title: String,
    /// Test and hazard ratio, in words.
    pub subtitle: String,
    /// What times are counted in.
    pub x_title: String,
    /// The groups.
    pub groups: Vec<GroupCurve>,
    /// Times of the numbers at risk.
    pub grid: Vec<f64>,
}

/// Draws the curves.
pub fn draw(curves: &Curves) -> Svg {
    let height = BOTTOM + 62.0 + LINE * (curves.groups.len() + 1) as f64;
    let mut svg = Svg::new(WIDTH, height, &curves.title, &curves.subtitle);
    chart::heading(&mut svg, &curves.title, &curves.subtitle);
    let keys: Vec<Key<'_>> = curves
        .groups
        .iter()
        .enumerate()
        .map(|(at, group)| Key { color: palette::group(at), label: &group.label })
        .collect();
    let below = chart::legend(&mut svg, PLOT.0, HEADING + 12.0, PLOT.1, &keys);
    let end = curves.groups.iter().map(|group| group.end).fold(0.0, f64::max);
    let plot = Plot::new((PLOT.0, below + 6.0, PLOT.1, BOTTOM), (0.0, end * 1.02), (0.0, 1.02));
    plot.draw_x_axis(&mut svg, &curves.x_title);
    plot.draw_y_axis(&mut svg, "survival", 30.0);
    for (at, group) in curves.groups.iter().enumerate() {
        draw_group(&mut svg, &plot, group, palette::group(at));
    }
    draw_numbers(&mut svg, &plot, curves);
    svg
}

fn draw_group(svg: &mut Svg, plot: &Plot, group: &GroupCurve, color: &str) {
    let mut line = vec![plot.at(0.0, 1.0)];
    let mut height = 1.0;
    for &(time, survival) in &group.steps {
        line.push(plot.at(time, height));
        line.push(plot.at(time, survival));
        height = survival;
    }
    line.push(plot.at(group.end, height));
    svg.polyline_titled(&line, Stroke::solid(color, 2.0), &group.label);
    for &(time, survival) in &group.censored {
        let (x, y) = plot.at(time, survival);
        svg.line((x, y - MARK), (x, y + MARK), Stroke::solid(color, 1.2));
    }
}

fn draw_numbers(svg: &mut Svg, plot: &Plot, curves: &Curves) {
    let top = BOTTOM + 56.0;
    svg.text(14.0, top, SMALL, Anchor::Start, MUTED, "at risk");
    for (row, group) in curves.groups.iter().enumerate() {
        let y = top + LINE * (row + 1) as f64;
        let label = text::shorten(&group.label, SMALL, PLOT.0 - 24.0);
        svg.text(14.0, y, SMALL, Anchor::Start, FOREGROUND, &label);
        for (time, number) in curves.grid.iter().zip(&group.at_risk) {
            svg.text(plot.x.at(*time), y, SMALL, Anchor::Middle, FOREGROUND, &number.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_has_steps_marks_and_numbers_at_risk() {
        let group = |label: &str| GroupCurve {
            label: label.to_owned(),
            steps: vec![(2.0, 0.5)],
            censored: vec![(3.0, 0.5)],
            end: 4.0,
            at_risk: vec![7, 3],
        };
        let curves = Curves {
            title: "OS by CCL20".to_owned(),
            subtitle: "log-rank P = 0.03".to_owned(),
            x_title: "months".to_owned(),
            groups: vec![group("low"), group("high")],
            grid: vec![0.0, 2.0],
        };
        let drawn = draw(&curves).finish();
        assert_eq!(drawn.matches("</title></path>").count(), 2);
        assert_eq!(drawn.matches(">7<").count(), 2);
        assert!(drawn.contains("log-rank P = 0.03"));
    }
}
