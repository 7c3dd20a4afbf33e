//! How the number of called genes depends on the assumed dispersion.

use crate::axis::Plot;
use crate::data::{ContrastReport, SensitivityTable};
use crate::figures::parts::chart::{self, HEADING, Key};
use crate::svg::{MUTED, Stroke, Svg, palette};
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "Sensitivity to the assumed dispersion: genes called up and down at each biological coefficient of variation (BCV). The dashed line marks the value of this run.";

/// Curves of the called genes.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// BCV, genes up, genes down; rising.
    pub points: Vec<(f64, usize, usize)>,
    /// BCV of the run, where it was assumed.
    pub used: Option<f64>,
    /// Line below the title.
    pub subtitle: String,
}

/// The curves; `None` with fewer than two points.
pub fn points(table: &SensitivityTable, contrast: &ContrastReport) -> Option<Curves> {
    if table.rows.len() < 2 {
        return None;
    }
    Some(Curves {
        points: table.rows.iter().map(|row| (row.bcv, row.up, row.down)).collect(),
        used: contrast.assumed_bcv(),
        subtitle: format!("{} at {}", contrast.test.contrast.id, words::thresholds(&contrast.test.facts)),
    })
}

/// Draws both curves.
pub fn draw(curves: &Curves) -> Svg {
    let mut svg = Svg::new(640.0, 340.0, "Sensitivity to the assumed dispersion", CAPTION);
    chart::heading(&mut svg, "Sensitivity to the assumed dispersion", &curves.subtitle);
    let keys = [Key { color: palette::UP, label: "up" }, Key { color: palette::DOWN, label: "down" }];
    chart::legend(&mut svg, 70.0, HEADING + 12.0, 622.0, &keys);
    let highest = curves.points.iter().map(|p| p.1.max(p.2)).max().unwrap_or(1).max(1) as f64;
    let widest = curves.points.iter().map(|p| p.0).fold(0.0, f64::max);
    let plot = Plot::new((70.0, HEADING + 26.0, 612.0, 292.0), (0.0, widest * 1.04), (0.0, highest * 1.06));
    plot.draw_x_axis(&mut svg, "biological coefficient of variation (BCV)");
    plot.draw_y_axis(&mut svg, "genes called", 18.0);
    if let Some(used) = curves.used.filter(|used| *used <= widest * 1.04) {
        let x = plot.x.at(used);
        svg.line((x, plot.top), (x, plot.bottom), Stroke::ink(MUTED, 1.2).dashed());
    }
    for (color, name, pick) in [(palette::UP, "up", 0), (palette::DOWN, "down", 1)] {
        let genes = |p: &(f64, usize, usize)| if pick == 0 { p.1 } else { p.2 };
        let line: Vec<(f64, f64)> = curves.points.iter().map(|p| plot.at(p.0, genes(p) as f64)).collect();
        svg.polyline(&line, Stroke::solid(color, 2.0));
        for (point, (x, y)) in curves.points.iter().zip(&line) {
            svg.circle(*x, *y, 3.5, color, 1.0, &format!("BCV {}: {} {name}", point.0, genes(point)));
        }
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;
    use alkaline_core::results::SensitivityRow;

    #[test]
    fn a_single_row_draws_no_curve() {
        let contrast = ContrastReport::new(fixture::test_table(10));
        let row = |bcv| SensitivityRow { bcv, up: 3, down: 2 };
        assert!(points(&SensitivityTable { rows: vec![row(0.1)] }, &contrast).is_none());
        let curves = points(&SensitivityTable { rows: vec![row(0.1), row(0.2)] }, &contrast).unwrap();
        assert_eq!(draw(&curves).finish().matches("<circle").count(), 4);
    }
}
