//! Genes as dots: what MA plot and volcano share.

use std::collections::HashSet;

use alkaline_core::results::{Direction, TestRow, TestTable};

use super::chart::{self, HEADING, Key};
use crate::axis::Plot;
use crate::svg::labels::{self, Area, Wanted};
use crate::svg::{MUTED, Stroke, Svg, palette};
use crate::words;

/// How many genes are named, half of them of either direction where there are so many.
const NAMED: usize = 24;

/// Side of the cells, in pixels, within which only one of the unremarkable genes is drawn.
const CELL: f64 = 1.25;

/// Dots to draw, in data units.
#[derive(Clone, Debug, PartialEq)]
pub struct Scatter {
    /// Title of the figure.
    pub title: String,
    /// Line below the title.
    pub subtitle: String,
    /// Title of the horizontal axis.
    pub x_title: String,
    /// Title of the vertical axis.
    pub y_title: String,
    /// Values shown from left to right.
    pub x_domain: (f64, f64),
    /// Values shown from bottom to top.
    pub y_domain: (f64, f64),
    /// Genes that are not significant.
    pub background: Vec<(f64, f64)>,
    /// Genes called up.
    pub up: Vec<(f64, f64)>,
    /// Genes called down.
    pub down: Vec<(f64, f64)>,
    /// Genes to name, most important first.
    pub named: Vec<(f64, f64, String)>,
    /// Horizontal lines at thresholds.
    pub horizontal: Vec<f64>,
    /// Vertical lines at thresholds.
    pub vertical: Vec<f64>,
}

/// Sorts the rows of a table into a scatter by `place`, which gives each gene its coordinates.
///
/// Title, axes, domains and lines are the caller's to fill.
pub(crate) fn sorted(test: &TestTable, place: impl Fn(&TestRow) -> (f64, f64)) -> Scatter {
    let of = |wanted| {
        let chosen = test.rows.iter().filter(move |row| row.direction == wanted);
        chosen.map(&place).filter(|(x, y)| x.is_finite() && y.is_finite()).collect::<Vec<_>>()
    };
    let named = of_both_directions(test)
        .into_iter()
        .map(|row| {
            let (x, y) = place(row);
            (x, y, words::gene_label(row).to_owned())
        })
        .collect();
    Scatter {
        title: test.contrast.id.clone(),
        subtitle: subtitle(test),
        x_title: String::new(),
        y_title: String::new(),
        x_domain: (0.0, 1.0),
        y_domain: (0.0, 1.0),
        background: of(Direction::NotSignificant),
        up: of(Direction::Up),
        down: of(Direction::Down),
        named,
        horizontal: Vec::new(),
        vertical: Vec::new(),
    }
}

/// The first called genes of either direction in turn; where one has few, the other has its places.
fn of_both_directions(test: &TestTable) -> Vec<&TestRow> {
    let of = |wanted| test.rows.iter().filter(move |row| row.direction == wanted).take(NAMED);
    let (mut up, mut down) = (of(Direction::Up), of(Direction::Down));
    let mut named = Vec::with_capacity(NAMED);
    while named.len() < NAMED {
        let before = named.len();
        named.extend(up.next());
        named.extend(down.next());
        if named.len() == before {
            break;
        }
    }
    named
}

/// Numbers, thresholds and, where it was assumed, the dispersion.
pub(crate) fn subtitle(test: &TestTable) -> String {
    let (up, down) = test.called();
    let assumed = match test.facts.dispersion {
        alkaline_core::results::DispersionSource::Assumed { dispersion } => {
            format!(" · dispersion assumed (BCV {})", words::significant(dispersion.sqrt(), 3))
        }
        _ => String::new(),
    };
    format!("{up} up, {down} down at {}{assumed}", words::thresholds(&test.facts))
}

/// Keeps one of the points that fall into the same cell of the page.
pub(crate) fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut seen = HashSet::with_capacity(points.len());
    let cell = |value: f64| (value / CELL).floor() as i32;
    points.iter().copied().filter(|&(x, y)| seen.insert((cell(x), cell(y)))).collect()
}

/// Draws the dots with labels that do not overlap.
pub fn draw(points: &Scatter) -> Svg {
    let description = format!("{} against {}. {}", points.y_title, points.x_title, points.subtitle);
    let mut svg = Svg::new(640.0, 500.0, &points.title, &description);
    chart::heading(&mut svg, &points.title, &points.subtitle);
    let plot = Plot::new((62.0, HEADING + 26.0, 622.0, 452.0), points.x_domain, points.y_domain);
    plot.draw_x_axis(&mut svg, &points.x_title);
    plot.draw_y_axis(&mut svg, &points.y_title, 18.0);
    draw_thresholds(&mut svg, &plot, points);
    let pixels = |data: &[(f64, f64)]| -> Vec<(f64, f64)> {
        data.iter().map(|&(x, y)| (plot.x.clamped(x), plot.y.clamped(y))).collect()
    };
    svg.dots(&thin(&pixels(&points.background)), 1.5, palette::NOT_SIGNIFICANT, 0.55);
    svg.dots(&pixels(&points.down), 2.1, palette::DOWN, 0.75);
    svg.dots(&pixels(&points.up), 2.1, palette::UP, 0.75);
    let (up, down) = (format!("up ({})", points.up.len()), format!("down ({})", points.down.len()));
    let rest = format!("not significant ({})", points.background.len());
    let keys = [
        Key { color: palette::UP, label: &up },
        Key { color: palette::DOWN, label: &down },
        Key { color: palette::NOT_SIGNIFICANT, label: &rest },
    ];
    chart::legend(&mut svg, plot.left, HEADING + 14.0, plot.right, &keys);
    let wanted: Vec<Wanted> = points
        .named
        .iter()
        .map(|(x, y, name)| Wanted {
            x: plot.x.clamped(*x),
            y: plot.y.clamped(*y),
            gap: 3.0,
            text: name.clone(),
        })
        .collect();
    let bounds = Area { left: plot.left, top: plot.top, right: plot.right, bottom: plot.bottom };
    let called: Vec<(f64, f64)> = pixels(&points.up).into_iter().chain(pixels(&points.down)).collect();
    labels::draw(&mut svg, &labels::place_among(&wanted, bounds, &[], &called));
    svg
}

fn draw_thresholds(svg: &mut Svg, plot: &Plot, points: &Scatter) {
    let stroke = Stroke::ink(MUTED, 1.0).dashed();
    let within = |value: f64, domain: (f64, f64)| value > domain.0 && value < domain.1;
    for &y in points.horizontal.iter().filter(|y| within(**y, points.y_domain)) {
        svg.line((plot.left, plot.y.at(y)), (plot.right, plot.y.at(y)), stroke);
    }
    for &x in points.vertical.iter().filter(|x| within(**x, points.x_domain)) {
        svg.line((plot.x.at(x), plot.top), (plot.x.at(x), plot.bottom), stroke);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn genes_of_both_directions_are_named_in_turn() {
        let mut test = fixture::test_table(400);
        let named = of_both_directions(&test);
        let up = named.iter().filter(|row| row.direction == Direction::Up).count();
        assert_eq!((named.len(), up), (NAMED, NAMED / 2));
        let mut kept = 0;
        test.rows.retain(|row| {
            row.direction != Direction::Down || {
                kept += 1;
                kept <= 2
            }
        });
        let named = of_both_directions(&test);
        assert_eq!(named.iter().filter(|row| row.direction == Direction::Down).count(), 2);
        assert_eq!(named.len(), NAMED, "the other direction has the places");
    }

    #[test]
    fn thinning_keeps_a_point_of_every_cell() {
        let points = [(1.0, 1.0), (1.1, 1.1), (40.0, 1.0), (40.05, 1.0)];
        assert_eq!(thin(&points), [(1.0, 1.0), (40.0, 1.0)]);
    }
}
