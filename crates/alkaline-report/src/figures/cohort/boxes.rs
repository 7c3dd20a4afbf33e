//! Two groups of values as boxes with their dots, or pairs joined by lines.

use alkaline_core::words::count;

use crate::axis::{Plot, extent};
use crate::figures::parts::chart::{self, HEADING};
use crate::svg::{Anchor, FOREGROUND, NORMAL, Stroke, Svg, palette};

/// Half the width of a box, in shares of the plot.
const HALF: f64 = 0.14;
/// Where the two groups stand.
const PLACES: [f64; 2] = [0.27, 0.73];

/// Five numbers of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// The end of the lower whisker.
    pub low: f64,
    /// The first quartile.
    pub first: f64,
    /// The median.
    pub median: f64,
    /// The third quartile.
    pub third: f64,
    /// The end of the upper whisker.
    pub high: f64,
}

/// A group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub label: String,
    /// Its values.
    pub values: Vec<f64>,
    /// Its box; `None` for an empty group.
    pub quartiles: Option<Quartiles>,
}

/// Two groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Boxes {
    /// What is shown.
    pub title: String,
    /// The test, in words.
    pub subtitle: String,
    /// The groups.
    pub groups: [Group; 2],
    /// Whether the values of one are the partners of the other's.
    pub paired: bool,
}

/// Draws the groups.
pub fn draw(boxes: &Boxes) -> Svg {
    let mut svg = Svg::new(420.0, 400.0, &boxes.title, &boxes.subtitle);
    chart::heading(&mut svg, &boxes.title, &boxes.subtitle);
    let values = boxes.groups.iter().flat_map(|group| group.values.iter().copied());
    let plot = Plot::new((70.0, HEADING, 404.0, 356.0), (0.0, 1.0), extent(values, 0.06));
    plot.draw_y_axis(&mut svg, "value", 18.0);
    if boxes.paired {
        let [first, second] = &boxes.groups;
        for (a, b) in first.values.iter().zip(&second.values) {
            svg.line(plot.at(PLACES[0], *a), plot.at(PLACES[1], *b), Stroke::ink(crate::svg::EDGE, 1.0));
        }
    }
    for (at, group) in boxes.groups.iter().enumerate() {
        draw_group(&mut svg, &plot, group, at);
    }
    svg
}

fn draw_group(svg: &mut Svg, plot: &Plot, group: &Group, at: usize) {
    let (place, color) = (PLACES[at], palette::group(at));
    if let Some(five) = group.quartiles {
        let (left, right) = (plot.x.at(place - HALF), plot.x.at(place + HALF));
        let y = |value: f64| plot.y.at(value);
        let middle = plot.x.at(place);
        svg.line((middle, y(five.low)), (middle, y(five.first)), Stroke::solid(color, 1.2));
        svg.line((middle, y(five.third)), (middle, y(five.high)), Stroke::solid(color, 1.2));
        svg.frame(
            left,
            y(five.third),
            right - left,
            y(five.first) - y(five.third),
            Stroke::solid(color, 1.6),
        );
        svg.line((left, y(five.median)), (right, y(five.median)), Stroke::solid(color, 2.4));
    }
    for (number, &value) in group.values.iter().enumerate() {
        // set side by side in turn, so that equal values are seen
        let aside = (number % 7) as f64 / 7.0 - 3.0 / 7.0;
        let (x, y) = plot.at(place + aside * HALF, value);
        svg.circle(x, y, 2.6, color, 0.7, &format!("{}: {value}", group.label));
    }
    let label = format!("{} ({})", group.label, count(group.values.len(), "sample"));
    svg.text(plot.x.at(place), 376.0, NORMAL, Anchor::Middle, FOREGROUND, &label);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_joined_and_every_value_is_a_dot() {
        let group = |values: Vec<f64>| Group {
            label: "g".to_owned(),
            quartiles: Some(Quartiles { low: 1.0, first: 1.0, median: 2.0, third: 3.0, high: 3.0 }),
            values,
        };
        let mut boxes = Boxes {
            title: "CCL20".to_owned(),
            subtitle: "P = 0.02".to_owned(),
            groups: [group(vec![1.0, 2.0]), group(vec![3.0, 2.5])],
            paired: false,
        };
        let lines = |boxes: &Boxes| draw(boxes).finish().matches("<line").count();
        let apart = lines(&boxes);
        boxes.paired = true;
        assert_eq!(lines(&boxes), apart + 2);
        assert_eq!(draw(&boxes).finish().matches("<circle").count(), 4);
    }
}
