//! The over-represented sets of a table as rows of a chart, whatever it measures them by.

use alkaline_core::results::{OraRow, OraTable};

use crate::figures::ENRICHED;
use crate::figures::parts::row_chart::ChartRow;
use crate::words;

/// The enriched sets in the order of the table, each at the place that `x` gives it; `None` when none is enriched.
pub(super) fn enriched(table: &OraTable, x: impl Fn(&OraRow) -> f64) -> Option<Vec<ChartRow>> {
    let of_set = |row: &OraRow| ChartRow {
        section: row.ontology.clone(),
        label: words::set_name(&row.id, &row.description),
        x: x(row),
        size: row.hits,
        p_adjusted: row.p_adjusted,
    };
    let rows: Vec<ChartRow> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).map(of_set).collect();
    (!rows.is_empty()).then_some(rows)
}
