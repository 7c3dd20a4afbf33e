//! Receiver operating characteristics at times, one curve a time or a marker.

use crate::axis::Plot;
use crate::figures::parts::chart::{self, HEADING, Key};
use crate::svg::{MUTED, Stroke, Svg, palette};

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct RocCurve {
    /// What it is, with its area.
    pub label: String,
    /// False and true positive rates.
    pub points: Vec<(f64, f64)>,
}

/// Curves.
#[derive(Clone, Debug, PartialEq)]
pub struct RocCurves {
    /// What is shown.
    pub title: String,
    /// The estimator, in words.
    pub subtitle: String,
    /// The curves.
    pub curves: Vec<RocCurve>,
}

/// Draws the curves.
pub fn draw(roc: &RocCurves) -> Svg {
    let mut svg = Svg::new(520.0, 560.0, &roc.title, &roc.subtitle);
    chart::heading(&mut svg, &roc.title, &roc.subtitle);
    let keys: Vec<Key<'_>> = roc
        .curves
        .iter()
        .enumerate()
        .map(|(at, curve)| Key { color: palette::group(at), label: &curve.label })
        .collect();
    let below = chart::legend(&mut svg, 70.0, HEADING + 12.0, 500.0, &keys);
    let plot = Plot::new((70.0, below + 6.0, 500.0, 512.0), (0.0, 1.0), (0.0, 1.0));
    plot.draw_x_axis(&mut svg, "false positive rate");
    plot.draw_y_axis(&mut svg, "true positive rate", 20.0);
    svg.line(plot.at(0.0, 0.0), plot.at(1.0, 1.0), Stroke::ink(MUTED, 1.0).dashed());
    for (at, curve) in roc.curves.iter().enumerate() {
        let line: Vec<(f64, f64)> =
            curve.points.iter().map(|(x, y)| (plot.x.clamped(*x), plot.y.clamped(*y))).collect();
        svg.polyline_titled(&line, Stroke::solid(palette::group(at), 2.0), &curve.label);
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_curve_is_drawn_and_named() {
        let curve = |label: &str| RocCurve {
            label: label.to_owned(),
            points: vec![(1.0, 1.0), (0.2, 0.7), (0.0, 0.0)],
        };
        let roc = RocCurves {
            title: "CCL20".to_owned(),
            subtitle: "IPCW".to_owned(),
            curves: vec![curve("12 months: 0.71"), curve("36 months: 0.66")],
        };
        let drawn = draw(&roc).finish();
        assert_eq!(drawn.matches("</title></path>").count(), 2);
        assert!(drawn.contains("36 months: 0.66"));
    }
}
