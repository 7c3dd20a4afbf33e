//! MA plot: log fold change against abundance.

use alkaline_core::results::{TestRow, TestTable};

use crate::axis;
use crate::figures::parts::scatter::{self, Scatter};
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "MA plot: log2 fold change against average abundance, one dot per tested gene. Dashed lines mark the fold-change threshold.";

/// The genes by average log2 CPM or expression (horizontal) and log2 fold change (vertical).
pub fn points(test: &TestTable) -> Scatter {
    let mut scatter = scatter::sorted(test, |row| (row.abundance(), row.log2_fold_change));
    scatter.title = format!("MA plot: {}", test.contrast.question());
    scatter.x_title = format!("average {}", words::abundance(test));
    scatter.y_title = "log2 fold change".to_owned();
    scatter.x_domain = axis::extent(test.rows.iter().map(TestRow::abundance), 0.03);
    let reach =
        test.rows.iter().map(|row| row.log2_fold_change.abs()).filter(|v| v.is_finite()).fold(1.0, f64::max);
    scatter.y_domain = (-reach * 1.06, reach * 1.06);
    let lfc = test.facts.thresholds.lfc;
    scatter.horizontal = if lfc > 0.0 { vec![-lfc, lfc] } else { vec![0.0] };
    scatter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn every_gene_is_a_dot_of_its_call() {
        let test = fixture::test_table(400);
        let scatter = points(&test);
        assert_eq!((scatter.up.len(), scatter.down.len()), test.called());
        assert_eq!(scatter.up.len() + scatter.down.len() + scatter.background.len(), 400);
        assert!(scatter.up.iter().all(|(_, y)| *y >= 1.0));
        assert_eq!(scatter.horizontal, [-1.0, 1.0]);
    }
}
