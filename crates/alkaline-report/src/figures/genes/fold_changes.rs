//! Fold changes of two contrasts against each other: do they tell the same story?

use std::collections::HashMap;

use alkaline_core::results::{Direction, TestRow, TestTable};

use crate::axis::Plot;
use crate::data::ReportData;
use crate::figures::parts::chart::{self, HEADING, Key};
use crate::figures::parts::scatter::thin;
use crate::svg::labels::{self, Area, Wanted};
use crate::svg::{MUTED, Stroke, Svg, palette};
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "Log2 fold changes of two contrasts against each other, one dot per gene that both tested. Genes on the dashed diagonal change alike; genes on an axis change in one contrast only.";

/// Contrasts compared, each with each.
const CONTRASTS: usize = 3;
/// Genes named.
const NAMED: usize = 20;

/// In which of the two contrasts a gene was called.
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
    const ALL: [Self; 5] = [Self::Neither, Self::First, Self::Second, Self::Alike, Self::Opposite];

    fn of(first: Direction, second: Direction) -> Self {
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

/// Genes of two contrasts.
#[derive(Clone, Debug, PartialEq)]
pub struct FoldChangePair {
    /// Identifiers of the two contrasts.
    pub contrasts: [String; 2],
    /// Log2 fold changes of the genes that both tested, with their agreement.
    pub genes: Vec<(f64, f64, Agreement)>,
    /// Genes called in both, most significant first.
    pub named: Vec<(f64, f64, String)>,
}

/// Every pair among the first contrasts; empty with a single contrast.
pub fn points(data: &ReportData) -> Vec<FoldChangePair> {
    let tables: Vec<&TestTable> =
        data.contrasts.iter().take(CONTRASTS).map(|contrast| &contrast.test).collect();
    let mut pairs = Vec::new();
    for (i, first) in tables.iter().enumerate() {
        pairs.extend(tables[i + 1..].iter().map(|second| pair(first, second)));
    }
    pairs
}

fn pair(first: &TestTable, second: &TestTable) -> FoldChangePair {
    let rows: HashMap<&str, &TestRow> = second.rows.iter().map(|row| (row.gene.as_str(), row)).collect();
    let mut genes = Vec::new();
    let mut named = Vec::new();
    for row in &first.rows {
        let Some(other) = rows.get(row.gene.as_str()) else { continue };
        let (x, y) = (row.log2_fold_change, other.log2_fold_change);
        if !x.is_finite() || !y.is_finite() {
            continue;
        }
        let agreement = Agreement::of(row.direction, other.direction);
        if matches!(agreement, Agreement::Alike | Agreement::Opposite) && named.len() < NAMED {
            named.push((x, y, words::gene_label(row).to_owned()));
        }
        genes.push((x, y, agreement));
    }
    FoldChangePair { contrasts: [first.contrast.id.clone(), second.contrast.id.clone()], genes, named }
}

/// Draws the dots with labels that do not overlap.
pub fn draw(points: &FoldChangePair) -> Svg {
    let [first, second] = &points.contrasts;
    let title = "Fold changes of two contrasts";
    let mut svg = Svg::new(600.0, 600.0, title, CAPTION);
    chart::heading(&mut svg, title, &format!("{second} against {first}"));
    let number = |wanted| points.genes.iter().filter(|gene| gene.2 == wanted).count();
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
    let reach =
        points.genes.iter().fold(1.0f64, |reach, gene| reach.max(gene.0.abs()).max(gene.1.abs())) * 1.05;
    let plot = Plot::new((62.0, top, 586.0, 552.0), (-reach, reach), (-reach, reach));
    plot.draw_x_axis(
        &mut svg,
        &format!("log2 fold change, {}", crate::svg::text::shorten(first, 12.0, 330.0)),
    );
    plot.draw_y_axis(
        &mut svg,
        &format!("log2 fold change, {}", crate::svg::text::shorten(second, 12.0, 280.0)),
        18.0,
    );
    svg.line(plot.at(-reach, -reach), plot.at(reach, reach), Stroke::ink(MUTED, 1.0).dashed());
    draw_dots(&mut svg, &plot, points);
    svg
}

fn draw_dots(svg: &mut Svg, plot: &Plot, points: &FoldChangePair) {
    for agreement in Agreement::ALL {
        let chosen = points.genes.iter().filter(|gene| gene.2 == agreement);
        let pixels: Vec<(f64, f64)> = chosen.map(|gene| plot.at(gene.0, gene.1)).collect();
        let (radius, opacity) = if agreement == Agreement::Neither { (1.4, 0.5) } else { (2.1, 0.8) };
        svg.dots(&thin(&pixels), radius, agreement.color(), opacity);
    }
    let wanted: Vec<Wanted> = points
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn a_contrast_agrees_with_itself_and_disagrees_with_its_reverse() {
        let test = fixture::test_table(300);
        let mut reverse = test.clone();
        for row in &mut reverse.rows {
            row.log2_fold_change = -row.log2_fold_change;
            row.direction = match row.direction {
                Direction::Up => Direction::Down,
                Direction::Down => Direction::Up,
                Direction::NotSignificant => Direction::NotSignificant,
            };
        }
        let (up, down) = test.called();
        let count = |pair: &FoldChangePair, wanted| pair.genes.iter().filter(|gene| gene.2 == wanted).count();
        assert_eq!(count(&pair(&test, &test), Agreement::Alike), up + down);
        assert_eq!(count(&pair(&test, &reverse), Agreement::Opposite), up + down);
    }

    #[test]
    fn three_contrasts_make_three_pairs() {
        let mut report = fixture::report(50);
        assert!(points(&report).is_empty());
        let contrast = report.contrasts[0].clone();
        report.contrasts.extend([contrast.clone(), contrast]);
        assert_eq!(points(&report).len(), 3);
    }
}
