//! Two values of each gene against each other, coloured by who calls it: of two contrasts, or of two tests.

use std::collections::HashMap;

use alkaline_core::results::{Direction, TestRow, TestTable};

use super::chart::{self, HEADING, Key};
use super::scatter::thin;
use crate::axis::Plot;
use crate::svg::labels::{self, Area, Wanted};
use crate::svg::{MUTED, Stroke, Svg, palette};

/// In which of the two a gene is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// In neither.
    Neither,
    /// In the first alone.
    First,
    /// In the second alone.
    Second,
    /// In both, in the same direction.
    Alike,
    /// In both, in opposite directions.
    Opposite,
}

impl Agreement {
    pub(crate) const ALL: [Self; 5] = [Self::Neither, Self::First, Self::Second, Self::Alike, Self::Opposite];

    pub(crate) fn of(first: Direction, second: Direction) -> Self {
        match (first != Direction::NotSignificant, second != Direction::NotSignificant) {
            (false, false) => Self::Neither,
            (true, false) => Self::First,
            (false, true) => Self::Second,
            (true, true) if first == second => Self::Alike,
            (true, true) => Self::Opposite,
        }
    }

    const fn color(self) -> &'static str {
        match self {
            Self::Neither => palette::NOT_SIGNIFICANT,
            Self::First => "#56b4e9",
            Self::Second => "#e69f00",
            Self::Alike => palette::ACCENT,
            Self::Opposite => "#cc79a7",
        }
    }
}

/// What `of_two` makes of every pair among the first `most` of `all`.
pub(crate) fn each_pair<T, P>(all: &[T], most: usize, of_two: impl Fn(&T, &T) -> P) -> Vec<P> {
    let all = &all[..all.len().min(most)];
    let pairs =
        all.iter().enumerate().flat_map(|(i, first)| all[i + 1..].iter().map(move |second| (first, second)));
    pairs.map(|(first, second)| of_two(first, second)).collect()
}

/// The rows of the genes that both tested, in the order of the first.
pub(crate) fn tested_by_both<'a>(
    first: &'a TestTable,
    second: &'a TestTable,
) -> impl Iterator<Item = (&'a TestRow, &'a TestRow)> {
    let rows: HashMap<&str, &TestRow> = second.rows.iter().map(|row| (row.gene.as_str(), row)).collect();
    first.rows.iter().filter_map(move |row| Some((row, *rows.get(row.gene.as_str())?)))
}

/// What is drawn.
pub(crate) struct Pair<'a> {
    pub title: &'a str,
    pub subtitle: String,
    pub caption: &'a str,
    pub x_title: String,
    pub y_title: String,
    /// Both values of each gene, and who calls it.
    pub genes: &'a [(f64, f64, Agreement)],
    /// Genes with a name beside their dot.
    pub named: &'a [(f64, f64, String)],
    /// Both axes.
    pub domain: (f64, f64),
}

/// Draws the dots with labels that do not overlap, about the diagonal.
pub(crate) fn draw(pair: &Pair<'_>) -> Svg {
    let mut svg = Svg::new(600.0, 600.0, pair.title, pair.caption);
    chart::heading(&mut svg, pair.title, &pair.subtitle);
    let number = |wanted| pair.genes.iter().filter(|gene| gene.2 == wanted).count();
    let texts = Agreement::ALL.map(|agreement| {
        let label = match agreement {
            Agreement::Neither => "called in neither",
            Agreement::First => "first only",
            Agreement::Second => "second only",
            Agreement::Alike => "both, alike",
            Agreement::Opposite => "both, opposite",
        };
        format!("{label} ({})", number(agreement))
    });
    let keys: Vec<Key<'_>> = Agreement::ALL
        .iter()
        .zip(&texts)
        .map(|(agreement, label)| Key { color: agreement.color(), label })
        .collect();
    let top = HEADING + chart::legend_height(62.0, 586.0, &keys);
    chart::legend(&mut svg, 62.0, HEADING + 10.0, 586.0, &keys);
    let plot = Plot::new((62.0, top, 586.0, 552.0), pair.domain, pair.domain);
    plot.draw_x_axis(&mut svg, &pair.x_title);
    plot.draw_y_axis(&mut svg, &pair.y_title, 18.0);
    let (low, high) = pair.domain;
    svg.line(plot.at(low, low), plot.at(high, high), Stroke::ink(MUTED, 1.0).dashed());
    draw_dots(&mut svg, &plot, pair);
    svg
}

fn draw_dots(svg: &mut Svg, plot: &Plot, pair: &Pair<'_>) {
    for agreement in Agreement::ALL {
        let chosen = pair.genes.iter().filter(|gene| gene.2 == agreement);
        let pixels: Vec<(f64, f64)> = chosen.map(|gene| plot.at(gene.0, gene.1)).collect();
        let (radius, opacity) = if agreement == Agreement::Neither { (1.4, 0.5) } else { (2.1, 0.8) };
        svg.dots(&thin(&pixels), radius, agreement.color(), opacity);
    }
    let wanted: Vec<Wanted> = pair
        .named
        .iter()
        .map(|(x, y, name)| {
            let (x, y) = plot.at(*x, *y);
            Wanted { x, y, gap: 3.0, text: name.clone() }
        })
        .collect();
    let bounds = Area { left: plot.left, top: plot.top, right: plot.right, bottom: plot.bottom };
    labels::draw(svg, &labels::place(&wanted, bounds, &[]));
}
