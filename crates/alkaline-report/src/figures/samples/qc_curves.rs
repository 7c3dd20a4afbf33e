//! Curves of the counting pass: coverage along genes, saturation, fragment lengths.

use alkaline_core::results::QcTable;

use crate::axis::{self, Plot};
use crate::data::ReportData;
use crate::drawn::{Drawn, MOST_ROWS};
use crate::figures::parts::chart::{self, HEADING, Key};
use crate::svg::{Stroke, Svg, palette};

/// One curve per sample.
#[derive(Clone, Debug, PartialEq)]
pub struct QcCurves {
    /// Name of the figure.
    pub name: String,
    /// Title of the figure.
    pub title: String,
    /// What the figure shows.
    pub caption: String,
    /// Titles of the axes.
    pub axes: [String; 2],
    /// Groups in the order of their colours.
    pub groups: Vec<String>,
    /// The curves.
    pub samples: Vec<SampleCurve>,
}

/// The curve of one sample.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleCurve {
    /// Sample.
    pub sample: String,
    /// Place of its group in [`QcCurves::groups`].
    pub group: Option<usize>,
    /// The corners of the curve.
    pub points: Vec<(f64, f64)>,
}

/// A table that is drawn: its name, title, caption and axes.
struct Kind {
    table: &'static str,
    title: &'static str,
    caption: &'static str,
    axes: [&'static str; 2],
    /// Whether the second column holds numbers of a histogram, to be shown as shares.
    histogram: bool,
}

/// The tables that are drawn, by the names the counting pass gives them.
const KINDS: [Kind; 3] = [
    Kind {
        table: "gene_body_coverage",
        title: "Coverage along genes",
        caption: "Coverage along genes from the 5' to the 3' end, relative to the mean of the sample. A slope towards the 3' end tells of degraded RNA or of poly-A selection.",
        axes: ["position along the gene, 5' to 3' (%)", "relative coverage"],
        histogram: false,
    },
    Kind {
        table: "saturation",
        title: "Saturation",
        caption: "Genes detected in a random share of the fragments. A curve that still climbs at its end means that deeper sequencing would find more genes.",
        axes: ["share of the fragments (%)", "genes detected"],
        histogram: false,
    },
    Kind {
        table: "insert_size",
        title: "Fragment lengths",
        caption: "Lengths of the fragments (templates) of proper pairs on the genome, as shares of the pairs; introns within a fragment count, so the tail is long and cut at the 95th percentile.",
        axes: ["template length (bases)", "share of pairs (%)"],
        histogram: true,
    },
];

/// Bars of a histogram, at most.
const BINS: usize = 60;
/// Share of a histogram that is shown.
const SHOWN: f64 = 0.95;

/// The curves that the QC of the run has.
pub fn points(data: &ReportData) -> Vec<QcCurves> {
    KINDS.iter().filter_map(|kind| curves(data, kind)).collect()
}

fn curves(data: &ReportData, kind: &Kind) -> Option<QcCurves> {
    let groups = data.sample_groups();
    let tables: Vec<(&str, &QcTable)> = data
        .qc
        .iter()
        .filter_map(|qc| Some((qc.sample.as_str(), qc.tables.iter().find(|table| table.name == kind.table)?)))
        .filter(|(_, table)| table.rows.len() > 1 && table.rows.iter().all(|row| row.len() == 2))
        .collect();
    if tables.is_empty() {
        return None;
    }
    let widest = tables.iter().map(|(_, table)| shown_width(table)).fold(1.0, f64::max);
    let centres: Vec<f64> = tables.iter().map(|(_, table)| centre(table)).collect();
    let drawn = Drawn::extremes(&centres, MOST_ROWS);
    let samples = drawn
        .pick(&tables)
        .into_iter()
        .map(|(sample, table)| {
            let group = groups.of(sample);
            let points = if kind.histogram {
                shares(table, widest)
            } else {
                table.rows.iter().map(|row| (row[0], row[1])).collect()
            };
            SampleCurve { sample: sample.to_owned(), group, points }
        })
        .collect();
    Some(QcCurves {
        name: kind.table.to_owned(),
        title: kind.title.to_owned(),
        caption: match drawn.note().as_str() {
            "" => kind.caption.to_owned(),
            note => {
                format!("{} {note} They are ordered by the centre of gravity of their curves.", kind.caption)
            }
        },
        axes: kind.axes.map(str::to_owned),
        groups: groups.names,
        samples,
    })
}

/// Where the centre of gravity of a curve lies on the horizontal axis: what tells odd curves from the others.
fn centre(table: &QcTable) -> f64 {
    let weight: f64 = table.rows.iter().map(|row| row[1]).sum();
    table.rows.iter().map(|row| row[0] * row[1]).sum::<f64>() / weight.max(f64::MIN_POSITIVE)
}

/// The value below which [`SHOWN`] of a histogram lies.
fn shown_width(table: &QcTable) -> f64 {
    let total: f64 = table.rows.iter().map(|row| row[1]).sum();
    let mut below = 0.0;
    for row in &table.rows {
        below += row[1];
        if below >= SHOWN * total {
            return row[0];
        }
    }
    1.0
}

/// A histogram as shares of the whole, in per cent, in bars of equal width that cover `widest`.
fn shares(table: &QcTable, widest: f64) -> Vec<(f64, f64)> {
    let total: f64 = table.rows.iter().map(|row| row[1]).sum::<f64>().max(1.0);
    // Lengths are whole numbers: bars as wide as a whole number of them hold equally many.
    let width = (widest / BINS as f64).ceil().max(1.0);
    let mut bars = vec![0.0; (widest / width).ceil() as usize];
    for row in table.rows.iter().filter(|row| row[0] < widest) {
        if let Some(bar) = bars.get_mut((row[0] / width) as usize) {
            *bar += row[1];
        }
    }
    let middle = |bar: usize| (bar as f64 + 0.5) * width;
    bars.iter().enumerate().map(|(bar, number)| (middle(bar), 100.0 * number / total)).collect()
}

/// Draws one line per sample in the colour of its group.
pub fn draw(points: &QcCurves) -> Svg {
    let mut svg = Svg::new(640.0, 360.0, &points.title, &points.caption);
    chart::heading(&mut svg, &points.title, "one line per sample, coloured by group");
    let keys: Vec<Key<'_>> =
        points.groups.iter().enumerate().map(|(i, label)| Key { color: palette::group(i), label }).collect();
    let top = HEADING + chart::legend_height(70.0, 622.0, &keys);
    chart::legend(&mut svg, 70.0, HEADING + 10.0, 622.0, &keys);
    let all = || points.samples.iter().flat_map(|sample| &sample.points);
    let x_domain = axis::extent(all().map(|point| point.0), 0.0);
    let y_domain = (0.0, axis::extent(all().map(|point| point.1), 0.0).1 * 1.06);
    let plot = Plot::new((70.0, top, 622.0, 312.0), x_domain, y_domain);
    plot.draw_x_axis(&mut svg, &points.axes[0]);
    plot.draw_y_axis(&mut svg, &points.axes[1], 18.0);
    for curve in &points.samples {
        let line: Vec<(f64, f64)> = curve.points.iter().map(|&(x, y)| plot.at(x, y)).collect();
        let color = curve.group.map_or(palette::NOT_SIGNIFICANT, palette::group);
        svg.polyline_titled(&line, Stroke::solid(color, 1.6), &curve.sample);
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn histograms_become_shares() {
        let rows = (0..200).map(|length| vec![f64::from(length), 10.0]).collect();
        let table = QcTable { name: "insert_size".into(), description: String::new(), columns: vec![], rows };
        let widest = shown_width(&table);
        assert_eq!(widest, 189.0);
        let sum: f64 = shares(&table, widest).iter().map(|bar| bar.1).sum();
        assert!((sum - 94.5).abs() < 1e-9, "{sum}");
    }

    #[test]
    fn every_kind_of_curve_is_drawn_for_every_sample() {
        let report = fixture::report(10);
        let all = points(&report);
        let names: Vec<&str> = all.iter().map(|curves| curves.name.as_str()).collect();
        assert_eq!(names, ["gene_body_coverage", "saturation", "insert_size"]);
        assert!(all.iter().all(|curves| curves.samples.len() == 6));
    }
}
