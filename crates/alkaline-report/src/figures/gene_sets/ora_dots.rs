//! Dot plot of over-represented gene sets, as enrichplot's `dotplot`.

use alkaline_core::results::OraTable;

use super::ora_rows::enriched;
use super::provenance::{origin_of_ora, query_in_words};
use crate::figures::ENRICHED;
use crate::figures::parts::row_chart::{self, ChartRow, Mark, RowChart};
use crate::svg::Svg;

/// What the figure shows.
pub const CAPTION: &str = "Over-represented gene sets: share of the query genes that belong to the set (gene ratio); area of the dot: number of genes; colour: adjusted P value.";

/// Sets shown per ontology.
const PER_ONTOLOGY: usize = 10;

/// The strongest enriched sets of each ontology; `None` when none is enriched.
pub fn points(table: &OraTable) -> Option<RowChart> {
    let rows = enriched(table, |row| row.hits as f64 / row.query_size.max(1) as f64)?;
    let mut rows = row_chart::by_section(rows, PER_ONTOLOGY);
    // Within an ontology the largest share stands on top, as in enrichplot.
    let order: Vec<String> = rows.iter().map(|row| row.section.clone()).collect();
    let place = |row: &ChartRow| order.iter().position(|section| *section == row.section);
    rows.sort_by(|a, b| place(a).cmp(&place(b)).then(b.x.total_cmp(&a.x)));
    Some(RowChart {
        title: format!("Over-represented gene sets: {}", query_in_words(&table.query)),
        subtitle: format!(
            "{}; adjusted P < {ENRICHED}, at most {PER_ONTOLOGY} sets per ontology",
            origin_of_ora(table)
        ),
        description: CAPTION.to_owned(),
        x_title: "gene ratio".to_owned(),
        size_title: "genes".to_owned(),
        mark: Mark::Dot,
        rows,
    })
}

/// Draws the dots.
pub fn draw(points: &RowChart) -> Svg {
    row_chart::draw(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn only_enriched_sets_are_shown_largest_share_first() {
        let table = fixture::ora_table("up");
        let chart = points(&table).unwrap();
        assert!(chart.rows.iter().all(|row| row.p_adjusted < ENRICHED));
        for pair in chart.rows.windows(2) {
            assert!(pair[0].section != pair[1].section || pair[0].x >= pair[1].x);
        }
    }

    #[test]
    fn without_an_enriched_set_there_is_no_figure() {
        let mut table = fixture::ora_table("up");
        for row in &mut table.rows {
            row.p_adjusted = 0.5;
        }
        assert!(points(&table).is_none());
    }
}
