//! Histogram of P values: flat with a peak at zero when all is well.

use alkaline_core::results::TestTable;

use crate::axis::Plot;
use crate::figures::parts::chart::{self, HEADING};
use crate::svg::{MUTED, Stroke, Svg, palette};
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "Histogram of P values. Genes without a true difference spread evenly (dashed line: the number expected per bar if no gene differed); true differences pile up at the left.";

/// Number of bars.
const BINS: usize = 40;

/// Numbers of genes by P value.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Line below the title.
    pub subtitle: String,
    /// Genes per bar; bar `i` holds P values from `i / len` to `(i + 1) / len`.
    pub genes: Vec<usize>,
}

/// Sorts the P values into bars.
pub fn points(test: &TestTable) -> Histogram {
    let mut genes = vec![0; BINS];
    for p in test.rows.iter().map(|row| row.p_value).filter(|p| (0.0..=1.0).contains(p)) {
        genes[((p * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    let subtitle =
        format!("{}, {}", test.contrast.question(), words::count_of(test.rows.len(), "tested gene"));
    Histogram { subtitle, genes }
}

/// Draws the bars.
pub fn draw(points: &Histogram) -> Svg {
    let mut svg = Svg::new(640.0, 320.0, "P values", CAPTION);
    chart::heading(&mut svg, "P values", &points.subtitle);
    let highest = points.genes.iter().copied().max().unwrap_or(0).max(1) as f64;
    let plot = Plot::new((70.0, HEADING + 4.0, 622.0, 272.0), (0.0, 1.0), (0.0, highest * 1.05));
    plot.draw_x_axis(&mut svg, "P value");
    plot.draw_y_axis(&mut svg, "genes", 18.0);
    let bins = points.genes.len() as f64;
    for (bin, &genes) in points.genes.iter().enumerate() {
        let (left, right) = (plot.x.at(bin as f64 / bins), plot.x.at((bin + 1) as f64 / bins));
        let top = plot.y.at(genes as f64);
        let title = format!(
            "{:.3} to {:.3}: {}",
            bin as f64 / bins,
            (bin + 1) as f64 / bins,
            words::count_of(genes, "gene")
        );
        svg.rect_titled(left + 0.5, top, right - left - 1.0, plot.bottom - top, palette::DOWN, &title);
    }
    let expected = points.genes.iter().sum::<usize>() as f64 / bins;
    let y = plot.y.at(expected);
    svg.line((plot.left, y), (plot.right, y), Stroke::ink(MUTED, 1.2).dashed());
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn every_gene_is_in_one_bar() {
        let mut test = fixture::test_table(300);
        test.rows[0].p_value = 0.0;
        test.rows[1].p_value = 1.0;
        let histogram = points(&test);
        assert_eq!(histogram.genes.iter().sum::<usize>(), 300);
        assert!(histogram.genes[0] >= 1 && histogram.genes[BINS - 1] >= 1);
    }
}
