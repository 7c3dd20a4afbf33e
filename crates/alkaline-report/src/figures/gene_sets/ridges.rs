//! Ridge plot: how the fold changes (or scores) of the leading edges spread, as enrichplot's `ridgeplot`.

use alkaline_core::results::GseaTable;

use super::gene_values::GeneValues;
use super::provenance::origin_of_gsea;
use crate::axis::Plot;
use crate::figures::ENRICHED;
use crate::figures::parts::chart::{self, HEADING, Rows};
use crate::svg::{MUTED, Stroke, Svg, palette};
use crate::words;

/// What the figure shows.
pub fn caption(points: &Ridges) -> String {
    format!(
        "Leading edges of the strongest gene sets: histograms of the {} of their genes, smoothed for drawing, each scaled to its own height.",
        points.what
    )
}

/// Sets shown.
const SETS: usize = 14;
/// Bars of each histogram.
const BINS: usize = 80;
/// Fewest leading-edge genes that make a ridge.
const FEWEST: usize = 3;

/// Histograms of a value of genes.
#[derive(Clone, Debug, PartialEq)]
pub struct Ridges {
    /// What the value is.
    pub what: String,
    /// The test and the gene sets with their release.
    pub origin: String,
    /// The histograms span from minus this to plus this.
    pub reach: f64,
    /// Name, whether the set is enriched upwards, and the smoothed histogram.
    pub sets: Vec<(String, bool, Vec<f64>)>,
}

/// The ridges of the strongest enriched sets; `None` when there is none.
pub fn points(table: &GseaTable, values: &GeneValues) -> Option<Ridges> {
    let mut rows: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    rows.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    // Both directions have their share, so that the stronger one does not crowd out the other.
    let (up, down): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.normalized_score > 0.0);
    let places_of_up = (SETS - SETS.min(down.len()).min(SETS / 2)).min(up.len());
    let rows = up.into_iter().take(places_of_up).chain(down);
    let edges: Vec<(String, bool, Vec<f64>)> = rows
        .map(|row| {
            let values = row.core_enrichment.iter().filter_map(|gene| values.get(gene));
            (
                words::set_name(&row.id, &row.description),
                row.normalized_score > 0.0,
                values.filter(|v| v.is_finite()).collect(),
            )
        })
        .filter(|(_, _, values): &(_, _, Vec<f64>)| values.len() >= FEWEST)
        .take(SETS)
        .collect();
    if edges.is_empty() {
        return None;
    }
    let reach =
        edges.iter().flat_map(|edge| &edge.2).fold(1.0f64, |reach, value| reach.max(value.abs())) * 1.1;
    let sets = edges.into_iter().map(|(name, up, values)| (name, up, histogram(&values, reach))).collect();
    Some(Ridges { what: values.what.clone(), origin: origin_of_gsea(table), reach, sets })
}

/// Counts per bar, smoothed twice with weights 1 2 3 2 1, highest scaled to one.
fn histogram(values: &[f64], reach: f64) -> Vec<f64> {
    let mut bars = vec![0.0; BINS];
    for value in values {
        let place = ((value + reach) / (2.0 * reach) * BINS as f64) as usize;
        bars[place.min(BINS - 1)] += 1.0;
    }
    let smooth = |bars: &[f64]| -> Vec<f64> {
        let at = |i: i64| usize::try_from(i).ok().and_then(|i| bars.get(i)).copied().unwrap_or(0.0);
        (0..bars.len() as i64)
            .map(|i| (3.0 * at(i) + 2.0 * (at(i - 1) + at(i + 1)) + at(i - 2) + at(i + 2)) / 9.0)
            .collect()
    };
    let smoothed = smooth(&smooth(&bars));
    let highest = smoothed.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    smoothed.into_iter().map(|bar| bar / highest).collect()
}

/// Draws one ridge per set.
pub fn draw(points: &Ridges) -> Svg {
    let names: Vec<&str> = points.sets.iter().map(|set| set.0.as_str()).collect();
    let rows = Rows::new(&names, 260.0);
    let pitch = (0..names.len()).map(|row| rows.row_height(row)).fold(32.0, f64::max);
    let top = HEADING + 20.0;
    let height = top + pitch * names.len() as f64 + 46.0;
    let mut svg = Svg::new(720.0, height, "Leading edges", &caption(points));
    chart::heading(
        &mut svg,
        "Leading edges of the strongest gene sets",
        &format!("{}; smoothed histograms, each scaled to its own height", points.origin),
    );
    let left = rows.width + 26.0;
    let plot = Plot::new((left, top, 702.0, height - 46.0), (-points.reach, points.reach), (0.0, 1.0));
    plot.draw_x_axis(&mut svg, &points.what);
    let zero = plot.x.at(0.0);
    svg.line((zero, plot.top), (zero, plot.bottom), Stroke::ink(MUTED, 1.0).dashed());
    for (i, (_, up, bars)) in points.sets.iter().enumerate() {
        let base = top + pitch * (i + 1) as f64 - 4.0;
        rows.draw_row(&mut svg, i, left - 8.0, base - pitch / 2.0 + 4.0);
        let color = if *up { palette::UP } else { palette::DOWN };
        let x = |bin: usize| {
            plot.x.at(-points.reach + (bin as f64 + 0.5) / bars.len() as f64 * 2.0 * points.reach)
        };
        let line: Vec<(f64, f64)> =
            bars.iter().enumerate().map(|(bin, bar)| (x(bin), base - bar * (pitch + 6.0) * 0.85)).collect();
        svg.polygon(&line, color, 0.55);
        svg.polyline(&line, Stroke::solid(color, 1.2));
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn a_ridge_peaks_where_its_genes_lie() {
        let bars = histogram(&[2.0, 2.1, 1.9, 2.0], 4.0);
        let peak = bars.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
        let value = -4.0 + (peak as f64 + 0.5) / BINS as f64 * 8.0;
        assert!((value - 2.0).abs() < 0.2 && (bars[peak] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn sets_without_known_genes_make_no_ridge() {
        let (mut table, values) = (fixture::gsea_table(), GeneValues::of_test(&fixture::test_table(400)));
        assert!(points(&table, &values).is_some());
        for row in &mut table.rows {
            row.core_enrichment = vec!["unknown".into()];
        }
        assert!(points(&table, &values).is_none());
    }
}
