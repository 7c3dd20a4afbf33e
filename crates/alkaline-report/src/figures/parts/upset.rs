//! UpSet plots: how many genes belong to exactly these of several sets.
//!
//! Reference: Lex et al. (2014), IEEE TVCG 20:1983, doi:10.1109/TVCG.2014.2346248.

use std::collections::BTreeMap;

use super::chart::{self, HEADING, Rows};
use crate::axis::Plot;
use crate::svg::{Anchor, FOREGROUND, GRID, SMALL, Stroke, Svg, palette, text};
use crate::words;

/// Combinations shown.
const COMBINATIONS: usize = 20;

/// Combinations of sets with the genes that belong to exactly these.
#[derive(Clone, Debug, PartialEq)]
pub struct Combinations {
    /// Title of the figure.
    pub title: String,
    /// Line below the title.
    pub subtitle: String,
    /// What the figure shows.
    pub caption: String,
    /// Names of the sets with the size of their leading edge.
    pub sets: Vec<(String, usize)>,
    /// For each combination the membership of every set and the number of genes; largest first.
    pub combinations: Vec<(Vec<bool>, usize)>,
}

/// Counts the combinations of `sets` that occur among `members`, largest first.
pub(crate) fn combinations(
    title: &str,
    caption: &str,
    sets: Vec<(String, usize)>,
    members: BTreeMap<&str, Vec<bool>>,
) -> Combinations {
    let mut sizes: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    for combination in members.into_values() {
        *sizes.entry(combination).or_default() += 1;
    }
    let mut combinations: Vec<(Vec<bool>, usize)> = sizes.into_iter().collect();
    combinations.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| b.0.cmp(&a.0)));
    combinations.truncate(COMBINATIONS);
    let subtitle = "genes that belong to exactly the marked sets".to_owned();
    Combinations { title: title.to_owned(), subtitle, caption: caption.to_owned(), sets, combinations }
}

/// Width of a combination's column; wider where its number is.
const COLUMN: f64 = 22.0;
/// Space between two numbers.
const APART: f64 = 4.0;

/// Draws bars above a matrix of dots.
pub fn draw(points: &Combinations) -> Svg {
    let names: Vec<String> = points.sets.iter().map(|(name, genes)| format!("{name} ({genes})")).collect();
    let rows = Rows::new(&names, 260.0);
    let left = (rows.width + 26.0).max(90.0);
    let labels = points.combinations.iter().map(|(_, genes)| text::width(&genes.to_string(), SMALL) + APART);
    let column_width = labels.fold(COLUMN, f64::max);
    let width = (left + column_width * points.combinations.len() as f64 + 30.0).max(480.0);
    let (bars_top, bars_bottom) = (HEADING + 14.0, HEADING + 164.0);
    let matrix_top = bars_bottom + 14.0;
    let mut svg = Svg::new(width, matrix_top + rows.height + 16.0, &points.title, &points.caption);
    chart::heading(&mut svg, &points.title, &points.subtitle);
    let highest = points.combinations.iter().map(|c| c.1).max().unwrap_or(1) as f64;
    let right = left + column_width * points.combinations.len() as f64;
    let plot = Plot::new((left, bars_top, right, bars_bottom), (0.0, 1.0), (0.0, highest * 1.1));
    plot.draw_y_axis(&mut svg, "genes", left - 40.0);
    rows.draw(&mut svg, left - 12.0, matrix_top);
    for row in 0..points.sets.len() {
        let y = matrix_top + rows.middle(row);
        svg.line((left, y), (right, y), Stroke::ink(GRID, 1.0));
    }
    for (column, (members, genes)) in points.combinations.iter().enumerate() {
        let x = left + (column as f64 + 0.5) * column_width;
        let top = plot.y.at(*genes as f64);
        let title = words::count_of(*genes, "gene");
        svg.rect_titled(x - 7.0, top, 14.0, bars_bottom - top, palette::DOWN, &title);
        svg.text(x, top - 4.0, SMALL, Anchor::Middle, FOREGROUND, &genes.to_string());
        draw_column(&mut svg, members, x, |row| matrix_top + rows.middle(row));
    }
    svg
}

fn draw_column(svg: &mut Svg, members: &[bool], x: f64, y: impl Fn(usize) -> f64) {
    let marked: Vec<usize> = (0..members.len()).filter(|&row| members[row]).collect();
    if let (Some(&first), Some(&last)) = (marked.first(), marked.last()) {
        svg.line((x, y(first)), (x, y(last)), Stroke::ink(FOREGROUND, 2.0));
    }
    for (row, member) in members.iter().enumerate() {
        if *member {
            svg.circle(x, y(row), 5.0, palette::DOWN, 1.0, "");
        } else {
            svg.inked_circle(x, y(row), 5.0, GRID);
        }
    }
}
