//! Volcano plot: significance against log fold change.

use alkaline_core::results::TestTable;

use crate::figures::parts::scatter::{self, Scatter};

/// What the figure shows.
pub const CAPTION: &str = "Volcano plot: significance against log2 fold change, one dot per tested gene. Dashed lines mark the thresholds; the horizontal one stands at the largest P value that meets the FDR.";

/// Tallest -log10 P that is drawn, a little beyond the smallest 64-bit float: a few giants would flatten the rest.
const TALLEST: f64 = 320.0;

/// The genes by log2 fold change (horizontal) and -log10 P (vertical).
pub fn points(test: &TestTable) -> Scatter {
    let mut scatter = scatter::sorted(test, |row| (row.log2_fold_change, (-row.log10_p).min(TALLEST)));
    scatter.title = format!("Volcano plot: {}", test.contrast.question());
    scatter.x_title = "log2 fold change".to_owned();
    let finite = |values: &mut dyn Iterator<Item = f64>| values.filter(|v| v.is_finite()).fold(1.0, f64::max);
    let reach = finite(&mut test.rows.iter().map(|row| row.log2_fold_change.abs()));
    let top = finite(&mut test.rows.iter().map(|row| -row.log10_p));
    scatter.y_title = if top > TALLEST { "−log10 P (cut at 320)" } else { "−log10 P" }.to_owned();
    scatter.x_domain = (-reach * 1.06, reach * 1.06);
    scatter.y_domain = (0.0, top.min(TALLEST) * 1.06);
    scatter.horizontal = significance_line(test).into_iter().collect();
    let lfc = test.facts.thresholds.lfc;
    scatter.vertical = if lfc > 0.0 { vec![-lfc, lfc] } else { Vec::new() };
    scatter
}

/// -log10 of the largest P value that is small enough: by its FDR, or by itself.
fn significance_line(test: &TestTable) -> Option<f64> {
    let thresholds = test.facts.thresholds;
    let passing = test.rows.iter().filter(|row| thresholds.is_significant(row.p_value, row.fdr));
    passing.map(|row| -row.log10_p).min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn all_called_genes_stand_above_the_line() {
        let test = fixture::test_table(400);
        let scatter = points(&test);
        let line = scatter.horizontal[0];
        assert!(scatter.up.iter().chain(&scatter.down).all(|(_, y)| *y >= line));
        assert!(scatter.background.iter().any(|(_, y)| *y < line));
    }

    #[test]
    fn giants_are_cut_and_the_axis_says_so() {
        let mut test = fixture::test_table(50);
        assert_eq!(points(&test).y_title, "−log10 P");
        test.rows[0].log10_p = -1549.0;
        let scatter = points(&test);
        assert_eq!((scatter.y_title.as_str(), scatter.y_domain.1), ("−log10 P (cut at 320)", 320.0 * 1.06));
        assert!(scatter.up.iter().chain(&scatter.down).all(|(_, y)| *y <= TALLEST));
    }

    #[test]
    fn a_table_without_calls_draws_no_line() {
        let mut test = fixture::test_table(50);
        for row in &mut test.rows {
            row.fdr = 1.0;
        }
        assert!(points(&test).horizontal.is_empty());
    }
}
