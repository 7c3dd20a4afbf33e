//! A panel of genes: fold change beside expression in every sample.

use alkaline_core::results::{Direction, PanelRow, PanelTable, TestTable};
use alkaline_core::words::listed;

use crate::axis::Plot;
use crate::data::SampleGroups;
use crate::drawn::{Drawn, MOST_ROWS};
use crate::figures::parts::chart::{self, HEADING};
use crate::svg::{Anchor, FOREGROUND, GRID, MUTED, NORMAL, SMALL, Stroke, Svg, palette, text};
use crate::words;

/// Genes of a panel with fold change and expression.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelPoints {
    /// Name of the panel.
    pub title: String,
    /// How many of its genes were found, tested and called.
    pub subtitle: String,
    /// Unit of the expression values before the logarithm.
    pub unit: String,
    /// Samples, in the order of the columns.
    pub samples: Vec<String>,
    /// The genes that the count table holds.
    pub rows: Vec<PanelGene>,
    /// Genes of the panel that the count table lacks.
    pub absent: Vec<String>,
    /// Which samples are drawn, where there are too many for all.
    pub note: String,
}

/// One gene of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelGene {
    /// Symbol.
    pub symbol: String,
    /// Log2 fold change; `None` where the gene was not tested.
    pub log2_fold_change: Option<f64>,
    /// FDR, where tested.
    pub fdr: Option<f64>,
    /// Its call, where tested.
    pub direction: Option<Direction>,
    /// log2(expression + 1) per sample.
    pub expression: Vec<f64>,
}

/// The samples of a panel that have a column.
pub(crate) fn columns(table: &PanelTable, groups: &SampleGroups) -> Drawn {
    let of: Vec<Option<usize>> = table.samples.iter().map(|sample| groups.of(sample.as_str())).collect();
    Drawn::of_every_group(&of, MOST_ROWS)
}

/// The genes in the panel's order; `None` when the count table holds none of them.
pub fn points(table: &PanelTable, test: &TestTable, groups: &SampleGroups) -> Option<PanelPoints> {
    let present: Vec<&PanelRow> = table.rows.iter().filter(|row| row.gene.is_some()).collect();
    if present.is_empty() {
        return None;
    }
    let called = |call| present.iter().filter(|row| row.direction == Some(call)).count();
    let subtitle = format!(
        "{}: {} up, {} down, of {} tested; {} of {} genes in the table",
        test.contrast.question(),
        called(Direction::Up),
        called(Direction::Down),
        present.iter().filter(|row| row.log2_fold_change.is_some()).count(),
        present.len(),
        table.rows.len()
    );
    let drawn = columns(table, groups);
    let rows = present
        .into_iter()
        .map(|row| PanelGene {
            symbol: row.symbol.clone(),
            log2_fold_change: row.log2_fold_change.filter(|value| value.is_finite()),
            fdr: row.fdr,
            direction: row.direction,
            expression: drawn.pick(&row.expression).iter().map(|value| shown(*value, &table.unit)).collect(),
        })
        .collect();
    Some(PanelPoints {
        title: table.name.clone(),
        subtitle,
        unit: table.unit.clone(),
        samples: drawn.pick(&table.samples).iter().map(ToString::to_string).collect(),
        rows,
        absent: table.rows.iter().filter(|row| row.gene.is_none()).map(|row| row.symbol.clone()).collect(),
        note: drawn.note(),
    })
}

/// Whether values in `unit` are logarithms already.
fn are_logs(unit: &str) -> bool {
    unit.starts_with("log2 ")
}

/// A value as the heat map shows it: its logarithm.
fn shown(value: f64, unit: &str) -> f64 {
    if are_logs(unit) { value } else { (value.max(0.0) + 1.0).log2() }
}

/// What the heat map shows, in words.
fn shown_in_words(unit: &str) -> String {
    if are_logs(unit) { unit.to_owned() } else { format!("log2({unit} + 1)") }
}

/// What the figure shows.
pub fn caption(points: &PanelPoints) -> String {
    let absent = if points.absent.is_empty() {
        String::new()
    } else {
        format!(" Not in the table: {}.", listed(&points.absent))
    };
    let cut = match color_end(points) {
        (end, true) => format!(
            " Colours end at {}, half as high again as nine tenths of the genes reach: the few brighter ones share the last colour.",
            words::significant(end, 3)
        ),
        (_, false) => String::new(),
    };
    let note = if points.note.is_empty() { String::new() } else { format!(" {}", points.note) };
    format!(
        "Panel “{}”: log2 fold change of each gene (filled where called up or down) and {} in every sample. Genes without a dot were {}.{cut}{absent}{note}",
        points.title,
        shown_in_words(&points.unit),
        if are_logs(&points.unit) { "not tested" } else { "too lowly expressed to test" }
    )
}

/// Height of a row.
const ROW: f64 = 17.0;
/// Left edge of the fold changes.
const LEFT: f64 = 104.0;
/// Right edge of the fold changes.
const MIDDLE: f64 = 372.0;
/// Widest column of the heat map.
const WIDEST: f64 = 40.0;

/// Draws lollipops beside a heat map.
pub fn draw(points: &PanelPoints) -> Svg {
    let columns = points.samples.len().max(1) as f64;
    let cell = WIDEST.min((400.0 / columns).max(9.0));
    let heat_left = MIDDLE + 22.0;
    let heat_right = heat_left + cell * columns;
    let names = text::shorten_apart(&points.samples, SMALL, 110.0);
    let longest = names.iter().map(|name| text::width(name, SMALL)).fold(0.0, f64::max);
    // Sample names stand on their feet, turned by 60 degrees.
    let top = HEADING + 14.0 + longest * 0.87;
    let bottom = top + ROW * points.rows.len() as f64;
    let width = (heat_right + longest * 0.5 + 24.0).max(heat_left + 150.0).max(520.0);
    let mut svg = Svg::new(width, bottom + 74.0, &points.title, &caption(points));
    chart::heading(&mut svg, &points.title, &points.subtitle);
    draw_fold_changes(&mut svg, points, top, bottom);
    draw_heat(&mut svg, points, heat_left, top, cell);
    for (i, name) in names.iter().enumerate() {
        let x = heat_left + (i as f64 + 0.5) * cell + 3.0;
        svg.turned_text(x, top - 6.0, SMALL, -60.0, name);
    }
    draw_heat_legend(&mut svg, points, heat_left, bottom + 22.0);
    svg
}

fn draw_fold_changes(svg: &mut Svg, points: &PanelPoints, top: f64, bottom: f64) {
    let tested = points.rows.iter().filter_map(|row| row.log2_fold_change);
    let reach = tested.fold(1.0f64, |reach, value| reach.max(value.abs())) * 1.08;
    let plot = Plot::new((LEFT, top, MIDDLE, bottom), (-reach, reach), (0.0, 1.0));
    plot.draw_x_axis(svg, "log2 fold change");
    let zero = plot.x.at(0.0);
    svg.line((zero, top), (zero, bottom), Stroke::ink(MUTED, 1.0));
    let symbols: Vec<&str> = points.rows.iter().map(|row| row.symbol.as_str()).collect();
    let symbols = text::shorten_apart(&symbols, NORMAL, LEFT - 18.0);
    for (i, (row, symbol)) in points.rows.iter().zip(&symbols).enumerate() {
        let y = top + (i as f64 + 0.5) * ROW;
        svg.text(LEFT - 8.0, y + 4.0, NORMAL, Anchor::End, FOREGROUND, symbol);
        let Some(value) = row.log2_fold_change else { continue };
        let color = match row.direction {
            Some(Direction::Up) => palette::UP,
            Some(Direction::Down) => palette::DOWN,
            Some(Direction::NotSignificant) | None => palette::NOT_SIGNIFICANT,
        };
        let x = plot.x.at(value);
        let fdr = row.fdr.map_or_else(String::new, |fdr| format!(", FDR {}", words::p_value(fdr)));
        svg.line((zero, y), (x, y), Stroke::solid(color, 2.0));
        svg.circle(
            x,
            y,
            4.5,
            color,
            1.0,
            &format!("{}: log2 FC {}{fdr}", row.symbol, words::significant(value, 3)),
        );
    }
}

fn draw_heat(svg: &mut Svg, points: &PanelPoints, left: f64, top: f64, cell: f64) {
    let ((end, _), start) = (color_end(points), color_start(points));
    for (i, row) in points.rows.iter().enumerate() {
        let y = top + i as f64 * ROW;
        for (j, &value) in row.expression.iter().enumerate() {
            let title = format!(
                "{}, {}: {}",
                row.symbol,
                points.samples.get(j).map_or("", String::as_str),
                value_in_words(value, &points.unit)
            );
            let color = match value.is_finite() {
                true => palette::sequential((value - start) / (end - start)),
                false => palette::NOT_SIGNIFICANT.to_owned(),
            };
            svg.rect_titled(left + j as f64 * cell, y + 0.5, cell - 1.0, ROW - 1.0, &color, &title);
        }
    }
    let bottom = top + points.rows.len() as f64 * ROW;
    svg.line((left, bottom), (left + points.samples.len() as f64 * cell, bottom), Stroke::ink(GRID, 1.0));
}

/// A value as it was before the heat map took its logarithm.
fn value_in_words(value: f64, unit: &str) -> String {
    if !value.is_finite() {
        return "no value".to_owned();
    }
    let own = if are_logs(unit) { value } else { value.exp2() - 1.0 };
    format!("{} {unit}", words::significant(own, 3))
}

/// The value of the first colour: zero, but of logarithms, which have no zero, the smallest.
fn color_start(points: &PanelPoints) -> f64 {
    if !are_logs(&points.unit) {
        return 0.0;
    }
    let values =
        points.rows.iter().flat_map(|row| &row.expression).copied().filter(|value| value.is_finite());
    let (end, _) = color_end(points);
    values.fold(f64::INFINITY, f64::min).min(end - 1.0)
}

/// The value of the last colour, and whether some values lie beyond it.
///
/// It ends somewhat above what nine tenths of the genes reach, or one abundant gene would leave one colour to all others.
fn color_end(points: &PanelPoints) -> (f64, bool) {
    let of_gene = |row: &PanelGene| row.expression.iter().copied().fold(0.0, f64::max);
    let mut highest: Vec<f64> = points.rows.iter().map(of_gene).collect();
    highest.sort_by(f64::total_cmp);
    let largest = highest.last().copied().unwrap_or(0.0).max(1.0);
    let most = highest.get((highest.len().max(1) - 1) * 9 / 10).copied().unwrap_or(0.0);
    let end = if most > 0.0 { largest.min((BEYOND_MOST * most).max(1.0)) } else { largest };
    (end, end < largest)
}

/// How far the colours reach beyond what nine tenths of the genes do.
const BEYOND_MOST: f64 = 1.5;

fn draw_heat_legend(svg: &mut Svg, points: &PanelPoints, left: f64, y: f64) {
    let (steps, width) = (30, 120.0);
    for step in 0..steps {
        let share = f64::from(step) / f64::from(steps - 1);
        let piece = width / f64::from(steps);
        svg.rect(left + f64::from(step) * piece, y - 8.0, piece + 0.4, 10.0, &palette::sequential(share));
    }
    let start = words::significant(color_start(points), 3);
    svg.text(left, y + 16.0, SMALL, Anchor::Start, MUTED, &start);
    let (end, is_cut) = color_end(points);
    let end = format!("{}{}", if is_cut { "≥ " } else { "" }, words::significant(end, 3));
    svg.text(left + width, y + 16.0, SMALL, Anchor::End, MUTED, &end);
    svg.text(left + width / 2.0, y + 32.0, SMALL, Anchor::Middle, FOREGROUND, &shown_in_words(&points.unit));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn absent_genes_are_named_and_not_drawn() {
        let panel = points(&fixture::panel(), &fixture::test_table(400), &SampleGroups::default()).unwrap();
        assert_eq!(panel.absent, ["CCL27"]);
        assert!(panel.rows.iter().all(|row| row.symbol != "CCL27"));
        assert!(caption(&panel).contains("Not in the table: CCL27."));
    }

    #[test]
    fn logarithms_are_shown_as_they_are_from_their_smallest_on() {
        let mut table = fixture::panel();
        table.unit = "log2 expression".into();
        table.rows[0].expression = vec![-2.5, f64::NAN, 3.0, 4.0, 5.0, 6.0];
        let panel = points(&table, &fixture::test_table(400), &SampleGroups::default()).unwrap();
        assert_eq!(panel.rows[0].expression[0], -2.5);
        assert_eq!(color_start(&panel), -2.5);
        assert!(caption(&panel).contains("log2 expression in every sample"), "{}", caption(&panel));
        assert_eq!(value_in_words(-2.5, &panel.unit), "-2.5 log2 expression");
        assert_eq!(value_in_words(f64::NAN, &panel.unit), "no value");
    }

    #[test]
    fn one_abundant_gene_does_not_take_the_colors() {
        let mut panel =
            points(&fixture::panel(), &fixture::test_table(400), &SampleGroups::default()).unwrap();
        assert!(!color_end(&panel).1 && !caption(&panel).contains("Colours end"));
        panel.rows[0].expression = vec![60.0; 6];
        let (end, is_cut) = color_end(&panel);
        assert!(is_cut && end < 12.0, "{end}");
        assert!(caption(&panel).contains("Colours end at") && draw(&panel).finish().contains(">≥ "));
    }

    #[test]
    fn of_very_many_samples_some_of_every_group_have_a_column() {
        let report = fixture::many_samples(500, 20);
        let contrast = &report.contrasts[0];
        let panel = points(&contrast.panels[0], &contrast.test, &report.sample_groups()).unwrap();
        assert_eq!((panel.samples.len(), panel.rows[0].expression.len()), (MOST_ROWS, MOST_ROWS));
        assert!(caption(&panel).contains("60 of 500 samples are drawn: evenly taken from every group."));
    }

    #[test]
    fn genes_that_were_not_tested_have_no_dot() {
        let panel = points(&fixture::panel(), &fixture::test_table(400), &SampleGroups::default()).unwrap();
        let tested = panel.rows.iter().filter(|row| row.log2_fold_change.is_some()).count();
        assert!(tested < panel.rows.len());
        assert_eq!(draw(&panel).finish().matches("<circle").count(), tested);
    }
}
